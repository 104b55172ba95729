"""The journal's tables. A change here comes with a migration in `migrations/versions`."""

from sqlalchemy import Float, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class CaseRow(Base):
    """One case. `standing` is JSON of kiosk.case.moves.Standing; `file` is the encrypted case file. ended_at is None while the case is open."""

    __tablename__ = "cases"

    case_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    as_of: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[float] = mapped_column(Float)
    ended_at: Mapped[float | None] = mapped_column(Float)
    standing: Mapped[str] = mapped_column(String)
    file: Mapped[bytes] = mapped_column(LargeBinary)


class ActRow(Base):
    """One act of one case: the intent is written before it, the outcome after it (None between)."""

    __tablename__ = "acts"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(48))
    intended_at: Mapped[float] = mapped_column(Float)
    asked: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str | None] = mapped_column(String(16))
    outcome_at: Mapped[float | None] = mapped_column(Float)
    code: Mapped[str | None] = mapped_column(String(64))
    device_code: Mapped[int | None] = mapped_column(Integer)
