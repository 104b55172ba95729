"""What the steps may use: the use cases, handed in by `kiosk.app`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kiosk.case.executor import Executor
from kiosk.domain.clock import Clock
from kiosk.gateways.authority import Authority
from kiosk.health.desk import DeviceDesk
from kiosk.health.service_state import ServiceState
from kiosk.health.stopwatch import Stopwatch
from kiosk.policy import Policy
from kiosk.services.cashier import Cashier
from kiosk.services.identity import Identity
from kiosk.services.papers import Papers, ReceiptData
from kiosk.services.slot import Slot
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
    policy: Policy
    executor: Executor
    slot: Slot
    cashier: Cashier
    papers: Papers
    preview: Preview
    region: str
    hall: Message
    hours: str
    simulated: bool
    ticket_number: Callable[[], str]
    """A number to quote where no case was opened."""
    settle: Callable[[], Awaitable[None]]
    """Takes up what an earlier case left open (a refund the provider had not finished)."""
    keep: Callable[[ReceiptData], None] | None = None
    """Where a demonstration keeps the receipt, to make its PDF afterwards; None on a machine, which keeps none."""
