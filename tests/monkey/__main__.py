"""python -m tests.monkey --seed N --events M                 one run; its outcome as JSON, exit 0 where nothing was wrong
python -m tests.monkey --seed N --events M --runs R        R runs with the seeds from N on, each a process of its own, and one line of each
"""

import argparse
import json
import subprocess
import sys

HUNG_S = 3600.0
"""No run takes so long: a screen that hangs ends it nowhere else."""


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.monkey")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--events", type=int, default=200)
    words.add_argument("--runs", type=int, default=0)
    given = words.parse_args()
    if given.runs:
        return max([alone(seed, given.events) for seed in range(given.seed, given.seed + given.runs)])
    from tests.monkey.run import run, said  # the machine and its screen: not for the process that only starts others

    outcome = run(given.seed, given.events)
    print(said(outcome), flush=True)
    return 1 if outcome.wrong else 0


def alone(seed: int, events: int) -> int:
    """One run in a process of its own: it may die of what is found."""
    words = [sys.executable, "-X", "faulthandler", "-m", "tests.monkey", "--seed", str(seed), "--events", str(events)]
    try:
        ended = subprocess.run(words, capture_output=True, text=True, timeout=HUNG_S)
    except subprocess.TimeoutExpired as hung:
        print(f"seed {seed}: HUNG for {HUNG_S:.0f} s\n{hung.stderr}", flush=True)
        return 1
    try:
        outcome = json.loads(ended.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        print(f"seed {seed}: DIED ({ended.returncode})\n{ended.stdout}{ended.stderr}", flush=True)
        return 1
    wrong, last, log = (outcome.pop(name) for name in ("wrong", "last", "log"))
    print(f"seed {seed}: {'WRONG' if wrong else 'ok'} {outcome}", flush=True)
    if wrong or ended.returncode:
        print(
            "\n".join(["last events:", *last, "the machine's log:", *log, "wrong:", *wrong, f"exit {ended.returncode}", ended.stderr[-3000:]]),
            flush=True,
        )
    return 1 if wrong or ended.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
