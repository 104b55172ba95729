"""How a journey ends: five sentences and a number; whoever is sent to the window gets it on paper."""

from kiosk.case.moves import Back, Custody, Issue, Money
from kiosk.domain.failure import Failure
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, primary
from kiosk.journey.visit import Visit
from kiosk.services.papers import TicketData
from kiosk.view import Message, OutcomeBody, Tone


def outcome(visit: Visit, house: House, tone: Tone, happened: Message, following: Message) -> OutcomeBody:
    """The five sentences. Money and card are said as the case knows them, never as hoped."""
    standing = visit.case.standing if visit.case else None
    money, card = Money.NONE, "not_inserted"
    if standing is not None and visit.inserted:
        money = standing.money
        card = {Custody.RETAINED: "retained", Custody.WITH_TRAVELLER: "returned"}.get(standing.custody, "inside")
    amount = visit.case.file.fee_fen if visit.case else 0
    params = {"amount": f"¥{amount / 100:.2f}"}
    return OutcomeBody(
        tone,
        happened,
        Message(f"outcome.money.{money.value}", params),
        Message(f"outcome.card.{card}"),
        following,
        visit.case.case_id if visit.case and visit.inserted else house.ticket_number(),
        house.hours,
    )


def delivered(visit: Visit) -> bool:
    """Whether the traveller holds the printed endorsement; its report to the authority may still be under way."""
    return visit.case is not None and visit.case.standing.back is Back.WRITTEN and visit.case.standing.issue in (Issue.ISSUED, Issue.VERIFIED)


class _Ending:
    """Prints the window ticket where there is one, then waits for the traveller to leave."""

    ticket = True

    async def run(self, visit: Visit, house: House) -> Event:
        visit.problem = None
        visit.ending = self.body(visit, house)
        visit.changed()
        if self.ticket:
            body = visit.ending
            data = TicketData(body.number, body.happened, body.money, body.card, body.next, house.clock.now())
            failure = await house.papers.print_ticket(data, visit.comfort.language)
            visit.ticket_printed = not isinstance(failure, Failure)
            visit.changed()
        while await visit.next_touch() != "finish":
            pass
        return Event.DONE

    def body(self, visit: Visit, house: House) -> OutcomeBody:
        raise NotImplementedError

    def title(self, visit: Visit) -> Message:
        return Message("ending.title")

    def view(self, visit: Visit, house: House) -> Page:
        body = visit.ending or self.body(visit, house)
        printed = Message("ending.ticket") if visit.ticket_printed else Message("ending.no_ticket", {"number": body.number})
        return Page(
            self.title(visit),
            body,
            (primary("finish", "ending.finish"),),
            problem=None if visit.ticket_printed is None else printed,
            speech=(body.happened, body.money, body.card, body.next),
        )


class Goodbye(_Ending):
    ticket = False

    def title(self, visit: Visit) -> Message:
        return Message("goodbye.title" if delivered(visit) else "goodbye.withdrawn_title")

    def body(self, visit: Visit, house: House) -> OutcomeBody:
        if delivered(visit):
            return outcome(visit, house, Tone.DONE, Message("goodbye.done"), Message("goodbye.next"))
        key = "goodbye.timed_out" if visit.ended_by is Event.TIMED_OUT else "goodbye.withdrawn"
        return outcome(visit, house, Tone.NOTICE, Message(key), Message("goodbye.withdrawn_next"))


class Refused(_Ending):
    def title(self, visit: Visit) -> Message:
        return Message("refused.title")

    def body(self, visit: Visit, house: House) -> OutcomeBody:
        happened = visit.turned.text if visit.turned else Message("refused.happened")
        return outcome(visit, house, Tone.NOTICE, happened, Message("refused.next"))


class Staff(_Ending):
    def title(self, visit: Visit) -> Message:
        return Message("staff.title")

    def body(self, visit: Visit, house: House) -> OutcomeBody:
        happened, tone = ("goodbye.done", Tone.DONE) if delivered(visit) else ("staff.happened", Tone.NOTICE)
        return outcome(visit, house, tone, Message(happened), Message("staff.next"))


class Problem(_Ending):
    def title(self, visit: Visit) -> Message:
        return Message("problem.title")

    def body(self, visit: Visit, house: House) -> OutcomeBody:
        happened = visit.turned.text if visit.turned else Message("problem.happened")
        return outcome(visit, house, Tone.TROUBLE, happened, Message("problem.next"))
