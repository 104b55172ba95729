"""The colours of all four themes keep the contrast that a bright hall and old eyes need."""

import pytest

from ui.bridge.palette import PALETTES, READABLE_PAIRS, contrast

# theme -> least and greatest contrast (VVSG 2.0 7.1-C/D)
WANTED = {"default": (10.0, 21.0), "black_on_white": (20.0, 21.0), "white_on_black": (18.0, 21.0), "low": (4.5, 8.0)}


@pytest.mark.parametrize("theme", PALETTES)
def test_every_pair_that_is_read_keeps_the_contrast_of_its_theme(theme: str) -> None:
    palette = PALETTES[theme]
    least, greatest = WANTED[theme]
    measured = {pair: contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) for pair in READABLE_PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in measured.items() if not least <= round(ratio, 2) <= greatest} == {}


def test_contrast_is_the_known_arithmetic() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#FFFFFF", "#767676") == contrast("#767676", "#FFFFFF")
