"""SIGTERM and power cuts in the middle of a journey: the money, the endorsement and the card end where the ledgers say."""

import time
from typing import Any

import pytest

from tests.e2e.conftest import Hall, Said, completed, document_of, kiosk

ORDINARY = "C10200311"


def new_case(hall: Hall, state: str, known: set[str]) -> str:
    """The case of the journey under way, once the authority has brought it to `state`."""
    ledger = hall.until(lambda ledger: any(row["case_id"] not in known and row["state"] == state for row in ledger["authority"]))
    return next(str(row["case_id"]) for row in ledger["authority"] if row["case_id"] not in known)


def known_cases(hall: Hall) -> set[str]:
    return {row["case_id"] for row in hall.control.ledger()["authority"]}


def recovered(hall: Hall) -> dict[str, Any]:
    """Every case is settled and none needs staff."""
    ended = kiosk("recover", "--profile", hall.profile, "--json")
    assert ended.code == 0, ended
    for case in ended.document["cases"]:
        assert set(case) == {"case_id", "before", "asked", "found", "done", "after", "needs_staff"}
        assert case["needs_staff"] is None
    again = kiosk("recover", "--profile", hall.profile, "--json")
    assert (again.code, again.document) == (0, {"cases": []})
    document: dict[str, Any] = ended.document
    return document


@pytest.mark.long
def test_a_stop_before_paying_voids_the_application_and_gives_the_card_back(hall: Hall) -> None:
    known = known_cases(hall)
    hall.control.put_fault("authority", "submit", "late", 1, seconds=3)
    journey = hall.start("ordinary", "HKG:G:1Y1")
    new_case(hall, "approved", known)
    journey.terminate()
    document = document_of(journey.ended(30))
    assert (document["outcome"], document["card"], document["payment"]) == ("withdrawn", "returned", None)
    assert [row["state"] for row in hall.rows("authority", document["case_id"])] == ["voided"]
    assert hall.permit(ORDINARY)["where"] == "traveller"


def test_a_stop_while_the_traveller_pays_gives_the_money_back(hall: Hall) -> None:
    """The order is paid and the machine has not heard of it: the provider says nothing until the machine was told to stop."""
    hall.control.put_fault("wechat", "query", "silence", 100)
    before = {row["order_no"] for row in hall.control.ledger()["payments"]}
    journey = hall.start("ordinary", "HKG:G:1Y1")
    hall.until(lambda ledger: any(row["order_no"] not in before and row["state"] == "paid" for row in ledger["payments"]))
    journey.terminate()
    hall.control.delete_fault("wechat", "query")
    document = document_of(journey.ended(30))
    assert (document["outcome"], document["card"], document["payment"]["state"]) == ("refunded", "returned", "refunded")
    [order] = hall.rows("payments", document["case_id"])
    assert (order["state"], order["amount_fen"], order["refunded_fen"]) == ("paid", 1500, 1500)
    assert [row["state"] for row in hall.rows("authority", document["case_id"])] == ["voided"]
    assert hall.back(ORDINARY) == [("HKG", "G", "1Y1"), ("MAC", "G", "3M1")]


@pytest.mark.long
def test_a_stop_while_printing_finishes_what_was_paid(hall: Hall) -> None:
    known = known_cases(hall)
    journey = hall.start("ordinary", "HKG:G:1Y1")
    new_case(hall, "issued", known)
    journey.terminate()
    document = completed(hall, journey.ended(30))
    assert hall.back(ORDINARY) == [("HKG", "G", "1Y1")] and document["fee_fen"] == 1500


@pytest.mark.long
def test_a_power_cut_before_paying_is_settled_by_the_next_start(hall: Hall) -> None:
    """Nobody stands before the machine then: the card is kept in its bin. Meanwhile nobody else could have used the profile."""
    known = known_cases(hall)
    hall.control.put_fault("authority", "submit", "late", 1, seconds=20)
    journey = hall.start("ordinary", "HKG:G:1Y1")
    case_id = new_case(hall, "approved", known)
    second = kiosk("doctor", "--profile", hall.profile, "--json")
    assert (second.code, second.failure) == (1, "machine_running")
    journey.kill()
    [case] = recovered(hall)["cases"]
    assert (case["case_id"], case["after"]["custody"]) == (case_id, "retained")
    assert [row["state"] for row in hall.rows("authority", case_id)] == ["voided"]
    assert hall.rows("payments", case_id) == []
    assert hall.permit(ORDINARY)["where"] == "retained"


def test_a_power_cut_while_printing_loses_neither_the_money_nor_the_endorsement(hall: Hall) -> None:
    known = known_cases(hall)
    journey = hall.start("ordinary", "HKG:G:1Y1")
    case_id = new_case(hall, "issued", known)
    time.sleep(1.0)  # into the print job, wherever that is
    journey.kill()
    recovered(hall)
    [application], [order] = hall.rows("authority", case_id), hall.rows("payments", case_id)
    delivered = application["state"] == "verified"
    assert application["state"] in ("verified", "voided") and order["refunded_fen"] == (0 if delivered else 1500)
    assert ("HKG", "G", "1Y1") in hall.back(ORDINARY) or not delivered
    hall.control.reset()
    after: Said = hall.transact("ordinary", "MAC:G:3M1")
    completed(hall, after)
