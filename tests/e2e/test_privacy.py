"""The canary: a recognisable traveller passes through a real machine in a real hall, and nothing of them is in anything that the machine wrote.

Searched are the store (database, write-ahead log, keys, log file), home, cache and temporary folders, the working directory, and all that the
commands said. Not searched is the hall's own folder: that is the world outside. Cores are allowed without limit by whoever starts the commands.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from drivers.world import process
from tests.e2e import canary
from tests.e2e.conftest import END_S, PROJECT, Hall

FOLDERS = {"HOME": "home", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run", "TMPDIR": "tmp"}

# the command as ever, and a hand that types the telephone number; `broken` is a bug that a test plants
COMMAND = """
import sys
from kiosk import traveller
from kiosk.cli import main
NUMBER = "".join({number!r})
walks = traveller.Traveller._act
async def types(self, view):
    if view.step != "phone":
        return await walks(self, view)
    typed = len(view.body.shown)
    await self._press(view, "next" if typed == len(NUMBER) else "digit:" + NUMBER[typed])
traveller.Traveller._act = types
{broken}
sys.exit(main(sys.argv[1:]))
"""
A_STEP_FAILS = """
from kiosk.journey.steps.review import Review
async def fails(self, visit, house):
    raise RuntimeError("a bug that quotes what it choked on: " + visit.record.reveal().name)
Review.run = fails
"""
WRAPPER_REMOVED = """
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.steps import registry
class Bare(Sensitive):
    "Opens as the wrapper does, and shows itself as the value without it would."
    def __repr__(self):
        return repr(self._value)
registry.Sensitive = Bare
"""


@dataclass
class Machine:
    """The machine's own folders, fresh, and what its commands said."""

    hall: Hall
    root: Path
    said: list[bytes] = field(default_factory=list)
    begun: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def begin(self, *words: str, broken: str = "") -> "subprocess.Popen[bytes]":
        folders = {name: str(self.root / folder) for name, folder in FOLDERS.items()}
        for folder in (*folders.values(), str(self.root / "work")):
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
        code = COMMAND.format(number=tuple(canary.PHONE), broken=broken)
        command = ["sh", "-c", 'ulimit -c unlimited 2>/dev/null; exec "$@"', "-", sys.executable, "-c", code, *words]
        self.begun.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=self.root / "work"))
        return self.begun[-1]

    def ended(self, running: "subprocess.Popen[bytes]") -> tuple[int, Any]:
        """Exit code and document."""
        try:
            output, errors = running.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            pytest.fail("still running")
        self.said += [output, errors]
        assert b"Traceback" not in output + errors
        return running.returncode, json.loads(output) if output.strip() else None

    def transact(self, choose: str, broken: str = "") -> tuple[int, Any]:
        return self.ended(self.start(choose, broken))

    def start(self, choose: str, broken: str = "") -> "subprocess.Popen[bytes]":
        words = ("transact", "--persona", "canary", "--choose", choose, "--profile", self.hall.profile, "--json")
        return self.begin(*words, broken=broken)

    @property
    def store(self) -> Path:
        return self.hall.state / "machine"

    def traces(self) -> list[str]:
        return canary.found([self.root, self.store], self.said, canary.traces())


@pytest.fixture(scope="module")
def canary_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    world = process.start(tmp_path_factory.mktemp("hall"), canary.personas_in(tmp_path_factory.mktemp("people") / "personas"), "fast")
    assert isinstance(world, process.WorldProcess), world
    hall = Hall(world)
    yield hall
    hall.control.close()
    world.stop()


@pytest.fixture
def machine(canary_hall: Hall, tmp_path: Path) -> Iterator[Machine]:
    canary_hall.control.reset()
    log = canary_hall.state / "machine" / "machine.log"
    if log.exists():
        log.unlink()  # what an earlier test's bug was meant to write
    machine = Machine(canary_hall, tmp_path)
    yield machine
    for running in machine.begun:
        with running:  # closes its pipes and reaps it, whatever the test left behind
            running.kill()


@pytest.mark.timeout(400)  # four commands of ten seconds each, on a machine that may be busy
def test_a_completed_a_refused_and_a_crashed_journey_leave_no_trace(machine: Machine) -> None:
    code, document = machine.transact("HKG:G:1Y1")
    assert code == 0, document
    assert canary.found([machine.store], [], [canary.Trace("the case", document["case_id"].encode())]), "the search looks where cases are written"
    machine.hall.control.reset()
    code, document = machine.transact("HKG:G:1Y*")
    assert code == 3 and document["refusal"], document
    machine.hall.control.reset()
    before = {row["order_no"] for row in machine.hall.control.ledger()["payments"]}
    machine.hall.control.put_fault("wechat", "query", "silence", 0)
    dying = machine.start("HKG:G:1Y1")
    machine.hall.until(lambda ledger: any(row["order_no"] not in before and row["state"] == "paid" for row in ledger["payments"]))
    dying.send_signal(signal.SIGSEGV)
    output, errors = dying.communicate(timeout=20)
    machine.said += [output, errors]
    assert dying.returncode == -signal.SIGSEGV, (dying.returncode, errors)
    machine.hall.control.delete_fault("wechat", "query")
    assert not list((machine.root / "work").iterdir()), "no core, nor anything else, in the working directory"
    assert (machine.store / "journal.sqlite-wal").stat().st_size > 0, "the write-ahead log of the dead machine is searched, too"
    assert machine.traces() == [], "before anything was settled"
    code, document = machine.ended(machine.begin("recover", "--profile", machine.hall.profile, "--json"))
    assert code == 0 and len(document["cases"]) == 1, document
    assert machine.ended(machine.begin("doctor", "--profile", machine.hall.profile, "--json"))[0] == 0
    assert machine.traces() == []


def test_a_bug_in_a_step_is_logged_without_the_traveller(machine: Machine) -> None:
    code, document = machine.transact("HKG:G:1Y1", A_STEP_FAILS)
    assert code not in (0, 1), document
    log = (machine.store / "machine.log").read_text(encoding="utf-8")
    assert "step review failed" in log and "RuntimeError" in log and "Sensitive(***)" in log
    assert machine.traces() == []


@pytest.mark.long
def test_the_search_finds_the_traveller_once_one_wrapper_is_removed(machine: Machine) -> None:
    code, document = machine.transact("HKG:G:1Y1", WRAPPER_REMOVED + A_STEP_FAILS)
    assert code not in (0, 1), document
    found = machine.traces()
    assert {"the name (utf-8)", "the ID number (utf-8)", "the permit's number (utf-8)"} <= {line.partition(" in ")[0] for line in found}
    assert all("machine.log" in line for line in found), found


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_the_search_itself_finds_what_is_there(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "text").write_bytes(f"xx{canary.NAME}yy".encode(encoding))
    (tmp_path / "a" / "hex").write_text((b"x" + canary.PERMIT.encode(encoding)).hex())
    import base64

    for shift in range(3):
        (tmp_path / "a" / f"base64-{shift}").write_bytes(base64.b64encode(b"\xee" * shift + canary.ID_NUMBER.encode(encoding) + b"\xee" * 5))
    (tmp_path / "a" / "picture").write_bytes(b"..." + canary.chip_picture(canary.FACES / "obama.jpg") + b"...")
    found = "\n".join(canary.found([tmp_path], [canary.PHONE.encode(encoding)], canary.traces()))
    for name in ("the name", "the permit's number", "the permit's portrait", "the telephone"):
        assert name in found
    assert all(f"base64-{shift}" in found for shift in range(3))


@pytest.mark.long
def test_with_another_key_the_machine_says_so_and_touches_no_case(machine: Machine) -> None:
    dying = machine.start("HKG:G:1Y1")
    machine.hall.until(lambda ledger: any(row["where"] == "in_machine" for row in ledger["permits"]))
    dying.kill()
    dying.communicate()
    key, journal = machine.store / "field.key", machine.store / "journal.sqlite"
    former = key.read_bytes()

    def cases() -> list[tuple[Any, ...]]:
        with sqlite3.connect(journal) as database:
            return database.execute("SELECT case_id, standing, file, ended_at FROM cases ORDER BY case_id").fetchall()

    before = cases()
    assert any(row[3] is None for row in before)
    key.write_bytes(bytes(reversed(former)))
    for command in ("recover", "doctor"):
        code, document = machine.ended(machine.begin(command, "--profile", machine.hall.profile, "--json"))
        assert (code, document["failure"]["code"]) == (1, "store.key_wrong")
    assert cases() == before
    key.write_bytes(former)
    code, document = machine.ended(machine.begin("recover", "--profile", machine.hall.profile, "--json"))
    assert code == 0 and len(document["cases"]) == 1
    assert all(row[3] is not None for row in cases())
    assert machine.hall.permit(canary.PERMIT)["where"] != "in_machine"
