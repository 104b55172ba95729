"""The payment providers' books: every order and refund of the simulated hall, in the same file as the authority's ledger.

Both simulated providers (WeChat Pay, Alipay) write here, the control API's phone pays here, and `GET /ledger` reads here. The book outlives a
restart and a reset: money never forgets. Every method is thread-safe; amounts are in fen; instants are Unix seconds, real time.
"""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (
    method TEXT NOT NULL,
    order_no TEXT NOT NULL,
    case_id TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    parameters TEXT NOT NULL,
    opened_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    code_url TEXT NOT NULL,
    state TEXT NOT NULL,
    scanned INTEGER NOT NULL DEFAULT 0,
    paid_at REAL,
    transaction_id TEXT NOT NULL,
    PRIMARY KEY (method, order_no)
);
CREATE TABLE IF NOT EXISTS refunds (
    method TEXT NOT NULL,
    refund_no TEXT NOT NULL,
    order_no TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    accepted_at REAL NOT NULL,
    refund_id TEXT NOT NULL,
    PRIMARY KEY (method, refund_no)
);
"""


class Refusal(StrEnum):
    """Why the provider says no; each provider has its own words for these."""

    NUMBER_USED = "number_used"
    ALREADY_PAID = "already_paid"
    ALREADY_CLOSED = "already_closed"
    UNKNOWN = "unknown"
    NOT_PAID = "not_paid"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class Order:
    """One charge. state: open, paid, closed; `paid` stays after a refund. scanned: the traveller has looked at it with the phone.
    parameters: what the merchant asked for, as the provider compares it when the same number comes again."""

    method: str
    order_no: str
    case_id: str
    amount_fen: int
    parameters: str
    opened_at: float
    expires_at: float
    code_url: str
    state: str
    scanned: bool
    paid_at: float | None
    transaction_id: str


@dataclass(frozen=True, slots=True)
class Refund:
    """One accepted refund; it reaches the payer's account some time after `accepted_at`."""

    method: str
    refund_no: str
    order_no: str
    amount_fen: int
    accepted_at: float
    refund_id: str


class PaymentsBook:
    """Opens (and makes) the book in the sqlite file `path`. `clock` gives real Unix seconds."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        # a killed world loses nothing; only the simulated hall's own power cut would
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)

    def close_book(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; IMMEDIATE, because the authority's ledger writes to the same file."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def open_order(
        self, method: str, order_no: str, case_id: str, amount_fen: int, parameters: str, expires_at: float, code_url: str
    ) -> Order | Refusal:
        """Opens an order. The same number with the same parameters is the same order with a fresh code; other parameters are refused."""
        with self._writing() as connection:
            known = self.order(method, order_no)
            if known is None:
                connection.execute(
                    "INSERT INTO payments VALUES (?,?,?,?,?,?,?,?,'open',0,NULL,?)",
                    (method, order_no, case_id, amount_fen, parameters, self._clock(), expires_at, code_url, "42000" + _digits(23)),
                )
            elif known.parameters != parameters:
                return Refusal.NUMBER_USED
            elif known.state != "open":
                return Refusal.ALREADY_PAID if known.state == "paid" else Refusal.ALREADY_CLOSED
            else:
                connection.execute("UPDATE payments SET code_url=? WHERE method=? AND order_no=?", (code_url, method, order_no))
            opened = self.order(method, order_no)
            return opened if opened is not None else Refusal.UNKNOWN

    def order(self, method: str, order_no: str) -> Order | None:
        with self._lock:
            row = self._connection.execute("SELECT * FROM payments WHERE method=? AND order_no=?", (method, order_no)).fetchone()
        return None if row is None else _order(row)

    def close(self, method: str, order_no: str) -> Order | Refusal:
        """Closes an open order for ever: nobody can pay it afterwards. A paid one is refused, a closed one too."""
        with self._writing() as connection:
            known = self.order(method, order_no)
            if known is None:
                return Refusal.UNKNOWN
            if known.state != "open":
                return Refusal.ALREADY_PAID if known.state == "paid" else Refusal.ALREADY_CLOSED
            connection.execute("UPDATE payments SET state='closed' WHERE method=? AND order_no=?", (method, order_no))
            return known

    def refund(self, method: str, order_no: str, refund_no: str, amount_fen: int) -> Refund | Refusal:
        """Accepts a refund, up to what was paid. The same number with the same order and amount is the same refund: refunded once."""
        with self._writing() as connection:
            known = self.refund_of(method, refund_no)
            if known is not None:
                return known if (known.order_no, known.amount_fen) == (order_no, amount_fen) else Refusal.NUMBER_USED
            order = self.order(method, order_no)
            if order is None:
                return Refusal.UNKNOWN
            if order.state != "paid":
                return Refusal.NOT_PAID
            if self.refunded_fen(method, order_no) + amount_fen > order.amount_fen:
                return Refusal.TOO_MUCH
            refund = Refund(method, refund_no, order_no, amount_fen, self._clock(), "50300" + _digits(23))
            connection.execute(
                "INSERT INTO refunds VALUES (?,?,?,?,?,?)",
                (method, refund_no, order_no, amount_fen, refund.accepted_at, refund.refund_id),
            )
            return refund

    def refund_of(self, method: str, refund_no: str) -> Refund | None:
        with self._lock:
            row = self._connection.execute("SELECT * FROM refunds WHERE method=? AND refund_no=?", (method, refund_no)).fetchone()
        return None if row is None else Refund(**dict(row))

    def refunded_fen(self, method: str, order_no: str) -> int:
        """What the provider has accepted to refund of this order."""
        query = "SELECT COALESCE(SUM(amount_fen), 0) FROM refunds WHERE method=? AND order_no=?"
        with self._lock:
            return int(self._connection.execute(query, (method, order_no)).fetchone()[0])

    def paid_between(self, method: str, since: float, until: float) -> list[Order]:
        """Orders paid from `since` on and before `until` (Unix seconds), oldest first."""
        query = "SELECT * FROM payments WHERE method=? AND paid_at>=? AND paid_at<? ORDER BY paid_at, rowid"
        with self._lock:
            return [_order(row) for row in self._connection.execute(query, (method, since, until)).fetchall()]

    def refunds_between(self, method: str, since: float, until: float) -> list[Refund]:
        """Refunds accepted from `since` on and before `until`, oldest first."""
        query = "SELECT * FROM refunds WHERE method=? AND accepted_at>=? AND accepted_at<? ORDER BY accepted_at, rowid"
        with self._lock:
            return [Refund(**dict(row)) for row in self._connection.execute(query, (method, since, until)).fetchall()]

    def pay_newest(self, method: str) -> str | None:
        """The traveller's phone scans the code shown last and pays it. Gives the order's number, None where no open, unexpired order is."""
        with self._writing() as connection:
            order_no = self._newest(method)
            connection.execute(
                "UPDATE payments SET scanned=1, state='paid', paid_at=? WHERE method=? AND order_no=?", (self._clock(), method, order_no)
            )
            return order_no

    def decline(self, method: str) -> str | None:
        """The phone scans the code shown last, and the traveller says no: the order stays open. Gives its number or None."""
        with self._writing() as connection:
            order_no = self._newest(method)
            connection.execute("UPDATE payments SET scanned=1 WHERE method=? AND order_no=?", (method, order_no))
            return order_no

    def _newest(self, method: str) -> str | None:
        query = "SELECT order_no FROM payments WHERE method=? AND state='open' AND expires_at>? ORDER BY opened_at DESC, rowid DESC LIMIT 1"
        row = self._connection.execute(query, (method, self._clock())).fetchone()
        return None if row is None else str(row["order_no"])

    def rows(self) -> list[dict[str, object]]:
        """`payments` of `GET /ledger`, oldest first."""
        with self._lock:
            found = self._connection.execute("SELECT * FROM payments ORDER BY opened_at, rowid").fetchall()
            return [
                {
                    "order_no": row["order_no"],
                    "case_id": row["case_id"],
                    "amount_fen": row["amount_fen"],
                    "state": row["state"],
                    "refunded_fen": self.refunded_fen(row["method"], row["order_no"]),
                }
                for row in found
            ]


def _order(row: sqlite3.Row) -> Order:
    return Order(**{**dict(row), "scanned": bool(row["scanned"])})


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
