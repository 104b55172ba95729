"""Opens the machine's database: SQLite in WAL mode, every commit on the disk before the next act (`synchronous=FULL`)."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from kiosk.domain.failure import Failure

HEAD = "0001"
"""The newest migration; a test holds it to the scripts."""


def open_store(path: Path) -> Engine | Failure:
    """`store.damaged` for a database that does not check out (the file is kept), `store.unwritable`, `store.newer` for one of a later version."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=StaticPool, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _pragmas)
        with engine.connect() as connection:
            if connection.scalar(text("PRAGMA quick_check")) != "ok":
                return Failure("store.damaged", detail={"file": str(path)})
        version = _version(engine)
        if version != HEAD:
            if version is not None and version > HEAD:
                return Failure("store.newer", detail={"file": str(path)})
            _migrate(engine)
        return engine
    except (DatabaseError, sqlite3.DatabaseError) as error:
        code = "store.unwritable" if "readonly" in str(error) or "unable to open" in str(error) or "full" in str(error) else "store.damaged"
        return Failure(code, detail={"file": str(path)})
    except OSError:
        return Failure("store.unwritable", detail={"file": str(path)})


def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _migrate(engine: Engine) -> None:
    # imported here: a start with an up-to-date database does not pay for it
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
