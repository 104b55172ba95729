"""Opening the machine's database: fresh, up to date, damaged, newer, or where nothing can be written."""

import os
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kiosk.domain.failure import Failure
from kiosk.store import engine as store_engine
from kiosk.store.encryption import FieldCipher
from kiosk.store.engine import HEAD, open_store
from kiosk.store.schema import Base


def opened(path: Path) -> Engine:
    engine = open_store(path)
    assert isinstance(engine, Engine), engine
    return engine


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "journal.sqlite"
    opened(path).dispose()
    return path


def copied(fresh: Path, to: Path) -> Path:
    to.mkdir(exist_ok=True)
    (to / fresh.name).write_bytes(fresh.read_bytes())
    return to / fresh.name


def test_the_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store_engine.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_migrations_make_the_schema_that_the_code_speaks_of(fresh: Path, tmp_path: Path) -> None:
    engine = opened(copied(fresh, tmp_path))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()


def test_a_store_is_opened_again_without_migrating(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_engine: Engine) -> None:
        raise AssertionError("migrated again")

    monkeypatch.setattr(store_engine, "_migrate", never)
    opened(copied(fresh, tmp_path)).dispose()


def test_a_folder_with_odd_characters_is_only_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "50% of it? #1" / "journal.sqlite"
    opened(path).dispose()
    assert path.stat().st_size > 0


def damaged(path: Path) -> None:
    kept = path.read_bytes()
    failure = open_store(path)
    assert isinstance(failure, Failure) and failure.code == "store.damaged" and failure.detail == {"file": str(path)}
    assert path.read_bytes() == kept  # evidence for the technician


def test_a_broken_header_is_damage_and_the_file_is_kept(fresh: Path, tmp_path: Path) -> None:
    path = copied(fresh, tmp_path)
    path.write_bytes(b"\xff" * 20 + path.read_bytes()[20:])
    damaged(path)


def test_a_broken_page_is_damage_and_the_file_is_kept(fresh: Path, tmp_path: Path) -> None:
    path = copied(fresh, tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    damaged(path)


def test_another_programs_text_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_text("this is not a database, it is a letter to the hall\n" * 100)
    damaged(path)


def test_a_store_of_a_later_version_is_not_touched(fresh: Path, tmp_path: Path) -> None:
    path = copied(fresh, tmp_path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.commit()
    connection.close()
    failure = open_store(path)
    assert isinstance(failure, Failure) and failure.code == "store.newer"


def test_a_place_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "journal.sqlite", Path("/proc/nothing/journal.sqlite"), tmp_path):
        failure = open_store(path)
        assert isinstance(failure, Failure) and failure.code == "store.unwritable", path


def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    failure = open_store(folder / "journal.sqlite")
    folder.chmod(0o700)
    if os.geteuid() == 0:  # root writes everywhere
        assert isinstance(failure, Engine)
        failure.dispose()
    else:
        assert isinstance(failure, Failure) and failure.code == "store.unwritable"


def test_a_sealed_field_opens_only_with_its_key_and_its_row() -> None:
    cipher = FieldCipher(b"a" * 32)
    sealed = cipher.seal("机密".encode(), "case-1")
    assert cipher.open(sealed, "case-1") == "机密".encode()
    assert cipher.open(sealed, "case-2") is None
    assert FieldCipher(b"b" * 32).open(sealed, "case-1") is None
    assert cipher.open(sealed[:-1], "case-1") is None
    assert cipher.open(b"", "case-1") is None
    assert cipher.seal(b"same", "c") != cipher.seal(b"same", "c")
