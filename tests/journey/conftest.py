"""Every journey ends with a garbage collection, and a worker that has run other tests before holds much that is none of the journey's."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def small_heap() -> Iterator[None]:
    """What was there before is not looked through again and again; what a test makes is."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
