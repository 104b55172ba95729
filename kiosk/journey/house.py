"""What the steps may use: the use cases, handed in by `kiosk.app`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kiosk.audit.log import AuditLog
from kiosk.case.executor import Executor
from kiosk.domain.clock import Clock
from kiosk.gateways.authority import Authority
from kiosk.health.desk import DeviceDesk
from kiosk.health.service_state import ServiceState
from kiosk.health.stopwatch import Stopwatch
from kiosk.policy import Policy
from kiosk.services.cashier import Cashier
from kiosk.services.identity import Identity
from kiosk.services.notices import Notices
from kiosk.services.papers import Papers, ReceiptData
from kiosk.services.slot import Slot
from kiosk.services.staff_login import StaffLogin
from kiosk.view import Message, Preview


@dataclass
class House:
    """region: where the machine stands. hall, hours: what the end screens and tickets say."""

    clock: Clock
    desk: DeviceDesk
    stopwatch: Stopwatch
    service: ServiceState
    identity: Identity
    authority: Authority
    audit: AuditLog
    policy: Policy
    executor: Executor
    slot: Slot
    cashier: Cashier
    papers: Papers
    notices: Notices
    staff_login: StaffLogin
    preview: Preview
    region: str
    hall: Message
    hours: str
    simulated: bool
    out_of_reach: bool
    """Whether the panel stands so that somebody in a wheelchair does not reach all of it."""
    ticket_number: Callable[[], str]
    """A number to quote where no case was opened."""
    settle_due: Callable[[], Awaitable[None]]
    """Takes up what an earlier case left open (a refund the provider had not finished), where its time has come."""
    settle: Callable[[], Awaitable[None]]
    """The same, while nobody stands there; then tells the hall what it has not accepted, and forgets what is due."""
    keep: Callable[[ReceiptData], None] | None = None
    """Where a demonstration keeps the receipt, to make its PDF afterwards; None on a machine, which keeps none."""
