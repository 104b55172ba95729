"""How long a traveller may do nothing, the whole of it in one table.

Asked for "more time?" after 120 to 300 s, and the question stands for 20 to 45 s (VVSG 2.0, 7.2-O). One touch begins the time anew, as often as the
traveller likes (WCAG 2.2.1 wants ten times). Who has the elder mode or the voice on has the slow column: they hear a page before they answer it.
"""

from dataclasses import dataclass

from kiosk.domain.clock import Window
from kiosk.view import Comfort

TICK_S = 0.25
TOLD_EVERY_S = 15
"""How often the seconds that are left are said anew, while the question stands."""


@dataclass(frozen=True, slots=True)
class Span:
    """quiet_s, then alert_s with the seconds counted down. asked: with the question whether more time is wanted."""

    quiet_s: float
    alert_s: float
    asked: bool = True

    @property
    def ticks(self) -> int:
        return round((self.quiet_s + self.alert_s) / TICK_S)


@dataclass(frozen=True, slots=True)
class Patience:
    usual: Span
    slow: Span

    def of(self, comfort: Comfort) -> Span:
        return self.slow if comfort.unhurried else self.usual

    @property
    def limited(self) -> bool:
        return self.usual.ticks > 0


UNLIMITED = Patience(Span(0, 0), Span(0, 0))  # the step has a window of its own, or none
LOOKING = Patience(Span(120, 30), Span(240, 45))
READING = Patience(Span(150, 30), Span(300, 45))
TYPING = Patience(Span(180, 30), Span(300, 45))
COMING = Patience(Span(300, 30), Span(300, 45))  # a member of staff has to come to the machine
# no more can be had: whoever stands there now could answer in the name of staff who went away
COMPARING = Patience(Span(30, 30, asked=False), Span(30, 30, asked=False))
# an end screen gives way to the next traveller; it is heard through in less than a minute
ENDING = Patience(Span(0, 20, asked=False), Span(30, 30, asked=False))
PAYING = Window(285, 2.0)
"""How long one code may be paid, asked for every 2 s: less than its order lives (`CHARGE_LIFE_S`). Whoever does nothing is asked long before; for
whoever wanted more time the code is then closed, and another one can be had."""
ID_CARD_TRIES = 3
HEALTH_EVERY_S = 30.0
