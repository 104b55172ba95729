"""Which ended cases are due to be forgotten, and the forgetting of their rows."""

from collections.abc import Sequence

from sqlalchemy import Engine

from kiosk.store.transaction import Transaction, reading

# the words of `standing` for which a case is kept however old it is: a member of staff, or the card's holder, still has to come for it
KEPT = ('"needs_staff":"', '"custody":"retained"', '"custody":"in_machine"', '"custody":"unknown"')
_STAYS = " OR ".join(f"instr(standing, '{words}') > 0" for words in KEPT)
_DUE_FILES = f"""
SELECT case_id FROM cases
WHERE ended_at IS NOT NULL AND ended_at < :before AND file_purged_at IS NULL AND NOT ({_STAYS}) ORDER BY ended_at
"""
_DUE_CASES = f"SELECT case_id FROM cases WHERE ended_at IS NOT NULL AND ended_at < :before AND NOT ({_STAYS}) ORDER BY ended_at"


class RetentionStore:
    """Every call may raise StoreFailed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due_files(self, before: float) -> list[str]:
        """Cases that ended before `before` (seconds since 1970) and still have their file, longest ended first."""
        return self._due(_DUE_FILES, before)

    def due_cases(self, before: float) -> list[str]:
        """Cases that ended before `before`, whether or not their file is still there."""
        return self._due(_DUE_CASES, before)

    def _due(self, statement: str, before: float) -> list[str]:
        with reading(self._engine) as read:
            return [row[0] for row in read.run(statement, {"before": before})]

    def remove(self, write: Transaction, case_ids: Sequence[str]) -> None:
        """Takes cases away with their acts."""
        for case_id in case_ids:
            write.run("DELETE FROM acts WHERE case_id = :case_id", {"case_id": case_id})
            write.change("DELETE FROM cases WHERE case_id = :case_id", {"case_id": case_id})

    def empty_write_ahead_log(self) -> None:
        """Leaves nothing of what was taken away in the write-ahead log. In the database itself `secure_delete` has overwritten it with zeros.

        A disk that moves blocks by itself (flash) may hold old copies all the same. They were encrypted; with the key beside them (`[store] key`
        "file") it is the encryption of the disk itself that keeps them.
        """
        with reading(self._engine) as read:
            read.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
