"""Writes events into the audit: each record in the same transaction as what it speaks of, or in one of its own."""

from dataclasses import replace
from pathlib import Path

from kiosk.audit import chain
from kiosk.audit.chain import Mark
from kiosk.audit.event import Event
from kiosk.audit.events import AuditBegan
from kiosk.audit.keys import PrivateKey, PublicKey
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.store.files import AUDIT_PUBLIC_KEY
from kiosk.store.records import RecordStore
from kiosk.store.transaction import StoreFailed, Transaction


class AuditLog:
    """The machine's audit. Writing raises StoreFailed where the disk refuses: nothing of that transaction is kept then."""

    def __init__(self, records: RecordStore, key: PrivateKey, clock: Clock, every: int = chain.CHECKPOINT_EVERY) -> None:
        """For `open`. every: of a log that is begun now, how often a checkpoint is kept."""
        self._records = records
        self._key = key
        self._clock = clock
        self._every = every

    @classmethod
    def open(cls, records: RecordStore, directory: Path, clock: Clock, every: int = chain.CHECKPOINT_EVERY) -> "AuditLog | Failure":
        """Takes the log up where it ended, or begins it at the first start.

        `audit.key_missing` and `audit.key_damaged` for the key in `directory`; `audit.broken` (detail: record) for a log whose end is not the one
        that was signed: going on would sign over the hole. `store.…` where the disk refuses.
        """
        try:
            with records.reading() as read:
                begun = records.last(read) is not None or records.head(read) is not None
            if not begun and not (directory / AUDIT_PUBLIC_KEY).exists():
                return cls._begin(records, directory, clock, every)
            key = PrivateKey.at(directory)
            log = cls(records, key, clock)
            broken = log._end_is_broken()
            if broken is None and not (directory / AUDIT_PUBLIC_KEY).exists():
                key.public.keep(directory)  # the power went between the first record and this
            return broken or log
        except StoreFailed as failed:
            return failed.failure
        except FileNotFoundError:
            return Failure("audit.key_missing", detail={"file": str(directory)})
        except ValueError:
            return Failure("audit.key_damaged", detail={"file": str(directory)})
        except OSError:
            return Failure("store.unwritable", detail={"file": str(directory)})

    @classmethod
    def _begin(cls, records: RecordStore, directory: Path, clock: Clock, every: int) -> "AuditLog":
        """The public key is written last: where it lies, the log was begun, and an empty one was emptied."""
        try:
            key = PrivateKey.at(directory)
        except (FileNotFoundError, ValueError):
            key = PrivateKey.make(directory)
        log = cls(records, key, clock, every)
        log.write(AuditBegan(algorithm=chain.ALGORITHM, public_key=key.public.fingerprint))
        key.public.keep(directory)
        return log

    def _end_is_broken(self) -> Failure | None:
        with self._records.reading() as read:
            last, head = self._records.last(read), self._records.head(read)
        mark = read_signed(head, self._key.public, chain.HEAD)
        if mark is not None and last == (mark.sequence, mark.hash):
            return None
        return Failure("audit.broken", detail={"record": str(min(last[0] if last else 0, mark.sequence if mark else 0) + 1)})

    def write(self, *events: Event) -> None:
        """Appends in one durable transaction of its own."""
        with self._records.transaction() as write:
            self.append(write, *events)

    def append(self, write: Transaction, *events: Event) -> None:
        """Appends inside the transaction of what the events speak of."""
        at = chain.instant(self._clock.now())
        head = Mark.read((self._records.head(write) or (None, None))[0])
        mark = head or Mark(chain.HEAD, chain.ALGORITHM, 0, chain.START, at, self._every)
        for event in events:
            sequence = mark.sequence + 1
            body = chain.body(sequence, at, event)
            mark = replace(mark, sequence=sequence, hash=chain.digest(mark.algorithm, mark.hash, body), at=at)
            self._records.add(write, sequence, body, mark.hash)
            if sequence % mark.every == 0:
                text = replace(mark, kind=chain.CHECKPOINT).text()
                self._records.add_checkpoint(write, sequence // mark.every, text, self._key.sign(text))
        text = mark.text()
        self._records.set_head(write, text, self._key.sign(text))


def read_signed(row: tuple[object, object] | None, key: PublicKey, kind: str) -> Mark | None:
    """The mark of a stored row, None where it is missing, altered, of another kind or signed by another key."""
    mark = Mark.read(row[0]) if row is not None else None
    if row is None or mark is None or mark.kind != kind or not key.signed(mark.text(), row[1]):
        return None
    return mark
