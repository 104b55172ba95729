"""One loopback server and one set of providers' keys for each module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.world.alipay import AlipayKeys
from drivers.world.wechat import WechatKeys
from tests.contracts.loopback import Switch, served


@pytest.fixture(scope="module")
def switch() -> Iterator[tuple[Switch, str]]:
    inside = Switch()
    with served(inside) as url:
        yield inside, url


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WechatKeys, AlipayKeys]:
    """A folder with both providers' keys: making and reading RSA keys is slow."""
    directory = tmp_path_factory.mktemp("hall")
    return directory, WechatKeys.at(directory / "keys"), AlipayKeys.at(directory / "keys")
