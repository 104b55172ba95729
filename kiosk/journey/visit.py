"""One traveller's journey, in memory only; wiped when they leave."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drivers.contract.chip import PermitChip
from drivers.contract.id_reader import IdCard
from kiosk.case.casefile import Case
from kiosk.domain.endorsement import Destination
from kiosk.domain.failure import Failure
from kiosk.domain.permit import Permit
from kiosk.domain.person import RegistryRecord
from kiosk.domain.sensitive import Sensitive
from kiosk.health.stopwatch import Stopwatch
from kiosk.journey.events import Event
from kiosk.policy import Answer, Offer
from kiosk.view import Comfort, Message, OutcomeBody, StageState


@dataclass(frozen=True, slots=True)
class Turned:
    """Why the journey turned back: a policy refusal, an identity refusal or a device failure.

    text: the catalogue's sentence. rule: the policy row, or the room that refused.
    """

    code: str
    rule: str
    text: Message


@dataclass
class Visit:
    """Everything known of the traveller who stands there now."""

    comfort: Comfort = field(default_factory=Comfort)
    wanted: tuple[Destination, ...] = ()
    id_card: Sensitive[IdCard] | None = None
    record: Sensitive[RegistryRecord] | None = None
    permit: Sensitive[Permit] | None = None
    chip: Sensitive[PermitChip] | None = None
    answer: Answer | None = None
    chosen: dict[Destination, Offer] = field(default_factory=dict)
    phone: str = ""
    case: Case | None = None
    turned: Turned | None = None
    ended_by: Event | None = None  # what sent the journey into giving back or to its end
    receipt: str | None = None  # paper, qr, none
    ticket_printed: bool | None = None
    help: bool = False
    staff_wanted: bool = False
    problem: Message | None = None
    stages: list[tuple[Message, StageState]] = field(default_factory=list)
    fraction: float | None = None
    presenting: bool = False
    alarmed: bool = False
    good_frames: int = 0
    guidance: Message = field(default_factory=lambda: Message("face.guidance.hold_still"))
    why: Turned | None = None
    ending: OutcomeBody | None = None
    inserted: bool = False
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    inbox: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    changed: Callable[[], None] = lambda: None

    async def next_touch(self) -> str:
        """The next answer touched on this page (the footer's own are the engine's)."""
        with self.stopwatch.of("traveller"):
            return await self.inbox.get()

    def turn(self, code: str, rule: str, key: str, params: Mapping[str, Any] | None = None) -> None:
        self.turned = Turned(code, rule, Message(key, dict(params or {})))

    def fail(self, failure: Failure) -> None:
        """Turns the journey back for an expected failure; its room is the rule."""
        self.turn(failure.code, failure.code.split(".")[0], f"failure.{failure.code}", failure.detail)

    def turn_for(self, case: Case, otherwise: str) -> None:
        """Turns the journey back for what stopped the case; `otherwise` where the case itself names no failure."""
        file = case.file
        self.fail(Failure(otherwise) if file.cause is None else Failure(file.cause, file.cause_device_code, file.cause_detail))

    def wipe(self) -> None:
        """Forgets the person; the case number stays for the caller's result only."""
        self.id_card = self.record = self.permit = self.chip = None
        self.answer = None
        self.chosen.clear()
        self.phone = ""
        self.stages.clear()
