"""Checks the audit as it lies in the file: every record against the one before it, the end against its signature, and a checkpoint kept elsewhere."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from kiosk.audit import chain
from kiosk.audit.chain import Mark
from kiosk.audit.keys import PrivateKey, PublicKey
from kiosk.audit.log import read_signed
from kiosk.domain.failure import Failure
from kiosk.store.records import BEFORE_ALL, LAST_OF_ALL, RecordReader, reader
from kiosk.store.transaction import StoreFailed


class Why(StrEnum):
    """What is wrong with the record that is named."""

    ALTERED = "altered"  # its bytes do not give its hash: edited, put in, or moved
    MISSING = "missing"  # the record of that number is not there
    UNSIGNED = "unsigned"  # it lies behind the signed end
    END = "end"  # here the log ends, but the signed end is missing, was altered, or says another hash
    CHECKPOINT = "checkpoint"  # the checkpoint over it is missing, was altered, or says another hash
    KEY = "key"  # the log was begun with another key
    REWRITTEN = "rewritten"  # a checkpoint kept elsewhere says another hash: all from some record up to it was made anew
    ROLLED_BACK = "rolled_back"  # a checkpoint kept elsewhere is further than the log


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record that is not as it was written."""

    record: int
    why: Why


@dataclass(frozen=True, slots=True)
class Verdict:
    """records: how many hold, from the first on. until: when the last of them was written, None where there is none or it is not known.
    end: the signed end of the log."""

    records: int
    until: str | None
    checkpoints: int
    algorithm: str
    broken: Broken | None
    end: Mark | None = None


def verify(database: Path, key_directory: Path, kept: object = None) -> Verdict | Failure:
    """Reads the whole log once, in flat memory, without a lock; the machine may be running.

    kept: a checkpoint from elsewhere, as `kiosk audit checkpoint --json` printed it. Failures: `audit.key_missing`, `audit.key_damaged` (the public
    key), `audit.checkpoint_wrong` (`kept` is no checkpoint of this key), `audit.algorithm` (not offered here), `store.…` (no database, or damaged).
    """
    try:
        key = PublicKey.at(key_directory)
    except FileNotFoundError:
        return Failure("audit.key_missing", detail={"file": str(key_directory)})
    except (OSError, ValueError):
        return Failure("audit.key_damaged", detail={"file": str(key_directory)})
    mark = None
    if kept is not None:
        mark = read_kept(kept, key)
        if mark is None:
            return Failure("audit.checkpoint_wrong")
    try:
        with reader(database) as log:
            return _Walk(log, key, mark).verdict()
    except StoreFailed as failed:
        return failed.failure
    except _NotOffered:
        return Failure("audit.algorithm")


def kept_elsewhere(end: Mark, key: PrivateKey) -> dict[str, object]:
    """A checkpoint of the log as it stands now, as the hall keeps it."""
    text = replace(end, kind=chain.CHECKPOINT).text()
    return {**json.loads(text), "signature": key.sign(text).hex(), "public_key": key.public.raw.hex()}


def read_kept(kept: object, key: PublicKey) -> Mark | None:
    """The mark of such a checkpoint, None where it was not signed by this machine's key."""
    if not isinstance(kept, dict) or kept.get("public_key") != key.raw.hex() or not isinstance(kept.get("signature"), str):
        return None
    text = chain.canonical({name: value for name, value in kept.items() if name not in ("signature", "public_key")})
    try:
        return read_signed((text, bytes.fromhex(kept["signature"])), key, chain.CHECKPOINT)
    except ValueError:
        return None


class _NotOffered(Exception):
    """OpenSSL does not offer the log's hash here."""


class _Found(Exception):
    def __init__(self, record: int, why: Why) -> None:
        super().__init__(record, why)
        self.broken = Broken(record, why)


class _Walk:
    """One pass over the log. `whole` counts the records that hold, `before` is the hash of the last of them."""

    def __init__(self, log: RecordReader, key: PublicKey, kept: Mark | None) -> None:
        self._log = log
        self._checkpoints = log.checkpoints()
        self._key = key
        self._kept = kept
        self._end = read_signed(log.head(), key, chain.HEAD)
        self._algorithm = self._end.algorithm if self._end else chain.ALGORITHM
        self._every = self._end.every if self._end else chain.CHECKPOINT_EVERY
        self._hash = _hash(self._algorithm)
        self._whole = 0
        self._before = chain.START
        self._last: object = None

    def verdict(self) -> Verdict:
        broken = None
        try:
            while self._run(self._next_stop()):
                self._stop()
            self._ends()
        except _Found as found:
            broken = found.broken
        records = broken.record - 1 if broken else self._whole
        until = _written_at(self._last) if records == self._whole else None
        return Verdict(records, until, records // self._every, self._algorithm, broken, self._end)

    def _next_stop(self) -> int:
        """The next record at which more than the chain is compared: the first, each with a checkpoint, and the one kept elsewhere."""
        stop = (self._whole // self._every + 1) * self._every if self._whole else 1
        return min(stop, self._kept.sequence) if self._kept is not None and self._kept.sequence > self._whole else stop

    def _run(self, stop: int) -> bool:
        """Checks records up to number `stop`, at once; False where the log ends before it. Nearly all of the time is spent here.

        Numbers are not read: a span of whole numbers that holds as many rows as it is long has no gap, and one with a gap breaks the chain or
        ends the log.
        """
        after, before, new = self._whole or BEFORE_ALL, self._before, self._hash
        rows = self._log.records(after, stop)
        try:
            hashes: list[object] = [before := new(before + body).digest() for body, _stored in rows]  # type: ignore[operator]
        except TypeError:
            hashes = []
        if hashes != [stored for _body, stored in rows]:
            raise self._broken_in(after, rows)
        if rows:
            self._whole, self._before, self._last = self._whole + len(rows), before, rows[-1][0]
        return self._whole == stop

    def _broken_in(self, after: int, rows: list[tuple[object, object]]) -> "_Found":
        """The first of these rows at which the chain does not hold."""
        for body, stored in rows:
            hash_ = self._hash(self._before + body).digest() if isinstance(body, bytes) else None
            if hash_ is None or hash_ != stored:
                break
            self._whole, self._before, self._last = self._whole + 1, hash_, body
        return self._broken_at(after, self._whole + 1)

    def _broken_at(self, after: int, place: int) -> "_Found":
        """The chain does not hold at `place`: because a record is missing there, or because it is not the one that was written."""
        first = max(after, 0) + 1
        numbers = self._log.numbers(after, LAST_OF_ALL)
        for expected, number in zip(range(first, place + 1), numbers, strict=False):
            if number > expected:
                return _Found(expected, Why.MISSING)
            if number < expected:
                break
        return _Found(place, Why.ALTERED)

    def _stop(self) -> None:
        if self._whole == 1 and _named_key(self._last) != self._key.fingerprint:
            raise _Found(1, Why.KEY)
        if self._kept is not None and self._whole == self._kept.sequence and self._before != self._kept.hash:
            raise _Found(self._whole, Why.REWRITTEN)
        if self._whole % self._every == 0:
            number, signed, signature = next(self._checkpoints, (None, None, None))
            mark = read_signed((signed, signature), self._key, chain.CHECKPOINT)
            if mark is None or number != self._whole // self._every or (mark.sequence, mark.hash) != (self._whole, self._before):
                raise _Found(self._whole, Why.CHECKPOINT)

    def _ends(self) -> None:
        end, following = self._end, self._whole + 1
        if next(self._log.numbers(self._whole, LAST_OF_ALL), None) is not None:
            raise self._broken_at(BEFORE_ALL, following)  # the chain holds, but numbers were shifted
        if end is None:
            raise _Found(following, Why.END)
        if self._whole > end.sequence:
            raise _Found(end.sequence + 1, Why.UNSIGNED)
        if self._whole < end.sequence or next(self._checkpoints, None) is not None:
            raise _Found(following, Why.MISSING)
        if self._before != end.hash:
            raise _Found(self._whole, Why.END)
        if self._kept is not None and self._kept.sequence > self._whole:
            raise _Found(following, Why.ROLLED_BACK)


def _hash(algorithm: str) -> Callable[[bytes], Any]:
    """Makes a hash of bytes, by the quickest way there is. Raises _NotOffered."""
    if algorithm == "sha256":
        return hashlib.sha256
    try:
        hashlib.new(algorithm)
    except ValueError:
        raise _NotOffered from None
    return lambda data: hashlib.new(algorithm, data)


def _named_key(body: object) -> object:
    """The fingerprint in the first record."""
    fields = _read(body).get("fields")
    return fields.get("public_key") if isinstance(fields, dict) else None


def _written_at(body: object) -> str | None:
    at = _read(body).get("at")
    return at if isinstance(at, str) else None


def _read(body: object) -> dict[str, Any]:
    """A record's content; empty where it is none. Its hash holds, so this is only ever so in a log made by somebody else."""
    try:
        read = json.loads(body) if isinstance(body, bytes) else {}
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
