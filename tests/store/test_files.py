"""A small file is written whole or not at all."""

import os
from pathlib import Path

import pytest

from kiosk.store.files import write_whole


def test_the_new_content_replaces_the_old_with_the_mode_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "field.key"
    write_whole(file, b"first", 0o600)
    left = tmp_path / "field.key.new"  # by a power cut, open to everybody
    left.write_bytes(b"half")
    left.chmod(0o666)
    write_whole(file, b"second", 0o600)
    assert file.read_bytes() == b"second" and file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["field.key"]


def test_a_write_that_is_cut_off_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "reconciled.json"
    write_whole(file, b"first", 0o600)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"second", 0o600)
    assert file.read_bytes() == b"first"
