"""Opens the machine's database: SQLite in WAL mode, every commit on the disk before the next act (`synchronous=FULL`)."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from kiosk.domain.failure import Failure
from kiosk.store.files import AUDIT_KEY, AUDIT_PUBLIC_KEY, FIELD_CHECK, FIELD_KEY
from kiosk.store.schema import APPLICATION_ID
from kiosk.store.transaction import refused

Database = Engine
"""What `open_store` gives; `dispose` closes it."""
DATABASE = "journal.sqlite"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=5000")
FIRST, HEAD = "0001", "0003"
"""The newest migration; a test holds it to the scripts."""
MADE_LATER = (FIELD_KEY, FIELD_CHECK, AUDIT_KEY, AUDIT_PUBLIC_KEY)
"""Files beside the database that are made only once it stands: where one of them lies, there was a database."""


def open_store(path: Path) -> Engine | Failure:
    """Opens the database, makes it at the first start, migrates an older one. A file that is refused is not touched:

    `store.damaged`, `store.missing` (it is gone, its keys are not), `store.foreign` (another program's), `store.newer` (of a later version),
    `store.full`, `store.unwritable`.
    """
    file = str(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        before = _examine(path)
        if before is not None:
            return before
        engine = create_engine(URL.create("sqlite", database=file), poolclass=StaticPool, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _pragmas)
        event.listen(engine, "begin", _begin)
        if _version(engine) != HEAD:
            _migrate(engine)
        return engine
    except (DatabaseError, sqlite3.DatabaseError) as error:
        return refused(error, file)
    except OSError:
        return Failure("store.unwritable", detail={"file": file})


def _examine(path: Path) -> Failure | None:
    """Whether the database may be opened for writing, by reading it only: closing a damaged one after writing would write to it."""
    file = {"file": str(path)}
    keys = any((path.parent / name).exists() for name in MADE_LATER)
    written = keys or path.with_name(path.name + "-wal").exists()
    if not path.exists():
        return Failure("store.missing", detail=file) if written else None
    if path.is_file() and path.stat().st_size == 0:
        return Failure("store.damaged", detail=file) if written else None  # else the power went at the first start
    with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
        connection.execute("PRAGMA busy_timeout=5000")
        if _cut_short(path, connection) or connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            return Failure("store.damaged", detail=file)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        if mark not in (0, APPLICATION_ID) or (tables and not {"alembic_version", "cases", "acts"} <= tables):
            return Failure("store.foreign", detail=file)
        if not tables:
            return Failure("store.damaged", detail=file) if keys else None
        versions = [version for (version,) in connection.execute("SELECT version_num FROM alembic_version")]
    if len(versions) != 1 or not (isinstance(versions[0], str) and len(versions[0]) == len(HEAD) and versions[0] >= FIRST):
        return Failure("store.damaged", detail=file)
    return Failure("store.newer", detail=file) if versions[0] > HEAD else None


def _cut_short(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether the end of the file is gone; SQLite itself reads a torn last page as zeros. With a write-ahead log the missing pages may lie there."""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size > 0:
        return False
    ((page_bytes,), (pages,)) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_size", "page_count"))
    return path.stat().st_size < int(page_bytes) * int(pages)


def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's own transactions would leave a migration's statements outside: each begins where `_begin` or `transaction` says so
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _migrate(engine: Engine) -> None:
    """From whatever version to the newest, in one transaction."""
    # imported here: a start with an up-to-date database does not pay for it
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
