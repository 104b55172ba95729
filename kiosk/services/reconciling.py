"""Asks authority and payment providers for what `kiosk.case.reconciliation` compares with the journal: case by case, and their lists and bills.

All or nothing: the first question that is not answered, or not understood, ends it with that failure. Nothing is ever done, only asked.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.case.casefile import Block, Case
from kiosk.case.journal import Journal, ended
from kiosk.case.moves import Act, Money
from kiosk.case.reconciliation import (
    NOT_FOUND,
    ApplicationRow,
    BillRow,
    CaseSide,
    Difference,
    Kind,
    OrderRow,
    RefundRow,
    Sides,
    differences,
    unknown_applications,
    unknown_orders,
)
from kiosk.domain.clock import SHANGHAI, Clock
from kiosk.domain.failure import Failure
from kiosk.gateways.authority import ApplicationState, Authority
from kiosk.gateways.bills import Bill, BillGateway, is_ready
from kiosk.gateways.payment import ChargeState, OrderState

BACK_DAYS, MOST_DAYS = 7, 90
"""How far back bills are compared even where the journal has no cases; the providers keep theirs for three months."""
_MOVED_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was compared, and every difference. days: those whose bills and lists were compared. orders: of the cases and of the bills."""

    days: tuple[date, ...]
    cases: int
    orders: int
    applications: int
    bills: tuple[Bill, ...]
    differences: tuple[Difference, ...]


async def _at_once() -> None:
    """Nobody to wait for."""


class Reconciler:
    """machine: its number, as the orders name it: the bill's rows of other terminals of the same merchant are theirs to reconcile."""

    def __init__(self, journal: Journal, authority: Authority, gateways: Mapping[str, BillGateway], clock: Clock, machine: str) -> None:
        self._journal = journal
        self._authority = authority
        self._gateways = gateways
        self._clock = clock
        self._machine = machine

    def days(self, with_today: bool) -> tuple[date, ...]:
        """From the first case on (a week at least, three months at most) to the last day that has a bill; a simulated hall has today's too."""
        now = self._clock.now()
        last = now.date()
        if not with_today:
            last -= timedelta(days=1 if is_ready(last - timedelta(days=1), now) else 2)
        begun = self._journal.begun()
        first = min([last - timedelta(days=BACK_DAYS), *(_day(at) for _, at in begun[:1])])
        first = max(first, last - timedelta(days=MOST_DAYS))
        return tuple(first + timedelta(days=count) for count in range((last - first).days + 1))

    async def reconcile(
        self, days: Sequence[date], every_case: bool = False, between: Callable[[], Awaitable[None]] = _at_once
    ) -> Reconciliation | Failure:
        """Compares the cases begun on `days` (or all that the journal has whole) and whatever bills and lists of those days speak of.

        between: awaited before each question, so that whoever is being served comes first. Raises StoreFailed where the disk refuses.
        """
        bills: list[Bill] = []
        listed: list[ApplicationState] = []
        for day in days:
            for gateway in self._gateways.values():
                await between()
                bill = await gateway.bill(day)
                if isinstance(bill, Failure):
                    return bill
                bills.append(bill)
            await between()
            applications = await self._authority.applications(day)
            if isinstance(applications, Failure):
                return applications
            listed += applications
        return await self._compared(days, every_case, bills, listed, between)

    async def _compared(
        self,
        days: Sequence[date],
        every_case: bool,
        bills: Sequence[Bill],
        listed: Sequence[ApplicationState],
        between: Callable[[], Awaitable[None]],
    ) -> Reconciliation | Failure:
        rows = [row for bill in bills for row in self._rows(bill)]
        known, whole = self._journal.known(), dict(self._journal.begun())
        spoken_of = {_case_of(row.order_no) for row in rows} | {each.case_id for each in listed}
        wanted = [case_id for case_id, at in whole.items() if every_case or case_id in spoken_of or _day(at) in days]
        found: list[Difference] = []
        # a case that retention has emptied was compared while it was whole
        orders = {row.order_no for row in rows if _case_of(row.order_no) in known and _case_of(row.order_no) not in whole}
        asked = 0
        for case_id in wanted:
            sides = await self._sides(case_id, rows, days, between)
            if isinstance(sides, Failure):
                if sides.code != "journal.unreadable":
                    return sides
                found.append(Difference(Kind.CASE_UNREADABLE, case_id))
                orders |= {row.order_no for row in rows if _case_of(row.order_no) == case_id}
                continue
            asked += len(sides.orders)
            orders |= set(sides.case.orders)
            found += differences(sides)
        case_of = {row.order_no: _case_of(row.order_no) for row in rows if _case_of(row.order_no) in known}
        strangers = unknown_orders(rows, orders, case_of)
        found += strangers + unknown_applications([_application_row(each) for each in listed], known)
        order_count = asked + len({line.order_no for line in strangers})
        application_count = len(set(wanted) | {each.case_id for each in listed})
        return Reconciliation(tuple(days), len(wanted), order_count, application_count, tuple(bills), tuple(found))

    def _rows(self, bill: Bill) -> list[BillRow]:
        """Of this machine's terminal, or of none."""
        ours = ("", self._machine)
        paid = [BillRow(row.order_no, row.amount_fen) for row in bill.payments if row.device in ours]
        return paid + [BillRow(row.order_no, row.amount_fen, row.refund_no or "-") for row in bill.refunds if row.device in ours]

    async def _sides(self, case_id: str, rows: Sequence[BillRow], days: Collection[date], between: Callable[[], Awaitable[None]]) -> Sides | Failure:
        """Both sides of one case; asked anew where the case moved meanwhile."""
        for _ in range(_MOVED_LIMIT):
            case = self._journal.load(case_id)
            if isinstance(case, Failure):
                return case
            row = self._case_side(case)
            sides = await self._asked(case, row, rows, days, between)
            if isinstance(sides, Failure):
                return sides
            now = self._journal.load(case_id)
            if isinstance(now, Failure) or self._case_side(now) == row:
                return now if isinstance(now, Failure) else sides
        return Failure("reconcile.moving", detail={"case_id": case_id})

    def _case_side(self, case: Case) -> CaseSide:
        standing, file = case.standing, case.file
        is_open = not ended(standing)
        pending = self._journal.pending(case)
        return CaseSide(
            case_id=case.case_id,
            money=standing.money,
            issue=standing.issue,
            fee_fen=file.fee_fen,
            orders=tuple(f"{case.case_id}-{number}" for number in range(1, standing.charges + 1)),
            open=is_open,
            under_way=frozenset({*standing.deferred, *([Act(pending.act)] if pending else [])}) if is_open else frozenset(),
            wanted=frozenset(_line(block)[:4] for block in file.wanted),
            issued=frozenset(_line(block) for block in file.issued),
        )

    async def _asked(
        self, case: Case, row: CaseSide, rows: Sequence[BillRow], days: Collection[date], between: Callable[[], Awaitable[None]]
    ) -> Sides | Failure:
        await between()
        if row.orders and self._method(case) not in self._gateways:
            return Failure("reconcile.no_gateway", detail={"method": self._method(case)})
        application = await self._authority.application(case.case_id)
        if isinstance(application, Failure):
            return application
        orders: list[OrderRow] = []
        for order_no in row.orders:
            await between()
            order = await self._order(case, order_no)
            if isinstance(order, Failure):
                return order
            orders.append(order)
        refund = None
        if row.orders and row.money in (Money.REFUND_PENDING, Money.REFUNDED):
            await between()
            said = await self._gateways[self._method(case)].query_refund(case.refund_no, case.order_no)
            if isinstance(said, Failure):
                return said
            refund = RefundRow(said.refund_no, said.order_no, said.state.value, said.amount_fen, _day_of(said.at))
        bill = tuple(line for line in rows if line.order_no in row.orders)
        return Sides(row, _application_row(application), tuple(orders), refund, bill, frozenset(days))

    def _method(self, case: Case) -> str:
        return case.file.method or next(iter(self._gateways))

    async def _order(self, case: Case, order_no: str) -> OrderRow | Failure:
        """The provider's word. The method of an order before the present one is not kept: then all are asked, and the one that knows it speaks."""
        gateways = [self._gateways[self._method(case)]] if order_no == case.order_no else list(self._gateways.values())
        told = OrderRow(order_no, NOT_FOUND)
        for gateway in gateways:
            said = await gateway.query(order_no)
            if isinstance(said, Failure):
                return said
            if said.known and said.state is not OrderState.NOT_FOUND:
                told = _order_row(said)
        return told


def _order_row(said: ChargeState) -> OrderRow:
    return OrderRow(said.order_no, said.state.value, said.amount_fen, _day_of(said.paid_at))


def _application_row(said: ApplicationState) -> ApplicationRow:
    lines = frozenset((line.destination.value, line.kind.value, line.validity.code, line.valid_until.isoformat(), line.number) for line in said.lines)
    return ApplicationRow(said.case_id, said.status.value, lines)


def _line(block: Block) -> tuple[str | None, ...]:
    return block.destination, block.kind, block.validity, block.valid_until, block.number


def _case_of(order_no: str) -> str:
    """An order's number is its case's, a hyphen, and the attempt."""
    return order_no.rpartition("-")[0]


def _day(at: float) -> date:
    return datetime.fromtimestamp(at, SHANGHAI).date()


def _day_of(instant: datetime | None) -> date | None:
    return None if instant is None else instant.astimezone(SHANGHAI).date()
