"""Journeys that end without an endorsement: each with its reason, nothing charged, and the card in the traveller's hand."""

import pytest

from tests.e2e.conftest import NOT_ALIVE, Hall, document_of, nothing_charged, refused

ORDINARY, USABLE = "C10200311", "C13408865"


@pytest.mark.parametrize(
    ("persona", "choose", "reason"),
    [
        ("no-card-permit", "HKG:G:1Y1", ("policy.no_permit", "card-permit-needed")),
        pytest.param("usable-left", "HKG:G:1Y1", ("policy.usable_endorsement", "usable-endorsement"), marks=pytest.mark.long),
        ("impostor", "HKG:G:1Y1", ("face.not_holder", "face")),
    ],
)
def test_the_rule_is_named(hall: Hall, persona: str, choose: str, reason: tuple[str, str]) -> None:
    assert refused(hall, hall.transact(persona, choose)) == reason


@pytest.mark.long
def test_what_does_not_live_is_sent_to_the_window(hall: Hall) -> None:
    """A recording in the camera's place shows the very holder's face: the match alone would let it through. All six: `make acceptance`."""
    code, rule = refused(hall, hall.transact("ordinary", "HKG:G:1Y1", "--scene", "injected"))
    assert code in NOT_ALIVE and rule == "face"


def test_one_choice_that_is_not_offered_refuses_the_whole(hall: Hall) -> None:
    assert refused(hall, hall.transact("ordinary", "HKG:G:1Y1,MAC:S:1Y*"))[0].startswith("policy.")


def test_an_altered_chip_is_refused(hall: Hall) -> None:
    hall.control.put_fault("chip", "read", "altered", 0)
    assert refused(hall, hall.transact("ordinary", "HKG:G:1Y1"))[0] == "chip.altered"


@pytest.mark.long
def test_who_does_not_pay_leaves_nothing_behind(hall: Hall) -> None:
    document = document_of(hall.transact("ordinary", "HKG:G:1Y1", "--pay", "none"))
    assert (document["outcome"], document["card"], document["payment"]["state"]) == ("withdrawn", "returned", "closed")
    nothing_charged(hall, document)
    assert [row["state"] for row in hall.rows("authority", document["case_id"])] == ["voided"]


@pytest.mark.long
def test_a_card_that_does_not_come_out_waits_for_staff(hall: Hall) -> None:
    hall.control.put_fault("card_module", "move", "jam", 0)
    document = document_of(hall.transact("usable-left", "HKG:G:1Y1"))
    assert (document["outcome"], document["card"], document["needs_staff"]) == ("needs_staff", "retained", "card_stuck")
    assert document["refusal"]["code"] == "card_module.jam" and document["payment"] is None
    assert hall.permit(USABLE)["where"] == "in_machine"


@pytest.mark.long
def test_a_back_that_cannot_be_printed_is_put_right_and_the_money_goes_back(hall: Hall) -> None:
    earlier = hall.back(ORDINARY)
    hall.control.put_fault("card_printer", "print", "half_print", 2)
    document = document_of(hall.transact("ordinary", "HKG:G:1Y1"))
    assert (document["outcome"], document["card"], document["payment"]["state"]) == ("refunded", "returned", "refunded")
    assert [(row["state"], row["refunded_fen"]) for row in hall.rows("payments", document["case_id"])] == [("paid", 1500)]
    assert [row["state"] for row in hall.rows("authority", document["case_id"])] == ["voided"]
    assert hall.back(ORDINARY) == earlier and hall.permit(ORDINARY)["where"] == "traveller"
