"""Devices behind one desk: each in a thread of its own, each call with a deadline, failures in the machine's words."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar, runtime_checkable

from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.status import Device, Report
from kiosk.domain.failure import Failure
from kiosk.health.stopwatch import Stopwatch

T = TypeVar("T")
QUEUE_S = 30.0
"""How long a call waits for the device's thread to come free; its own deadline begins after that."""


class AnyDevice(Protocol):
    def open(self) -> DeviceFailure | None: ...

    def close(self) -> None: ...

    def status(self) -> Report: ...


@runtime_checkable
class Forgetful(Protocol):
    """A device whose driver keeps something between calls; see `drivers.contract.camera.Camera.forget`."""

    def forget(self) -> None: ...


def in_our_words(failure: DeviceFailure) -> Failure:
    """A driver's failure as the rest of the machine carries it."""
    return Failure(failure.code, failure.device_code, dict(failure.detail))


def _lost(answer: object) -> bool:
    """Whether a driver's answer says that its port is gone; a status says it as its fault."""
    fault = answer.fault if isinstance(answer, Report) else answer
    return isinstance(fault, DeviceFailure) and fault.code.endswith((".port_lost", ".port_absent"))


class DeviceDesk:
    """Families by name. A device that lost its port is reopened (and so resynchronised) before the next call."""

    def __init__(self, devices: Mapping[str, AnyDevice], stopwatch: Stopwatch, queue_s: float = QUEUE_S) -> None:
        self.devices = dict(devices)
        self._stopwatch = stopwatch
        self._queue_s = queue_s
        self._threads = {family: ThreadPoolExecutor(1, thread_name_prefix=family) for family in devices}
        self._open: set[str] = set()

    async def open_all(self) -> dict[str, Failure]:
        """Opens every device at the same time; those that could not be opened, with why."""
        results = await asyncio.gather(*(self._reopen(family) for family in self.devices))
        return {family: failure for family, failure in zip(self.devices, results, strict=True) if failure is not None}

    async def _reopen(self, family: str, deadline_s: float = 15.0) -> Failure | None:
        result = await self._run(family, self.devices[family].open, deadline_s)
        if isinstance(result, DeviceFailure):
            return in_our_words(result)
        if isinstance(result, Failure):
            return result
        self._open.add(family)
        return None

    async def call(self, family: str, work: Callable[[], T | DeviceFailure], deadline_s: float = 10.0) -> T | Failure:
        """Runs one blocking driver call in the device's thread; `<family>.deadline` when it does not come back in time."""
        with self._stopwatch.of("device"):
            if family not in self._open:
                failure = await self._reopen(family)
                if failure is not None:
                    return failure
            result = await self._run(family, work, deadline_s)
        if _lost(result):
            self._open.discard(family)
        return in_our_words(result) if isinstance(result, DeviceFailure) else result

    async def _run(self, family: str, work: Callable[[], T], deadline_s: float) -> T | Failure:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def in_thread() -> T:
            loop.call_soon_threadsafe(begun.set)
            return work()

        future = self._threads[family].submit(in_thread)
        answer = asyncio.wrap_future(future)
        try:
            await asyncio.wait_for(begun.wait(), self._queue_s)
            return await asyncio.wait_for(asyncio.shield(answer), deadline_s)
        except TimeoutError:
            if not future.cancel():
                self._open.discard(family)  # the late answer must not be taken for the next one's: reopen first
            return Failure(f"{family}.deadline")
        finally:
            future.cancel()  # what has not begun when its caller has gone never moves anything later

    async def reports(self) -> list[Report]:
        """Every device's status, asked at the same time; silence is said as such. A line that was lost is opened anew and asked once more: the
        cable may be back since, and whoever touches the screen next should not be the one to find out."""

        async def asked(family: str) -> Report:
            report: Report | Failure = await self.call(family, self.devices[family].status, 10.0)
            if isinstance(report, Failure):
                return Report(family, Device.OFFLINE, fault=DeviceFailure(report.code, report.device_code, dict(report.detail)))
            return report

        async def one(family: str) -> Report:
            was_open = family in self._open
            report = await asked(family)
            return await asked(family) if was_open and _lost(report) else report

        return list(await asyncio.gather(*(one(family) for family in self.devices)))

    def forget(self) -> None:
        """Has every device that holds pictures of the traveller or the card (the cameras) drop them. Does not block."""
        for device in self.devices.values():
            if isinstance(device, Forgetful):
                device.forget()

    def get(self, family: str) -> Any:
        """The driver itself, for the callables handed to `call`."""
        return self.devices[family]

    async def close(self) -> None:
        self._queue_s = min(self._queue_s, 5.0)
        for family, device in self.devices.items():
            await self._run(family, device.close, 5.0)
            self._threads[family].shutdown(wait=False, cancel_futures=True)
