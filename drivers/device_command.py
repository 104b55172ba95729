"""One command to one device, without a profile: the body of `kiosk device FAMILY COMMAND`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from drivers import registry
from drivers.contract.camera import Camera
from drivers.contract.failure import Failure
from drivers.contract.id_reader import IdReader
from drivers.contract.lights import Lights
from drivers.contract.receipt_printer import ReceiptPrinter
from drivers.contract.status import Device, Report
from drivers.contract.voice import Speech, Voice

Answer = tuple[dict[str, object] | Failure, int]
"""The document and the exit code. Failures in it (the whole answer, or under `fault` and `failure`) still want their text."""

_CARD_WAIT_S = 10.0
_FAILED, _WRONG_USAGE = 1, 2


class _Device(Protocol):
    def open(self) -> Failure | None: ...

    def close(self) -> None: ...

    def status(self) -> Report: ...


def run(family: str, command: str, driver: str, port: str, out: Path | None = None, photo_decoder: Path | None = None) -> Answer:
    """Opens the device, does the one thing, closes it. Blocks for as long as that takes (reading an identity card: at most 18 s).

    out: where a picture goes (`camera snap`; `id_reader read` writes the decoded photo, where there is one).
    Exit code 0, 1 where the device failed, 2 for an unknown family, command, driver or port option.
    """
    if family not in _COMMANDS:
        return Failure("device.unknown_family", detail={"family": family, "allowed": ", ".join(_COMMANDS)}), _WRONG_USAGE
    if command not in _COMMANDS[family]:
        return Failure("device.unknown_command", detail={"command": command, "allowed": ", ".join(_COMMANDS[family])}), _WRONG_USAGE
    options = {"photo_decoder": photo_decoder} if family == "id_reader" else {}
    device = registry.make(family, driver, port, **options)
    if isinstance(device, Failure):
        return device, _WRONG_USAGE
    opened = cast(_Device, device)
    try:
        return _COMMANDS[family][command](opened, out)
    finally:
        opened.close()


def _status(device: _Device, out: Path | None) -> Answer:
    """The report. A device that cannot work fails the command too, and then `failure` stands beside the report."""
    return _reported(device, device.open())


def _init(device: _Device, out: Path | None) -> Answer:
    """Opening a card module initialises it without moving a card."""
    failure = device.open()
    return (failure, _FAILED) if failure is not None else _reported(device, None)


def _reported(device: _Device, failure: Failure | None) -> Answer:
    report = device.status()
    if failure is not None:  # why it did not open says more than that it is not open
        word = report.device if report.device is not Device.ONLINE else Device.OFFLINE
        report = replace(report, device=Device.NO_DEVICE if failure.code.endswith(".port_absent") else word, fault=failure)
    document: dict[str, object] = {
        "family": report.family,
        "device": str(report.device),
        "media": str(report.media),
        "supplies": {name: str(supply) for name, supply in report.supplies.items()},
        "firmware": report.firmware,
        "fault": report.fault,
    }
    if report.fault is None:
        return document, 0
    return document | {"failure": report.fault}, _FAILED


def _read_id_card(device: _Device, out: Path | None) -> Answer:
    card = cast(IdReader, device).read(_CARD_WAIT_S)  # opens the port itself, and asks nothing but what reading needs
    if isinstance(card, Failure):
        return card, _FAILED
    if out is not None and card.photo_image is not None:
        failure = _write(out, card.photo_image)
        if failure is not None:
            return failure, _WRONG_USAGE
    return {
        "layout": str(card.layout),
        "name": card.name,
        "english_name": card.english_name,
        "sex": card.sex,
        "ethnic": card.ethnic,
        "birth": card.birth,
        "address": card.address,
        "additional_addresses": list(card.additional_addresses),
        "id_number": card.id_number,
        "issuer": card.issuer,
        "valid_from": card.valid_from,
        "valid_to": card.valid_to,
        "nationality": card.nationality,
        "permit_number": card.permit_number,
        "issue_count": card.issue_count,
        "photo": {"bytes": len(card.photo_raw), "decoder": card.photo_decoder},
        "fingerprints": card.fingerprints,
        "frame_bytes": card.frame_bytes,
        "ms": round(card.ms, 1),
    }, 0


def _print_sample(device: _Device, out: Path | None) -> Answer:
    from drivers.receipt_printer.sample_page import sample_page  # Pillow is slow to load and rarely wanted here

    failure = device.open()
    if failure is None:
        page = sample_page("every column, edge to edge")
        failure = cast(ReceiptPrinter, device).print_picture(page)
    return (failure, _FAILED) if failure is not None else ({"family": "receipt_printer", "printed": True, "rows": page.height}, 0)


def _lights_status(device: _Device, out: Path | None) -> Answer:
    """Without opening first: that would make the light dark, and what is asked is how it stands."""
    return _reported(device, None)


def _light_on(device: _Device, out: Path | None) -> Answer:
    """White, and it stays so: whoever checks the lamp walks round the machine to look."""
    return _filled(device, "#FFFFFF", True)


def _light_off(device: _Device, out: Path | None) -> Answer:
    return _filled(device, "#000000", False)


def _filled(device: _Device, colour: str, on: bool) -> Answer:
    lights = cast(Lights, device)
    failure = lights.fill(on, on, on)
    if failure is not None:
        return failure, _FAILED
    lights.release()
    return {"family": "lights", "colour": colour}, 0


def _say_sample(device: _Device, out: Path | None) -> Answer:
    """One sentence in each language: says at once whether the loudspeaker is at its place and how loud it is."""
    failure = device.open()
    for language, text in (
        ("zh-Hans", "请听：自助签注机的语音正常。"),
        ("zh-Hant", "請聽：自助簽注機的語音正常。"),
        ("en", "The voice of this machine works."),
    ):
        failure = failure or cast(Voice, device).speak(Speech(text, language))
    return (failure, _FAILED) if failure is not None else ({"family": "voice", "said": True}, 0)


def _snap(device: _Device, out: Path | None) -> Answer:
    if out is None:
        return Failure("device.out_needed"), _WRONG_USAGE
    failure = device.open()
    if failure is not None:
        return failure, _FAILED
    frame = cast(Camera, device).frame()
    if isinstance(frame, Failure):
        return frame, _FAILED
    import cv2

    height, width = frame.shape[:2]
    try:
        encoded, data = cv2.imencode(out.suffix, frame)
    except cv2.error:
        encoded = False
    failure = _write(out, data.tobytes()) if encoded else Failure("device.out_unwritable", detail={"file": str(out)})
    return (failure, _WRONG_USAGE) if failure is not None else ({"family": "camera", "out": str(out), "width": width, "height": height}, 0)


def _write(out: Path, data: bytes) -> Failure | None:
    try:
        out.write_bytes(data)
    except OSError:
        return Failure("device.out_unwritable", detail={"file": str(out)})
    return None


_COMMANDS: dict[str, dict[str, Callable[[_Device, Path | None], Answer]]] = {
    "id_reader": {"status": _status, "read": _read_id_card},
    "card_module": {"status": _status, "init": _init},
    "card_printer": {"status": _status},
    "receipt_printer": {"status": _status, "print": _print_sample},
    "lights": {"status": _lights_status, "on": _light_on, "off": _light_off},
    "voice": {"status": _status, "say": _say_sample},
    "camera": {"status": _status, "snap": _snap},
}
