"""Every fault that a tester can script: device → moment → kinds, as each emulator and server knows them.

A moment `port` with the kind `unplug` belongs to every serial device: the cable is out until the fault is deleted.
"""

from collections.abc import Mapping
from typing import Any

from drivers.contract.failure import Failure
from drivers.world import authority, payment_faults
from drivers.world.faults import Fault

Moments = Mapping[str, tuple[str, ...]]

SERIAL_DEVICES = ("id_reader", "card_module", "card_printer", "receipt_printer", "lights")
UNPLUG = {"port": ("unplug",)}

_ID_READER = ("silence", "late", "bad_checksum", "wrong_length", "garbage", "split", "stale", "code", "nak", "disconnect")
_CARD_MODULE = (
    *("silence", "no_answer", "late", "late_ack", "nak", "bad_checksum", "wrong_length", "garbage", "stale", "wrong_echo", "short"),
    *("short_apdu", "split", "disconnect", "code", "emt45", "jam", "power_cycle"),
)
_PRINTER_LINE = ("silence", "late", "nak", "dle", "bad_checksum", "garbage", "split", "disconnect")
_PRINTER_UNIT = ("jam", "cover_open", "head_temperature", "code")
_PRINTER_HEAT = ("half_print", "faint")
_LIGHTS = ("silence", "late", "bad_checksum", "garbage", "split", "exception", "wrong_echo", "disconnect")
_CAMERA: Moments = {"open": ("silence", "disconnect"), "frame": ("silence", "frozen", "dark", "disconnect")}
_PAYMENT: Moments = dict.fromkeys(payment_faults.MOMENTS, payment_faults.KINDS)
_PAPER = ("paper_end", "near_end", "cover_open", "cutter", "jam", "hot")

DEVICES: dict[str, Moments] = {
    "id_reader": {**dict.fromkeys(("status", "find", "select", "read", "address"), _ID_READER), **UNPLUG},
    "card_module": {
        **dict.fromkeys(("command", "init", "status", "move", "entry", "activate", "apdu"), _CARD_MODULE),
        "insert": ("refuse", "jam"),
        **UNPLUG,
    },
    "card_printer": {
        "status": (*_PRINTER_LINE, *_PRINTER_UNIT),
        "load": _PRINTER_LINE,
        "cancel": _PRINTER_LINE,
        "arm": (*_PRINTER_LINE, *_PRINTER_UNIT, *_PRINTER_HEAT),
        "draw_in": (*_PRINTER_UNIT, *_PRINTER_HEAT),
        "print": (*_PRINTER_UNIT, *_PRINTER_HEAT),
        "finish": (*_PRINTER_LINE, *_PRINTER_UNIT),
        **UNPLUG,
    },
    "receipt_printer": {
        "status": ("silence", "garbage", "disconnect", *_PAPER),
        **dict.fromkeys(("print", "cut"), ("disconnect", *_PAPER)),
        **UNPLUG,
    },
    "lights": {"read": _LIGHTS, "write": (*_LIGHTS, "stuck"), **UNPLUG},
    "chip": dict.fromkeys(("select", "bac", "read"), ("silence", "wrong_sw", "unreadable", "altered")),
    "face_camera": {**_CAMERA, "frame": (*_CAMERA["frame"], "bright_room", "auto_exposure")},
    "back_camera": _CAMERA,
    "authority": authority.FAULTS,
    "wechat": {**_PAYMENT, "bill": payment_faults.BILL_KINDS, "bill_file": payment_faults.BILL_FILE_KINDS},
    "alipay": {**_PAYMENT, "bill": payment_faults.BILL_KINDS, "bill_file": payment_faults.BILL_FILE_KINDS},
}


def wrong(device: str, moment: str, kind: str | None) -> Failure | None:
    """`fault.unknown` naming what there is, None where the table knows it; without a kind only device and moment are looked at."""
    if device not in DEVICES:
        return _unknown("device", device, DEVICES)
    if moment not in DEVICES[device]:
        return _unknown("moment", moment, DEVICES[device])
    if kind is not None and kind not in DEVICES[device][moment]:
        return _unknown("kind", kind, DEVICES[device][moment])
    return None


def fault_of(kind: str, times: int, parameters: Mapping[str, Any]) -> Fault:
    return Fault(kind, times, {name: value for name, value in parameters.items() if isinstance(value, str | int)})


def _unknown(key: str, given: str, allowed: Any) -> Failure:
    return Failure("fault.unknown", None, {"key": key, "given": given, "allowed": ", ".join(allowed)})
