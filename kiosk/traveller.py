"""A scripted traveller: looks at the pages, presses what a person would press, and does the physical acts through the hall's control API."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from drivers.world.client import ControlRefused, WorldClient
from kiosk.domain.endorsement import Destination, OptionCode
from kiosk.domain.permit import PermitKind
from kiosk.view import ActBody, FaceBody, OutcomeBody, PayBody, Picture, Seam, View

HAND_LOOKS, HAND_EVERY_S = 150, 0.03
GESTURES = {
    "turn_left": "turn_left",
    "turn_left_more": "turn_left",
    "turn_right": "turn_right",
    "turn_right_more": "turn_right",
    "front": "face_front",
    "turn_not_seen": "face_front",
    "turn_other_side": "face_front",
    "changed": "face_front",
    "blink": "blink",
}
Press = Callable[[View, str], Awaitable[bool]]
Shown = Callable[[View], Awaitable[None]]


@dataclass
class Traveller:
    """One person with a plan. permits: number by kind. press: how an answer is given (posted on the seam, or a real control pressed).

    shown: called for each page before anything is done with it (screenshots). pay: wechat, alipay or none. leave: called where the machine
    says that it is out of service.
    """

    seam: Seam
    world: WorldClient
    persona: str
    permits: dict[PermitKind, str]
    options: Sequence[OptionCode]
    pay: str
    press: Press
    shown: Shown | None = None
    leave: Callable[[], None] = lambda: None
    receipt: str = "receipt:paper"
    _pages: "asyncio.Queue[View]" = field(default_factory=asyncio.Queue)
    _done: set[str] = field(default_factory=set)
    _tries: int = 0
    _guided: str = ""

    async def walk(self) -> None:
        """Walks until the journey's last page is finished. Cancel it when the journey ends otherwise."""
        loop = asyncio.get_running_loop()

        def note(view: View) -> None:
            loop.call_soon_threadsafe(self._pages.put_nowait, view)

        self.seam.watch(note)
        while True:
            view = await self._pages.get()
            while not self._pages.empty():
                newer = self._pages.get_nowait()
                if self.shown is not None and newer.step != view.step:
                    await self.shown(view)
                view = newer
            if self.shown is not None:
                await self.shown(view)
            try:
                await self._act(view)
            except ControlRefused:
                self._tries += 1  # a hall that refuses (a fault was scripted) leaves the machine to its own time-outs

    async def _once(self, name: str, work: Callable[[], object]) -> None:
        if name not in self._done:
            self._done.add(name)
            await asyncio.to_thread(work)

    async def _press(self, view: View, answer: str) -> None:
        """Presses where the page offers it; a page that changed meanwhile comes again."""
        if view.offers(answer):
            await self.press(view, answer)

    async def _act(self, view: View) -> None:
        match view.step:
            case "attract":
                await self._press(view, "go:" + ",".join(destination for destination in Destination if destination in self._destinations()))
            case "notice":
                await self._press(view, "agree")
            case "id_card":
                await self._id_card(view)
            case "permit":
                await self._once("insert", self._insert)
            case "face":
                await self._face(view)
            case "choose":
                await self._choose(view)
            case "phone":
                await self._press(view, "skip")
            case "review":
                await self._press(view, "confirm")
            case "pay_method":
                await self._press(view, f"pay:{self.pay}" if view.offers(f"pay:{self.pay}") else _first(view, "pay:"))
            case "pay":
                await self._pay(view)
            case "take_card" | "giving_back":
                if isinstance(view.body, ActBody) and view.body.picture is Picture.TAKE_PERMIT:
                    await asyncio.to_thread(self._take)
            case "out_of_service":
                self.leave()
            case "receipt":
                await self._press(view, self.receipt if view.problem is None else "receipt:none")
            case _:
                if isinstance(view.body, OutcomeBody):
                    await self._press(view, "finish")

    def _destinations(self) -> set[Destination]:
        return {option.destination for option in self.options}

    async def _id_card(self, view: View) -> None:
        if view.problem is not None and f"again{self._tries}" not in self._done:
            self._done.add(f"again{self._tries}")
            await asyncio.to_thread(self.world.lift_id_card)
            self._done.discard("id_card")
        await self._once("id_card", lambda: self.world.place_id_card(self.persona))

    async def _face(self, view: View) -> None:
        """Does what the camera's page asks for; whoever stands there does it as well as they can."""
        guidance = view.body.guidance.key.removeprefix("face.guidance.") if isinstance(view.body, FaceBody) else ""
        before, self._guided = self._guided, guidance
        if guidance != before and guidance in GESTURES:
            await asyncio.to_thread(self.world.gesture, GESTURES[guidance])

    def _insert(self) -> None:
        kind = PermitKind.TAIWAN if self._destinations() == {Destination.TWN} else PermitKind.HKMO
        if kind not in self.permits:
            return
        for _look in range(HAND_LOOKS):
            if self.world.insert_permit(self.persona, self.permits[kind]):
                return
            time.sleep(HAND_EVERY_S)  # the gate was still shut: a person pushes again

    def _take(self) -> None:
        """The card may still be on its way to the gate: a person reaches for it when it is there."""
        for _look in range(HAND_LOOKS):
            if self.world.take_permit() is not None:
                return
            time.sleep(HAND_EVERY_S)

    async def _choose(self, view: View) -> None:
        for option in self.options:
            pick = f"pick:{option}"
            if not view.offers(pick):
                await self._ask_why(view, option)
                return
            if pick not in self._done:
                self._done.add(pick)
                await self._press(view, pick)
                return  # the page comes again with the choice marked
        await self._press(view, "next")

    async def _ask_why(self, view: View, option: OptionCode) -> None:
        """Touches what is not offered, reads why, and takes the ticket to the window."""
        whys = [f"why:{option}", f"why:{option.destination}:{option.kind}:*", f"why:{option.destination}:*:*", "why:*:*:*"]
        why = next((answer for answer in whys if view.offers(answer)), None)
        if why is not None and why not in self._done:
            self._done.add(why)
            await self._press(view, why)
        else:
            await self._press(view, "ticket")

    async def _pay(self, view: View) -> None:
        if not isinstance(view.body, PayBody) or not view.body.code:
            return
        if self.pay == "none":
            await self._press(view, "footer.cancel")
        else:
            await self._once(f"paid:{view.body.order_tail}", lambda: self.world.phone("pay", self.pay))


def _first(view: View, prefix: str) -> str:
    return next((answer.id for answer in view.answers if answer.id.startswith(prefix)), "")
