"""What staff do about a case, each step recorded with the code they give: hand a kept card back, let the machine try again, settle by hand.

Evidence comes first here too. A retry asks gateways and sensors as every start does; staff's word settles a case only where no gateway and no
sensor says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.audit.events import CardHandedBack, StaffRetried, StaffSettled
from kiosk.case.casefile import Case
from kiosk.case.executor import Executor
from kiosk.case.moves import Act, Axis, Back, Custody, Issue, Money, Reason, Standing, settled
from kiosk.case.recovery import CaseReport, Recovery
from kiosk.domain.failure import Failure
from kiosk.gateways.authority import Authority
from kiosk.gateways.payment import OrderState, RefundProgress
from kiosk.services.cashier import Cashier
from kiosk.services.slot import Slot, Whereabouts

SEEN_INSIDE = (Whereabouts.GATE, Whereabouts.READER, Whereabouts.BETWEEN, Whereabouts.INLET)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that needs staff, or (reason None) one whose other side does not answer; case is None where its record cannot be read."""

    case_id: str
    reason: Reason | None
    case: Case | None


class StaffDesk:
    """Steps refuse with `staff.…` codes and change nothing then."""

    def __init__(self, executor: Executor, recovery: Recovery, authority: Authority, cashier: Cashier, slot: Slot) -> None:
        self._executor = executor
        self._journal = executor.journal
        self._recovery = recovery
        self._authority = authority
        self._cashier = cashier
        self._slot = slot

    def cards(self) -> list[Case]:
        """Cases whose card lies in the bin, oldest first."""
        found = [self._journal.load(case_id) for case_id in self._ids()]
        return [case for case in found if isinstance(case, Case) and case.standing.custody is Custody.RETAINED]

    def waiting(self) -> list[Waiting]:
        """Cases that need staff, and those that are put off, oldest first."""
        waiting = []
        for case_id in self._ids():
            case = self._journal.load(case_id)
            if isinstance(case, Failure):
                waiting.append(Waiting(case_id, Reason.JOURNAL_UNREADABLE, None))
            elif case.standing.needs_staff is not None or case.standing.deferred:
                waiting.append(Waiting(case_id, case.standing.needs_staff, case))
        return waiting

    def _ids(self) -> list[str]:
        """The journal's order is by time, and case numbers begin with it."""
        return sorted({*self._journal.with_staff(), *self._journal.retained(), *self._journal.open_ids()})

    def _load(self, case_id: str) -> Case | Failure:
        case = self._journal.load(case_id)
        if isinstance(case, Failure) and case_id not in self._ids():
            return Failure("staff.case_unknown", detail={"case_id": case_id})
        return case

    def hand_back(self, case_id: str, by: str) -> Case | Failure:
        """A card from the bin is in its holder's hand again. Only recorded: the bin's own counter is the module's."""
        case = self._load(case_id)
        if isinstance(case, Failure):
            return case
        if case.standing.custody is not Custody.RETAINED:
            return Failure("staff.not_retained", detail={"case_id": case_id})
        standing = replace(case.standing, custody=Custody.WITH_TRAVELLER)
        return self._journal.decide(case, standing, event=CardHandedBack(case_id=case_id, by=by))

    async def retry(self, case_id: str, by: str) -> CaseReport | Failure:
        """What stood in the way is mended: the machine goes on with the case as at every start. A card that comes out again is staff's to take."""
        case = self._load(case_id)
        if isinstance(case, Failure):
            return case
        standing = _freed(case.standing)
        if standing is None:
            return Failure("staff.nothing_waits", detail={"case_id": case_id})
        if standing == case.standing:
            return Failure("staff.by_hand_only", detail={"case_id": case_id})
        self._journal.decide(case, standing, event=StaffRetried(case_id=case_id, by=by))
        return await self._recovery.settle(case_id)

    async def settle(self, case_id: str, by: str, word: Mapping[str, StrEnum]) -> Case | Failure:
        """word: axis → what staff saw or did by hand; an axis they say nothing of stays as the journal has it."""
        case = self._load(case_id)
        if isinstance(case, Failure):
            return case
        if case.standing.needs_staff is None and not case.standing.deferred:
            return Failure("staff.nothing_waits", detail={"case_id": case_id})
        case = await self._executor.advance(case, stop_before=frozenset(Act))  # an act that was cut off is asked about, or it would stay open
        none: frozenset[Act] = frozenset()
        said = replace(case.standing, blocked=frozenset(), deferred=none, needs_staff=None, began=True, **word)  # type: ignore[arg-type]
        if not settled(said):
            return Failure("staff.no_end", detail={"case_id": case_id})
        contradicted = await self._contradicted(case, said)
        if contradicted is not None:
            return contradicted
        event = StaffSettled(case_id=case_id, by=by, money=said.money, issue=said.issue, back=said.back, custody=said.custody)
        return self._journal.decide(case, said, event=event)

    async def _contradicted(self, case: Case, said: Standing) -> Failure | None:
        """Who says otherwise. Whoever does not answer, or answers nonsense, contradicts nobody."""
        issue = await self._authority.application(case.case_id)
        if not isinstance(issue, Failure) and issue.status.value != said.issue.value:
            return _otherwise("issue", said.issue, issue.status)
        money = await self._money(case)
        if money is not None and said.money not in money:
            return _otherwise("money", said.money, " / ".join(sorted(money)) or "not settled")
        if await self._slot.locate() in SEEN_INSIDE:
            return Failure("staff.card_inside", detail={"case_id": case.case_id})
        return None

    async def _money(self, case: Case) -> frozenset[Money] | None:
        """What may be said of the order, None where the provider does not answer; empty while it is still under way."""
        if case.standing.charges == 0:
            return frozenset({Money.NONE})
        gateway = self._cashier.gateway(case)
        order = await gateway.query(case.order_no, case_id=case.case_id, amount_fen=case.file.fee_fen)
        if isinstance(order, Failure) or order.state is OrderState.UNKNOWN:
            return None
        match order.state:
            case OrderState.PAID | OrderState.REFUNDED:
                refund = await gateway.query_refund(case.refund_no, case.order_no, amount_fen=case.file.fee_fen)
                if isinstance(refund, Failure):
                    return None
                if refund.state is RefundProgress.REFUNDED or (order.state is OrderState.REFUNDED and refund.state is RefundProgress.NOT_FOUND):
                    return frozenset({Money.REFUNDED})  # by the machine's own number, or by staff at the provider under another one
                paid = order.state is OrderState.PAID and refund.state in (RefundProgress.NOT_FOUND, RefundProgress.CLOSED)
                return frozenset({Money.PAID}) if paid else frozenset()
            case OrderState.CLOSED:
                return frozenset({Money.CLOSED})
            case OrderState.OPEN if order.known:
                return frozenset()
            case _:
                return frozenset({Money.NONE, Money.CLOSED})


def _freed(standing: Standing) -> Standing | None:
    """The case with everything taken up again that the machine itself can do; None where nothing waits.

    The back of a card that is no longer inside is beyond its reach: that stays with staff.
    """
    if standing.needs_staff is None and not standing.deferred:
        return None
    in_reach = standing.custody is Custody.IN_MACHINE or standing.back is Back.AS_FOUND
    left = frozenset() if in_reach else standing.blocked & {Axis.BACK}
    reason = None
    if left:
        reason = Reason.BACK_UNSEEN if standing.back is Back.UNKNOWN else Reason.BACK_NOT_RESTORED
    none: frozenset[Act] = frozenset()
    looks, restores = (standing.looks, standing.restores) if left else (0, 0)
    return replace(standing, blocked=left, deferred=none, needs_staff=reason, looks=looks, restores=restores)


def _otherwise(axis: str, said: StrEnum, found: str) -> Failure:
    return Failure("staff.contradicted", detail={"axis": axis, "said": said.value, "found": str(found)})


def words(money: str | None, issue: str | None, back: str | None, custody: str | None) -> dict[str, StrEnum]:
    """The command line's words as values of their axes; only those that were given."""
    given = {"money": (Money, money), "issue": (Issue, issue), "back": (Back, back), "custody": (Custody, custody)}
    return {axis: kind(value) for axis, (kind, value) in given.items() if value is not None}
