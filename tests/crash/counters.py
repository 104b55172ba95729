"""The authority and a payment provider in little: they keep what is true, and answer wrongly when told to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kiosk.domain.failure import Failure
from kiosk.gateways.authority import ApplicationLine, ApplicationState, ApplicationStatus
from kiosk.gateways.payment import Charge, ChargeState, OrderState, RefundProgress, RefundState
from tests.crash.hands import Hall

ANSWERS = ("refused", "silent", "lost", "unreachable", "contradiction")
GATEWAY_FAULTS = [
    *[("authority", what, how) for what in ("submit", "application", "issue", "verified", "void") for how in ANSWERS],
    *[("authority", "submit", how) for how in ("late", "reject", "pending")],
    ("authority", "application", "says_verified"),
    ("authority", "issue", "other_lines"),
    *[("payment", what, how) for what in ("open_charge", "query", "close", "refund", "query_refund") for how in ANSWERS],
    *[("payment", "open_charge", how) for how in ("late",)],
    *[("payment", "query", how) for how in ("unknown_state",)],
    *[("payment", "close", how) for how in ("paid_first",)],
    *[("payment", "refund", how) for how in ("slow", "abnormal")],
    ("authority", "*", "silent"),
    ("payment", "*", "silent"),
    ("payment", "*", "unreachable"),
]
LATE_S = 3.0
"""After so many seconds a late request arrives; the machine gave up waiting for its answer."""


@dataclass
class Order:
    amount_fen: int
    case_id: str
    state: OrderState = OrderState.OPEN
    refunds: int = 0
    refunded_fen: int = 0
    progress: RefundProgress = RefundProgress.NOT_FOUND


class Counter:
    """A gateway over the hall: requests that are late arrive when their time has come."""

    name = ""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.on_the_way: list[tuple[float, Callable[[], Any]]] = []

    def arrive(self, everything: bool = False) -> None:
        due = [row for row in self.on_the_way if everything or row[0] <= self.hall.seconds]
        self.on_the_way = [row for row in self.on_the_way if row not in due]
        for _at, work in due:
            work()

    def _served(self, what: str, act: Callable[[str | None], Any], asks: bool = False) -> Any:
        """What comes back over the line: the answer, or one of the ways not to get it."""
        if not asks:
            self.hall.moment(f"before {self.name} {what}")
        self.arrive()
        how = self.hall.trouble(self.name, what)
        answer: Any
        match how:
            case "refused":
                answer = Failure(f"{self.name}.refused")
            case "silent":
                answer = Failure(f"{self.name}.unclear")
            case "unreachable":
                answer = Failure(f"{self.name}.unreachable")
            case "lost" | "contradiction":
                act(None)
                answer = Failure(f"{self.name}.{'unclear' if how == 'lost' else how}")
            case "late":
                self.on_the_way.append((self.hall.seconds + LATE_S, lambda: act(None)))
                answer = Failure(f"{self.name}.unclear")
            case _:
                answer = act(how)
        if not asks:
            self.hall.moment(f"after {self.name} {what}")
        return answer


class LittleAuthority(Counter):
    name = "authority"

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.applications: dict[str, ApplicationState] = {}
        self._numbers = 0

    def _state(self, case_id: str) -> ApplicationState | Failure:
        return self.applications.get(case_id, Failure("authority.case_unknown"))

    async def submit(
        self, case_id: str, _permit: str, _id: Any, _phone: Any, _contact: Any, lines: Sequence[ApplicationLine]
    ) -> ApplicationState | Failure:
        def act(how: str | None) -> ApplicationState | Failure:
            status = {"reject": ApplicationStatus.REJECTED, "pending": ApplicationStatus.SUBMITTED}.get(how or "", ApplicationStatus.APPROVED)
            self.applications.setdefault(case_id, ApplicationState(case_id, status, None, tuple(lines)))
            return self._state(case_id)

        return self._served("submit", act)

    async def application(self, case_id: str) -> ApplicationState | Failure:
        def act(how: str | None) -> ApplicationState | Failure:
            known = self.applications.get(case_id)
            if known is None:
                return ApplicationState(case_id, ApplicationStatus.NONE)
            if how == "says_verified":
                return replace(known, status=ApplicationStatus.VERIFIED)
            if known.status is ApplicationStatus.SUBMITTED and not any(trouble.how == "pending" for trouble in self.hall.troubles):
                self.applications[case_id] = replace(known, status=ApplicationStatus.APPROVED)
            return self.applications[case_id]

        return self._served("application", act, asks=True)

    async def issue(self, case_id: str) -> ApplicationState | Failure:
        def act(how: str | None) -> ApplicationState | Failure:
            known = self.applications.get(case_id)
            if known is None:
                return Failure("authority.case_unknown")
            if known.status is ApplicationStatus.APPROVED:
                self._numbers += 1
                lines = tuple(replace(line, number=f"D{self._numbers:08}", issued_on=date(2026, 11, 22), issuer="440000") for line in known.lines)
                self.applications[case_id] = known = replace(known, status=ApplicationStatus.ISSUED, lines=lines)
            elif known.status not in (ApplicationStatus.ISSUED, ApplicationStatus.VERIFIED):
                return Failure("authority.refused")
            if how == "other_lines":
                return replace(known, lines=known.lines + known.lines)
            return known if known.status is ApplicationStatus.ISSUED else Failure("authority.contradiction")

        return self._served("issue", act)

    async def verified(self, case_id: str) -> ApplicationState | Failure:
        return self._served("verified", lambda _how: self._ended(case_id, ApplicationStatus.VERIFIED, (ApplicationStatus.ISSUED,)))

    async def void(self, case_id: str) -> ApplicationState | Failure:
        live = (ApplicationStatus.SUBMITTED, ApplicationStatus.APPROVED, ApplicationStatus.ISSUED)
        return self._served("void", lambda _how: self._ended(case_id, ApplicationStatus.VOIDED, live))

    def _ended(self, case_id: str, end: ApplicationStatus, before: tuple[ApplicationStatus, ...]) -> ApplicationState | Failure:
        known = self.applications.get(case_id)
        if known is None:
            return Failure("authority.case_unknown")
        if known.status in before:
            self.applications[case_id] = known = replace(known, status=end)
        also = (end, ApplicationStatus.REJECTED) if end is ApplicationStatus.VOIDED else (end,)
        return known if known.status in also else Failure("authority.refused")

    async def aclose(self) -> None:
        return None


class LittleProvider(Counter):
    name = "payment"

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.orders: dict[str, Order] = {}
        self.pays_at = 0
        """At which look from now on the newest code is found paid; 0 for never."""

    def pay(self) -> None:
        """The traveller's phone pays the newest code that can still be paid."""
        for order in reversed(self.orders.values()):
            if order.state is OrderState.OPEN:
                order.state = OrderState.PAID
                return

    async def open_charge(self, order_no: str, case_id: str, amount_fen: int, _description: str, _expires_at: datetime) -> Charge | Failure:
        def act(_how: str | None) -> Charge | Failure:
            order = self.orders.setdefault(order_no, Order(amount_fen, case_id))
            if order.state is OrderState.OPEN:
                return Charge(order_no, f"weixin://{order_no}")
            return Failure("payment.already_paid" if order.state is OrderState.PAID else "payment.refused")

        return self._served("open_charge", act)

    async def query(self, order_no: str, *, case_id: str | None = None, amount_fen: int | None = None) -> ChargeState | Failure:
        def act(how: str | None) -> ChargeState | Failure:
            self.pays_at -= 1
            if self.pays_at == 0:
                self.pay()
            order = self.orders.get(order_no)
            if order is None:
                return ChargeState(order_no, OrderState.NOT_FOUND)
            state = OrderState.UNKNOWN if how == "unknown_state" else OrderState.REFUNDED if order.refunds else order.state
            return ChargeState(order_no, state, order.amount_fen, order.case_id)

        return self._served("query", act, asks=True)

    async def close(self, order_no: str) -> Failure | None:
        def act(how: str | None) -> Failure | None:
            order = self.orders.get(order_no)
            if order is None:
                return Failure("payment.refused")
            if how == "paid_first" and order.state is OrderState.OPEN:
                order.state = OrderState.PAID
            if order.state is OrderState.PAID:
                return Failure("payment.already_paid")
            order.state = OrderState.CLOSED
            return None

        answer: Failure | None = self._served("close", act)
        return answer

    async def refund(self, order_no: str, refund_no: str, amount_fen: int, total_fen: int, _reason: str) -> RefundState | Failure:
        def act(how: str | None) -> RefundState | Failure:
            order = self.orders.get(order_no)
            if (
                order is None
                or order.state is not OrderState.PAID
                or order.refunded_fen + amount_fen > order.amount_fen * (2 if order.refunds else 1)
            ):
                return Failure("payment.refused")
            if not order.refunds:
                order.refunds, order.refunded_fen = 1, amount_fen
                order.progress = {"slow": RefundProgress.PROCESSING, "abnormal": RefundProgress.ABNORMAL}.get(how or "", RefundProgress.REFUNDED)
            return RefundState(refund_no, order_no, order.progress, amount_fen)

        return self._served("refund", act)

    async def query_refund(self, refund_no: str, order_no: str, *, amount_fen: int | None = None) -> RefundState | Failure:
        def act(_how: str | None) -> RefundState | Failure:
            order = self.orders.get(order_no)
            if order is None or not order.refunds:
                return RefundState(refund_no, order_no, RefundProgress.NOT_FOUND)
            if order.progress is RefundProgress.PROCESSING and not any(trouble.how == "slow" for trouble in self.hall.troubles):
                order.progress = RefundProgress.REFUNDED
            return RefundState(refund_no, order_no, order.progress, order.refunded_fen)

        return self._served("query_refund", act, asks=True)
