"""The case's memory: intent before the act, outcome after it, durable, encrypted, and never guessed at."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kiosk.audit.events import CardRetained
from kiosk.case.acts import Result
from kiosk.case.casefile import Case
from kiosk.case.journal import Journal
from kiosk.case.moves import Act, Custody, Issue, Wish
from kiosk.domain.failure import Failure
from kiosk.store.cases import CaseStore
from kiosk.store.encryption import FieldCipher
from kiosk.store.transaction import StoreFailed
from tests.case.small_world import FILE, ID_NUMBER, NAME, PERMIT_NUMBER, PHONE, TODAY, Machine, Port, World

Start = Callable[[World], Machine]


class Witness(Port):
    """Reads the database through a connection of its own, in the middle of the act."""

    store: Path
    seen: list[tuple[str, str, str | None]]

    async def do(self, case: Case, key: str) -> Result:
        connection = sqlite3.connect(self.store)
        self.seen += connection.execute("SELECT act, key, outcome FROM acts ORDER BY sequence").fetchall()
        connection.close()
        return await super().do(case, key)


def outcomes(store: Path) -> list[tuple[int, str, str | None]]:
    connection = sqlite3.connect(store)
    rows = connection.execute("SELECT sequence, act, outcome FROM acts ORDER BY sequence").fetchall()
    connection.close()
    return rows


def test_the_intent_is_durable_before_the_act_and_the_outcome_after_it(start: Start, store: Path) -> None:
    world = World()
    machine = start(world)
    witness = Witness(Act.OPEN_CHARGE, world)
    witness.store, witness.seen = store, []
    machine.executor._acts[Act.OPEN_CHARGE] = witness  # type: ignore[index]
    case = asyncio.run(machine.run(machine.begin()))
    assert witness.seen == [
        ("take_in", case.case_id, "done"),
        ("inspect", case.case_id, "done"),
        ("submit", case.case_id, "done"),
        ("open_charge", f"{case.case_id}-1", None),
    ]
    assert all(outcome == "done" for _sequence, _act, outcome in outcomes(store))
    assert [sequence for sequence, _act, _outcome in outcomes(store)] == list(range(1, 10))


def test_what_the_card_showed_before_is_journalled_before_the_first_erase(start: Start) -> None:
    world = World()
    machine = start(world)
    remembered: list[object] = []

    class Looks(Port):
        async def do(self, case: Case, key: str) -> Result:
            stored = machine.journal.load(case.case_id)
            assert isinstance(stored, Case)
            remembered.append(stored.file.before)
            return await super().do(case, key)

    machine.executor._acts[Act.WRITE_BACK] = Looks(Act.WRITE_BACK, world)  # type: ignore[index]
    asyncio.run(machine.run(machine.begin()))
    assert remembered == [FILE.before]


def test_the_database_writes_ahead_and_waits_for_the_disk(start: Start) -> None:
    machine = start(World())
    with machine.engine.connect() as connection:
        pragma = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_no_name_or_number_lies_open_in_the_files_of_the_store(start: Start, store: Path) -> None:
    machine = start(World())
    asyncio.run(machine.run(machine.begin()))
    open_while_running = b"".join(path.read_bytes() for path in store.parent.iterdir() if path.name != "field.key")
    machine.close()
    closed = b"".join(path.read_bytes() for path in store.parent.iterdir() if path.name != "field.key")
    for personal in (ID_NUMBER, PERMIT_NUMBER, PHONE, NAME, "M00000001"):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert personal.encode(encoding) not in open_while_running + closed, personal


def test_the_key_is_for_the_machines_user_only(start: Start, store: Path) -> None:
    start(World())
    key = store.parent / "field.key"
    assert key.stat().st_mode & 0o777 == 0o600 and len(key.read_bytes()) == 32


def test_a_case_comes_back_from_the_store_as_it_was(start: Start) -> None:
    machine = start(World())
    case = machine.executor.decide(machine.begin(), Wish.DELIVER, fee_fen=1500)
    machine.journal.intend(case, Act.OPEN_CHARGE)
    loaded = start(World()).journal.load(case.case_id)
    assert isinstance(loaded, Case)
    file = msgspec.structs.replace(FILE, expires_at=loaded.file.expires_at)  # the order's end comes with its intent
    assert (loaded.file, loaded.as_of, loaded.standing.wish, loaded.standing.charges) == (file, TODAY, Wish.DELIVER, 1)


def alter(store: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(store)
    assert connection.execute(statement, values).rowcount == 1
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("version", 1),
        ("version", 99),
        ("version", "two"),
        ("standing", '{"money": "borrowed"}'),
        ("standing", '{"custody": "eaten"}'),
        ("standing", "not json"),
        ("standing", '["deliver"]'),
        ("as_of", "yesterday"),
        ("file", b""),
        ("file", b"\0" * 60),
    ],
)
def test_a_case_that_cannot_be_read_is_a_failure_and_never_a_guess(start: Start, store: Path, column: str, value: object) -> None:
    machine = start(World())
    case = machine.begin()
    alter(store, f"UPDATE cases SET {column} = ?", value)
    again = start(World())
    loaded = again.journal.load(case.case_id)
    assert isinstance(loaded, Failure) and loaded.code == "journal.unreadable" and loaded.detail == {"case_id": case.case_id}
    report = asyncio.run(again.recovery.settle_all())[0]
    assert report.needs_staff == "journal_unreadable" and report.done == []


@pytest.mark.parametrize(("column", "value"), [("act", "eat"), ("outcome", "perhaps")])
def test_an_act_that_cannot_be_read_makes_its_case_unreadable(start: Start, store: Path, column: str, value: str) -> None:
    machine = start(World())
    case, _stored = machine.journal.intend(machine.begin(), Act.TAKE_IN)
    alter(store, f"UPDATE acts SET {column} = ?", value)
    again = start(World())
    loaded = again.journal.load(case.case_id)
    assert isinstance(loaded, Failure) and loaded.code == "journal.unreadable"
    assert asyncio.run(again.recovery.settle_all())[0].needs_staff == "journal_unreadable"


def test_a_standing_altered_into_another_that_is_possible_is_noticed(start: Start, store: Path) -> None:
    machine = start(World())
    case = machine.begin()
    alter(store, "UPDATE cases SET standing = replace(standing, '\"charges\":0', '\"charges\":7')")
    assert isinstance(start(World()).journal.load(case.case_id), Failure)


def test_a_case_is_open_while_its_first_act_is_under_way(start: Start) -> None:
    machine = start(World())
    case, _stored = machine.journal.intend(machine.begin(), Act.TAKE_IN)
    assert start(World()).journal.open_ids() == [case.case_id]


def test_one_flipped_bit_of_the_case_file_is_noticed(start: Start, store: Path) -> None:
    machine = start(World())
    case = machine.begin()
    connection = sqlite3.connect(store)
    (sealed,) = connection.execute("SELECT file FROM cases").fetchone()
    connection.close()
    alter(store, "UPDATE cases SET file = ?", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert isinstance(start(World()).journal.load(case.case_id), Failure)


def test_a_file_moved_to_another_case_is_not_believed(start: Start, store: Path) -> None:
    machine = start(World())
    first, second = machine.begin(), machine.begin()
    alter(store, "UPDATE cases SET file = (SELECT file FROM cases WHERE case_id = ?) WHERE case_id = ?", first.case_id, second.case_id)
    again = start(World())
    assert isinstance(again.journal.load(second.case_id), Failure)
    assert isinstance(again.journal.load(first.case_id), Case)


def test_another_key_opens_nothing(start: Start) -> None:
    machine = start(World())
    case = machine.begin()
    other = Journal(CaseStore(machine.engine, FieldCipher(b"k" * 32)), machine.clock, machine.audit)
    assert isinstance(other.load(case.case_id), Failure)


def test_an_unknown_case_is_unreadable(start: Start) -> None:
    assert isinstance(start(World()).journal.load("nobody"), Failure)


def test_case_numbers_fit_the_providers_order_numbers_and_do_not_repeat(start: Start) -> None:
    machine = start(World())
    cases = [machine.begin() for _ in range(20)]
    assert len({case.case_id for case in cases}) == 20
    for case in cases:
        assert case.case_id.startswith("2611221015") and set(case.case_id[10:]) <= set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        assert 6 <= len(case.order_no) <= 32 and case.refund_no == f"{case.order_no}-R"
    assert sorted(machine.journal.open_ids()) == sorted(case.case_id for case in cases)


def test_the_cause_and_the_device_code_are_kept_with_the_outcome(start: Start, store: Path) -> None:
    from kiosk.case.acts import Status

    machine = start(World())
    case, stored = machine.journal.intend(machine.begin(), Act.SUBMIT)
    failure = Failure("authority.rejected", 0x41)
    case = machine.journal.conclude(case, stored, Result(Status.DONE, {"issue": Issue.REJECTED}, failure=failure), None, {})
    assert (case.file.cause, case.file.cause_device_code, case.standing.issue) == ("authority.rejected", 0x41, Issue.REJECTED)
    connection = sqlite3.connect(store)
    assert connection.execute("SELECT outcome, code, device_code FROM acts").fetchall() == [("done", "authority.rejected", 0x41)]
    connection.close()


def test_questions_are_counted_with_the_act(start: Start, store: Path) -> None:
    world = World(silent={Act.SUBMIT})
    machine = start(world)
    asyncio.run(machine.run(machine.begin()))
    connection = sqlite3.connect(store)
    assert connection.execute("SELECT asked FROM acts WHERE act = 'submit'").fetchone() == (5,)
    connection.close()


def events(store: Path) -> list[dict[str, object]]:
    connection = sqlite3.connect(store)
    bodies = connection.execute("SELECT body FROM audit_records ORDER BY sequence").fetchall()
    connection.close()
    return [msgspec.json.decode(body) for (body,) in bodies]


def test_an_act_whose_intent_cannot_be_written_is_not_done(start: Start) -> None:
    world = World()
    machine = start(world)
    case = machine.begin()
    connection = machine.engine.raw_connection()
    connection.cursor().execute("PRAGMA query_only=ON")
    connection.close()
    with pytest.raises(StoreFailed) as refused:
        asyncio.run(machine.executor.advance(case))
    assert refused.value.failure.code == "store.unwritable" and world.calls == [] and world.place == "traveller"


def test_every_intent_and_outcome_has_its_record_in_order(start: Start, store: Path) -> None:
    machine = start(World())
    case = asyncio.run(machine.run(machine.begin()))
    written = [(str(event["event"]), event["fields"]) for event in events(store)]
    of_acts = [(name, fields["sequence"], fields["act"]) for name, fields in written if name.startswith("act.")]  # type: ignore[index]
    expected = [(name, sequence, act) for sequence, act, _ in outcomes(store) for name in ("act.intended", "act.concluded")]
    assert of_acts == expected
    names = [name for name, _fields in written]
    assert names[:2] == ["audit.began", "case.began"] and names[-1] == "case.ended" and names.count("case.ended") == 1
    assert all(fields.get("case_id") == case.case_id for name, fields in written if name != "audit.began")  # type: ignore[attr-defined]


def test_a_decision_may_bring_an_event_of_its_own(start: Start, store: Path) -> None:
    machine = start(World())
    case = machine.begin()
    machine.journal.decide(case, case.standing)
    machine.journal.decide(case, case.standing, event=CardRetained(case_id=case.case_id))
    assert [event["event"] for event in events(store)][2:] == ["case.decided", "card.retained"]


def test_a_card_that_went_into_the_bin_is_in_the_audit_once(start: Start, store: Path) -> None:
    machine = start(World(takes=False))
    case = asyncio.run(machine.run(machine.begin()))
    assert case.standing.custody is Custody.RETAINED
    assert [event["event"] for event in events(store)].count("card.retained") == 1
    assert machine.journal.retained() == [case.case_id]


def test_nothing_personal_can_reach_the_audit_through_a_failure(start: Start, store: Path) -> None:
    """The raw code is kept, what the other side said in words is not."""
    from kiosk.case.acts import Status

    machine = start(World())
    case, stored = machine.journal.intend(machine.begin(), Act.SUBMIT)
    failure = Failure("authority.refused", 0x41, {"code": NAME, "status": ID_NUMBER})
    machine.journal.conclude(case, stored, Result(Status.NOT_DONE, failure=failure), None, {})
    last = events(store)[-1]["fields"]
    assert last == {"case_id": case.case_id, "act": "submit", "sequence": 1, "status": "not_done", "code": "authority.refused", "device_code": 0x41}
