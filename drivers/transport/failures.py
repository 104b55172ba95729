"""What a driver answers when its port cannot be opened or goes away."""

from drivers.contract.failure import Failure
from drivers.transport.serial import PortLost


def cannot_open(family: str, port: str, lost: PortLost) -> Failure:
    """`port_absent` where the path leads nowhere, `port_busy` where another program holds it, `port_unusable` for anything else."""
    reason = str(lost)
    if reason == "absent":
        return Failure(f"{family}.port_absent", detail={"port": port})
    return Failure(f"{family}.port_busy" if "exclusively lock" in reason else f"{family}.port_unusable", detail={"port": port})


def went_away(family: str, port: str) -> Failure:
    """The port stood and is gone: the cable was pulled or the device lost power."""
    return Failure(f"{family}.port_lost", detail={"port": port})
