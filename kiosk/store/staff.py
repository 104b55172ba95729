"""The accounts of the hall's staff. Writing happens inside a transaction that the caller opens, so that the audit's record goes with it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import Engine, bindparam, delete, insert, select, update

from kiosk.store.encryption import FieldCipher
from kiosk.store.schema import StaffRow
from kiosk.store.transaction import Transaction, compiled, reading, transaction

_COLUMNS = (StaffRow.number, StaffRow.salt, StaffRow.hash, StaffRow.tries, StaffRow.locked_until)
_ACCOUNT = compiled(select(*_COLUMNS).where(StaffRow.digits == bindparam("digits")))
_ALL = compiled(select(*_COLUMNS).order_by(StaffRow.number))
_PUT = compiled(insert(StaffRow).prefix_with("OR REPLACE"))
_REMOVE = compiled(delete(StaffRow).where(StaffRow.digits == bindparam("digits")))
_COUNT = compiled(
    update(StaffRow).where(StaffRow.digits == bindparam("of_digits")).values(tries=bindparam("tries"), locked_until=bindparam("locked_until"))
)


@dataclass(frozen=True, slots=True)
class Account:
    """number: as it was enrolled, letters included. hash: None where the row was altered or sealed with another key; nobody can log in then."""

    number: str
    salt: bytes = field(repr=False)
    hash: bytes | None = field(repr=False)
    tries: int = 0
    locked_until: float = 0.0

    @property
    def digits(self) -> str:
        return digits_of(self.number)


def digits_of(number: str) -> str:
    """What of a staff number is typed at the machine."""
    return "".join(character for character in number if character.isdigit())


class StaffStore:
    """Every call may raise StoreFailed."""

    def __init__(self, engine: Engine, cipher: FieldCipher) -> None:
        self._engine = engine
        self._cipher = cipher

    def transaction(self) -> AbstractContextManager[Transaction]:
        return transaction(self._engine)

    def account(self, digits: str) -> Account | None:
        with reading(self._engine) as read:
            row = read.run(_ACCOUNT, {"digits": digits}).fetchone()
        return None if row is None else self._account(row)

    def accounts(self) -> list[Account]:
        """In the order of their numbers."""
        with reading(self._engine) as read:
            return [self._account(row) for row in read.run(_ALL).fetchall()]

    def _account(self, row: tuple[str, bytes, bytes, int, float]) -> Account:
        number, salt, sealed, tries, locked_until = row
        return Account(number, salt, self._cipher.open(sealed, _context(number, salt)), tries, locked_until)

    def put(self, write: Transaction, number: str, salt: bytes, hash_: bytes) -> None:
        """A new account, or an old one with a new PIN; its count begins again."""
        write.run(
            _PUT,
            {
                "digits": digits_of(number),
                "number": number,
                "salt": salt,
                "hash": self._cipher.seal(hash_, _context(number, salt)),
                "tries": 0,
                "locked_until": 0.0,
            },
        )

    def count(self, write: Transaction, digits: str, tries: int, locked_until: float) -> None:
        write.change(_COUNT, {"of_digits": digits, "tries": tries, "locked_until": locked_until})

    def remove(self, write: Transaction, digits: str) -> None:
        write.change(_REMOVE, {"digits": digits})


def _context(number: str, salt: bytes) -> str:
    return f"staff:{number}:{salt.hex()}"
