"""One migrated store for all: each test gets its own copy, because migrating takes longer than all the rest."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.domain.failure import Failure
from kiosk.store.engine import open_store
from tests.case.small_world import Machine, World
from tests.field_key import cipher_in


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "journal.sqlite"
    engine = open_store(path)
    assert not isinstance(engine, Failure)
    engine.dispose()
    cipher_in(path.parent)
    return path.parent


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Path:
    """An empty store, ready to be opened."""
    shutil.copytree(migrated, tmp_path / "machine")
    return tmp_path / "machine" / "journal.sqlite"


@pytest.fixture
def start(store: Path) -> Iterator[Callable[[World], Machine]]:
    """Starts a machine over the store; started again it is the same machine after a power cut."""
    running: list[Machine] = []

    def begin(world: World) -> Machine:
        for machine in running:
            machine.close()
        running[:] = [Machine(store, world)]
        return running[0]

    yield begin
    for machine in running:
        machine.close()
