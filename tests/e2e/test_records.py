"""The machine's records from outside: an audit that can be checked, and a machine that serves nobody where its records are not whole."""

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands.keeper import Keeper
from kiosk.commands.stop import Stop
from kiosk.config import load_profile
from kiosk.domain.failure import Failure
from kiosk.view import OutOfServiceBody, Seam, View
from tests.e2e.conftest import Hall, Said, kiosk


def audit(hall: Hall, *words: str) -> Said:
    return kiosk("audit", *words, "--profile", hall.profile, "--json")


@pytest.fixture
def records(hall: Hall) -> Iterator[Path]:
    """The machine's folder, put back as it was afterwards."""
    folder, kept = hall.state / "machine", hall.state / "kept"
    assert kiosk("recover", "--profile", hall.profile, "--json").code == 0  # it has records from here on
    shutil.copytree(folder, kept)
    yield folder
    shutil.rmtree(folder)
    kept.rename(folder)


def test_a_journey_is_in_the_audit_which_is_whole_and_says_nothing_of_the_person(hall: Hall) -> None:
    done = hall.transact("ordinary", "HKG:G:1Y1")
    assert done.code == 0
    checked = audit(hall, "verify")
    assert checked.code == 0 and checked.document["broken"] is None and checked.document["records"] > 20
    case_id = done.document["case_id"]
    with closing(sqlite3.connect(hall.state / "machine" / "journal.sqlite")) as connection:
        bodies = [body for (body,) in connection.execute("SELECT body FROM audit_records ORDER BY sequence")]
    mine = [record["event"] for record in map(json.loads, bodies) if record["fields"].get("case_id") == case_id]
    assert mine[0] == "case.began" and mine[-2:] == ["case.ended", "journey.ended"]
    assert mine.count("act.intended") == mine.count("act.concluded") >= 8
    events = [json.loads(body)["event"] for body in bodies]
    assert events[0] == "audit.began" and events[-1] == "machine.stopped" and "machine.started" in events
    person = next(row for row in hall.control.personas() if row["id"] == "ordinary")
    everything = b"".join(bodies).decode()
    for personal in (*[permit["number"] for permit in person["permits"]], *[str(value) for value in person.values() if isinstance(value, str)]):
        assert personal == "ordinary" or personal not in everything, personal


def test_an_altered_record_is_named_and_a_checkpoint_is_kept(hall: Hall, records: Path, tmp_path: Path) -> None:
    kept = audit(hall, "checkpoint")
    assert kept.code == 0
    (tmp_path / "kept.json").write_text(json.dumps(kept.document))
    assert audit(hall, "verify", "--checkpoint", str(tmp_path / "kept.json")).code == 0
    with closing(sqlite3.connect(records / "journal.sqlite")) as connection:
        connection.execute("UPDATE audit_records SET body = replace(body, 'machine', 'kitchen') WHERE sequence = 2")
        connection.execute("UPDATE audit_records SET body = body || ' ' WHERE sequence = 2")
        connection.commit()
    broken = audit(hall, "verify")
    assert broken.code == 1 and broken.document["broken"]["record"] == 2


def damaged(records: Path) -> None:
    file = records / "journal.sqlite"
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 4096 + file.read_bytes()[8192:])


def gone(records: Path) -> None:
    (records / "journal.sqlite").unlink()


def cut_off(records: Path) -> None:
    with closing(sqlite3.connect(records / "journal.sqlite")) as connection:
        connection.execute("DELETE FROM audit_records WHERE sequence = (SELECT max(sequence) FROM audit_records)")
        connection.commit()


def test_a_command_that_ended_holds_nothing_of_the_records(hall: Hall) -> None:
    """In the test's own process, so that no process's end helps: the write-ahead log has gone into the database."""
    assert kiosk("recover", "--profile", hall.profile, "--json").code == 0
    assert [file.name for file in (hall.state / "machine").glob("journal*")] == ["journal.sqlite"]


@pytest.mark.parametrize(("harm", "code"), [(damaged, "store.damaged"), (gone, "store.missing"), (cut_off, "audit.broken")])
def test_without_whole_records_every_command_says_so_and_nothing_is_touched(hall: Hall, records: Path, harm: Any, code: str) -> None:
    harm(records)
    file = records / "journal.sqlite"
    before = file.read_bytes() if file.exists() else None
    for command in (("recover", "--profile", hall.profile, "--json"), hall.words("ordinary", "HKG:G:1Y1")):
        ended = kiosk(*command)
        assert (ended.code, ended.failure) == (1, code)
    assert (file.read_bytes() if file.exists() else None) == before


def test_the_screen_says_that_it_is_out_of_service_until_it_is_stopped(hall: Hall, records: Path) -> None:
    damaged(records)
    profile = load_profile(Path(hall.profile))
    assert not isinstance(profile, Failure)
    seam, stop, pages = Seam(), Stop(), threading.Event()
    views: list[View] = []

    def seen(view: View) -> None:
        views.append(view)
        pages.set()

    seam.watch(seen)
    endings: list[Any] = []
    machine = threading.Thread(target=lambda: endings.append(Keeper(seam, profile, None, stop, 0.0).work(None)))  # type: ignore[arg-type]
    machine.start()
    assert pages.wait(30)
    assert views[-1].step == "out_of_service" and isinstance(views[-1].body, OutOfServiceBody)
    assert views[-1].body.reason.key == "failure.store.damaged" and machine.is_alive()
    stop.request()
    machine.join(20)
    assert endings[0].failure.code == "store.damaged"
