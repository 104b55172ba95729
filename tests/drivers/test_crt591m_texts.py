"""Every failure that the card module and the chip can answer has its sentence in every language."""

import re
import tomllib
from pathlib import Path

import pytest

from drivers.card_module.faults import REASONS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("family", ["card_module", "chip"])
def test_every_failure_of_the_family_has_its_sentence_in_three_languages(family: str) -> None:
    texts = tomllib.loads((ROOT / f"assets/i18n/failures_{family}.toml").read_text(encoding="utf-8"))
    sources = [*(ROOT / "drivers/card_module").glob("*.py"), *(ROOT / "drivers/chip").glob("*.py")]
    written = {code for source in sources for code in re.findall(rf'"({family}\.[a-z_]+)"', source.read_text(encoding="utf-8"))}
    if family == "card_module":
        written |= {f"card_module.{reason}" for reason in REASONS.values()}
        written -= {"card_module.chip_"}  # a beginning, not a code
    assert {f"failure.{code}" for code in written} == set(texts)
    assert all(set(text) == {"zh-Hans", "zh-Hant", "en"} and all(text.values()) for text in texts.values())
