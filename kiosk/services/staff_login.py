"""Staff log in at the machine itself, with their number and a PIN. A second factor is not asked here.

After five wrong PINs each further try waits, 15 s first and then twice as long each time; after fifteen the account is locked until it is
enrolled anew. A number that nobody has is answered as one that somebody has: with the same sentences, counts and waits, after the same work on
the PIN. Two things differ. An account's count lies on the disk, which takes a commit more (some ms, beside some 300 for the PIN), and outlives a
restart; a stranger's lies in memory, of the newest `STRANGERS_KEPT` only, and begins again with the machine.
"""

import asyncio
import hashlib
import hmac
import math
import os
from dataclasses import dataclass

from kiosk.audit.events import StaffEnrolled, StaffLoginFailed, StaffRevoked
from kiosk.audit.log import AuditLog
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.services import pins
from kiosk.store.staff import Account, StaffStore, digits_of

FREE_TRIES = 5
FIRST_WAIT_S = 15
LOCKED_AFTER = 15
STRANGERS_KEPT = 1000
NOBODYS_SALT = bytes(pins.SALT_BYTES)


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong tries so far, and until when (seconds since 1970) no further one is looked at."""

    tries: int = 0
    locked_until: float = 0.0

    @property
    def locked(self) -> bool:
        return self.tries >= LOCKED_AFTER

    def waits_s(self, now: float) -> int:
        """Whole seconds that are left to wait. A clock that was set back never makes it longer than it was to begin with."""
        return max(0, min(math.ceil(self.locked_until - now), _wait_s(self.tries)))

    def one_more(self, now: float) -> "Count":
        tries = self.tries + 1
        return Count(tries, now + _wait_s(tries))

    def refusal(self, now: float) -> Failure | None:
        """Why no try is looked at now: `staff.login_locked`, `staff.login_waits`."""
        if self.locked:
            return Failure("staff.login_locked")
        wait = self.waits_s(now)
        if wait == 0:
            return None
        return Failure("staff.login_waits", detail={"wait": f"{wait // 60}:{wait % 60:02d}", "left": str(LOCKED_AFTER - self.tries)})


def _wait_s(tries: int) -> int:
    return FIRST_WAIT_S * 2 ** (tries - FREE_TRIES) if tries >= FREE_TRIES else 0


class StaffLogin:
    """Accounts and the log-in against them. Every call may raise StoreFailed."""

    def __init__(self, store: StaffStore, audit: AuditLog, clock: Clock) -> None:
        self._store = store
        self._audit = audit
        self._clock = clock
        self._strangers: dict[bytes, Count] = {}
        # what somebody types in place of a number may be their PIN: only a keyed hash of it is kept, in memory
        self._strangers_key = os.urandom(32)

    async def log_in(self, digits: str, pin: str) -> str | Failure:
        """The staff number to write down, or `staff.login_wrong` (detail: left, the tries before there is a wait), `…_waits`, `…_locked`.

        The try is counted on the disk before the PIN is looked at, so that cutting the power gives no further one. One that is cancelled meanwhile
        counts too, and is audited as failed whatever the PIN was.
        """
        now = self._clock.now().timestamp()
        account = self._store.account(digits)
        before = self._stranger(digits) if account is None else Count(account.tries, account.locked_until)
        refused = before.refusal(now)
        if refused is not None:
            return refused
        count = before.one_more(now)
        self._keep(account, digits, count)
        salt = NOBODYS_SALT if account is None else account.salt
        wanted = None if account is None else account.hash
        right = False
        try:
            found = await asyncio.to_thread(pins.hashed, pin, salt)
            right = hmac.compare_digest(found, wanted or bytes(pins.HASH_BYTES)) and wanted is not None
        finally:
            if not right:
                self._audit.write(StaffLoginFailed(staff=None if account is None else account.number))
        if account is not None and right:
            self._keep(account, digits, Count())
            return account.number
        return count.refusal(now) or Failure("staff.login_wrong", detail={"left": str(FREE_TRIES - count.tries)})

    def _keep(self, account: Account | None, digits: str, count: Count) -> None:
        if account is not None:
            with self._store.transaction() as write:
                self._store.count(write, digits, count.tries, count.locked_until)
            return
        name = self._name(digits)
        self._strangers.pop(name, None)  # put in again below, as the newest: guessing on does not bring the own count nearer to being forgotten
        if len(self._strangers) >= STRANGERS_KEPT:
            self._strangers.pop(next(iter(self._strangers)))
        self._strangers[name] = count

    def _stranger(self, digits: str) -> Count:
        return self._strangers.get(self._name(digits), Count())

    def _name(self, digits: str) -> bytes:
        return hashlib.blake2b(digits.encode(), key=self._strangers_key, digest_size=16).digest()

    def enrol(self, number: str, pin: str) -> bool | Failure:
        """Makes the account, or gives it a new PIN and a new count; True where there was one. number: as the audit may hold it.

        `staff.pin_form`, `staff.pin_weak`; `staff.digits_taken` where another number has the same digits. Blocks for the time of one log-in.
        """
        digits = digits_of(number)
        refused = pins.refusal(pin, digits)
        if refused is not None:
            return refused
        before = self._store.account(digits)
        if before is not None and before.number != number:
            return Failure("staff.digits_taken", detail={"number": number, "other": before.number})
        salt = pins.new_salt()
        hash_ = pins.hashed(pin, salt)
        with self._store.transaction() as write:
            self._store.put(write, number, salt, hash_)
            self._audit.append(write, StaffEnrolled(staff=number))
        return before is not None

    def revoke(self, number: str) -> Failure | None:
        """Takes the account away; `staff.not_enrolled` where there is none."""
        account = self._store.account(digits_of(number))
        if account is None or account.number != number:
            return Failure("staff.not_enrolled", detail={"number": number})
        with self._store.transaction() as write:
            self._store.remove(write, account.digits)
            self._audit.append(write, StaffRevoked(staff=number))
        return None

    def accounts(self) -> list[tuple[str, Count]]:
        """Who may log in, in the order of their numbers."""
        return [(account.number, Count(account.tries, account.locked_until)) for account in self._store.accounts()]
