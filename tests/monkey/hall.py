"""Random acts on the simulated hall's devices: cards, cables, faults, supplies, phones, faces."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import get_args

from drivers.world.client import ControlRefused, WorldClient
from drivers.world.control_bodies import GestureBody, SceneBody
from drivers.world.fault_table import DEVICES, SERIAL_DEVICES

SCENES: tuple[str, ...] = get_args(SceneBody.model_fields["name"].annotation)
GESTURES: tuple[str, ...] = get_args(GestureBody.model_fields["action"].annotation)
METHODS = ("wechat", "alipay")


class HallHands:
    """persona: who stands there now, set by the monkey. headset: the file that stands for the plugged-in jack."""

    def __init__(self, world: WorldClient, chance: Random, headset: Path) -> None:
        self._world, self._chance, self._headset = world, chance, headset
        self.persona = "ordinary"

    def id_card(self) -> str:
        if self._chance.random() < 0.5:
            return self._done(self._world.lift_id_card, "lift")
        return self._done(lambda: self._world.place_id_card(self.persona), f"place {self.persona}")

    def permit(self) -> str:
        act = self._chance.choice(("take", "pull", "insert"))
        does: dict[str, Callable[[], object]] = {
            "take": self._world.take_permit,
            "pull": self._world.pull_permit,
            "insert": lambda: self._world.insert_permit(self.persona),
        }
        return self._done(does[act], act)

    def fault(self) -> str:
        device = self._chance.choice(sorted(DEVICES))
        moment = self._chance.choice([name for name in sorted(DEVICES[device]) if name != "port"])
        kind = self._chance.choice(DEVICES[device][moment])
        times = self._chance.choice((1, 1, 1, 2, 3, 0))
        return self._done(lambda: self._world.put_fault(device, moment, kind, times), f"{device} {moment} {kind} x{times}")

    def mend(self) -> str:
        """Everything that was broken is whole again: faults, cables, covers, paper."""
        for fault in self._world.faults():
            self._world.delete_fault(fault["device"], fault["moment"])
        for device in SERIAL_DEVICES:
            self._world.delete_fault(device, "port")  # plugs the cable, however it came out
        self._world.supplies("receipt_printer", cover_open=False, paper_mm=80_000)
        self._world.supplies("card_printer", cover_open=False)
        return "all"

    def cable(self) -> str:
        device = self._chance.choice(SERIAL_DEVICES)
        if self._chance.random() < 0.5:
            return self._done(lambda: self._world.put_fault(device, "port", "unplug", 0), f"pull {device}")
        return self._done(lambda: self._world.delete_fault(device, "port"), f"plug {device}")

    def supply(self) -> str:
        device, levels = self._chance.choice(
            (
                ("receipt_printer", {"cover_open": True}),
                ("receipt_printer", {"paper_mm": 0}),
                ("receipt_printer", {"cover_open": False, "paper_mm": 80_000}),
                ("card_printer", {"cover_open": True}),
                ("card_printer", {"cover_open": False}),
                ("card_module", {"empty_bin": True}),
            )
        )
        return self._done(lambda: self._world.supplies(device, **levels), f"{device} {levels}")

    def phone(self) -> str:
        action, method = self._chance.choice(("pay", "decline")), self._chance.choice(METHODS)
        return self._done(lambda: self._world.phone(action, method), f"{action} {method}")

    def scene(self) -> str:
        name = self._chance.choice(SCENES)
        return self._done(lambda: self._world.scene(name, self.persona), name)

    def gesture(self) -> str:
        action = self._chance.choice(GESTURES)
        return self._done(lambda: self._world.gesture(action), action)

    def headset(self) -> str:
        plugged = self._chance.choice("01")
        self._headset.write_text(plugged)
        return f"plugged {plugged}"

    def _done(self, act: Callable[[], object], what: str) -> str:
        """What was done; a hall that refuses (the permit is not in the hand, nobody's card on the reader) is no fault."""
        try:
            act()
        except ControlRefused as refused:
            return f"{what}: {refused.code}"
        return what
