"""Status words of every device, after XFS4IoT: three axes, each with an explicit unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drivers.contract.failure import Failure


class Device(StrEnum):
    """Can it work?"""

    ONLINE = "online"
    OFFLINE = "offline"
    POWER_OFF = "powerOff"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    USER_ERROR = "userError"
    BUSY = "deviceBusy"
    FRAUD_ATTEMPT = "fraudAttempt"
    STARTING = "starting"


class Media(StrEnum):
    """Where is the person's card or paper?"""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    JAMMED = "jammed"
    ENTERING = "entering"
    LATCHED = "latched"
    RETAINED = "retained"
    UNKNOWN = "unknown"


class Supply(StrEnum):
    """Paper, bin, film: how much is left, or how full is it?"""

    FULL = "full"
    HIGH = "high"
    OK = "ok"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Report:
    """One device as `kiosk doctor` and the technician see it. `supplies` by name (`paper`, `bin`)."""

    family: str
    device: Device
    media: Media = Media.UNKNOWN
    supplies: Mapping[str, Supply] = field(default_factory=dict)
    firmware: str | None = None
    fault: Failure | None = None
