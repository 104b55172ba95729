"""An expected failure is a value with a stable code; a bug raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not happen.

    code: stable and dotted, `room.reason` (`card_module.jam`, `persona.malformed`); the catalogue `assets/i18n/failures_*.toml`
        holds its sentence in every language under `failure.<code>`.
    device_code: the raw code the device or gateway gave (0..255), None where there was none.
    detail: parameters of the sentence (file, key, allowed). Never personal data.
    """

    code: str
    device_code: int | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
