"""The crash matrix with real processes: world and machine apart, the machine killed by SIGKILL, started again, and the world's ledger as witness.

python -m tests.crash.real [--worlds N] [--limit N] [--report FILE]      all of it
python -m tests.crash.real --run ID [--keep DIR]                         one run again, by the number that the report gives
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from drivers.world import process
from drivers.world.client import ControlRefused, WorldClient
from kiosk.domain.failure import Failure
from tests.crash.kinds import BEFORE_THE_CASE, KINDS, Kind, faults
from tests.crash.nursery import Ended, born
from tests.crash.witness import accounts, judged

JOURNEY_S, RECOVER_S = 150.0, 240.0
BOUNDARIES = 44
"""About how many boundaries a whole journey has."""
WHOLE = 500
"""In the whole matrix at least so many machines are killed."""


@dataclass(frozen=True)
class Run:
    """kind: of journey. fault: (device, moment, kind, times) or None. cut: the boundary. stays: the fault is still there at the first recovery.
    takes: somebody takes a card that is presented then. pays: an open order is paid while the machine is dead. again: the boundary at which the
    recovery itself is cut off, 0 for none. tells: the boundary from which on the fault is there, 0 for always."""

    kind: str
    cut: int
    fault: tuple[str, str, str, int] | None = None
    stays: bool = False
    takes: bool = True
    pays: bool = False
    again: int = 0
    tells: int = 0

    @property
    def id(self) -> str:
        fault = "+".join(map(str, self.fault)) if self.fault else "healthy"
        flags = "".join(letter for letter, on in (("s", self.stays), ("t", self.takes), ("p", self.pays)) if on) or "-"
        return f"{self.kind}:{fault}:{self.cut}:{flags}:{self.again}:{self.tells}"

    @classmethod
    def of(cls, text: str) -> "Run":
        kind, fault, cut, flags, again, tells = text.split(":")
        parts = None if fault == "healthy" else fault.split("+")
        told = (parts[0], parts[1], parts[2], int(parts[3])) if parts else None
        return cls(kind, int(cut), told, "s" in flags, "t" in flags, "p" in flags, int(again), int(tells))


@dataclass
class Outcome:
    run: str
    killed: bool
    where: str = ""
    journey: str = ""
    recover_code: int | None = None
    ends: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    wall_s: float = 0.0
    evidence: dict[str, Any] = field(default_factory=dict)


def chance(text: str, among: int) -> int:
    """The same number each time for the same run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % among


def planned() -> Iterator[Run]:
    """Every boundary of the plain journey; every third of the other kinds; every fault that the hall knows, at a boundary of its own."""
    for kind in KINDS:
        step = 1 if kind == "one" else 3
        for cut in range(1 + chance(kind, step), BOUNDARIES + 1, step):
            name = f"{kind}{cut}"
            again = 1 + chance(name + "again", 12) if chance(name + "?", 4) == 0 else 0
            yield Run(kind, cut, None, False, bool(chance(name + "takes", 2)), bool(chance(name + "pays", 2)), again)
    for device, moment, what in faults():
        name = f"{device}{moment}{what}"
        kind = "alipay" if device == "alipay" else ("changes", "one", "kept", "two", "never_pays", "taiwan", "blank")[chance(name + "kind", 7)]
        cut = 8 + chance(name + "cut", BOUNDARIES - 8)
        tells = 0 if chance(name + "always", 4) == 0 else max(cut - 1 - chance(name + "tells", 10), 1)
        flags = [bool(chance(name + flag, 2)) for flag in ("stays", "takes", "pays")]
        yield Run(kind, cut, (device, moment, what, chance(name + "times", 2)), *flags, 0, tells)
    for device in BEFORE_THE_CASE:
        moment = {"id_reader": "read", "chip": "read", "face_camera": "frame", "lights": "write", "receipt_printer": "print"}[device]
        what = {"id_reader": "silence", "chip": "unreadable", "face_camera": "dark", "lights": "exception", "receipt_printer": "jam"}[device]
        yield Run("one", 10, (device, moment, what, 1), False, True, False)


class Bench:
    """One world, and the machine's store in it as it is when nothing has happened yet."""

    def __init__(self, folder: Path) -> None:
        world = process.start(folder / "hall", None, "fast")
        if not isinstance(world, process.WorldProcess):
            raise SystemExit(f"no world: {world}")
        self.folder, self.world = folder, world
        self.control = WorldClient(world.control_url)
        self.profile = str(world.profile)
        first = born(["recover", "--profile", self.profile, "--json"], folder, None, 60)
        if first.code != 0:
            raise SystemExit(f"an empty machine does not recover: {first} {(folder / 'errors.txt').read_text()}")
        from kiosk.config import load_profile

        profile = load_profile(Path(self.profile))
        if isinstance(profile, Failure):
            raise SystemExit(str(profile))
        self.store = profile.path(profile.store.directory)
        self.empty = folder / "empty"
        shutil.copytree(self.store, self.empty)

    def close(self) -> None:
        self.control.close()
        self.world.stop()

    def renew(self) -> None:
        shutil.rmtree(self.store)
        shutil.copytree(self.empty, self.store)
        self.control.reset()
        self.control.lift_id_card()

    def run(self, run: Run) -> Outcome:
        began = time.monotonic()
        kind = KINDS[run.kind]
        words = ["transact", "--persona", kind.persona, "--choose", kind.choose, "--pay", kind.pay, "--at", kind.region]
        words += ["--profile", self.profile, "--json"]
        before, known, ended = self._journey(words, run, kind, run.cut)
        first = _said(ended)
        if not ended.killed and ended.boundaries > 4:
            # it turned back before it came there: cut off on that other way
            before, known, ended = self._journey(words, run, kind, 3 + chance(run.id, ended.boundaries - 3))
        outcome = Outcome(run.id, ended.killed, ended.last, first)
        if ended.code is None and not ended.killed:
            outcome.violations.append("the journey did not end")
        if ended.code == 1 and not run.fault:
            outcome.violations.append(f"the journey failed: {ended.output}")
        self._meanwhile(run, kind)
        recovered = self._recover(run, outcome)
        case = accounts(self.store)
        ledger = self.control.ledger()
        outcome.ends = [each.end for each in case]
        outcome.violations += judged(ledger, case, recovered, before, known, self._permit(kind))
        if not run.fault and any(each.needs_staff for each in case):
            outcome.violations.append("a kill alone led to staff")
        outcome.wall_s = round(time.monotonic() - began, 1)
        if outcome.violations:
            new = {name: [row for row in ledger[name] if row["case_id"] not in known] for name in ("authority", "payments")}
            moved = [row for row in ledger["permits"] if row != before[row["number"]]]
            outcome.evidence = {
                "accounts": [asdict(each) for each in case],
                **new,
                "permits": moved,
                "recovered": recovered,
                "journey": ended.output[:600],
            }
        return outcome

    def _journey(self, words: list[str], run: Run, kind: Kind, cut: int) -> tuple[dict[str, dict[str, Any]], set[str], Ended]:
        """The permits and the cases as they were before, and how the journey ended."""
        self.renew()
        ledger = self.control.ledger()
        before = {row["number"]: row for row in ledger["permits"]}
        known = {row["case_id"] for book in ("authority", "payments") for row in ledger[book]}
        told = False

        def tell(boundaries: int) -> None:
            nonlocal told
            if run.fault and not told and boundaries >= run.tells:
                told = True
                self.control.put_fault(*run.fault)

        tell(0)
        return before, known, born(words, self.folder, cut, JOURNEY_S, kind.manner, tell, every_s=0.02)

    def _meanwhile(self, run: Run, kind: Kind) -> None:
        """While the machine is dead."""
        if run.fault and not run.stays:
            self._mend()
        if run.pays and kind.pay != "none":
            for method in ("wechat", "alipay"):
                self.control.phone("pay", method)

    def _permit(self, kind: Kind) -> str:
        """The permit that goes with what is chosen."""
        which = "taiwan" if kind.choose.startswith("TWN") else "hkmo"
        persona = next(row for row in self.control.personas() if row["id"] == kind.persona)
        return next(str(permit["number"]) for permit in persona["permits"] if permit["kind"] == which)

    def _mend(self) -> None:
        for fault in self.control.faults():
            self.control.delete_fault(fault["device"], fault["moment"])
        self.control.delete_fault("card_module", "port")
        self.control.delete_fault("card_printer", "port")

    def _take(self, _boundaries: int) -> None:
        try:
            self.control.take_permit()
        except ControlRefused:
            return

    def _recover(self, run: Run, outcome: Outcome) -> dict[str, Any]:
        """What `kiosk recover` said: cut off once where the run wants it, with the faults first where they stay, without them in the end."""
        words = ["recover", "--profile", self.profile, "--json"]
        meanwhile = self._take if run.takes else None
        said: dict[str, Any] = {"cases": []}

        def once(cut: int | None) -> Ended:
            ended = born(words, self.folder, cut, RECOVER_S, meanwhile=meanwhile, every_s=0.2)
            if ended.killed:
                return ended
            if ended.code is None:
                outcome.violations.append(f"recover did not end within {RECOVER_S} s")
            elif ended.code not in (0, 1, 4):
                outcome.violations.append(f"recover ended with {ended.code}")
            document = json.loads(ended.output) if ended.output.strip() else {}
            if "Traceback" in (self.folder / "errors.txt").read_text():
                outcome.violations.append("a traceback was shown")
            failure = document.get("failure", {}).get("code")
            if failure == "machine.fault":
                outcome.violations.append("recover met a bug (machine.fault)")
                outcome.evidence["fault"] = (self.folder / "errors.txt").read_text()
            for case in document.get("cases", []):
                said["cases"] = [row for row in said["cases"] if row["case_id"] != case["case_id"]] + [case]
            return ended

        if run.again:
            once(run.again)
        if run.stays:
            once(None)
            self._mend()
        last = once(None)
        outcome.recover_code = last.code
        if last.code == 1:
            outcome.violations.append(f"recover failed though everything is mended: {last.output}")
        return said


def _said(ended: Ended) -> str:
    """How a journey ended that was not killed."""
    document = json.loads(ended.output) if ended.output.strip() else {}
    why = document.get("failure") or document.get("refusal") or {}
    return f"{document.get('outcome', '')} {why.get('code', '')}".strip()


def worker(runs: list[Run], folder: Path, results: Path) -> None:
    folder.mkdir(parents=True)
    bench = Bench(folder)
    try:
        with results.open("a") as file:
            for run in runs:
                try:
                    outcome = bench.run(run)
                except Exception as error:
                    outcome = Outcome(run.id, False, violations=[f"the run itself failed: {type(error).__name__} {error}"])
                file.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
                file.flush()
    finally:
        bench.close()


def all_of(runs: list[Run], worlds: int, folder: Path) -> list[dict[str, Any]]:
    """The runs, shared out among some worlds side by side."""
    children = []
    for number in range(worlds):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.setsid()
                worker(runs[number::worlds], folder / f"world{number}", folder / f"results{number}.jsonl")
                code = 0
            except BaseException as error:
                print(f"world {number}: {type(error).__name__} {error}", file=sys.stderr)
            finally:
                os._exit(code)
        children.append(child)
    failed = 0
    try:
        for child in children:
            failed += os.waitpid(child, 0)[1] != 0
    except KeyboardInterrupt:
        for child in children:
            os.kill(child, signal.SIGTERM)
        raise
    outcomes = [json.loads(line) for file in sorted(folder.glob("results*.jsonl")) for line in file.read_text().splitlines()]
    if failed:
        outcomes.append(asdict(Outcome("-", False, violations=[f"{failed} worlds did not come to their end"])))
    return outcomes


def table(outcomes: list[dict[str, Any]]) -> str:
    """Runs by kind of journey and by faulty device, ends, reasons, violations."""
    lines = []

    def count(title: str, names: list[str]) -> None:
        lines.append(title)
        lines.extend(f"  {number:6}  {name}" for name, number in sorted(Counter(names).items(), key=lambda row: -row[1]))

    killed = [each for each in outcomes if each["killed"]]
    lines.append(f"{len(outcomes)} runs with real processes, {len(killed)} killed by SIGKILL")
    count("killed, by kind of journey", [each["run"].split(":")[0] for each in killed])
    count("killed, by faulty device", [each["run"].split(":")[1].split("+")[0] for each in killed])
    count("ends of cases, by faulty device", [f"{each['run'].split(':')[1].split('+')[0]}: {end}" for each in outcomes for end in each["ends"]])
    broken = [each for each in outcomes if each["violations"]]
    lines.append(f"{len(broken)} runs with violations")
    for each in broken:
        lines.append(f"  {each['run']}  (cut {each['where']})")
        lines.extend(f"      {violation}" for violation in each["violations"])
    return "\n".join(lines)


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.crash.real")
    words.add_argument("--worlds", type=int, default=4)
    words.add_argument("--limit", type=int)
    words.add_argument("--stride", type=int, default=1)
    words.add_argument("--only", default="")
    words.add_argument("--run", nargs="+")
    words.add_argument("--report")
    words.add_argument("--keep")
    asked = words.parse_args()
    folder = Path(asked.keep) if asked.keep else Path(tempfile.mkdtemp(prefix="crash-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    runs = [Run.of(text) for text in asked.run] if asked.run else [run for run in planned() if asked.only in run.id][:: asked.stride][: asked.limit]
    outcomes = all_of(runs, min(asked.worlds, len(runs)), folder)
    if asked.run and len(runs) == 1:
        print(json.dumps(outcomes, ensure_ascii=False, indent=1))
    print(table(outcomes))
    print(f"{time.monotonic() - began:.0f} s")
    if asked.report:
        Path(asked.report).write_text(json.dumps(outcomes, ensure_ascii=False, indent=1))
    if not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)
    killed = sum(each["killed"] for each in outcomes)
    if len(runs) > WHOLE and killed < WHOLE:
        print(f"only {killed} of {WHOLE} machines were killed")
        return 1
    return 1 if any(each["violations"] for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
