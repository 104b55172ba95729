"""Every page of the journey with an invented traveller: for `kiosk screens`, the README and whoever wants to look at all of them."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from kiosk.case.casefile import Block, Case, CaseFile
from kiosk.case.moves import Back, Custody, Issue, Money, Standing, Wish
from kiosk.domain.clock import SystemClock
from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination, Endorsement, Kind, Validity
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.domain.sensitive import Sensitive
from kiosk.face.verdict import Sight, Stage
from kiosk.health.stopwatch import Stopwatch
from kiosk.journey import comforts
from kiosk.journey.confirming import Asking, Confirming
from kiosk.journey.engine import Engine
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.steps import all_steps
from kiosk.journey.table import State
from kiosk.journey.visit import Visit
from kiosk.policy import Offer, Policy
from kiosk.view import Comfort, Message, Preview, Seam, StageState, View

TODAY = date(2026, 11, 22)
CONTACT = Contact(Sensitive("张伟"), Sensitive("13900139000"), Sensitive("广东省广州市天河区体育西路1号2801室"))


def person() -> RegistryRecord:
    """A Guangzhou resident with a permit whose last endorsement is used up."""
    used = Endorsement(Destination.HKG, Kind.INDIVIDUAL, Validity.parse("1Y1"), date(2025, 3, 2), date(2026, 3, 1), 1, "E00000001")
    permit = Permit(PermitKind.HKMO, "C88888888", date(2021, 5, 1), date(2031, 4, 30), "广东", 3, False, (used,))
    return RegistryRecord("44010319900307123X", "陈明远", "CHEN,MINGYUAN", "M", date(1990, 3, 7), "440100", "", False, False, False, True, (permit,))


def _house() -> House:
    house: Any = SimpleNamespace(
        clock=SystemClock(TODAY),
        stopwatch=Stopwatch(),
        hall=Message("word.hall", {"zh": "广州市出入境接待大厅", "en": "Guangzhou exit-entry hall"}),
        hours="Mon-Fri 09:00-17:00",
        out_of_reach=True,
        simulated=True,
        ticket_number=lambda: "11221015042",
        cashier=SimpleNamespace(gateways={"wechat": None, "alipay": None}),
        papers=SimpleNamespace(receipt_code=lambda _data: "2611221015ABCDEF 15.00"),
        preview=Preview(),
    )
    found: House = house
    return found


def views(policy: Policy) -> dict[str, View]:
    """Name → page. The policy is the real one, so that the choices are what the rules of the day give."""
    house = _house()
    engine = Engine(all_steps(), house, Seam())
    return {name: engine.view_of(state, visit) for name, state, visit in _pages(policy, house)}


def _visit(policy: Policy, **more: Any) -> Visit:
    record = person()
    visit = Visit(
        wanted=(Destination.HKG, Destination.MAC),
        record=Sensitive(record),
        permit=Sensitive(record.permits[0]),
        answer=policy.evaluate(record, TODAY, "440100"),
    )
    for name, value in more.items():
        setattr(visit, name, value)
    return visit


def _chosen(visit: Visit) -> dict[Destination, Offer]:
    offers = visit.answer.offers if visit.answer else ()
    wanted = ("HKG:G:1Y1", "MAC:G:1Y1")
    return {offer.option.destination: offer for offer in offers if str(offer.option) in wanted}


def _case(visit: Visit, **standing: Any) -> Case:
    blocks = tuple(
        Block(
            str(o.option.destination),
            str(o.option.kind),
            o.option.validity.code,
            o.valid_until.isoformat(),
            TODAY.isoformat(),
            o.stay_days,
            f"E0000000{i + 2}",
            "广东",
        )
        for i, o in enumerate(visit.chosen.values())
    )
    file = CaseFile(
        "C88888888",
        "hkmo",
        "44010319900307123X",
        wanted=blocks,
        issued=blocks,
        fee_fen=3000,
        method="wechat",
        code="weixin://wxpay/bizpayurl?pr=8a7b6c5",
    )
    stands = replace(Standing(), began=True, wish=Wish.DELIVER, custody=Custody.IN_MACHINE, **standing)
    return Case("2611221015ABCDEF", TODAY, stands, file)


def _pages(policy: Policy, house: House) -> list[tuple[str, State, Visit]]:
    def visit(**more: Any) -> Visit:
        return _visit(policy, **more)

    choosing = visit()
    chosen = visit(chosen=_chosen(choosing))
    one = {Destination.HKG: chosen.chosen[Destination.HKG]}
    paying = visit(chosen=_chosen(choosing))
    paying.case = _case(paying, money=Money.OPEN, issue=Issue.APPROVED, charges=1)
    printing = visit(
        fraction=0.3,
        stages=[
            (Message("stage.issue"), StageState.DONE),
            (Message("stage.print"), StageState.RUNNING),
            (Message("stage.inspect"), StageState.WAITING),
            (Message("stage.report"), StageState.WAITING),
        ],
    )
    done = visit(chosen=_chosen(choosing), inserted=True, receipt=None)
    done.case = _case(done, money=Money.PAID, issue=Issue.VERIFIED, back=Back.WRITTEN, charges=1)
    finished = visit(chosen=_chosen(choosing), inserted=True, receipt="paper")
    finished.case = replace(done.case, standing=replace(done.case.standing, custody=Custody.WITH_TRAVELLER))
    on_phone = visit(chosen=_chosen(choosing), inserted=True, receipt="qr", case=done.case)
    refused = visit(ticket_printed=True)
    refused.turn("policy.functionary", "functionary-window", "refusal.policy.functionary")
    broken = visit(inserted=True, ticket_printed=True)
    broken.case = replace(_case(chosen, money=Money.REFUNDED, issue=Issue.VOIDED, charges=1))
    broken.case = replace(broken.case, standing=replace(broken.case.standing, custody=Custody.WITH_TRAVELLER))
    broken.turn("card_printer.jam", "card_printer", "failure.card_printer.jam")
    kept = visit(inserted=True, ticket_printed=True, chosen=_chosen(choosing))
    kept.case = replace(done.case, standing=replace(done.case.standing, custody=Custody.RETAINED))
    waits = Message("failure.staff.login_waits", {"wait": "128:00", "left": 1})
    elder = comforts.after(Comfort(), comforts.ELDER, voice=True)
    closed = visit()
    closed.turn("card_printer.cover_open", "card_printer", "failure.card_printer.cover_open")
    return [
        ("01-attract", State.ATTRACT, Visit()),
        ("01-attract-elder", State.ATTRACT, Visit(comfort=elder)),
        ("01-attract-low", State.ATTRACT, Visit(comfort=Comfort(low_reach=True))),
        ("02-notice", State.NOTICE, visit()),
        ("02-notice-elder", State.NOTICE, visit(comfort=elder)),
        ("03-id_card", State.ID_CARD, visit()),
        ("03-id_card-again", State.ID_CARD, visit(problem=Message("journey.id_card.again"))),
        ("03-id_card-voice", State.ID_CARD, visit(voice_sheet=True, comfort=Comfort(voice=True))),
        ("04-registry", State.REGISTRY, visit()),
        ("05-permit", State.PERMIT, visit()),
        ("06-chip", State.CHIP, visit()),
        ("07-face", State.FACE, visit(sight=Sight(Stage.TURN, "face.guidance.turn_left", "left", None, 0.3))),
        ("07-other_way", State.OTHER_WAY, visit()),
        ("07-other_way-declined", State.OTHER_WAY, visit(face_declined=True)),
        ("07-other_way-no_staff", State.OTHER_WAY, visit(staff_can_confirm=False)),
        ("07-other_way-used_up", State.OTHER_WAY, visit(camera_left=False)),
        ("07-other_way-called", State.OTHER_WAY, visit(problem=Message("journey.staff_come"))),
        ("07-staff_confirm", State.STAFF_CONFIRM, visit(confirming=Confirming(digits="204"))),
        ("07-staff_confirm-pin", State.STAFF_CONFIRM, visit(confirming=Confirming(Asking.PIN, "2041", Sensitive("5820")), problem=waits)),
        ("07-staff_confirm-called", State.STAFF_CONFIRM, visit(problem=Message("journey.staff_come"))),
        ("07-staff_compare", State.STAFF_COMPARE, visit(confirming=Confirming(staff="S2041", shown=True))),
        (
            "07-staff_compare-called",
            State.STAFF_COMPARE,
            visit(confirming=Confirming(staff="S2041", shown=True), problem=Message("journey.staff_come")),
        ),
        ("08-choose", State.CHOOSE, choosing),
        ("08-choose-picked", State.CHOOSE, chosen),
        ("09-phone", State.PHONE, visit(phone=Sensitive("138001"))),
        ("09-phone-elder", State.PHONE, visit(phone=Sensitive("138001"), comfort=elder)),
        ("10-review", State.REVIEW, visit(chosen=_chosen(choosing), phone=Sensitive("13800138000"))),
        ("10-review-elder", State.REVIEW, visit(chosen=one, comfort=elder)),
        ("10-review-contact", State.REVIEW, visit(chosen=_chosen(choosing), phone=Sensitive("13800138000"), contact=CONTACT)),
        ("10-contact-name", State.CONTACT, visit(asked_contact="name")),
        ("10-contact-phone", State.CONTACT, visit(asked_contact="phone", contact=CONTACT)),
        ("10-contact-address", State.CONTACT, visit(asked_contact="address", contact=CONTACT)),
        ("11-approval", State.APPROVAL, visit()),
        ("12-pay_method", State.PAY_METHOD, visit(case=paying.case)),
        ("12-pay_method-run_out", State.PAY_METHOD, visit(case=paying.case, problem=Message("pay.run_out"))),
        ("13-pay", State.PAY, paying),
        ("13-pay-elder", State.PAY, visit(case=paying.case, comfort=elder)),
        ("14-issuing", State.ISSUING, printing),
        ("15-take_card", State.TAKE_CARD, visit(case=done.case)),
        ("15-take_card-alarm", State.TAKE_CARD, visit(case=done.case, alarmed=True)),
        ("16-receipt", State.RECEIPT, done),
        ("16-receipt-phone", State.RECEIPT, on_phone),
        ("17-goodbye", State.GOODBYE, finished),
        ("18-giving_back", State.GIVING_BACK, visit()),
        ("18-giving_back-take", State.GIVING_BACK, visit(presenting=True)),
        ("19-withdrawn", State.GOODBYE, visit(ended_by=Event.CANCELLED)),
        ("20-refused", State.REFUSED, refused),
        ("21-staff", State.STAFF, visit(ticket_printed=True)),
        ("22-problem", State.PROBLEM, broken),
        ("22-problem-kept", State.PROBLEM, kept),
        ("23-out_of_service", State.OUT_OF_SERVICE, closed),
    ]
