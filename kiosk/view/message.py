"""Words are named, never written, outside `kiosk.i18n`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union

Parameter = Union[str, int, "Message"]


@dataclass(frozen=True, slots=True)
class Message:
    """A key of the catalogue and its parameters; a parameter may be a message itself."""

    key: str
    params: Mapping[str, Parameter] = field(default_factory=dict)
