"""Every failure code of card printer, cameras and card back has its sentence in all three languages."""

import re
import tomllib
from pathlib import Path

import pytest

from kiosk.services.card_back.inspection import Verdict

ROOT = Path(__file__).parents[2]
SOURCES = {
    "card_printer": ["drivers/card_printer/tcp300ii.py"],
    "camera": ["drivers/camera/opencv.py"],
}


def texts(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "assets" / "i18n" / f"failures_{name}.toml").read_text(encoding="utf-8"))


def codes(name: str) -> set[str]:
    if name == "card_back":
        return {f"failure.card_back.{verdict}" for verdict in Verdict if verdict is not Verdict.AS_MEANT}
    sources = "".join((ROOT / path).read_text(encoding="utf-8") for path in SOURCES[name])
    return {f"failure.{code}" for code in re.findall(rf'"({name}\.[a-z_]+)"', sources)}


@pytest.mark.parametrize("name", ["card_printer", "camera", "card_back"])
def test_every_code_has_its_sentence_in_three_languages_and_no_sentence_is_left_over(name: str) -> None:
    written = texts(name)
    assert set(written) == codes(name)
    for code, sentences in written.items():
        assert set(sentences) == {"zh-Hans", "zh-Hant", "en"}, code
        assert all(len(sentence) > 8 for sentence in sentences.values()), code
