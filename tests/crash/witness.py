"""What must be true whatever happened, read from the world's ledger; the machine's own account is compared with it."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REASONS = {
    *("card_stuck", "card_not_found", "bin_full", "back_unseen", "back_not_restored", "payment_unclear", "payment_contradiction"),
    *("refund_refused", "authority_unclear", "authority_contradiction", "journal_unreadable"),
}
PRINTS = 8
"""No case burns a back more often: two prints, two restorings, and one more for each time that the power went in the middle of one."""


@dataclass(frozen=True)
class Account:
    """What the machine's journal says of a case."""

    case_id: str
    open: bool
    money: str
    issue: str
    back: str
    custody: str
    needs_staff: str | None
    charges: int

    @property
    def end(self) -> str:
        if self.open:
            return "open"
        if self.needs_staff:
            return f"needs_staff {self.needs_staff}"
        if self.issue == "verified":
            return f"delivered, card {self.custody}"
        return f"undone, money {self.money}, card {self.custody}"


def accounts(store: Path) -> list[Account]:
    """Read beside the machine's own code: the standing lies in the open, the case file is encrypted."""
    database = sqlite3.connect(f"file:{store / 'journal.sqlite'}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT case_id, ended_at, standing FROM cases ORDER BY created_at, rowid").fetchall()
    finally:
        database.close()
    found = []
    for case_id, ended_at, text in rows:
        s = json.loads(text)
        parts = [s["money"], s["issue"], s["back"], s["custody"], s.get("needs_staff"), s["charges"]]
        found.append(Account(case_id, ended_at is None, *parts))
    return found


def judged(
    ledger: Mapping[str, list[dict[str, Any]]],
    cases: list[Account],
    recovered: Mapping[str, Any],
    before: Mapping[str, dict[str, Any]],
    known: set[str],
    inserted: str,
) -> list[str]:
    """Every broken promise in words. before: the permits' rows when the run began. known: cases of earlier runs. inserted: the permit's number."""
    broken: list[str] = []
    applications = [row for row in ledger["authority"] if row["case_id"] not in known]
    orders = [row for row in ledger["payments"] if row["case_id"] not in known]
    permits = {row["number"]: row for row in ledger["permits"]}
    mine = {case.case_id: case for case in cases}
    for row in (*applications, *orders):
        if row["case_id"] not in mine:
            broken.append(f"the world knows of case {row['case_id']}, the journal does not")
    for case in cases:
        broken += _case(
            case,
            next((row for row in applications if row["case_id"] == case.case_id), None),
            [row for row in orders if row["case_id"] == case.case_id],
            permits[inserted],
            before[inserted],
        )
    touched = {row["permit_number"] for row in applications}
    for number, row in permits.items():
        if row["where"] != "traveller" and not any(_explains(case, row["where"]) for case in cases):
            broken.append(f"permit {number} is {row['where']}, and no case says so")
        if number not in touched and row["back"] != before[number]["back"]:
            broken.append(f"permit {number}'s back changed without an application")
    for said in recovered["cases"]:
        case = mine.get(said["case_id"])
        if case is None:
            broken.append("recover speaks of a case that the journal does not hold")
        elif said["after"] != {"money": case.money, "issue": case.issue, "back": case.back, "custody": case.custody}:
            broken.append(f"recover says {said['after']}, the journal {case}")
    return broken


def _explains(case: Account, where: str) -> bool:
    return case.custody == where or case.needs_staff is not None


def _case(
    case: Account,
    application: dict[str, Any] | None,
    orders: list[dict[str, Any]],
    row: dict[str, Any],
    before: dict[str, Any],
) -> list[str]:
    broken = []
    if case.open:
        broken.append(f"the case stayed open: {case}")
    if case.needs_staff is not None and case.needs_staff not in REASONS:
        broken.append(f"{case.needs_staff} is no reason of the closed list")
    staff = case.needs_staff is not None
    paid = [row for row in orders if row["state"] == "paid"]
    kept_fen = sum(row["amount_fen"] - row["refunded_fen"] for row in paid)
    state = application["state"] if application else "none"
    if len(paid) > 1:
        broken.append(f"{len(paid)} charges succeeded")
    if any(row["refunded_fen"] not in (0, row["amount_fen"]) for row in orders):
        broken.append("refunded another amount than was paid")
    if any(row["state"] == "open" for row in orders) and not staff:
        broken.append("an order stayed open")
    if state in ("submitted", "approved", "issued") and not staff:
        broken.append(f"the application stayed {state}")
    wanted = application["endorsements"] if application else []
    on_card = [each for each in wanted if each in row["back"] and each not in before["back"]]
    refunded = any(each["refunded_fen"] for each in orders)
    if refunded and (state in ("issued", "verified") or on_card):
        broken.append(f"refunded, with an application {state} and {on_card} on the card")
    if on_card and not paid:
        broken.append("printed without being paid")
    if on_card and state not in ("issued", "verified") and row["where"] != "in_machine" and not staff:
        broken.append(f"the card left with an endorsement that is {state}")
    if row["rewrites"] - before["rewrites"] > PRINTS:
        broken.append("printed over and over")
    if staff:
        return broken + _agrees(case, state, orders, row)
    if state == "verified":
        if not paid or kept_fen != paid[0]["amount_fen"]:
            broken.append("delivered without its money")
        if len(on_card) != len(wanted):
            broken.append(f"reported as delivered, but the back shows {row['back']}")
    else:
        if kept_fen:
            broken.append(f"{kept_fen} fen kept for nothing ({state})")
        if row["back"] != before["back"]:
            broken.append(f"undone, but the back shows {row['back']}")
    if row["where"] == "in_machine":
        broken.append("settled with the card inside")
    return broken + _agrees(case, state, orders, row)


def _agrees(case: Account, state: str, orders: list[dict[str, Any]], row: dict[str, Any]) -> list[str]:
    """The journal's account and the world's truth; where staff are called, it may say less but not other."""
    broken = []
    staff = case.needs_staff is not None
    paid = [each for each in orders if each["state"] == "paid"]
    money = "none" if not orders else "refunded" if any(e["refunded_fen"] for e in paid) else "paid" if paid else orders[-1]["state"]
    same = {"refund_pending": "refunded", "none": "closed"}
    if not staff and same.get(case.money, case.money) != same.get(money, money):
        broken.append(f"the journal says money {case.money}, the provider {money}")
    if not staff and case.issue != state and {case.issue, state} != {"none", "rejected"}:
        broken.append(f"the journal says issue {case.issue}, the authority {state}")
    where = {"traveller": "with_traveller"}.get(row["where"], row["where"])
    if case.custody not in (where, "unknown"):
        broken.append(f"the journal says card {case.custody}, the world {where}")
    return broken
