"""The devices' threads: no work is done after its caller has gone, and a busy device does not eat the next call's time."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.status import Device, Media, Report
from kiosk.domain.failure import Failure
from kiosk.health.desk import QUEUE_S, DeviceDesk
from kiosk.health.stopwatch import Stopwatch


class Quiet:
    opened = 0

    def open(self) -> DeviceFailure | None:
        self.opened += 1
        return None

    def close(self) -> None: ...

    def status(self) -> Report:
        return Report("card_module", Device.ONLINE, Media.NOT_PRESENT)


def busy_desk(work: Callable[[DeviceDesk, Quiet, threading.Event], Any], queue_s: float = QUEUE_S) -> Any:
    """Runs `work` while the device's one thread is held until the event is set."""

    async def main() -> Any:
        device, free = Quiet(), threading.Event()
        desk = DeviceDesk({"card_module": device}, Stopwatch(), queue_s)
        assert await desk.open_all() == {}
        begun = threading.Event()

        def hold() -> None:
            begun.set()
            free.wait(10)

        holding = asyncio.create_task(desk.call("card_module", hold, 30.0))
        await asyncio.to_thread(begun.wait, 10)
        try:
            return await work(desk, device, free)
        finally:
            free.set()
            await holding
            await desk.close()

    return asyncio.run(main())


def test_work_that_waited_too_long_in_the_queue_is_never_done() -> None:
    moved: list[str] = []

    async def late(desk: DeviceDesk, device: Quiet, free: threading.Event) -> None:
        assert await desk.call("card_module", lambda: moved.append("late")) == Failure("card_module.deadline")
        free.set()
        await asyncio.to_thread(desk._threads["card_module"].submit(lambda: None).result, 10)
        assert await desk.call("card_module", lambda: moved.append("next") or "done") == "done"
        assert moved == ["next"] and device.opened == 1  # nothing was lost on the line: not reopened

    busy_desk(late, queue_s=0.2)


def test_work_whose_caller_was_cancelled_in_the_queue_is_never_done() -> None:
    moved: list[str] = []

    async def cancelled(desk: DeviceDesk, _device: Quiet, free: threading.Event) -> None:
        waiting = asyncio.create_task(desk.call("card_module", lambda: moved.append("late")))
        await asyncio.sleep(0.02)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        free.set()
        await desk.call("card_module", lambda: moved.append("next"))
        assert moved == ["next"]

    busy_desk(cancelled)


def test_the_deadline_begins_with_the_work() -> None:
    async def patient(desk: DeviceDesk, _device: Quiet, free: threading.Event) -> None:
        waiting = asyncio.create_task(desk.call("card_module", lambda: "done", 0.2))
        await asyncio.sleep(0.4)
        assert not waiting.done()
        free.set()
        assert await waiting == "done"

    busy_desk(patient)


def test_work_that_does_not_come_back_is_a_deadline_and_the_device_is_reopened() -> None:
    async def main() -> None:
        device, free = Quiet(), threading.Event()
        desk = DeviceDesk({"card_module": device}, Stopwatch())
        await desk.open_all()
        assert await desk.call("card_module", lambda: free.wait(10), 0.05) == Failure("card_module.deadline")
        free.set()
        assert await desk.call("card_module", lambda: "done") == "done" and device.opened == 2
        await desk.close()

    asyncio.run(main())


class Cabled(Quiet):
    """A device whose cable can be pulled: a driver notices by a status that fails, and opens its port again only when it is told to."""

    plugged = line = True

    def open(self) -> DeviceFailure | None:
        super().open()
        self.line = self.plugged
        return None if self.line else DeviceFailure("card_module.port_absent")

    def status(self) -> Report:
        self.line = self.line and self.plugged
        return super().status() if self.line else Report("card_module", Device.OFFLINE, fault=DeviceFailure("card_module.port_lost"))


@pytest.mark.parametrize("noticed", [True, False])
def test_a_cable_that_is_plugged_in_again_needs_no_restart(noticed: bool) -> None:
    """noticed: whether a status was asked while it was out."""

    async def main() -> None:
        device = Cabled()
        desk = DeviceDesk({"card_module": device}, Stopwatch())
        await desk.open_all()
        device.plugged = device.line = False
        if noticed:
            for _ in range(2):
                (report,) = await desk.reports()
                assert report.device is Device.OFFLINE and report.fault == DeviceFailure("card_module.port_absent")
        device.plugged = True
        (report,) = await desk.reports()
        assert report.device is Device.ONLINE and report.fault is None
        await desk.close()

    asyncio.run(main())
