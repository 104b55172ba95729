"""PINs of the hall's staff: which are too easily guessed, and what of one is kept."""

import hashlib
import os
from itertools import pairwise

from kiosk.domain.failure import Failure

PIN_LENGTH = range(6, 13)
"""Digits a PIN may have."""
SALT_BYTES = 16
WORK = {"n": 2**15, "r": 8, "p": 3}
"""Of scrypt: 32 MiB and about a third of a second for each guess. Of whoever was enrolled with other numbers the PIN no longer fits."""
HASH_BYTES = 32
_SCRYPT_ROOM_BYTES = 64 * 1024 * 1024


def new_salt() -> bytes:
    return os.urandom(SALT_BYTES)


def hashed(pin: str, salt: bytes) -> bytes:
    """Blocks for as long as the work takes; other threads go on meanwhile."""
    return hashlib.scrypt(pin.encode(), salt=salt, maxmem=_SCRYPT_ROOM_BYTES, dklen=HASH_BYTES, **WORK)


def refusal(pin: str, digits: str) -> Failure | None:
    """Why it may not be the PIN of the staff number with these digits: `staff.pin_form`, `staff.pin_weak`."""
    if len(pin) not in PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        return Failure("staff.pin_form", detail={"least": str(PIN_LENGTH[0]), "most": str(PIN_LENGTH[-1])})
    weak = _repeats(pin) or _pairs(pin) or _runs(pin) or pin.lstrip("0") == digits.lstrip("0")
    return Failure("staff.pin_weak") if weak else None


def _repeats(pin: str) -> bool:
    """One piece over and over: 111111, 121212, 123123."""
    return any(len(pin) % piece == 0 and pin == pin[:piece] * (len(pin) // piece) for piece in range(1, len(pin) // 2 + 1))


def _pairs(pin: str) -> bool:
    """Each digit twice: 112233."""
    return pin[0::2] == pin[1::2]


def _runs(pin: str) -> bool:
    """Up or down without a gap, over the nought as well: 123456, 890123, 654321."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})
