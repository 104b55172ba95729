"""Every page of the journey in every theme, language and orientation: the contrast of each text and icon, measured on the drawn pixels."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QImage

from kiosk.journey.comforts import THEMES
from kiosk.view import LANGUAGES, View
from tests.counts import count
from tests.ui.colours import contrasts
from tests.ui.conftest import Stage
from tests.ui.ink import contrast_drawn, pixels
from tests.ui.reading import turned
from ui.render import ORIENTATIONS


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_text_and_icon_of_every_page_keeps_the_contrast_of_its_theme(
    stage: Stage, journey_pages: dict[str, View], samples: dict[str, View], theme: str, language: str, orientation: str, record_property
) -> None:
    found: list[str] = []
    screens = measured = exempt = 0
    pages = {**journey_pages, "more time?": samples["id_card-asked"]}
    for name, view in pages.items():
        screens += 1
        for number in turned(stage, view, orientation, replace(view.comfort, language=language, theme=theme)):
            seen = contrasts(stage, theme)
            measured, exempt = measured + len(seen.ratios), exempt + seen.exempt
            found += [f"{name}, page {number + 1}: {fault}" for fault in seen.found]
    assert found == []
    whole = len(pages) * len(THEMES) * len(LANGUAGES) * len(ORIENTATIONS)
    count(record_property, "contrast", screens=(screens, whole), texts_and_icons=measured, exempt=exempt)


def test_the_measure_finds_the_contrast_of_known_colours() -> None:
    picture = QImage(40, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor("#FFFFFF"))
    assert contrast_drawn(pixels(picture), picture.rect().toRectF()) == 1.0
    for x in range(4, 12):
        for y in range(4, 16):
            picture.setPixelColor(x, y, QColor("#AAAAAA" if x in (4, 11) else "#767676"))
    assert contrast_drawn(pixels(picture), picture.rect().toRectF()) == pytest.approx(4.54, abs=0.01)
