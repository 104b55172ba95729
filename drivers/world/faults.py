"""Scripted faults: what a tester told a simulated device or server to do wrong, and when."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """kind: what goes wrong, in the device's own words (`jam`, `silence`, `bad_checksum`). times: how often, 0 = until deleted.

    parameters: numbers or words a kind may need (`after_bytes`, `code`).
    """

    kind: str
    times: int = 1
    parameters: Mapping[str, str | int] = field(default_factory=dict)


class FaultBoard:
    """(device, moment) → Fault. Devices ask at each moment of theirs; asking uses one of the fault's times up. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[tuple[str, str], tuple[Fault, int]] = {}

    def put(self, device: str, moment: str, fault: Fault) -> None:
        with self._lock:
            self._faults[device, moment] = (fault, fault.times)

    def delete(self, device: str, moment: str) -> bool:
        with self._lock:
            return self._faults.pop((device, moment), None) is not None

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, device: str, moment: str) -> Fault | None:
        """The fault due now, if any."""
        with self._lock:
            entry = self._faults.get((device, moment))
            if entry is None:
                return None
            fault, left = entry
            if fault.times:
                if left <= 1:
                    del self._faults[device, moment]
                else:
                    self._faults[device, moment] = (fault, left - 1)
            return fault

    def listed(self) -> list[dict[str, object]]:
        with self._lock:
            return [
                {"device": device, "moment": moment, "kind": fault.kind, "times": left, "parameters": dict(fault.parameters)}
                for (device, moment), (fault, left) in sorted(self._faults.items())
            ]
