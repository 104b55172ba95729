"""Where the key of the encrypted fields comes from, and that no other key ever touches a store."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kiosk.domain.failure import Failure
from kiosk.store.cases import CaseStore
from kiosk.store.encryption import new_key
from kiosk.store.engine import open_store
from kiosk.store.files import FIELD_CHECK, FIELD_KEY
from kiosk.store.keys import OpenedKey, open_key


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_store(tmp_path / "journal.sqlite")
    assert isinstance(engine, Engine)
    return engine


def opened(engine: Engine, folder: Path, setting: str = "file") -> OpenedKey:
    key = open_key(setting, folder, engine)
    assert isinstance(key, OpenedKey), key
    return key


def refused(engine: Engine, folder: Path, setting: str = "file") -> str:
    failure = open_key(setting, folder, engine)
    assert isinstance(failure, Failure), "the key was taken"
    return failure.code


def add_case(engine: Engine, key: OpenedKey, case_id: str) -> None:
    store = CaseStore(engine, key.cipher)
    with store.transaction() as write:
        store.insert(write, case_id, "2026-11-22", 1.0, "{}", b"file of " + case_id.encode())


def test_the_first_start_makes_a_key_that_only_this_user_reads(tmp_path: Path, engine: Engine) -> None:
    first = opened(engine, tmp_path)
    assert first.created and (tmp_path / FIELD_KEY).stat().st_mode & 0o777 == 0o600
    again = opened(engine, tmp_path)
    assert not again.created and again.cipher.open(first.cipher.seal(b"x", "row"), "row") == b"x"
    assert sorted(file.name for file in tmp_path.glob("field.*")) == [FIELD_CHECK, FIELD_KEY]
    assert (tmp_path / FIELD_KEY).read_bytes() not in (tmp_path / FIELD_CHECK).read_bytes()


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_size_is_refused(tmp_path: Path, engine: Engine, size: int) -> None:
    opened(engine, tmp_path)
    (tmp_path / FIELD_KEY).write_bytes(b"k" * size)
    assert refused(engine, tmp_path) == "store.key_malformed"


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o601, 0o666])
def test_a_key_that_others_could_read_is_refused_and_left_as_it_is(tmp_path: Path, engine: Engine, mode: int) -> None:
    opened(engine, tmp_path)
    (tmp_path / FIELD_KEY).chmod(mode)
    assert refused(engine, tmp_path) == "store.key_exposed"
    assert (tmp_path / FIELD_KEY).stat().st_mode & 0o777 == mode


def test_a_key_that_is_gone_is_never_made_anew(tmp_path: Path, engine: Engine) -> None:
    opened(engine, tmp_path)
    (tmp_path / FIELD_KEY).unlink()
    assert refused(engine, tmp_path) == "store.key_missing" and not (tmp_path / FIELD_KEY).exists()
    (tmp_path / FIELD_CHECK).unlink()
    assert opened(engine, tmp_path).created, "a store that was never used may begin again"


def test_a_key_that_is_gone_from_a_store_with_cases_is_missing_even_without_its_check(tmp_path: Path, engine: Engine) -> None:
    add_case(engine, opened(engine, tmp_path), "A")
    (tmp_path / FIELD_KEY).unlink()
    (tmp_path / FIELD_CHECK).unlink()
    assert refused(engine, tmp_path) == "store.key_missing"


def test_another_key_is_refused_and_nothing_is_written_with_it(tmp_path: Path, engine: Engine) -> None:
    key = opened(engine, tmp_path)
    add_case(engine, key, "A")
    former = (tmp_path / FIELD_KEY).read_bytes()
    (tmp_path / FIELD_KEY).write_bytes(new_key())
    assert refused(engine, tmp_path) == "store.key_wrong"
    (tmp_path / FIELD_CHECK).unlink()
    assert refused(engine, tmp_path) == "store.key_wrong", "without the check the cases tell"
    assert not (tmp_path / FIELD_CHECK).exists()
    (tmp_path / FIELD_KEY).write_bytes(former)
    case = CaseStore(engine, opened(engine, tmp_path).cipher).case("A")
    assert case is not None and case.file == b"file of A"


def test_a_store_from_before_the_check_is_taken_over_although_one_of_its_cases_was_altered(tmp_path: Path, engine: Engine) -> None:
    key = opened(engine, tmp_path)
    add_case(engine, key, "A")
    add_case(engine, key, "B")
    with CaseStore(engine, key.cipher).transaction() as write:
        write.run("UPDATE cases SET file = x'00' WHERE case_id = 'B'")
    (tmp_path / FIELD_CHECK).unlink()
    opened(engine, tmp_path)
    assert (tmp_path / FIELD_CHECK).exists()


def test_a_credential_is_read_from_systemds_folder_and_never_copied(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = tmp_path / "credentials"
    handed.mkdir()
    (handed / "kiosk.key").write_bytes(new_key())
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    first = opened(engine, tmp_path, "credential:kiosk.key")
    assert not first.created and not (tmp_path / FIELD_KEY).exists()
    secret = (handed / "kiosk.key").read_bytes()
    assert all(secret not in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    (handed / "kiosk.key").write_bytes(new_key())
    assert refused(engine, tmp_path, "credential:kiosk.key") == "store.key_wrong"
    (handed / "kiosk.key").write_bytes(b"short")
    assert refused(engine, tmp_path, "credential:kiosk.key") == "store.key_malformed"
    assert refused(engine, tmp_path, "credential:other") == "store.key_missing"
    shutil.rmtree(handed)
    assert refused(engine, tmp_path, "credential:kiosk.key") == "store.key_missing"
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert refused(engine, tmp_path, "credential:kiosk.key") == "store.key_missing"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert refused(engine, tmp_path) == "store.unwritable"
    assert not (tmp_path / FIELD_KEY).exists()
