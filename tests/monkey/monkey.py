"""The monkey: mostly does what the page asks, as the scripted traveller would, and otherwise anything at all.

The same seed draws alike; what a page offers at an event also depends on the pace of the computer.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from random import Random

from drivers.world.client import ControlRefused, WorldClient
from kiosk.domain.permit import PermitKind
from kiosk.view import Seam, View
from tests.monkey.hall import HallHands
from tests.monkey.hands import Hands
from tests.monkey.visitor import Visitor
from ui.app import Screen

MOODS = (0.03, 0.1, 0.35)
"""How large a part of the events is random, drawn for each visitor: a calm one gets to the end, a wild one does not."""
RANDOM = {
    "control": 10,
    "tap": 8,
    "drag": 6,
    "touch": 6,
    "key": 10,
    "switch": 8,
    "id_card": 3,
    "permit": 3,
    "fault": 8,
    "mend": 6,
    "cable": 3,
    "supply": 3,
    "phone": 3,
    "scene": 2,
    "gesture": 2,
    "headset": 2,
}
ON_THE_GLASS = ("control", "tap", "drag", "touch", "key", "switch")
LAST, LOOK_S = 40, 0.6
SERVED = (
    *("ordinary", "one-block-kept", "blank-back", "worn-card", "usable-left", "both-permits", "elderly", "shenzhen-unlimited"),
    *("zhuhai-weekly", "residence-permit", "hengqin-unlimited", "macau-recent"),
)
"""People who can get an endorsement: they come more often, or most visits would end at the registry."""


class Monkey:
    """Throws `events` events at a running machine. `kinds` and `last` say what it did."""

    def __init__(self, screen: Screen, seam: Seam, world: WorldClient, hall: HallHands, chance: Random) -> None:
        self._screen, self._seam, self._world, self._hall, self._chance = screen, seam, world, hall, chance
        self._hands = screen._on_qt(lambda: Hands(screen.window.quick_window, chance))
        self.kinds: Counter[str] = Counter()
        self.last: deque[str] = deque(maxlen=LAST)
        self._began = time.monotonic()
        self._visitor: Visitor | None = None
        self._mood = MOODS[0]
        self._seen: set[str] = set()

    def play(self, events: int) -> None:
        for _ in range(events):
            view = self._seam.view
            if view is not None and view.step == "attract" and (self._visitor is None or "agree" in self._visitor._done):
                self._visitor = None
            if self._chance.random() < self._mood:
                self._random()
            else:
                self._sensible()
            time.sleep(self._chance.choice((0.0, 0.02, 0.1, 0.2)))

    def _sensible(self) -> None:
        view = self._seam.view
        if view is None:
            return
        if self._visitor is None:
            self._visitor = self._come()
        if view.step == "notice":
            self._visitor._done.add("agree")  # from now on they are this visit's; the next first page is somebody else's
        try:
            asyncio.run(self._visitor._act(view))
            said = view.step
        except ControlRefused as refused:
            said = f"{view.step}: {refused.code}"
            self._visitor._done -= {"insert", "id_card"}
        self._note("sensible", said)
        until = time.monotonic() + LOOK_S
        while self._seam.view is view and time.monotonic() < until:
            time.sleep(0.02)  # whoever has done what was asked looks at what comes of it

    def _random(self) -> None:
        kind = self._chance.choices(list(RANDOM), list(RANDOM.values()))[0]
        if kind in ON_THE_GLASS:
            act: Callable[[], str] = getattr(self._hands, kind)
            self._note(kind, self._screen._on_qt(act))
        else:
            self._note(kind, getattr(self._hall, kind)())

    def _come(self) -> Visitor:
        """Somebody whose permit is still in their hand steps up, with a mood of their own."""
        in_hand = {row["number"] for row in self._world.ledger()["permits"] if row["where"] == "traveller"}
        people = [row for row in self._world.personas() if row["face"] and in_hand & {permit["number"] for permit in row["permits"]}]
        who = self._chance.choice([row for row in people if row["id"] in SERVED and row["id"] not in self._seen] * 4 + people)
        self._seen.add(who["id"])
        self._hall.persona = who["id"]
        self._mood = self._chance.choice(MOODS)
        permits = {PermitKind(permit["kind"]): permit["number"] for permit in who["permits"] if permit["number"] in in_hand}
        self._world.lift_id_card()
        self._world.scene("live", who["id"])
        self._note("visitor", f"{who['id']}, wild {self._mood}")

        async def press(_view: View, answer: str) -> bool:
            return self._screen.press(answer)

        receipt = self._chance.choice(("receipt:paper", "receipt:none"))
        pay = self._chance.choice(("wechat", "alipay"))
        visitor = Visitor(self._seam, self._world, who["id"], permits, (), pay, press, receipt=receipt)
        visitor.chance = self._chance
        return visitor

    def _note(self, kind: str, what: str) -> None:
        view = self._seam.view
        self.kinds[kind] += 1
        self.last.append(f"{time.monotonic() - self._began:7.2f} {view.step if view else '-':15} {kind:9} {what}")
