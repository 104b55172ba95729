"""What a device answers when it could not do what was asked: a value, never an exception."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """code: stable, `family.reason` (`card_module.jam`, `id_reader.silent`). device_code: the raw code of the device (0..255) or None.

    detail: parameters for the sentence (port, driver). Never personal data.
    """

    code: str
    device_code: int | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
