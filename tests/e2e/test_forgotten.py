"""A card that nobody takes, and a bin that is full: alarm, record, paper, notice to the hall; staff's own steps; nothing destroyed."""

from typing import Any

import pytest

from tests.e2e.conftest import Hall, document_of, kiosk
from tests.e2e.test_stopped import ORDINARY, known_cases

NEW = ("HKG", "G", "1Y1")


def notices(hall: Hall, case_id: str) -> list[tuple[str, str]]:
    return [(row["kind"], row["reason"]) for row in hall.control.ledger()["notices"] if row["case_id"] == case_id]


def staff(hall: Hall, *words: str) -> Any:
    return kiosk("staff", *words, "--profile", hall.profile, "--json")


def killed_with_the_card_inside(hall: Hall) -> str:
    """The machine loses its power when the endorsement is verified, before the card is given back."""
    known = known_cases(hall)
    hall.control.put_fault("authority", "verified", "late", 1, seconds=3)
    journey = hall.start("ordinary", "HKG:G:1Y1")
    ledger = hall.until(lambda ledger: any(row["case_id"] not in known and row["state"] == "verified" for row in ledger["authority"]))
    journey.kill()
    assert hall.permit(ORDINARY)["where"] == "in_machine"
    return next(str(row["case_id"]) for row in ledger["authority"] if row["case_id"] not in known)


@pytest.fixture
def bin_of(hall: Hall) -> Any:
    """Sets how many cards the bin can hold; as it was afterwards."""
    yield lambda cards: hall.control.supplies("card_module", bin_capacity=cards)
    hall.control.supplies("card_module", bin_capacity=50)


def test_a_card_that_nobody_takes_is_kept_told_written_down_and_handed_back(hall: Hall) -> None:
    case_id = killed_with_the_card_inside(hall)
    papers = len(hall.control.papers())
    hall.control.put_fault("authority", "notice", "refuse", 1)  # the hall does not accept it the first time
    assert kiosk("recover", "--profile", hall.profile, "--json").code == 0
    assert hall.permit(ORDINARY)["where"] == "retained" and NEW in hall.back(ORDINARY)
    assert notices(hall, case_id) == []
    assert len(hall.control.papers()) == papers + 1  # the slip for the hall's staff
    listed = staff(hall, "list")
    assert listed.code == 0 and [card["case_id"] for card in listed.document["cards"]] == [case_id]
    assert listed.document["cards"][0]["since"] and listed.document["bin"] == {"level": "ok", "count": 1}
    assert kiosk("recover", "--profile", hall.profile, "--json").code == 0  # told at the next start
    assert notices(hall, case_id) == [("card_retained", "not_taken")]
    assert len(hall.control.papers()) == papers + 1  # and no second slip

    back = staff(hall, "hand-back", "--case", case_id, "--by", "S2041")
    assert (back.code, back.document["after"]["custody"]) == (0, "with_traveller")
    again = staff(hall, "hand-back", "--case", case_id, "--by", "S2041")
    assert (again.code, again.failure) == (1, "staff.not_retained")
    assert staff(hall, "list").document["cards"] == []
    assert kiosk("audit", "verify", "--profile", hall.profile).code == 0


def test_with_the_bin_full_nobody_is_served_and_the_reason_is_said(hall: Hall, bin_of: Any) -> None:
    bin_of(0)
    doctor = kiosk("doctor", "--profile", hall.profile, "--json")
    assert (doctor.code, [why["code"] for why in doctor.document["why"]]) == (1, ["card_module.bin_full"])
    known = known_cases(hall)
    ended = hall.transact("ordinary", "HKG:G:1Y1")
    assert (ended.code, ended.failure) == (1, "card_module.bin_full")
    assert known_cases(hall) == known and hall.permit(ORDINARY)["where"] == "traveller"
    bin_of(50)
    assert kiosk("doctor", "--profile", hall.profile, "--json").document["ready"] is True


def test_a_bin_that_fills_up_with_a_card_at_the_gate_holds_it_inside_until_staff_have_emptied_it(hall: Hall, bin_of: Any) -> None:
    case_id = killed_with_the_card_inside(hall)
    bin_of(0)
    ended = kiosk("recover", "--profile", hall.profile, "--json")
    assert ended.code == 4 and [case["needs_staff"] for case in ended.document["cases"]] == ["bin_full"]
    assert hall.control.devices()["card_module"]["place"] == "reader"  # not at the gate, where anybody could take it
    assert NEW in hall.back(ORDINARY)  # nothing was burned on it
    assert notices(hall, case_id) == [("needs_staff", "bin_full")]
    refused = hall.transact("both-permits", "HKG:G:1Y1")
    assert refused.code == 1 and refused.failure in ("card_module.occupied", "card_module.bin_full")

    listed = staff(hall, "list").document
    assert [(case["case_id"], case["reason"]) for case in listed["cases"]] == [(case_id, "bin_full")] and listed["bin"]["level"] == "full"
    contradicted = staff(hall, "settle", "--case", case_id, "--by", "S2041", "--custody", "with_traveller")
    assert (contradicted.code, contradicted.failure) == (1, "staff.card_inside")
    still = staff(hall, "retry", "--case", case_id, "--by", "S2041")
    assert (still.code, still.document["needs_staff"]) == (4, "bin_full")
    bin_of(50)
    mended = staff(hall, "retry", "--case", case_id, "--by", "S2041")
    assert mended.code == 0 and mended.document["after"]["custody"] == "retained"
    assert staff(hall, "hand-back", "--case", case_id, "--by", "S2041").code == 0
    assert kiosk("recover", "--profile", hall.profile, "--json").document == {"cases": []}


@pytest.mark.long
def test_a_refund_that_staff_made_at_the_provider_closes_the_case(hall: Hall) -> None:
    """The provider refuses the machine's refund, and staff's word only counts once the provider says the same."""
    hall.control.put_fault("card_printer", "print", "half_print", 2)
    hall.control.put_fault("wechat", "refund", "refuse", 0)
    document = document_of(hall.transact("ordinary", "HKG:G:1Y1"))
    case_id = document["case_id"]
    assert (document["outcome"], document["needs_staff"], document["payment"]["state"]) == ("needs_staff", "refund_refused", "paid")
    assert notices(hall, case_id) == [("needs_staff", "refund_refused")]
    settled = ("settle", "--case", case_id, "--by", "S2041", "--money", "refunded")
    said = staff(hall, *settled)
    assert (said.code, said.failure) == (1, "staff.contradicted")
    hall.control.delete_fault("wechat", "refund")
    retried = staff(hall, "retry", "--case", case_id, "--by", "S2041")
    assert retried.code == 0 and retried.document["after"]["money"] == "refunded"
    [order] = hall.rows("payments", case_id)
    assert order["refunded_fen"] == order["amount_fen"]
    assert kiosk("recover", "--profile", hall.profile, "--json").code == 0


def test_an_unknown_case_is_refused(hall: Hall) -> None:
    said = staff(hall, "hand-back", "--case", "2611221015ABCDEF", "--by", "S2041")
    assert (said.code, said.failure) == (1, "staff.case_unknown")
