"""What `kiosk transact` says a journey came to: each outcome, every key, and four times that add up."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.case.casefile import Block, Case, CaseFile
from kiosk.case.moves import Act, Back, Custody, Issue, Money, Reason, Standing, Wish
from kiosk.domain.failure import Failure
from kiosk.health.stopwatch import Lap
from kiosk.journey.result import EXIT_CODES, outcome_of, result_of
from kiosk.journey.visit import Visit
from kiosk.view import Message

KEYS = [
    "outcome",
    "case_id",
    "endorsements",
    "fee_fen",
    "payment",
    "card",
    "refusal",
    "steps",
    "software_ms",
    "device_ms",
    "gateway_ms",
    "traveller_ms",
    "wall_ms",
    "artifacts",
]
ISSUED = Block("HKG", "G", "1Y1", "2027-11-21", "2026-11-22", number="E00000007")
FILE = CaseFile("C88888888", "hkmo", "44010319900307123X", issued=(ISSUED,), fee_fen=1500, method="wechat")
DELIVERED = Standing(Wish.DELIVER, Money.PAID, Issue.VERIFIED, Back.WRITTEN, Custody.WITH_TRAVELLER, began=True, charges=1)
UNDONE = Standing(Wish.WITHDRAW, custody=Custody.WITH_TRAVELLER, began=True)
REFUNDED = replace(UNDONE, money=Money.REFUNDED, issue=Issue.VOIDED, charges=1)
STUCK = replace(UNDONE, custody=Custody.IN_MACHINE, needs_staff=Reason.CARD_STUCK)
LATE = replace(DELIVERED, issue=Issue.ISSUED, deferred=frozenset({Act.REPORT_VERIFIED}))


def visit(standing: Standing | None, turned: bool = False, inserted: bool = True) -> Visit:
    made = Visit(inserted=inserted and standing is not None)
    if standing is not None:
        made.case = Case("2611221015ABCDEF", date(2026, 11, 22), standing, FILE)
    if turned:
        made.fail(Failure("face.different", detail={}))
    return made


def in_all(message: Message) -> dict[str, str]:
    return dict.fromkeys(("zh-Hans", "zh-Hant", "en"), message.key)


def said(made: Visit, laps: list[Lap] | None = None) -> dict[str, object]:
    return result_of(made, laps or [], in_all, {"card_back": None, "receipt_pdf": None, "receipt_image": None})


@pytest.mark.parametrize(
    ("made", "outcome", "card"),
    [
        (visit(DELIVERED), "completed", "returned"),
        (visit(DELIVERED, turned=True), "completed", "returned"),
        (visit(replace(DELIVERED, custody=Custody.RETAINED)), "completed", "retained"),
        (visit(UNDONE), "withdrawn", "returned"),
        (visit(replace(UNDONE, money=Money.CLOSED, issue=Issue.VOIDED, charges=1)), "withdrawn", "returned"),
        (visit(UNDONE, turned=True), "refused", "returned"),
        (visit(replace(UNDONE, custody=Custody.RETAINED), turned=True), "refused", "retained"),
        (visit(REFUNDED), "refunded", "returned"),
        (visit(REFUNDED, turned=True), "refunded", "returned"),
        (visit(STUCK, turned=True), "needs_staff", "retained"),
        (visit(LATE), "needs_staff", "returned"),
        (visit(replace(DELIVERED, needs_staff=Reason.CARD_NOT_FOUND)), "needs_staff", "returned"),
        (visit(replace(UNDONE, money=Money.REFUND_PENDING, charges=1)), "needs_staff", "returned"),
        (visit(None), "withdrawn", "not_inserted"),
        (visit(None, turned=True), "refused", "not_inserted"),
        (visit(UNDONE, inserted=False), "withdrawn", "not_inserted"),
        (visit(UNDONE, inserted=False, turned=True), "refused", "not_inserted"),
    ],
)
def test_what_a_journey_came_to(made: Visit, outcome: str, card: str) -> None:
    assert outcome_of(made) == outcome
    document = said(made)
    assert (document["outcome"], document["card"]) == (outcome, card)
    assert document["case_id"] == (None if card == "not_inserted" else "2611221015ABCDEF")
    assert bool(document["endorsements"]) == (outcome == "completed")
    assert (document["refusal"] is not None) == (made.turned is not None and outcome != "completed")


def test_a_card_that_nobody_can_find_is_the_machines_and_needs_staff() -> None:
    lost = visit(replace(UNDONE, custody=Custody.UNKNOWN, needs_staff=Reason.CARD_NOT_FOUND), turned=True, inserted=False)
    document = said(lost)
    assert (document["outcome"], document["card"], document["case_id"]) == ("needs_staff", "retained", "2611221015ABCDEF")


def test_exit_codes_are_nought_three_and_four_for_the_rest() -> None:
    assert EXIT_CODES == {"completed": 0, "refused": 3}


@pytest.mark.parametrize("made", [visit(DELIVERED), visit(None), visit(REFUNDED, turned=True)])
def test_every_key_of_the_contract_is_always_there(made: Visit) -> None:
    assert [key for key in said(made) if key != "needs_staff"] == KEYS  # the reason is ours, added to the contract's


def test_an_endorsement_has_the_contracts_shape() -> None:
    assert said(visit(DELIVERED))["endorsements"] == [
        {"destination": "HKG", "kind": "G", "validity": "1Y1", "valid_until": "2027-11-21", "number": "E00000007"}
    ]


@pytest.mark.parametrize(
    ("standing", "payment"),
    [
        (UNDONE, None),
        (replace(UNDONE, charges=1), None),  # its number was used up, but no order was made
        (replace(UNDONE, money=Money.OPEN, charges=1), "open"),
        (replace(DELIVERED, charges=2), "paid"),
        (replace(REFUNDED, money=Money.REFUND_PENDING), "paid"),
        (REFUNDED, "refunded"),
        (replace(UNDONE, money=Money.CLOSED, charges=1), "closed"),
    ],
)
def test_the_payment_is_said_as_the_case_knows_it(standing: Standing, payment: str | None) -> None:
    found = said(visit(standing))["payment"]
    if payment is None:
        assert found is None
    else:
        assert found == {"method": "wechat", "order_no": f"2611221015ABCDEF-{standing.charges}", "state": payment}


def test_a_refusal_has_its_code_its_rule_and_its_sentence_in_three_languages() -> None:
    refusal = said(visit(UNDONE, turned=True))["refusal"]
    assert refusal == {"code": "face.different", "rule": "face", "text": in_all(Message("failure.face.different"))}


def test_the_wall_is_the_sum_of_the_four_and_each_step_has_its_line() -> None:
    laps = [
        Lap("face", 2.0, {"device": 0.25, "gateway": 0.0, "traveller": 1.5}),
        Lap("pay", 10.0004, {"device": 0.0, "gateway": 0.3, "traveller": 9.5}),
    ]
    document = said(visit(DELIVERED), laps)
    times = {name: document[f"{name}_ms"] for name in ("software", "device", "gateway", "traveller")}
    assert times == {"software": 450.4, "device": 250.0, "gateway": 300.0, "traveller": 11000.0}
    assert document["wall_ms"] == sum(times.values())  # type: ignore[arg-type]
    assert [(step["name"], step["ms"]) for step in document["steps"]] == [("face", 2000.0), ("pay", 10000.4)]  # type: ignore[attr-defined]
