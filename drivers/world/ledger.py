"""What the authority has on its books: SQLite, outlives a restart and a reset. The payment providers' book lies in the same file (payments.py).

The books are the other parties' own: nothing here is ever taken from the machine's journal.
"""

import json
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLES = """
create table if not exists authority (
    position integer primary key autoincrement,
    case_id text not null unique,
    permit_number text not null,
    id_number text not null,
    state text not null,
    reason text,
    body text not null,
    endorsements text not null,
    submitted_at real not null default 0);
create table if not exists endorsement_numbers (last integer not null);
create table if not exists registry_entries (case_id text primary key);
"""


@dataclass(frozen=True, slots=True)
class Application:
    """One case as the authority has it.

    state: submitted, approved, issued, verified, voided or rejected. body: the request as it came, to tell a repeat from another one.
    endorsements: {destination, kind, validity, valid_until} and, once issued, {number, issued_on, issuer}. submitted_at: Unix seconds.
    """

    case_id: str
    permit_number: str
    id_number: str
    state: str
    reason: str | None
    body: Mapping[str, Any]
    endorsements: tuple[Mapping[str, Any], ...]
    submitted_at: float = 0.0


class Ledger:
    """Every call commits before it returns. Thread-safe; blocks for one short SQLite transaction."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._database = sqlite3.connect(file, timeout=10, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.executescript(_TABLES)
        if "submitted_at" not in {row["name"] for row in self._database.execute("pragma table_info(authority)")}:
            self._database.execute("alter table authority add column submitted_at real not null default 0")  # a book begun by an older hall

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def application(self, case_id: str) -> Application | None:
        rows = self._rows("select * from authority where case_id = ?", case_id)
        return _application(rows[0]) if rows else None

    def applications(self) -> list[Application]:
        """All of them, oldest first."""
        return [_application(row) for row in self._rows("select * from authority order by position")]

    def submitted_between(self, since: float, until: float) -> list[Application]:
        """Handed in from `since` on and before `until` (Unix seconds), oldest first."""
        rows = self._rows("select * from authority where submitted_at >= ? and submitted_at < ? order by position", since, until)
        return [_application(row) for row in rows]

    def add_application(self, application: Application) -> bool:
        """False where the case is already there: nothing is changed then."""
        return self._changed(
            "insert or ignore into authority (case_id, permit_number, id_number, state, reason, body, endorsements, submitted_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            application.case_id,
            application.permit_number,
            application.id_number,
            application.state,
            application.reason,
            _text(application.body),
            _text(application.endorsements),
            application.submitted_at,
        )

    def set_application(self, case_id: str, state: str, endorsements: tuple[Mapping[str, Any], ...] | None = None, reason: str | None = None) -> None:
        """Moves a case to `state`; endorsements and reason stay where they are not given."""
        self._changed(
            "update authority set state = ?, endorsements = coalesce(?, endorsements), reason = coalesce(?, reason) where case_id = ?",
            state,
            None if endorsements is None else _text(endorsements),
            reason,
            case_id,
        )

    def show_in_registry(self, case_id: str) -> None:
        """From now on the registry shows this case's endorsements on the permit."""
        self._changed("insert or ignore into registry_entries (case_id) values (?)", case_id)

    def shown_in_registry(self) -> list[Application]:
        """The cases whose endorsements the registry shows since the last reset, oldest first."""
        rows = self._rows("select authority.* from authority join registry_entries using (case_id) order by position")
        return [_application(row) for row in rows]

    def forget_registry_entries(self) -> None:
        """A reset: every permit is as in its persona's file again; the book itself stays."""
        self._changed("delete from registry_entries")

    def next_endorsement_number(self) -> str:
        """A letter and eight digits, never given out twice: `E00000001`."""
        with self._lock:
            rows = self._rows("select last from endorsement_numbers")
            last = rows[0]["last"] + 1 if rows else 1
            self._changed("update endorsement_numbers set last = ?" if rows else "insert into endorsement_numbers (last) values (?)", last)
            return f"E{last:08d}"

    def _rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()

    def _changed(self, statement: str, *values: object) -> bool:
        with self._lock:
            return self._database.execute(statement, values).rowcount > 0


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _application(row: sqlite3.Row) -> Application:
    return Application(
        row["case_id"],
        row["permit_number"],
        row["id_number"],
        row["state"],
        row["reason"],
        json.loads(row["body"]),
        tuple(json.loads(row["endorsements"])),
        row["submitted_at"],
    )
