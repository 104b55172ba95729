"""The cues' limits as data; see limits.toml."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec


class TurnLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shift_at_least: float
    residual_at_least: float
    frames_at_least: int
    front_within: float


class BlinkLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    closed_below: float
    recovered_above: float
    eye_change_at_least: float
    times_nose_change: float
    closed_s_at_most: float


class FlashLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    steps: int
    step_s: float
    correlation_at_least: float
    gain_of_calibrated: float
    gain_at_least: float
    background_at_most: float
    drift_at_most: float
    background_unheld_at_least: float


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    turn: TurnLimits
    blink: BlinkLimits
    flash: FlashLimits


@cache
def limits() -> Limits:
    """A malformed file is a bug of the release and raises."""
    text = Path(__file__).with_name("limits.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Limits)
