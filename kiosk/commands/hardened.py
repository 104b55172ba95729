"""What every `kiosk` command does before it knows of anybody: no picture of its memory is ever written to a disk or shown to another process."""

import ctypes
import os
import resource

PR_SET_DUMPABLE = 4  # linux/prctl.h


def harden() -> None:
    """No core file, no debugger, no reader of /proc/PID/mem under the same user. Call it before anything else.

    RLIMIT_CORE 0 holds for this process and all that it starts. It does not hold where the system pipes cores to a program (core_pattern
    `|…`); PR_SET_DUMPABLE 0 does. That one ends at the next exec: only `kiosk` commands harden themselves again, the simulated hall that they start,
    which knows nobody real, does not. A system without prctl (no Linux) still gets the limit. Raises nothing: a limit that is already lower stays.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
