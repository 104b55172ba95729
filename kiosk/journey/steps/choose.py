"""What the rules allow this person today, each with its fee; what is not offered says why."""

from datetime import date

from kiosk.domain.endorsement import Destination, Kind, OptionCode
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, choice, primary, secondary
from kiosk.journey.visit import Turned, Visit
from kiosk.policy import Offer, Refusal
from kiosk.view import Answer, Choice, ChoiceGroup, ChooseBody, Message


def turned(refusal: Refusal) -> Turned:
    return Turned(refusal.code, refusal.rule, Message(refusal.text_key, dict(refusal.params)))


def refusal_for(visit: Visit, destination: Destination, option: OptionCode | None) -> None:
    """Turns the journey for the policy's reason: of the option, or the first that covers the destination."""
    if visit.answer is None:
        raise RuntimeError("the policy was not asked")
    number = visit.permit.reveal().number if visit.permit else None
    found = visit.answer.find(option, number) if option else None
    if found is None or isinstance(found, Offer):
        fitting = (
            r
            for r in visit.answer.refusals
            if r.destination in (None, destination) and number in (None, r.permit, number if r.permit is None else "")
        )
        found = next(fitting, None)
    if isinstance(found, Refusal):
        visit.turned = turned(found)
    else:
        visit.turn("policy.not_sold", "catalogue", "refusal.policy.not_sold")


class Choose:
    async def run(self, visit: Visit, house: House) -> Event:
        for destination in visit.wanted:
            whole = self._whole(visit, destination)
            if whole is not None:
                visit.turned = turned(whole)
                return Event.REFUSED
        while True:
            touch = await visit.next_touch()
            verb, _, rest = touch.partition(":")
            if verb == "pick":
                self._pick(visit, OptionCode.parse(rest))
            elif verb == "why":
                self._explain(visit, rest)
            elif touch == "ticket":
                if visit.why is not None:
                    visit.turned = visit.why
                else:
                    visit.turn("policy.not_sold", "catalogue", "refusal.policy.not_sold")
                return Event.REFUSED
            elif touch == "next" and visit.chosen:
                visit.problem = visit.why = None
                return Event.CHOSEN
            visit.changed()

    def _whole(self, visit: Visit, destination: Destination) -> Refusal | None:
        """A reason about the whole person or permit; None where anything is offered or the reasons differ by option."""
        if visit.answer is None or visit.permit is None:
            raise RuntimeError("the policy was not asked")
        number = visit.permit.reveal().number
        if any(offer.permit == number and offer.option.destination in visit.wanted for offer in visit.answer.offers):
            return None
        for refusal in visit.answer.refusals:
            if refusal.permit in (None, number) and refusal.destination in (None, destination) and refusal.kind is None:
                return refusal
        if destination not in visit.permit.reveal().kind.destinations:
            return Refusal(number, destination, None, None, "policy.no_permit", "permit-kind")
        return None

    def _pick(self, visit: Visit, option: OptionCode) -> None:
        for offer in self._offers(visit):
            if offer.option == option:
                if visit.chosen.get(option.destination) == offer:
                    del visit.chosen[option.destination]
                else:
                    visit.chosen[option.destination] = offer
        visit.problem = visit.why = None

    def _explain(self, visit: Visit, code: str) -> None:
        for refusal in self._refusals(visit):
            if _code(refusal) == code:
                visit.why = turned(refusal)
                visit.problem = visit.why.text

    def _offers(self, visit: Visit) -> list[Offer]:
        if visit.answer is None or visit.permit is None:
            return []
        number = visit.permit.reveal().number
        return [offer for offer in visit.answer.offers if offer.permit == number and offer.option.destination in visit.wanted]

    def _refusals(self, visit: Visit) -> list[Refusal]:
        if visit.answer is None or visit.permit is None:
            return []
        number = visit.permit.reveal().number
        return [r for r in visit.answer.refusals if r.permit in (None, number) and r.destination in (None, *visit.wanted)]

    def view(self, visit: Visit, house: House) -> Page:
        groups = tuple(self._group(visit, destination) for destination in visit.wanted)
        picks = tuple(choice(f"pick:{offer.option}", _title(offer.option.kind, offer.option.validity.code)) for offer in self._offers(visit))
        whys = tuple(choice(f"why:{_code(refusal)}", Message("choose.why")) for refusal in self._refusals(visit))
        total = sum(offer.fee_fen for offer in visit.chosen.values())
        ticket: tuple[Answer, ...] = (secondary("ticket", "choose.ticket"),)
        return Page(
            Message("choose.title"),
            ChooseBody(groups, total),
            (*picks, *whys, primary("next", "choose.next", bool(visit.chosen)), *ticket),
            problem=visit.problem,
        )

    def _group(self, visit: Visit, destination: Destination) -> ChoiceGroup:
        choices = [
            Choice(
                f"pick:{offer.option}",
                _title(offer.option.kind, offer.option.validity.code),
                Message("choose.detail", {"until": _date(offer.valid_until), "days": offer.stay_days}),
                offer.fee_fen,
                visit.chosen.get(destination) == offer,
            )
            for offer in self._offers(visit)
            if offer.option.destination is destination
        ]
        for refusal in self._refusals(visit):
            if refusal.destination in (None, destination) and refusal.kind is not None:
                validity = refusal.validity.code if refusal.validity else None
                reason = turned(refusal).text
                choices.append(Choice(f"why:{_code(refusal)}", _title(refusal.kind, validity), Message("choose.not_offered"), None, False, reason))
        return ChoiceGroup(destination.value, Message(f"word.destination.{destination.value}"), tuple(choices))


def _title(kind: Kind, validity: str | None) -> Message:
    if validity is None:
        return Message(f"word.kind.{kind.value}")
    return Message("choose.option", {"kind": Message(f"word.kind.{kind.value}"), "validity": Message(f"word.validity.{validity}")})


def _code(refusal: Refusal) -> str:
    parts = [refusal.destination, refusal.kind, refusal.validity]
    return ":".join(str(part) if part is not None else "*" for part in parts)


def _date(day: date) -> str:
    return f"{day:%Y-%m-%d}"
