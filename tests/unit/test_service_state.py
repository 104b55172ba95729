"""What keeps the machine from serving, and what does not."""

import asyncio
from typing import Any

import pytest

from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.status import Device, Media, Report, Supply
from kiosk.domain.failure import Failure
from kiosk.health.service_state import ServiceState


class Reports:
    """A desk whose devices report what the test says."""

    def __init__(self, *reports: Report) -> None:
        self._reports = list(reports)

    async def reports(self) -> list[Report]:
        return self._reports


def why(*reports: Report, standing: tuple[Failure, ...] = (), **gateways: Failure | None) -> list[str]:
    def probe(answer: Failure | None) -> Any:
        async def ask() -> Failure | None:
            return answer

        return ask

    desk: Any = Reports(*reports)
    state = ServiceState(desk, {name: probe(answer) for name, answer in gateways.items()}, lambda: standing)
    readiness = asyncio.run(state.ask())
    assert readiness.ready == (not readiness.why)
    return [failure.code for failure in readiness.why]


WELL = Report("card_printer", Device.ONLINE, Media.NOT_PRESENT)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report("card_module", Device.ONLINE, Media.PRESENT), "card_module.occupied"),
        (Report("card_module", Device.ONLINE, Media.JAMMED), "card_module.jam"),
        (Report("card_module", Device.ONLINE, Media.NOT_PRESENT, {"bin": Supply.FULL}), "card_module.bin_full"),
        (Report("lights", Device.OFFLINE, fault=DeviceFailure("lights.silent")), "lights.silent"),
        (Report("face_camera", Device.NO_DEVICE), "face_camera.noDevice"),
        (Report("card_printer", Device.ONLINE, fault=DeviceFailure("card_printer.cover_open", 0x40)), "card_printer.cover_open"),
    ],
)
def test_a_device_that_cannot_work_or_is_taken_says_why(report: Report, code: str) -> None:
    assert why(WELL, report) == [code]


def test_a_receipt_is_a_courtesy_and_paper_keeps_nobody_waiting() -> None:
    assert why(WELL, Report("receipt_printer", Device.OFFLINE)) == []


def test_a_machine_without_sound_serves() -> None:
    """Whatever is said stands on the screen."""
    assert why(WELL, Report("voice", Device.NO_DEVICE, fault=DeviceFailure("voice.no_device", detail={"device": "default"}))) == []


def test_one_way_to_pay_is_enough_and_the_authority_is_always_needed() -> None:
    away = Failure("payment.unreachable")
    assert why(WELL, authority=None, wechat=away, alipay=None) == []
    assert why(WELL, authority=None, wechat=away, alipay=away) == ["payment.unreachable"]
    assert why(WELL, authority=Failure("authority.unreachable"), wechat=None) == ["authority.unreachable"]


def test_what_stands_without_asking_comes_first() -> None:
    missing = Failure("face.models_missing")
    assert why(Report("card_module", Device.OFFLINE), standing=(missing,)) == ["face.models_missing", "card_module.offline"]
