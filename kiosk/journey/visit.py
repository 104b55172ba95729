"""One traveller's journey, in memory only; wiped when they leave.

What "wiped" can mean in Python: no object that the machine can still reach holds anything of the person. Pictures (numpy arrays, the preview, the
camera's newest frame, the face's numbers) are overwritten with zeros first. Text and `bytes` (name, numbers, the chip's portrait as it was read)
cannot be overwritten: they are let go, and their memory is used again for the next thing. That is why no core file is ever written
(`kiosk.commands.hardened`) and why a machine has no swap.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from drivers.contract.chip import PermitChip
from drivers.contract.id_reader import IdCard
from kiosk.case.casefile import Case, CaseFile
from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination
from kiosk.domain.failure import Failure
from kiosk.domain.permit import Permit
from kiosk.domain.person import RegistryRecord
from kiosk.domain.sensitive import Sensitive
from kiosk.face.verdict import Sight
from kiosk.health.stopwatch import Stopwatch
from kiosk.journey.confirming import Confirming
from kiosk.journey.events import Event
from kiosk.journey.final_words import cause_key
from kiosk.policy import Answer, Offer
from kiosk.view import Comfort, Message, OutcomeBody, StageState


@dataclass(frozen=True, slots=True)
class Turned:
    """Why the journey turned back: a policy refusal, an identity refusal or a device failure.

    text: the catalogue's sentence. rule: the policy row, or the room that refused.
    """

    code: str
    rule: str
    text: Message = field(repr=False)


@dataclass
class Visit:
    """Everything known of the traveller who stands there now.

    Its repr goes into the log when a step fails: personal fields are Sensitive there, or left out.
    """

    comfort: Comfort = field(default_factory=Comfort)
    wanted: tuple[Destination, ...] = ()
    id_card: Sensitive[IdCard] | None = None
    record: Sensitive[RegistryRecord] | None = None
    permit: Sensitive[Permit] | None = None
    chip: Sensitive[PermitChip] | None = None
    answer: Answer | None = field(default=None, repr=False)
    chosen: dict[Destination, Offer] = field(default_factory=dict, repr=False)
    phone: Sensitive[str] = field(default_factory=lambda: Sensitive(""))
    contact: Contact = field(default_factory=Contact)
    asked_contact: str = ""  # which of the contact's questions is on
    written: Sensitive[str] = field(default_factory=lambda: Sensitive(""))  # the text of the touch that was taken last, empty where it brought none
    case: Case | None = None
    turned: Turned | None = None
    ended_by: Event | None = None  # what sent the journey into giving back or to its end
    receipt: str | None = None  # paper, qr, none
    ticket_printed: bool | None = None
    help: bool = False
    voice_sheet: bool = False  # the voice's keys lie over the page
    voice_by_headset: bool = False  # plugging one in turned the voice on, so pulling it out turns it off
    staff_wanted: bool = False
    problem: Message | None = field(default=None, repr=False)
    stages: list[tuple[Message, StageState]] = field(default_factory=list, repr=False)
    fraction: float | None = None
    presenting: bool = False
    alarmed: bool = False
    face_declined: bool = False  # agreed to everything but the camera
    staff_can_confirm: bool = True  # somebody could log in here, when it was looked at last
    confirming: Confirming = field(default_factory=Confirming, repr=False)
    camera_left: bool = True  # the holder has a chance left before it
    sight: Sight | None = None  # what the camera's page shows
    why: Turned | None = None
    ending: OutcomeBody | None = field(default=None, repr=False)
    inserted: bool = False
    stopwatch: Stopwatch = field(default_factory=Stopwatch, repr=False)
    inbox: "asyncio.Queue[tuple[str, Sensitive[str]]]" = field(default_factory=asyncio.Queue, repr=False)  # what was touched, and its text
    changed: Callable[[], None] = field(default=lambda: None, repr=False)

    def touch(self, answer: str, text: str = "") -> None:
        """An answer of this page was touched."""
        self.inbox.put_nowait((answer, Sensitive(text)))

    async def next_touch(self) -> str:
        """The next answer touched on this page (the footer's own are the engine's); its text is `written` then."""
        with self.stopwatch.of("traveller"):
            answer, self.written = await self.inbox.get()
            return answer

    def turn(self, code: str, rule: str, key: str, params: Mapping[str, Any] | None = None) -> None:
        self.turned = Turned(code, rule, Message(key, dict(params or {})))

    def fail(self, failure: Failure) -> None:
        """Turns the journey back for an expected failure; its room is the rule."""
        self.turn(failure.code, failure.code.split(".")[0], f"failure.{failure.code}", failure.detail)

    def turn_for(self, case: Case, otherwise: str) -> None:
        """Turns the journey back for what stopped the case; `otherwise` where the case itself names no failure."""
        file = case.file
        failure = Failure(otherwise) if file.cause is None else Failure(file.cause, file.cause_device_code, file.cause_detail)
        self.fail(failure)
        if self.inserted and (key := cause_key(failure.code)) != f"failure.{failure.code}":
            self.turn(failure.code, failure.code.split(".")[0], key)

    def wipe(self) -> None:
        """Forgets the person. For the caller's result stay: the case's number and standing, the refusal's code, rule and sentence, what was printed.

        The case's file is let go too; whoever must know it loads it from the journal, where it lies encrypted.
        """
        self.id_card = self.record = self.permit = self.chip = None
        self.answer = self.problem = self.why = self.ending = None
        self.chosen.clear()
        self.phone = self.written = Sensitive("")
        self.contact = Contact()
        self.confirming = Confirming()
        self.stages.clear()
        self.inbox = asyncio.Queue()
        self.changed = lambda: None  # what is settled for this case later has no page any more
        if self.case is not None:
            self.case = replace(self.case, file=CaseFile(permit_number="", permit_kind="", id_number=""))
