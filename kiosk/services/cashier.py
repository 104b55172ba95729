"""The acts of money: open a charge, close it, refund it. The gateway is asked by the same numbers; "paid" is its word, never ours."""

from collections.abc import Mapping
from datetime import datetime

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.moves import Money
from kiosk.domain.clock import SHANGHAI, Clock, Window
from kiosk.domain.failure import Failure
from kiosk.gateways.payment import Charge, OrderState, PaymentGateway, RefundProgress, RefundState
from kiosk.health.stopwatch import Stopwatch

REFUND_LOOKS = Window(5, 1.0)
LATE_S = 1.0  # before an order that was not found is looked for once more
DEFINITE = ("payment.refused",)


class Cashier:
    """Gateways by method. Every call counts as the gateway's time."""

    def __init__(self, gateways: Mapping[str, PaymentGateway], clock: Clock, stopwatch: Stopwatch, description: str) -> None:
        self.gateways = gateways
        self.clock = clock
        self.stopwatch = stopwatch
        self.description = description

    def gateway(self, case: Case) -> PaymentGateway:
        return self.gateways[case.file.method or next(iter(self.gateways))]

    async def query(self, case: Case) -> Result:
        """What the provider says of the case's present order: paid, open, closed, not there, or nothing."""
        with self.stopwatch.of("gateway"):
            charge = await self.gateway(case).query(case.order_no, case_id=case.case_id, amount_fen=case.file.fee_fen)
        if isinstance(charge, Failure):
            return Result(Status.UNKNOWN, failure=charge)
        match charge.state:
            case OrderState.PAID:
                return Result(Status.DONE, {"money": Money.PAID})
            case OrderState.OPEN:
                return Result(Status.DONE, {"money": Money.OPEN})
            case OrderState.CLOSED:
                return Result(Status.DONE, {"money": Money.CLOSED})
            case OrderState.REFUNDED:
                return Result(Status.DONE, {"money": Money.REFUND_PENDING})
            case OrderState.NOT_FOUND:
                return Result(Status.NOT_DONE)
            case OrderState.UNKNOWN:
                return Result(Status.UNKNOWN, failure=Failure("payment.contradiction"))


class OpenCharge:
    def __init__(self, cashier: Cashier) -> None:
        self._cashier = cashier

    async def do(self, case: Case, key: str) -> Result:
        charge = await self._open(case, key)
        if isinstance(charge, Failure) and charge.code not in DEFINITE:
            found = await self._cashier.query(case)
            if found.changes.get("money") is Money.OPEN:
                charge = await self._open(case, key)  # only the answer was lost: the same order says its code again
        if isinstance(charge, Failure):
            return Result(Status.NOT_DONE if charge.code in DEFINITE else Status.UNKNOWN, failure=charge)
        return Result(Status.DONE, {"money": Money.OPEN}, {"code": charge.code_url})

    async def _open(self, case: Case, key: str) -> Charge | Failure:
        expires_at = datetime.fromtimestamp(case.file.expires_at, SHANGHAI)
        with self._cashier.stopwatch.of("gateway"):
            return await self._cashier.gateway(case).open_charge(key, case.case_id, case.file.fee_fen, self._cashier.description, expires_at)

    async def ask(self, case: Case, key: str) -> Result:
        result = await self._cashier.query(case)
        if result.status is Status.NOT_DONE:
            return Result(Status.NOT_DONE, {"money": Money.NONE})
        return result


class CloseCharge:
    """Asks first: a charge may have been paid since the last look; then closes, and believes only what the provider says."""

    def __init__(self, cashier: Cashier) -> None:
        self._cashier = cashier

    async def do(self, case: Case, key: str) -> Result:
        before = await self._cashier.query(case)
        if before.status is Status.UNKNOWN:
            return before  # a provider that says nothing is not asked for more
        if before.status is Status.NOT_DONE:
            return await self._not_found(case, key)
        if before.status is Status.DONE and before.changes.get("money") is not Money.OPEN:
            return before
        with self._cashier.stopwatch.of("gateway"):
            failure = await self._cashier.gateway(case).close(key)
        if failure is None:
            # the provider's word that nobody can pay it any more and nobody has; an Alipay order that was never scanned still reads as open
            return Result(Status.DONE, {"money": Money.CLOSED})
        if failure.code != "payment.already_paid":
            return Result(Status.UNKNOWN, failure=failure)
        return await self.ask(case, key)

    async def _not_found(self, case: Case, key: str) -> Result:
        """The order may still be on its way to the provider: it is closed by its number all the same, and looked for once more."""
        with self._cashier.stopwatch.of("gateway"):
            await self._cashier.gateway(case).close(key)
        await self._cashier.clock.sleep(LATE_S)
        result = await self.ask(case, key)
        return Result(Status.UNKNOWN) if result.status is Status.NOT_DONE else result

    async def ask(self, case: Case, key: str) -> Result:
        result = await self._cashier.query(case)
        if result.status is Status.NOT_DONE:
            return Result(Status.DONE, {"money": Money.NONE})
        if result.changes.get("money") is Money.OPEN:
            return Result(Status.NOT_DONE, result.changes)
        return result


class Refund:
    """One refund number per order: asking again never refunds twice."""

    def __init__(self, cashier: Cashier) -> None:
        self._cashier = cashier

    async def do(self, case: Case, key: str) -> Result:
        cashier = self._cashier
        if case.standing.money is Money.REFUND_PENDING:
            return await self._wait(case, key)
        with cashier.stopwatch.of("gateway"):
            state = await cashier.gateway(case).refund(case.order_no, key, case.file.fee_fen, case.file.fee_fen, "not issued")
        if isinstance(state, Failure):
            return Result(Status.NOT_DONE if state.code in DEFINITE else Status.UNKNOWN, failure=state)
        return _refunded(state)

    async def _wait(self, case: Case, key: str) -> Result:
        async for _look in self._cashier.clock.looks(REFUND_LOOKS):
            result = await self.ask(case, key)
            if result.changes.get("money") is Money.REFUNDED:
                return result
        return Result(Status.UNKNOWN, failure=Failure("payment.refund_slow"))

    async def ask(self, case: Case, key: str) -> Result:
        with self._cashier.stopwatch.of("gateway"):
            state = await self._cashier.gateway(case).query_refund(key, case.order_no, amount_fen=case.file.fee_fen)
        if isinstance(state, Failure):
            return Result(Status.UNKNOWN, failure=state)
        return _refunded(state)


def _refunded(refund: RefundState) -> Result:
    match refund.state:
        case RefundProgress.REFUNDED:
            return Result(Status.DONE, {"money": Money.REFUNDED})
        case RefundProgress.PROCESSING:
            return Result(Status.DONE, {"money": Money.REFUND_PENDING})
        case RefundProgress.NOT_FOUND:
            return Result(Status.NOT_DONE)
        case _:
            return Result(Status.UNKNOWN, failure=Failure("payment.refund_abnormal"))
