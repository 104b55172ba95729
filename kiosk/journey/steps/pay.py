"""The fee: how to pay, then the code on the screen until the provider says paid."""

from kiosk.case.casefile import Case
from kiosk.case.moves import Act, Money, Wish
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, choice, secondary
from kiosk.journey.timings import PAYING
from kiosk.journey.visit import Visit
from kiosk.view import Message, PayBody, PayMethodBody, StageState, WorkingBody

FURTHER = frozenset(Act) - {Act.OPEN_CHARGE}


class PayMethod:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.case is None:
            raise RuntimeError("no case")
        while True:
            touch = await visit.next_touch()
            if touch.startswith("pay:"):
                visit.problem = None
                visit.case = house.executor.decide(visit.case, Wish.DELIVER, method=touch.removeprefix("pay:"), code=None)
                return Event.METHOD_CHOSEN

    def view(self, visit: Visit, house: House) -> Page:
        fee = visit.case.file.fee_fen if visit.case else 0
        answers = tuple(choice(f"pay:{method}", Message(f"pay.{method}")) for method in house.cashier.gateways)
        return Page(Message("pay.method.title"), PayMethodBody(fee), answers)


class Pay:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.case is None:
            raise RuntimeError("no case")
        visit.case = await self._open(visit.case, house)
        if visit.case.standing.money is Money.PAID:
            return Event.PAID
        if visit.case.standing.money is not Money.OPEN or visit.case.standing.wish is not Wish.DELIVER or visit.case.file.code is None:
            visit.turn_for(visit.case, "payment.unclear")
            return Event.DEVICE_LOST
        visit.changed()
        with house.stopwatch.of("traveller"):
            async for _look in house.clock.looks(PAYING):
                visit.case = await house.executor.look(visit.case, Act.OPEN_CHARGE)
                if visit.case.standing.money is Money.PAID:
                    return Event.PAID
                if visit.case.standing.money is Money.CLOSED:
                    return Event.TIMED_OUT
                if not visit.inbox.empty() and visit.inbox.get_nowait()[0] == "other_method":
                    return await self._change(visit, house)
        return await self._change(visit, house, Message("pay.run_out"))

    async def _open(self, case: Case, house: House) -> Case:
        """An order that the provider has, but whose code was lost on the way, is closed first: so never two can be paid."""
        case = await house.executor.advance(case, stop_before=FURTHER)
        if case.standing.money is Money.OPEN and case.file.code is None:
            case = await house.executor.close_charge(case)
            case = await house.executor.advance(case, stop_before=FURTHER)
        return case

    async def _change(self, visit: Visit, house: House, why: Message | None = None) -> Event:
        """Another code: this order is closed first, so that never two can be paid. why: what the next page says of it."""
        if visit.case is None:
            raise RuntimeError("no case")
        visit.case = await house.executor.close_charge(visit.case)
        match visit.case.standing.money:
            case Money.PAID:
                return Event.PAID
            case Money.NONE | Money.CLOSED:
                visit.problem = why
                return Event.METHOD_CHANGED
            case _:  # it may still be paid: no other order beside it
                visit.turn_for(visit.case, "payment.unclear")
                return Event.DEVICE_LOST

    def view(self, visit: Visit, house: House) -> Page:
        case = visit.case
        if case is None or case.standing.money is not Money.OPEN or not case.file.code:
            return Page(Message("pay.title"), WorkingBody(((Message("stage.charge"), StageState.RUNNING),)))
        body = PayBody(case.file.method or "", case.file.code, case.file.fee_fen, case.order_no[-6:])
        answers = (secondary("other_method", "pay.other"),) if len(house.cashier.gateways) > 1 else ()
        return Page(Message("pay.title"), body, answers, speech=(Message("pay.speech"),))
