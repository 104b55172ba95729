"""The kinds of journey that are cut off, and the faults that a hall can be told, for the part of the matrix with real processes."""

from dataclasses import dataclass

from drivers.world import fault_table
from kiosk.traveller import Traveller
from kiosk.view import PayBody, View


@dataclass(frozen=True)
class Kind:
    """pay: as on the command line; manner: which of the travellers below walks. region: where the machine stands."""

    persona: str
    choose: str
    pay: str = "wechat"
    manner: str = "plain"
    region: str = "440100"


KINDS = {
    "one": Kind("ordinary", "HKG:G:1Y1"),
    "two": Kind("ordinary", "HKG:G:1Y1,MAC:G:3M1"),
    "taiwan": Kind("taiwan-fujian", "TWN:G:6M1", region="350200"),
    "kept": Kind("one-block-kept", "HKG:G:1Y1"),
    "blank": Kind("blank-back", "HKG:G:1Y1"),
    "alipay": Kind("ordinary", "HKG:G:1Y1", pay="alipay"),
    "cancels": Kind("ordinary", "HKG:G:1Y1", manner="cancels"),  # at the review, before anything is paid
    "cancels_paying": Kind("ordinary", "HKG:G:1Y1", pay="none"),
    "never_pays": Kind("ordinary", "HKG:G:1Y1", manner="never_pays"),
    "changes": Kind("ordinary", "HKG:G:1Y1", manner="changes"),
    "leaves_card": Kind("one-block-kept", "HKG:G:1Y1", manner="leaves_card"),
}


class Cancels(Traveller):
    async def _act(self, view: View) -> None:
        if view.step == "review":
            await self._press(view, "footer.cancel")
        else:
            await super()._act(view)


class NeverPays(Traveller):
    async def _pay(self, view: View) -> None:
        return


class Changes(Traveller):
    """Looks at the first code, then pays in the other way."""

    async def _pay(self, view: View) -> None:
        if isinstance(view.body, PayBody) and view.body.code and "changed" not in self._done:
            self._done.add("changed")
            await self._press(view, "other_method")
            self.pay = "alipay"
        else:
            await super()._pay(view)


class LeavesCard(Traveller):
    def _take(self) -> None:
        return


MANNERS: dict[str, type[Traveller]] = {
    "plain": Traveller,
    "cancels": Cancels,
    "never_pays": NeverPays,
    "changes": Changes,
    "leaves_card": LeavesCard,
}

BEFORE_THE_CASE = ("id_reader", "chip", "face_camera", "lights", "receipt_printer")
"""Devices that neither hold the card nor move money: their faults are in the matrix for completeness, one of each."""


def faults() -> list[tuple[str, str, str]]:
    """(device, moment, kind) of everything a hall can be told that can touch a case."""
    found = []
    for device, moments in fault_table.DEVICES.items():
        for moment, kinds in moments.items():
            found += [(device, moment, kind) for kind in kinds if device not in BEFORE_THE_CASE]
    return found
