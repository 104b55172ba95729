"""What must be true of money and cards after any number of journeys: the machine's journal against the hall's own ledger."""

from collections.abc import Mapping
from typing import Any

from tests.crash.witness import REASONS, Account

Rows = list[dict[str, Any]]
CASE_ENDS = ("none", "rejected", "voided", "verified")


def untrue(journal: list[Account], ledger: Mapping[str, Rows], before: Rows) -> list[str]:
    """Every broken promise in words. before: the permits' rows when nobody had come yet."""
    cases = {case.case_id: case for case in journal}
    broken = [
        f"the hall knows of case {row['case_id']}, the journal does not"
        for row in (*ledger["authority"], *ledger["payments"])
        if row["case_id"] not in cases
    ]
    for case in cases.values():
        applications = [row for row in ledger["authority"] if row["case_id"] == case.case_id]
        broken += _case(case, applications, [row for row in ledger["payments"] if row["case_id"] == case.case_id])
    return broken + _cards(journal, ledger, before)


def _case(case: Account, applications: Rows, orders: Rows) -> list[str]:
    broken = [f"the case stayed open: {case}"] if case.open else []
    paid = [row for row in orders if row["state"] == "paid"]
    if len(paid) > 1:
        broken.append(f"{len(paid)} charges succeeded: {case}")
    if case.needs_staff is not None:
        return broken if case.needs_staff in REASONS else [*broken, f"no reason of the closed list: {case}"]
    state = applications[0]["state"] if applications else "none"
    kept = [row["amount_fen"] - row["refunded_fen"] for row in paid]
    if any(row["state"] == "open" for row in orders):
        broken.append(f"an order stayed open: {case}")
    if state not in CASE_ENDS:
        broken.append(f"the application stayed {state}: {case}")
    if state == "verified" and kept != [row["amount_fen"] for row in paid[:1]]:
        broken.append(f"delivered, and {kept} fen kept of {paid}: {case}")
    if state == "verified" and not paid:
        broken.append(f"delivered without its money: {case}")
    if state != "verified" and sum(kept):
        broken.append(f"{sum(kept)} fen kept for nothing ({state}): {case}")
    return broken


def _cards(cases: list[Account], ledger: Mapping[str, Rows], before: Rows) -> list[str]:
    """A card that is not with its traveller is in some case's words, and no back changed without an application that was delivered, or staff."""
    broken = []
    staff = any(case.needs_staff is not None for case in cases)
    kept = sum(case.custody != "with_traveller" for case in cases)
    away = [row for row in ledger["permits"] if row["where"] != "traveller"]
    if len(away) > kept:
        broken.append(f"permits {[(row['number'], row['where']) for row in away]} are away, and {kept} cases say so")
    delivered = {row["permit_number"] for row in ledger["authority"] if row["state"] == "verified"}
    was = {row["number"]: row["back"] for row in before}
    for row in ledger["permits"]:
        if row["back"] != was[row["number"]] and row["number"] not in delivered and not staff:
            broken.append(f"permit {row['number']}'s back changed from {was[row['number']]} to {row['back']}, and nothing was delivered")
    return broken
