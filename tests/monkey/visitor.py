"""A scripted traveller who wants whatever is offered."""

from random import Random

from kiosk.traveller import Traveller
from kiosk.view import View


class Visitor(Traveller):
    """Chooses whatever is offered. What must not take seconds in a monkey's hand (pushing a card at a shut gate) is tried once."""

    chance: Random

    async def _choose(self, view: View) -> None:
        picks = [answer.id for answer in view.answers if answer.enabled and answer.id.startswith("pick:")]
        if view.offers("next") and (not picks or self.chance.random() < 0.6):
            await self._press(view, "next")
        elif picks:
            await self._press(view, self.chance.choice(picks))
        else:
            await self._press(view, "ticket")

    async def _act(self, view: View) -> None:
        if view.step == "attract":
            goes = [answer.id for answer in view.answers if answer.id.startswith("go:")]
            if goes:
                await self._press(view, self.chance.choice(goes))
        elif view.step in ("other_way", "staff_confirm", "staff_compare"):
            await self._press(view, self.chance.choice([answer.id for answer in view.answers if answer.enabled]))
        elif view.step == "contact":  # another hand opened it
            await self._press(view, "skip")
        else:
            await super()._act(view)

    def _insert(self) -> None:
        self.world.insert_permit(self.persona, self.chance.choice(list(self.permits.values())))

    def _take(self) -> None:
        self.world.take_permit()
