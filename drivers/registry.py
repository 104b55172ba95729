"""The name in the profile → the driver. Modules are loaded only when one of their devices is made, so that starting stays fast."""

import importlib

from drivers.contract.failure import Failure

_DRIVERS = {
    "id_reader": {"samv": "drivers.id_reader.samv:SamvReader"},
    "card_module": {"crt591m": "drivers.card_module.crt591m:Crt591m"},
    "chip": {"icao": "drivers.chip.icao:IcaoChipReader"},
    "card_printer": {"tcp300ii": "drivers.card_printer.tcp300ii:Tcp300ii"},
    "receipt_printer": {"escpos": "drivers.receipt_printer.escpos:EscposPrinter"},
    "lights": {"modbus": "drivers.lights.modbus:ModbusLights"},
    "voice": {"espeak": "drivers.voice.espeak:EspeakVoice"},
    "camera": {"opencv": "drivers.camera.opencv:OpenCvCamera"},
}


def families() -> tuple[str, ...]:
    return tuple(_DRIVERS)


def driver_names(family: str) -> tuple[str, ...]:
    """Raises KeyError for an unknown family."""
    return tuple(_DRIVERS[family])


def make(family: str, driver: str, port: str | None = None, **options: object) -> object | Failure:
    """Makes a device without opening it. `port` as its driver takes it, None for a driver without one (the chip has a channel instead).

    `driver.unknown` for a name that is none (detail: driver, allowed), `driver.bad_port` for a port that cannot be read (detail: port).
    The answer has the Protocol of its family in drivers.contract. Raises KeyError for an unknown family and TypeError for an unknown option.
    """
    known = _DRIVERS[family]
    if driver not in known:
        return Failure("driver.unknown", detail={"driver": driver, "allowed": ", ".join(known)})
    module, _, name = known[driver].partition(":")
    maker = getattr(importlib.import_module(module), name)
    try:
        device: object = maker(**options) if port is None else maker(port, **options)
    except ValueError:
        return Failure(
            "driver.bad_port",
            detail={"port": port or "", "allowed": "PATH, PATH?baud=N (lights also unit=N, coil=N), URL (voice: alsa://DEVICE, timed://)"},
        )
    return device
