"""Takes pages through every proof of what is laid out and told, and counts what was looked at."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kiosk.i18n import Catalogue
from kiosk.view import ChooseBody, Comfort, TextBody, View
from tests.ui.conftest import Stage
from tests.ui.geometry import Laid, faults_laid, laid_out, low_capitals, out_of_reach
from tests.ui.keys import Key, focused, strike
from tests.ui.reading import as_read, everything_said, turned
from tests.ui.telling import DIALOG, faults_told


class Walk:
    """found: every fault, with its page. screens: the pages looked at, as they come and with their keys lowered. counted: topic -> what was looked
    at, and how many. too_high: controls that somebody who sits could not reach where nothing is lowered."""

    def __init__(self, stage: Stage, words: Catalogue) -> None:
        self.found: list[str] = []
        self.screens: dict[str, list[str]] = {"as they come": [], "lowered": []}
        self.counted: dict[str, Counter[str]] = defaultdict(Counter)
        self.too_high = 0
        self._stage, self._words = stage, words

    def all(self, pages: Mapping[str, View], orientation: str, language: str, text_size: int) -> None:
        """Each page as it comes, and then with its keys lowered."""
        for name, page in pages.items():
            view = replace(in_its_last_seconds(page, self._stage), comfort=replace(page.comfort, language=language, text_size=text_size))
            reached: set[str] = set()
            for number in turned(self._stage, view, orientation, view.comfort):
                reached |= self.look(f"{name}, page {number + 1}", view)
            self._note(name, unreached(view, reached))
            self.screens["as they come"].append(name)
            comfort = replace(view.comfort, low_reach=True)
            for number in turned(self._stage, view, orientation, comfort):
                self.look_lowered(f"{name}, lowered, page {number + 1}", comfort)
            self.screens["lowered"].append(name)

    def look(self, name: str, view: View) -> set[str]:
        """Everything but the reach. Returns the names of the controls that keys reach."""
        laid = self._laid()
        self._layout(name, laid, view.comfort)
        self.too_high += len(self._out_of_reach(laid))
        everything = list(everything_said(self._stage))
        self._note(name, faults_told(laid, everything, view, self._words))
        self.counted["names and roles"]["controls"] += len(laid.touchable())
        self.counted["names and roles"]["told_in_all"] += len(everything)
        enabled = [control for control in laid.controls if control.item.isEnabled()]
        read, reached = [control.name for control in as_read(enabled)], self._tabbed(len(enabled))
        self._note(name, [f"keys go {reached}, the page reads {read}"] if reached != read else [])
        self.counted["focus order"]["controls"] += len(reached)
        return set(reached)

    def look_lowered(self, name: str, comfort: Comfort) -> None:
        """The layout, and whether somebody who sits reaches all of it."""
        laid = self._laid()
        self._layout(name, laid, comfort)
        self._note(name, self._out_of_reach(laid))
        self.counted["low reach"]["controls"] += len(laid.controls)

    def _laid(self) -> Laid:
        return laid_out(self._stage.window.quick_window, self._stage.window.panel.px_per_mm)

    def _out_of_reach(self, laid: Laid) -> list[str]:
        return list(out_of_reach(laid, self._stage.window.panel.above_reach_px, self._stage.window.panel.below_reach_px))

    def _layout(self, name: str, laid: Laid, comfort: Comfort) -> None:
        self._note(name, faults_laid(laid))
        self._note(name, low_capitals(laid, comfort.text_size))
        self.counted["layout"]["targets"] += len(laid.touchable())
        self.counted["layout"]["texts"] += len(laid.texts)

    def _tabbed(self, steps: int) -> list[str]:
        self._stage.by_touch_alone()
        names = []
        for _ in range(steps):
            strike(self._stage, Key.Key_Tab)
            names.append(focused(self._stage))
        return names

    def _note(self, name: str, faults: Iterator[str] | list[str]) -> None:
        self.found += [f"{name}: {fault}" for fault in faults]


def unreached(view: View, reached: set[str]) -> list[str]:
    return [f"{answer} is offered and no key reaches it" for answer in sorted(offered(view) - reached)]


def in_its_last_seconds(view: View, stage: Stage) -> View:
    """As long before its end as ever a countdown is shown: however long the tests have run, it has two digits."""
    deadline = view.deadline
    return view if deadline is None else replace(view, deadline=replace(deadline, ends_at=stage.window.page.clock() + deadline.alert_s))


def offered(view: View) -> set[str]:
    """Names of the controls that the view lets be pressed. A dialog takes the page behind it away; why an option cannot be had is written, and only
    a traveller without a screen asks."""
    whys = {each.answer for group in view.body.groups for each in group.choices if each.why_not} if isinstance(view.body, ChooseBody) else set()
    unwritten = isinstance(view.body, TextBody) and not view.body.written  # nothing is there to be handed over
    enabled = [answer for answer in view.answers if answer.enabled and not (answer.text_limit and unwritten)]
    names = {f"answer:{answer.id}" for answer in enabled if answer.id not in whys}
    if view.deadline is not None and view.deadline.asked:
        return names & DIALOG.keys()
    if view.offers("voice.close"):
        return {name for name in names if name.startswith(("answer:voice.", "answer:footer."))}
    return names
