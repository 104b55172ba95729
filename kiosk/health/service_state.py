"""What can be sold now: asked of every device and gateway before a traveller is served."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from drivers.contract.status import Device, Media, Report, Supply
from kiosk.domain.failure import Failure
from kiosk.health.desk import DeviceDesk, in_our_words

Probe = Callable[[], Awaitable[Failure | None]]


@dataclass(frozen=True, slots=True)
class Readiness:
    """why: empty where the machine can serve. A traveller is shown the first reason."""

    why: tuple[Failure, ...]
    reports: tuple[Report, ...]
    gateways: tuple[tuple[str, Failure | None], ...]

    @property
    def ready(self) -> bool:
        return not self.why


class ServiceState:
    """Gateways by name, each with its own question. Asking takes as long as the slowest answers."""

    def __init__(self, desk: DeviceDesk, probes: Mapping[str, Probe], standing: Callable[[], Sequence[Failure]]) -> None:
        self._desk = desk
        self._probes = dict(probes)
        self._standing = standing
        """Reasons that need no asking: no room on the disk."""

    async def ask(self) -> Readiness:
        names = list(self._probes)
        reports, answers = await asyncio.gather(self._desk.reports(), asyncio.gather(*(self._probes[name]() for name in names)))
        gateways = tuple(zip(names, answers, strict=True))
        why = [*self._standing(), *(reason for report in reports if (reason := _fault(report)) is not None), *_closed(gateways)]
        return Readiness(tuple(why), tuple(reports), gateways)


def _closed(gateways: Sequence[tuple[str, Failure | None]]) -> list[Failure]:
    """The authority is needed, and one way to pay."""
    why = [failure for name, failure in gateways if name == "authority" and failure is not None]
    payments = [failure for name, failure in gateways if name != "authority"]
    if payments and all(failure is not None for failure in payments):
        why += [failure for failure in payments[:1] if failure is not None]
    return why


def _fault(report: Report) -> Failure | None:
    """Why this device keeps the machine from serving. Paper may be low or unknown: a receipt is a courtesy, the case number stands on the screen.

    Nor does a machine without sound close: whatever is said is on the screen as well.
    """
    if report.family in ("receipt_printer", "voice"):
        return None
    if report.fault is not None:
        return in_our_words(report.fault)
    if report.device is not Device.ONLINE:
        return Failure(f"{report.family}.{report.device.value}")
    if report.family == "card_module" and report.media is Media.PRESENT:
        return Failure("card_module.occupied")  # nobody's case knows this card: staff must take it out
    if report.media is Media.JAMMED:
        return Failure(f"{report.family}.jam")
    if report.supplies.get("bin") is Supply.FULL:
        return Failure(f"{report.family}.bin_full")
    return None
