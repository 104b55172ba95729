"""How the audit's records hang together, to the byte, so that another program can check them.

A record's body is canonical JSON (RFC 8785: keys in order of their letters, no white space, UTF-8; only texts, whole numbers, true, false, null):

    {"at":"2026-11-22T10:15:00.123+08:00","event":"card.retained","fields":{"case_id":"2611221015ABCDEF"},"sequence":7}

Its hash is H(the 32 bytes of the hash of the record before ‖ body); before record 1 stand 32 zero bytes. Records are numbered 1, 2, 3 … without a
gap. H is SHA-256, or SM3 where the log was begun with it; record 1 (`audit.began`) and every signed text name it.

Two kinds of signed text, canonical JSON too, each with an Ed25519 signature over exactly these bytes:

    {"algorithm":"sha256","at":"…","every":1000,"hash":"<64 hex>","kind":"head","sequence":3217}
    {"algorithm":"sha256","at":"…","every":1000,"hash":"<64 hex>","kind":"checkpoint","sequence":3000}

The head is one row, rewritten with each record: it says where the log ends, so a log that was cut off is found. Checkpoint number N is kept for
record N × `every`. Their kinds differ, so none can stand for the other.
Whoever holds the private key can forge all this; a checkpoint kept in the hall (`kiosk audit checkpoint`) finds that too.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.audit.event import Event, Value

ALGORITHM = "sha256"
"""What a new log is hashed with; `sm3` may stand here where OpenSSL offers it. A log that was begun goes on with its own."""
ALGORITHMS = ("sha256", "sm3")
CHECKPOINT_EVERY = 1000
"""Of a new log, as the algorithm is."""
START = bytes(32)
HEAD, CHECKPOINT = "head", "checkpoint"


def canonical(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(algorithm: str, before: bytes, body: bytes) -> bytes:
    """The hash of one record. Raises ValueError for an algorithm that OpenSSL does not offer here."""
    return hashlib.new(algorithm, before + body, usedforsecurity=True).digest()


def instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def body(sequence: int, at: str, event: Event) -> bytes:
    fields: dict[str, Value] = event.fields()
    return canonical({"at": at, "event": event.EVENT, "fields": fields, "sequence": sequence})


@dataclass(frozen=True, slots=True)
class Mark:
    """What is signed: how far the log reaches, and what its last record's hash is. every: how often a checkpoint is kept."""

    kind: str
    algorithm: str
    sequence: int
    hash: bytes
    at: str
    every: int

    def text(self) -> bytes:
        return canonical(
            {
                "algorithm": self.algorithm,
                "at": self.at,
                "every": self.every,
                "hash": self.hash.hex(),
                "kind": self.kind,
                "sequence": self.sequence,
            }
        )

    @classmethod
    def read(cls, text: object) -> "Mark | None":
        """None for anything but the canonical bytes of a mark."""
        try:
            raw: Any = json.loads(text) if isinstance(text, bytes) else None
            mark = cls(raw["kind"], raw["algorithm"], raw["sequence"], bytes.fromhex(raw["hash"]), raw["at"], raw["every"])
            whole = isinstance(mark.sequence, int) and isinstance(mark.every, int) and mark.every > 0 and mark.algorithm in ALGORITHMS
            return mark if whole and mark.text() == text else None
        except (ValueError, KeyError, TypeError):
            return None
