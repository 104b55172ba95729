"""Cameras: one for the face, one that looks at the card's back."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.contract.failure import Failure
from drivers.contract.status import Report

Frame = NDArray[np.uint8]
"""height × width × 3, BGR."""


class Camera(Protocol):
    """Blocks up to its own read time-out; one thread at a time."""

    def open(self) -> Failure | None: ...

    def close(self) -> None: ...

    def status(self) -> Report: ...

    def forget(self) -> None:
        """Overwrites the picture it still holds and stops filming until the next frame() or status(). Does not block."""

    def hold_exposure(self, held: bool) -> bool:
        """Keeps exposure and white balance as they are now, or lets them adapt again; whether the camera says that it does. Does not wait for it."""

    def frame(self) -> Frame | Failure:
        """The newest frame. `camera.silent` when none comes, `camera.frozen` when the picture has not changed for many frames."""


AnyArray = NDArray[Any]
