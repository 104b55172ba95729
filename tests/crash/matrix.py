"""The crash matrix in one process: the machine's real case, store and acts over a little hall, cut off at every boundary and started again.

python -m tests.crash.matrix [--processes N] [--share N] [--report FILE]      all of it; --share 10: every tenth run
python -m tests.crash.matrix --run ID                                         one run again, by the name that the report gives
"""

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kiosk.domain.failure import Failure
from kiosk.store.engine import open_store
from kiosk.store.transaction import StoreFailed
from tests.crash.boundaries import reached
from tests.crash.counters import GATEWAY_FAULTS
from tests.crash.hands import DEVICE_FAULTS, PowerCut, Trouble
from tests.crash.machine import KINDS, Machine, World, frozen, truthful_camera
from tests.crash.witness import accounts, judged
from tests.field_key import cipher_in

PERMIT = "C88888888"
FAULTS = [*DEVICE_FAULTS, *GATEWAY_FAULTS]
LASTS = {"o": "once", "r": "until the restart", "s": "until after the first recovery"}
MODES = {"k": "the process is killed", "p": "the power fails", "w": "the power fails in the middle of a commit", "d": "the disk is full from then on"}
CUTS_A_FAULT = 3
WHOLE = 10_000
"""The whole matrix has at least so many runs."""


@dataclass(frozen=True)
class Run:
    """kind: of journey. fault: (device, moment, how) or None. lasts, mode: see above. cut: the boundary, counted from 1.

    takes: a card at the gate, while the machine is dead and after. pays: an open order, while it is dead. passing: the first settling gives
    nothing up. back_s: how far the clock has gone back at the restart. again: the boundary of the recovery at which it is cut off too, 0 for none."""

    kind: str
    fault: tuple[str, str, str] | None = None
    lasts: str = "r"
    cut: int = 0
    mode: str = "k"
    takes: bool = True
    pays: bool = False
    passing: bool = False
    back_s: int = 0
    again: int = 0

    @property
    def id(self) -> str:
        fault = "+".join(self.fault) if self.fault else "healthy"
        flags = "".join(letter for letter, on in (("t", self.takes), ("p", self.pays), ("i", self.passing)) if on) or "-"
        return f"{self.kind}:{fault}:{self.lasts}:{self.cut}:{self.mode}:{flags}:{self.back_s}:{self.again}"

    @classmethod
    def of(cls, text: str) -> "Run":
        kind, fault, lasts, cut, mode, flags, back_s, again = text.split(":")
        device, moment, how = fault.split("+") if fault != "healthy" else ("", "", "")
        told = (device, moment, how) if device else None
        return cls(kind, told, lasts, int(cut), mode, "t" in flags, "p" in flags, "i" in flags, int(back_s), int(again))


@dataclass
class Outcome:
    run: str
    where: str = ""
    ends: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    evidence: dict[str, Any] = field(default_factory=dict)


class Strike:
    """Counts the boundaries of one life, and ends it at the one that was told."""

    def __init__(self, cut: int, world: World, machine: Machine, store: Path, next_life: Path, mode: str) -> None:
        self.cut, self.world, self.machine, self.store, self.next_life, self.mode = cut, world, machine, store, next_life, mode
        self.names: list[str] = []
        self.dead = self.full = False
        self._written = 0

    def tell(self, name: str, journal: bool = True) -> None:
        if self.dead:
            raise PowerCut
        self.names.append(name)
        if journal and name.startswith("before"):
            self._written = self._log().stat().st_size if self._log().exists() else 0
        if len(self.names) == self.cut:
            if self.mode == "d":
                self.full = True
            else:
                self._strike(journal and name.startswith("after"))
        if self.full and journal and name.startswith("before"):
            raise StoreFailed(Failure("store.full", detail={"file": "-"}))

    def _strike(self, written: bool) -> None:
        self.dead = True
        store = frozen(self.store, self.next_life)
        if self.mode == "w" and written:
            self._tear(store.with_name(store.name + "-wal"))
        raise PowerCut

    def _log(self) -> Path:
        return self.store.with_name(self.store.name + "-wal")

    def _tear(self, log: Path) -> None:
        """The last commit was on its way to the disk: some of it is there, some of it is not, some of it is rubbish."""
        size = log.stat().st_size
        if size <= self._written:
            return
        at = self._written + chance(f"{self.cut}{size}", size - self._written)
        with log.open("r+b") as file:
            if chance(f"{size}?", 2):
                file.truncate(at)
            else:
                file.seek(at)
                file.write(os.urandom(min(4096, size - at)))


def chance(text: str, among: int) -> int:
    """The same number each time for the same run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % among


class Bench:
    """A folder in memory, with a store as it is when nothing has happened yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.empty = folder / "empty"
        self.bugs: list[str] = []
        engine = open_store(self.empty / "journal.sqlite")
        if isinstance(engine, Failure):
            raise SystemExit(str(engine))
        engine.dispose()
        cipher_in(self.empty)

    @classmethod
    def temporary(cls) -> "Bench":
        return cls(Path(tempfile.mkdtemp(prefix="matrix-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)))

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _life(self, store: Path, world: World, run: Run, cut: int, number: int, live: Callable[[Machine], Any]) -> tuple[Path, Strike]:
        """One life of the machine: until it has done its work, or its boundary. Gives the next life's store."""
        next_life = self.folder / "lives" / str(number + 1)
        machine = Machine(store, world)
        if number:
            machine.own.shifted_s = -run.back_s
        strike = Strike(cut, world, machine, store, next_life, run.mode if number == 0 else "k")
        world.hall.moment = lambda name: strike.tell(name, journal=False)
        try:
            with reached(strike.tell):
                asyncio.run(live(machine))
        except (PowerCut, StoreFailed):
            pass
        except Exception as error:
            self.bugs.append(_said(error))
        finally:
            world.hall.moment = lambda _name: None
        if not strike.dead:
            frozen(store, next_life)
        machine.close()
        self.bugs += machine.bugs
        return next_life / store.name, strike

    def run(self, run: Run) -> Outcome:
        with truthful_camera():
            return self._run(run)

    def _run(self, run: Run) -> Outcome:
        shutil.rmtree(self.folder / "lives", ignore_errors=True)
        shutil.copytree(self.empty, self.folder / "lives" / "0")
        kind = KINDS[run.kind]
        world = World(kind)
        hall = world.hall
        if run.fault:
            hall.troubles.insert(0, Trouble(*run.fault, left=1 if run.lasts == "o" else 0))
        before = permits(world)
        self.bugs.clear()
        outcome = Outcome(run.id)
        store, strike = self._life(self.folder / "lives/0/journal.sqlite", world, run, run.cut, 0, lambda machine: machine.journey(kind))
        outcome.where = strike.names[run.cut - 1] if 0 < run.cut <= len(strike.names) else "the end"
        outcome.evidence["names"] = strike.names
        outcome.evidence["met"] = hall.met
        self._while_dead(run, world)
        number = 1
        if run.again:
            store, _ = self._life(store, world, run, run.again, number, self._settle(run))
            hall.restarted(power=False)
            number += 1
        store, _ = self._life(store, world, run, 0, number, self._settle(run))
        self._mend(world)
        hall.restarted(power=False)
        world.arrive()
        store, _ = self._life(store, world, run, 0, number + 1, lambda machine: machine.recovery.settle_all())
        cases = accounts(store.parent)
        outcome.ends = [case.end for case in cases]
        outcome.violations = judged(ledger(world), cases, {"cases": []}, before, set(), PERMIT)
        if run.fault is None and kind.trouble is None and any(case.needs_staff for case in cases):
            outcome.violations.append("a kill alone led to staff")
        outcome.violations += [f"a bug came out: {bug}" for bug in self.bugs]
        stuck = run.fault is not None and run.fault[0] == "card_module" and run.fault[2] == "jam"
        if hall.place == "gate" and not stuck:  # a jammed module cannot draw it in again either
            outcome.violations.append("the card was left lying at the gate")
        if outcome.violations:
            outcome.evidence |= {"accounts": [asdict(case) for case in cases], "world": ledger(world), "back": repr(hall.back), "place": hall.place}
        return outcome

    @staticmethod
    def _settle(run: Run) -> Callable[[Machine], Any]:
        return lambda machine: machine.settle_in_passing() if run.passing else machine.recovery.settle_all()

    def _while_dead(self, run: Run, world: World) -> None:
        hall = world.hall
        world.provider.pays_at = 0
        hall.seconds += 20.0
        hall.takes = run.takes
        if run.takes and hall.place == "gate":
            hall.place = "traveller"
        if run.pays:
            world.provider.pay()
        if run.lasts != "s":
            self._mend(world)
        hall.restarted(power=run.mode in ("p", "w"))

    @staticmethod
    def _mend(world: World) -> None:
        """What was told goes; what belongs to the kind of journey stays."""
        hall, own = world.hall, world.kind.trouble
        left = [trouble for trouble in hall.troubles if own is not None and (trouble.who, trouble.what, trouble.how) == (own.who, own.what, own.how)]
        hall.mended()
        hall.troubles = left


def permits(world: World) -> dict[str, dict[str, Any]]:
    hall = world.hall
    readable = hall.back.how != "spoiled"
    where = {"traveller": "traveller", "bin": "retained"}.get(hall.place, "in_machine")
    names = ("destination", "kind", "validity", "valid_until")
    back = [{name: getattr(block, name) for name in names} for block in hall.back.blocks] if readable else []
    back.sort(key=lambda row: row["destination"])
    return {PERMIT: {"number": PERMIT, "where": where, "back": back, "rewrites": hall.burns}}


def ledger(world: World) -> dict[str, list[dict[str, Any]]]:
    """The hall's truth in the shape of the hall's own ledger."""
    applications = [
        {
            "case_id": state.case_id,
            "permit_number": PERMIT,
            "state": state.status.value,
            "endorsements": [
                {"destination": e.destination.value, "kind": e.kind.value, "validity": e.validity.code, "valid_until": e.valid_until.isoformat()}
                for e in state.lines
            ],
        }
        for state in world.authority.applications.values()
    ]
    payments = [
        {"order_no": number, "case_id": o.case_id, "amount_fen": o.amount_fen, "state": o.state.value, "refunded_fen": o.refunded_fen}
        for number, o in world.provider.orders.items()
    ]
    return {"authority": applications, "payments": payments, "permits": list(permits(world).values())}


def walked(bench: Bench, kind: str, fault: tuple[str, str, str] | None, lasts: str) -> Iterator[dict[str, Any]]:
    """One journey that nothing cuts off; then the same, cut off: a sound one at every boundary in every way, a faulty one at some boundaries
    where the fault came true."""
    whole = _one(bench, Run(kind, fault, lasts, takes=KINDS[kind].takes))
    names, met = whole["evidence"].get("names", []), whole["evidence"].get("met", 0)
    yield whole
    if fault is None:
        for cut, name in enumerate(names, 1):
            for mode in MODES:
                if mode != "w" or name.startswith(("after begin", "after decide", "after intend", "after conclude")):
                    yield _one(bench, varied(Run(kind, None, lasts, cut, mode)))
    elif met:
        for nth in range(CUTS_A_FAULT):
            name = f"{kind}{fault}{lasts}{nth}"
            mode = "kkkpdw"[chance(name + "mode", 6)]
            yield _one(bench, varied(Run(kind, fault, lasts, 1 + chance(name, len(names)), mode)))


def planned(share: int) -> list[tuple[str, tuple[str, str, str] | None, str]]:
    """What is walked, as (kind, fault, how long it lasts); of the faults every `share`-th."""
    faulty = [(kind, fault, lasts) for kind in KINDS for fault in FAULTS for lasts in LASTS]
    return [*[(kind, None, "r") for kind in KINDS][:: 1 if share < 10 else share // 5], *[work for work in faulty if chance(repr(work), share) == 0]]


def varied(run: Run) -> Run:
    def yes(what: str, among: int = 2) -> bool:
        return chance(run.id + what, among) == 0

    again = 1 + chance(run.id + "again", 25) if yes("?", 3) else 0
    back_s = 86_400 * 3 if yes("clock", 6) else 0
    return replace(run, takes=yes("takes"), pays=yes("pays"), passing=yes("passing"), back_s=back_s, again=again)


def _walked(works: list[tuple[str, tuple[str, str, str] | None, str]]) -> list[dict[str, Any]]:
    bench = Bench.temporary()
    try:
        return [bare(outcome) for work in works for outcome in walked(bench, *work)]
    finally:
        bench.close()


def bare(outcome: dict[str, Any]) -> dict[str, Any]:
    return outcome if outcome["violations"] else outcome | {"evidence": {}}


def _said(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno} {error}"


def _one(bench: Bench, run: Run) -> dict[str, Any]:
    try:
        outcome = bench.run(run)
    except Exception as error:
        outcome = Outcome(run.id, violations=[f"the run itself failed: {_said(error)}"])
    return asdict(outcome)


def all_of(processes: int, share: int) -> list[dict[str, Any]]:
    works = planned(share)
    parts = [works[at :: processes * 20] for at in range(processes * 20)]
    found: list[dict[str, Any]] = []
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for number, outcomes in enumerate(pool.imap_unordered(_walked, parts), 1):
            found += outcomes
            broken = [each["run"] for each in outcomes if each["violations"]]
            print(f"{number} of {len(parts)} parts, {len(found)} runs {' '.join(broken)}", file=sys.stderr, flush=True)
    return found


def table(outcomes: list[dict[str, Any]]) -> str:
    lines = [f"{len(outcomes)} runs in one process"]

    def count(title: str, names: list[str]) -> None:
        lines.append(title)
        lines.extend(f"  {number:6}  {name}" for name, number in sorted(Counter(names).items(), key=lambda row: -row[1]))

    runs = [Run.of(each["run"]) for each in outcomes]
    count("by kind of journey", [run.kind for run in runs])
    count("by fault", [f"{run.fault[0]}, {LASTS[run.lasts]}" if run.fault else "healthy" for run in runs])
    count("by the way it was cut off", [MODES[run.mode] if run.cut else "not cut off" for run in runs])
    count("cut off again while recovering", ["yes" if run.again else "no" for run in runs])
    whose = [("healthy" if run.fault is None else "faulty", each) for run, each in zip(runs, outcomes, strict=True)]
    count("ends of cases", [f"{who}: {end}" for who, each in whose for end in each["ends"]])
    staff = [(run, end.split()[1]) for run, each in zip(runs, outcomes, strict=True) for end in each["ends"] if end.startswith("needs_staff")]
    count("what led to staff", [f"{reason}: {'+'.join(run.fault) if run.fault else run.kind}, {LASTS[run.lasts]}" for run, reason in staff])
    broken = [each for each in outcomes if each["violations"]]
    count("violations", [violation for each in broken for violation in each["violations"]])
    lines.append(f"{len(broken)} runs with violations")
    for each in broken[:60]:
        lines.append(f"  {each['run']}  (cut {each['where']})")
        lines.extend(f"      {violation}" for violation in each["violations"])
    return "\n".join(lines)


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.crash.matrix")
    words.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    words.add_argument("--share", type=int, default=1)
    words.add_argument("--run")
    words.add_argument("--report")
    asked = words.parse_args()
    began = time.monotonic()
    if asked.run:
        bench = Bench.temporary()
        outcome = bench.run(Run.of(asked.run))
        bench.close()
        print(json.dumps(asdict(outcome), ensure_ascii=False, indent=1))
        return 1 if outcome.violations else 0
    outcomes = all_of(asked.processes, asked.share)
    print(table(outcomes))
    print(f"{time.monotonic() - began:.0f} s")
    if asked.report:
        Path(asked.report).write_text(json.dumps([each for each in outcomes if each["violations"]], ensure_ascii=False, indent=1))
    if asked.share == 1 and len(outcomes) < WHOLE:
        print(f"only {len(outcomes)} of {WHOLE} runs")
        return 1
    return 1 if any(each["violations"] for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
