"""The journal's and the audit's tables. A change here comes with a migration in `migrations/versions`."""

from sqlalchemy import Float, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

APPLICATION_ID = 0x4B694F73
"""Stands in the header of the machine's database (revision 0002 on), so that no other program's is taken for it."""


class Base(DeclarativeBase):
    pass


class CaseRow(Base):
    """One case. `standing` is JSON of kiosk.case.moves.Standing; `file` is the encrypted case file. ended_at is None while the case is open.

    file_purged_at: when retention emptied the file, None while it is whole.
    """

    __tablename__ = "cases"

    case_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    as_of: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[float] = mapped_column(Float)
    ended_at: Mapped[float | None] = mapped_column(Float, index=True)
    standing: Mapped[str] = mapped_column(String)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    file_purged_at: Mapped[float | None] = mapped_column(Float)


class ActRow(Base):
    """One act of one case: the intent is written before it, the outcome after it (None between)."""

    __tablename__ = "acts"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"))
    sequence: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(48))
    intended_at: Mapped[float] = mapped_column(Float)
    asked: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str | None] = mapped_column(String(16))
    outcome_at: Mapped[float | None] = mapped_column(Float)
    code: Mapped[str | None] = mapped_column(String(64))
    device_code: Mapped[int | None] = mapped_column(Integer)


class RecordRow(Base):
    """One record of the audit: its canonical bytes, and the hash over the hash before it and them (`kiosk.audit.chain` says how)."""

    __tablename__ = "audit_records"

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class HeadRow(Base):
    """The one row that says where the audit ends: canonical bytes and their signature. Rewritten with every record."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    signed: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class CheckpointRow(Base):
    """Where the audit stood at one of its checkpoints, 1, 2, 3 …: canonical bytes and their signature."""

    __tablename__ = "audit_checkpoints"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    signed: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class StaffRow(Base):
    """One staff member's account. digits: those of the number, as they are typed at the machine, where there is no key for a letter.

    hash: scrypt of the PIN with `salt`, encrypted. tries: wrong PINs since the last right one, the one under way counted before it is looked at.
    locked_until: seconds since 1970, 0 = not locked.
    """

    __tablename__ = "staff"

    digits: Mapped[str] = mapped_column(String(6), primary_key=True)
    number: Mapped[str] = mapped_column(String(11))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[float] = mapped_column(Float)
