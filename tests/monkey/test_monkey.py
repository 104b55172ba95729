"""A short run of the monkey on the whole machine (`make monkey` lets it play for long), and whether its witnesses see what is wrong."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.witness import Account
from tests.monkey.books import untrue

ROOT = Path(__file__).resolve().parents[2]
SEED, EVENTS = 21, 60
DELIVERED = Account("C", False, "paid", "verified", "written", "with_traveller", None, 1)
ORDER = {"case_id": "C", "state": "paid", "amount_fen": 1500, "refunded_fen": 0}
PERMIT = {"number": "P", "where": "traveller", "back": ["new"]}


def broken(case: Account = DELIVERED, state: str = "verified", orders: tuple[dict[str, object], ...] = (ORDER,), **permit: object) -> list[str]:
    applications = [{"case_id": "C", "permit_number": "P", "state": state}]
    ledger = {"authority": applications, "payments": list(orders), "permits": [{**PERMIT, **permit}]}
    return untrue([case], ledger, [{**PERMIT, "back": ["old"]}])


@pytest.mark.timeout(600)
def test_a_monkey_finds_nothing_wrong() -> None:
    """In a process of its own: Qt's main thread is the machine's, and it may die."""
    words = [sys.executable, "-m", "tests.monkey", "--seed", str(SEED), "--events", str(EVENTS), "--runs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "'permit'" in ended.stdout, f"it never got further than the ID card: {ended.stdout}"


def test_the_books_of_a_delivered_case_are_true() -> None:
    assert broken() == []
    assert broken(replace(DELIVERED, issue="voided"), "voided", ({**ORDER, "refunded_fen": 1500},), back=["old"]) == []


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (broken(replace(DELIVERED, case_id="other")), "the journal does not"),
        (broken(replace(DELIVERED, open=True)), "the case stayed open"),
        (broken(orders=(ORDER, ORDER)), "2 charges succeeded"),
        (broken(orders=()), "delivered without its money"),
        (broken(orders=({**ORDER, "refunded_fen": 1500},)), "fen kept of"),
        (broken(state="voided", back=["old"]), "1500 fen kept for nothing"),
        (broken(state="issued", orders=()), "the application stayed issued"),
        (broken(orders=(ORDER, {**ORDER, "state": "open"})), "an order stayed open"),
        (broken(replace(DELIVERED, needs_staff="no_idea")), "no reason of the closed list"),
        (broken(where="bin"), "are away"),
        (broken(state="voided", orders=()), "back changed"),
    ],
)
def test_what_is_untrue_in_the_books_is_seen(wrong: list[str], what: str) -> None:
    assert [line for line in wrong if what in line], wrong
