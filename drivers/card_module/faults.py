"""The vendor's error codes e1e0 of the CRT-591-M, as stable failure codes."""

from drivers.contract.failure import Failure

NOT_INITIALISED = 0xB0

REASONS: dict[int, str] = {
    0x00: "command_unknown",
    0x01: "parameter",
    0x02: "sequence",
    0x03: "unsupported",
    0x04: "data",
    0x05: "contact_stuck",
    0x10: "jam",
    0x12: "sensor",
    0x13: "too_long",
    0x14: "too_short",
    0x16: "moved_by_hand",  # third-party code only
    0x40: "recycling_disabled",
    0x41: "magnet",
    0x43: "position_unreachable",
    0x45: "moved_by_hand",
    0x50: "bin_counter_overflow",
    0x51: "motor",
    0x60: "chip_short_circuit",
    0x61: "chip_activation",
    0x62: "chip_command",
    0x63: "chip_silent",  # third-party code only
    0x64: "chip_protocol",  # third-party code only
    0x65: "chip_inactive",
    0x66: "chip_unsupported",
    0x67: "chip_transmission",
    0x68: "chip_timeout",
    0x69: "chip_not_conformant",
    0xA0: "stacker_empty",
    0xA1: "bin_full",
    NOT_INITIALISED: "not_initialised",
}


def failure_of(code: int | None) -> Failure:
    """`card_module.<reason>`, or `card_module.fault` with the raw code where the vendor's table has none."""
    if code is None:
        return Failure("card_module.fault")
    return Failure(f"card_module.{REASONS.get(code, 'fault')}", code)
