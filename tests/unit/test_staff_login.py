"""Staff's log-in: weak PINs refused, wrong ones counted on the disk and waited for, nobody told which numbers there are."""

import asyncio
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.failure import Failure
from kiosk.i18n import Catalogue
from kiosk.services import pins, staff_login
from kiosk.services.staff_login import FREE_TRIES, LOCKED_AFTER, StaffLogin
from kiosk.store.staff import StaffStore
from kiosk.store.transaction import StoreFailed
from tests.field_key import cipher_in
from tests.store.stores import Store

NUMBER, DIGITS, PIN, WRONG = "S2041", "2041", "582046", "582047"
TEXTS = Catalogue.load(Path(__file__).parents[2] / "assets" / "i18n")


class Desk:
    """A store on the disk, and the log-in over it; `restarted` opens the same store again."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.open()

    def open(self) -> None:
        self.store = Store(self.directory / "journal.sqlite")
        self.accounts = StaffStore(self.store.engine, cipher_in(self.directory))
        self.login = StaffLogin(self.accounts, self.store.audit, self.store.clock)

    def restarted(self) -> None:
        at = self.store.clock.at
        self.store.close()
        self.open()
        self.store.clock.at = at

    def try_(self, digits: str, pin: str) -> str | Failure:
        return asyncio.run(self.login.log_in(digits, pin))

    def passes(self, seconds: float) -> None:
        self.store.clock.set_back(-seconds)

    def audited(self) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.directory / "journal.sqlite")) as connection:
            return [json.loads(body) for (body,) in connection.execute("SELECT body FROM audit_records ORDER BY sequence")]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(pins, "WORK", {"n": 2, "r": 1, "p": 1})  # a third of a second for each try would be minutes here
    desk = Desk(tmp_path)
    assert desk.login.enrol(NUMBER, PIN) is False
    yield desk
    desk.store.close()


def code(outcome: object) -> str:
    assert isinstance(outcome, Failure), outcome
    sentence = TEXTS.in_all(f"failure.{outcome.code}", outcome.detail)
    assert all(sentence.values())
    return outcome.code


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("", "staff.pin_form"),
        ("58204", "staff.pin_form"),
        ("1" * 13, "staff.pin_form"),
        ("58204a", "staff.pin_form"),
        ("582 046", "staff.pin_form"),
        ("５８２０４６", "staff.pin_form"),
        ("000000", "staff.pin_weak"),
        ("777777", "staff.pin_weak"),
        ("123456", "staff.pin_weak"),
        ("456789", "staff.pin_weak"),
        ("890123", "staff.pin_weak"),
        ("987654", "staff.pin_weak"),
        ("321098", "staff.pin_weak"),
        ("121212", "staff.pin_weak"),
        ("582582", "staff.pin_weak"),
        ("112233", "staff.pin_weak"),
        ("99550033", "staff.pin_weak"),
        ("204177", "staff.pin_weak"),
        ("00204177", "staff.pin_weak"),
    ],
)
def test_a_pin_that_is_easily_guessed_is_refused(pin: str, reason: str) -> None:
    assert code(pins.refusal(pin, "204177")) == reason


@pytest.mark.parametrize("pin", ["582046", "908172635445", "112234", "135790", "123465"])
def test_another_pin_is_taken(pin: str) -> None:
    assert pins.refusal(pin, "2041") is None


def test_a_guess_costs_32_mib_and_three_passes_and_is_what_scrypt_says() -> None:
    assert pins.WORK == {"n": 32768, "r": 8, "p": 3}
    salt = bytes(range(16))
    assert pins.hashed(PIN, salt) == hashlib.scrypt(PIN.encode(), salt=salt, n=2**15, r=8, p=3, maxmem=2**26, dklen=32)
    assert len({pins.new_salt() for _salt in range(100)}) == 100


def test_the_right_pin_logs_in_by_the_digits_and_another_does_not(desk: Desk) -> None:
    assert desk.try_(DIGITS, PIN) == NUMBER
    wrong = desk.try_(DIGITS, WRONG)
    assert code(wrong) == "staff.login_wrong" and wrong.detail == {"left": "4"}  # type: ignore[union-attr]


def test_a_right_pin_begins_the_count_again(desk: Desk) -> None:
    for _round in range(3):
        for _try in range(FREE_TRIES - 1):
            assert code(desk.try_(DIGITS, WRONG)) == "staff.login_wrong"
        assert desk.try_(DIGITS, PIN) == NUMBER


@pytest.mark.parametrize("digits", [DIGITS, "999"])
def test_waits_double_and_the_fifteenth_wrong_try_locks_whoever_it_is(desk: Desk, digits: str) -> None:
    """A number that nobody has is answered in the same words, with the same count and the same waits."""
    for tries in range(1, FREE_TRIES):
        assert desk.try_(digits, WRONG) == Failure("staff.login_wrong", detail={"left": str(FREE_TRIES - tries)})
    for tries in range(FREE_TRIES, LOCKED_AFTER):
        wait_s = 15 * 2 ** (tries - FREE_TRIES)
        told = Failure("staff.login_waits", detail={"wait": f"{wait_s // 60}:{wait_s % 60:02d}", "left": str(LOCKED_AFTER - tries)})
        assert desk.try_(digits, WRONG) == told
        desk.passes(wait_s - 3)
        assert code(desk.try_(digits, PIN)) == "staff.login_waits", "the right PIN is not looked at before the time is over"
        desk.passes(3)
    assert code(desk.try_(digits, WRONG)) == "staff.login_locked"
    desk.passes(10**7)
    assert code(desk.try_(digits, PIN)) == "staff.login_locked"


def test_who_is_locked_is_free_when_enrolled_again(desk: Desk) -> None:
    with desk.accounts.transaction() as write:
        desk.accounts.count(write, DIGITS, LOCKED_AFTER, 0.0)
    assert code(desk.try_(DIGITS, PIN)) == "staff.login_locked"
    assert desk.login.enrol(NUMBER, "771948") is True
    assert code(desk.try_(DIGITS, PIN)) == "staff.login_wrong", "the old PIN is gone"
    assert desk.try_(DIGITS, "771948") == NUMBER


def test_counts_and_waits_outlive_a_restart(desk: Desk) -> None:
    for _try in range(FREE_TRIES):
        desk.try_(DIGITS, WRONG)
    desk.restarted()
    assert code(desk.try_(DIGITS, PIN)) == "staff.login_waits"
    desk.passes(15)
    assert code(desk.try_(DIGITS, WRONG)) == "staff.login_waits"
    assert desk.login.accounts()[0][1].tries == FREE_TRIES + 1


def test_a_clock_that_was_set_back_does_not_lengthen_the_wait(desk: Desk) -> None:
    for _try in range(FREE_TRIES):
        desk.try_(DIGITS, WRONG)
    desk.passes(-1_000_000)
    waits = desk.try_(DIGITS, PIN)
    assert isinstance(waits, Failure) and waits.detail["wait"] == "0:15"


def test_a_try_is_counted_before_the_pin_is_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class PowerCut(Exception): ...

    def cut(_pin: str, _salt: bytes) -> bytes:
        raise PowerCut

    monkeypatch.setattr(pins, "hashed", cut)
    with pytest.raises(PowerCut):
        desk.try_(DIGITS, WRONG)
    desk.restarted()
    assert desk.login.accounts()[0][1].tries == 1


@pytest.mark.parametrize(("digits", "written"), [(DIGITS, NUMBER), ("999", None)], ids=["account", "stranger"])
@pytest.mark.parametrize("pin", [PIN, WRONG], ids=["right", "wrong"])
def test_a_try_that_is_cut_off_counts_and_is_audited(desk: Desk, monkeypatch: pytest.MonkeyPatch, digits: str, written: str | None, pin: str) -> None:
    """Whoever touches Cancel while the PIN is looked at leaves a trace as everybody else, and is not let in."""
    looking, go_on = threading.Event(), threading.Event()
    hashed = pins.hashed

    def slow(pin: str, salt: bytes) -> bytes:
        looking.set()
        assert go_on.wait(10)
        return hashed(pin, salt)

    async def cut_off() -> None:
        trying = asyncio.create_task(desk.login.log_in(digits, pin))
        assert await asyncio.to_thread(looking.wait, 10)
        trying.cancel()
        try:
            with pytest.raises(asyncio.CancelledError):
                await trying
        finally:
            go_on.set()

    monkeypatch.setattr(pins, "hashed", slow)
    asyncio.run(cut_off())
    failed = [record["fields"].get("staff") for record in desk.audited() if record["event"] == "staff.login_failed"]
    assert failed == [written]
    counted = desk.login.accounts()[0][1] if written else desk.login._stranger(digits)
    assert counted.tries == 1


def test_a_stranger_who_guesses_on_makes_no_other_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_login, "STRANGERS_KEPT", 3)
    for digits in ("1", "2", "3", "3", "1"):
        desk.try_(digits, WRONG)
    assert [desk.login._stranger(digits).tries for digits in ("1", "2", "3")] == [2, 1, 2], "an old one that is renewed needs no room"
    desk.try_("4", WRONG)
    assert [desk.login._stranger(digits).tries for digits in ("1", "2", "3", "4")] == [2, 0, 2, 1], "the one that was quiet longest goes"


def test_a_strangers_count_begins_again_with_the_machine_and_an_accounts_does_not(desk: Desk) -> None:
    desk.try_("999", WRONG)
    desk.try_(DIGITS, WRONG)
    desk.restarted()
    assert (desk.login._stranger("999").tries, desk.login.accounts()[0][1].tries) == (0, 1)


def test_a_number_that_nobody_has_costs_the_same_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    hashed = pins.hashed
    monkeypatch.setattr(pins, "hashed", lambda pin, salt: (asked.append(len(salt)), hashed(pin, salt))[1])
    desk.try_(DIGITS, WRONG)
    desk.try_("999", WRONG)
    assert asked == [pins.SALT_BYTES, pins.SALT_BYTES]


def test_the_hash_of_nothing_opens_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where there is no account, nor where its row was altered."""
    monkeypatch.setattr(pins, "hashed", lambda _pin, _salt: bytes(pins.HASH_BYTES))
    assert code(desk.try_("999", PIN)) == "staff.login_wrong"
    with closing(sqlite3.connect(desk.directory / "journal.sqlite")) as connection:
        connection.execute("UPDATE staff SET hash = zeroblob(60)")
        connection.commit()
    assert code(desk.try_(DIGITS, PIN)) == "staff.login_wrong"


def test_an_account_that_was_put_into_the_database_by_hand_opens_nothing(desk: Desk) -> None:
    """The hash is sealed to its number with the machine's key: one member of staff's cannot stand in for another's."""
    with closing(sqlite3.connect(desk.directory / "journal.sqlite")) as connection:
        connection.execute("INSERT INTO staff SELECT '1', 'X1', salt, hash, 0, 0 FROM staff")
        connection.commit()
    assert code(desk.try_("1", PIN)) == "staff.login_wrong"


def test_two_numbers_with_the_same_digits_cannot_both_be_typed(desk: Desk) -> None:
    assert code(desk.login.enrol("T2041", "771948")) == "staff.digits_taken"
    assert desk.try_(DIGITS, PIN) == NUMBER


def test_who_is_revoked_logs_in_no_more(desk: Desk) -> None:
    assert code(desk.login.revoke("T2041")) == "staff.not_enrolled"
    assert desk.login.revoke(NUMBER) is None
    assert code(desk.try_(DIGITS, PIN)) == "staff.login_wrong"
    assert code(desk.login.revoke(NUMBER)) == "staff.not_enrolled"
    assert desk.login.accounts() == []


def test_a_disk_that_refuses_enrols_nobody_and_lets_nobody_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_given: object) -> None:
        raise StoreFailed(Failure("store.full"))

    monkeypatch.setattr(desk.store.audit, "append", refuses)
    with pytest.raises(StoreFailed):
        desk.login.enrol("77", PIN)
    assert [number for number, _count in desk.login.accounts()] == [NUMBER]
    monkeypatch.setattr(desk.accounts, "count", refuses)
    with pytest.raises(StoreFailed):
        desk.try_(DIGITS, PIN)


def test_the_audit_names_who_was_enrolled_and_never_what_was_typed(desk: Desk) -> None:
    desk.try_(DIGITS, WRONG)
    desk.try_("582046", WRONG)  # somebody typed a PIN where the number belongs
    desk.login.revoke(NUMBER)
    events = [(record["event"], record["fields"].get("staff")) for record in desk.audited() if record["event"].startswith("staff.")]
    assert events == [("staff.enrolled", NUMBER), ("staff.login_failed", NUMBER), ("staff.login_failed", None), ("staff.revoked", NUMBER)]
    desk.store.close()
    written = b"".join(path.read_bytes() for path in desk.directory.iterdir())
    assert NUMBER.encode() in written
    assert PIN.encode() not in written and WRONG.encode() not in written
