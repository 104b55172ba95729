"""How a journey ends: five sentences and a number; whoever is sent to the window gets it on paper."""

from kiosk.case.casefile import Case
from kiosk.case.moves import Custody, Money
from kiosk.domain.failure import Failure
from kiosk.journey import final_words
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, primary
from kiosk.journey.visit import Visit
from kiosk.services.papers import TicketData
from kiosk.view import Message, OutcomeBody, Tone


def outcome(visit: Visit, house: House, tone: Tone, happened: Message, following: Message) -> OutcomeBody:
    """The five sentences. Money and card are said as the case knows them, never as hoped."""
    case = begun(visit)
    if case is None:
        money, card, number = Message("outcome.money.none"), Message("outcome.card.not_inserted"), house.ticket_number()
    else:
        money, card, number = final_words.money(case), final_words.card(case), case.case_id
    return OutcomeBody(tone, happened, money, card, following, number, house.hours)


def begun(visit: Visit) -> Case | None:
    """The case, once the permit was inside or nobody can say that it was not."""
    case = visit.case
    return case if case is not None and (visit.inserted or case.standing.custody is Custody.UNKNOWN) else None


class _Ending:
    """Prints the window ticket where there is one, then waits for the traveller to leave."""

    async def run(self, visit: Visit, house: House) -> Event:
        visit.problem = None
        visit.ending = self.body(visit, house)
        visit.changed()
        if self.ticket(visit):
            body = visit.ending
            data = TicketData(body.number, body.happened, body.money, body.card, body.next, house.clock.now())
            failure = await house.papers.print_ticket(data, visit.comfort.language)
            visit.ticket_printed = not isinstance(failure, Failure)
            visit.changed()
            if visit.case is not None and visit.ticket_printed:
                visit.case = house.notices.ticket_taken(visit.case)
        await house.notices.send()  # a card kept or a case for staff is the hall's business at once
        while await visit.next_touch() != "finish":
            pass
        return Event.DONE

    def ticket(self, visit: Visit) -> bool:
        """Whether there is anything to show at the window."""
        return True

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


def _waited_for_the_code(visit: Visit) -> bool:
    """The time ran out while the provider had not answered: it was not the traveller who did nothing."""
    case = visit.case
    silent = case is not None and (case.file.cause or "").startswith("payment.")
    return silent and case is not None and case.standing.charges > 0 and case.file.code is None


class Goodbye(_Ending):
    def ticket(self, visit: Visit) -> bool:
        """Whoever paid and has nothing printed holds the number in their hand."""
        case = begun(visit)
        return case is not None and not final_words.delivered(case) and case.standing.money not in (Money.NONE, Money.CLOSED)

    def title(self, visit: Visit) -> Message:
        return Message("goodbye.title" if final_words.delivered(visit.case) else "goodbye.withdrawn_title")

    def body(self, visit: Visit, house: House) -> OutcomeBody:
        if final_words.delivered(visit.case):
            return outcome(visit, house, Tone.DONE, Message("goodbye.done"), Message("goodbye.next"))
        key = "goodbye.withdrawn"
        if visit.ended_by is Event.TIMED_OUT:
            key = "ended.payment" if _waited_for_the_code(visit) else "goodbye.timed_out"
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
        happened, tone = ("goodbye.done", Tone.DONE) if final_words.delivered(visit.case) else ("staff.happened", Tone.NOTICE)
        return outcome(visit, house, tone, Message(happened), Message("staff.next"))


class Problem(_Ending):
    def title(self, visit: Visit) -> Message:
        if final_words.kept_safe(visit.case):
            return Message("retained.title")
        return Message("problem.done_title" if final_words.delivered(visit.case) else "problem.title")

    def body(self, visit: Visit, house: House) -> OutcomeBody:
        case, done = begun(visit), final_words.delivered(visit.case)
        if final_words.kept_safe(case):
            happened = Message("retained.done" if done else "retained.happened")
        elif done:
            out = visit.case is not None and visit.case.standing.custody is Custody.WITH_TRAVELLER
            happened = Message("goodbye.done" if out else "problem.done_inside")
        else:
            happened = visit.turned.text if visit.turned else Message("problem.happened")
        return outcome(visit, house, Tone.TROUBLE, happened, final_words.what_next(case))
