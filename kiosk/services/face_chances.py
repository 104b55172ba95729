"""How many chances at the camera a permit's holder has used up: whoever has none left is for the staff, in the next journey as well.

Kept in memory for half an hour under a keyed hash of the permit's number, so that nothing here says whose they were.
"""

import hashlib
import os
import time
from collections.abc import Callable

from kiosk.face.verdict import Spent

KEPT_S = 1800.0
MOST = 1000


class FaceChances:
    """now: seconds of any clock that only goes forward."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._key = os.urandom(32)
        self._spent: dict[bytes, tuple[Spent, float]] = {}

    def of(self, permit_number: str) -> Spent:
        spent, at_s = self._spent.get(self._name(permit_number), (Spent(), 0.0))
        return spent if self._now() - at_s < KEPT_S else Spent()

    def note(self, permit_number: str, spent: Spent) -> None:
        """`Spent()` where the holder was let through."""
        name = self._name(permit_number)
        self._spent.pop(name, None)
        if spent == Spent():
            return
        if len(self._spent) >= MOST:
            self._spent.pop(next(iter(self._spent)))  # the one that was noted longest ago
        self._spent[name] = spent, self._now()

    def _name(self, permit_number: str) -> bytes:
        return hashlib.blake2b(permit_number.encode(), key=self._key, digest_size=16).digest()
