"""What machines have told the hall: a card kept in a bin, a case that needs staff. A book of the hall's own, in the ledgers' file.

`POST /notices {machine, case_id, kind, reason, at}` at the authority's server. One notice a case and kind: the same again is answered as the
first time and changes nothing. A notice with anything else in it is refused: there is no place for personal data.
"""

import re
import sqlite3
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

KINDS = ("card_retained", "needs_staff")
KEYS = {"machine", "case_id", "kind", "reason", "at"}
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TABLE = """
create table if not exists notices (
    position integer primary key autoincrement,
    machine text not null,
    case_id text not null,
    kind text not null,
    reason text,
    at text not null,
    unique (case_id, kind));
"""


_INSERT = "insert or ignore into notices (machine, case_id, kind, reason, at) values (:machine, :case_id, :kind, :reason, :at)"


class NoticeBook:
    """Outlives a restart and a reset. Every call commits before it returns; thread-safe."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, timeout=10, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.executescript(_TABLE)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def accept(self, notice: Any) -> bool:
        """False where it is no notice: a key too many or too few, an unknown kind, a date that is none."""
        if not _is_notice(notice):
            return False
        with self._lock:
            self._database.execute(_INSERT, notice)
        return True

    def rows(self) -> list[dict[str, Any]]:
        """`notices` of GET /ledger, oldest first."""
        with self._lock:
            found = self._database.execute("select machine, case_id, kind, reason, at from notices order by position").fetchall()
        return [dict(row) for row in found]


def _is_notice(notice: Any) -> bool:
    if not isinstance(notice, dict) or set(notice) != KEYS or notice["kind"] not in KINDS:
        return False
    words = (notice["machine"], notice["case_id"], *([] if notice["reason"] is None else [notice["reason"]]))
    return all(isinstance(word, str) and _WORD.fullmatch(word) for word in words) and _is_time(notice["at"])


def _is_time(text: Any) -> bool:
    """ISO 8601 with its offset."""
    try:
        return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
