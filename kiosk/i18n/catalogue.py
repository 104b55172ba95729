"""One catalogue for screen, voice and paper: `assets/i18n/*.toml`, one table per key with its three languages."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from kiosk.view import LANGUAGES, Message, Parameter


class CatalogueError(Exception):
    """The catalogue itself is broken: a bug of the build, never of a traveller."""


class Catalogue:
    """Looks words up. An unknown key is a bug and raises KeyError."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, directory: Path) -> "Catalogue":
        texts: dict[str, Mapping[str, str]] = {}
        for path in sorted(directory.glob("*.toml")):
            for key, languages in tomllib.loads(path.read_text(encoding="utf-8")).items():
                if key in texts:
                    raise CatalogueError(f"{path.name}: {key} stands twice")
                if set(languages) != set(LANGUAGES):
                    raise CatalogueError(f"{path.name}: {key} has {sorted(languages)}, wanted {sorted(LANGUAGES)}")
                texts[key] = languages
        return cls(texts)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> frozenset[str]:
        return frozenset(self._texts)

    def text(self, key: str, language: str, params: Mapping[str, Parameter] | None = None) -> str:
        """The sentence in one language, its placeholders filled."""
        template = self._texts[key][language]
        if not params:
            return template
        return template.format(**{name: self.say(value, language) if isinstance(value, Message) else value for name, value in params.items()})

    def say(self, message: Message, language: str) -> str:
        return self.text(message.key, language, message.params)

    def in_all(self, key: str, params: Mapping[str, Parameter] | None = None) -> dict[str, str]:
        """`{zh-Hans, zh-Hant, en}`, as the commands' JSON carries sentences."""
        return {language: self.text(key, language, params) for language in LANGUAGES}
