"""`make liveness-matrix`: whole seeded sessions of the living and of each attack, and how many of each were let through.

What this shows: the session's logic on simulated scenes, and how far its limits lie from them. What it does not show: any real camera, person or
attack. It is no presentation attack test after ISO/IEC 30107-3.
"""

import argparse
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2

from tests.liveness.sessions import ATTACKS, Ended, run

WITHIN_TRIES = 2
LIVING_AT_LEAST, ATTACK_AT_MOST = 0.97, 0.005
Job = tuple[str, int]
"""A scene and a seed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of scene. let_through: living within two tries, attacks within all six. ends: why the others ended, most frequent first."""

    scene: str
    sessions: int
    let_through: int
    low: float
    high: float
    ends: tuple[tuple[str, int], ...]

    @property
    def ok(self) -> bool:
        share = self.let_through / self.sessions
        return share >= LIVING_AT_LEAST if self.scene == "live" else share <= ATTACK_AT_MOST


def passed(scene: str, ended: Ended) -> bool:
    verdict = ended.verdict
    return verdict is not None and verdict.failure is None and (scene != "live" or verdict.attempts <= WITHIN_TRIES)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    z, share = 1.96, hits / n
    middle, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max((middle - spread) / (1 + z * z / n), 0.0), min((middle + spread) / (1 + z * z / n), 1.0)


def _one(job: Job) -> tuple[Job, bool, str]:
    scene, seed = job
    cv2.setNumThreads(1)
    ended = run(scene, seed)
    verdict = ended.verdict
    why = "no end" if verdict is None else verdict.failure.code if verdict.failure else f"passed at try {verdict.attempts}"
    flaws = f" ({', '.join(verdict.flaws)})" if verdict is not None and verdict.flaws and scene == "live" else ""
    return job, passed(scene, ended), why + flaws


def matrix(scenes: Sequence[str], first: int, sessions: int, processes: int, rows: Path | None = None) -> list[Line]:
    """rows: where each session is written down as it ends, a line each, and whose sessions are not played again: a run that was cut off goes on."""
    done = _written(rows)
    jobs = [(scene, seed) for seed in range(first, first + sessions) for scene in scenes]
    left = [job for job in jobs if job not in done]
    with ProcessPoolExecutor(processes) as pool:
        for number, (job, good, why) in enumerate(pool.map(_one, left, chunksize=4), 1):
            done[job] = (good, why)
            if rows is not None:
                with rows.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([*job, good, why]) + "\n")
            if number % 100 == 0:
                print(f"{number} of {len(left)}", file=sys.stderr, flush=True)
    lines = []
    for scene in scenes:
        results = [done[job] for job in jobs if job[0] == scene]
        hits = sum(good for good, _ in results)
        ends = Counter(why for good, why in results if good is (scene != "live") or not good)
        lines.append(Line(scene, sessions, hits, *wilson(hits, sessions), tuple(ends.most_common(5))))
    return lines


def _written(rows: Path | None) -> dict[Job, tuple[bool, str]]:
    if rows is None or not rows.exists():
        return {}
    return {(scene, seed): (good, why) for scene, seed, good, why in map(json.loads, rows.read_text("utf-8").splitlines())}


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=600)
    parser.add_argument("--first", type=int, default=0, help="the first seed: a part of the whole, on a small machine")
    parser.add_argument("--scenes", default=",".join(("live", *ATTACKS)))
    parser.add_argument("--rows", type=Path, help="sessions that were played, to go on from; only as long as the face's code is the same")
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args(words)
    lines = matrix(arguments.scenes.split(","), arguments.first, arguments.sessions, os.cpu_count() or 1, arguments.rows)
    for each in lines:
        share = f"{each.let_through} of {each.sessions} let through, 95 % interval {each.low:.2%} to {each.high:.2%}"
        print(f"{each.scene:9} {share}  {'ok' if each.ok else 'NOT OK'}  {'; '.join(f'{count} x {why}' for why, count in each.ends)}")
    if arguments.report is not None:
        rows = [{name: getattr(each, name) for name in Line.__slots__} | {"ok": each.ok} for each in lines]
        arguments.report.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(each.ok for each in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
