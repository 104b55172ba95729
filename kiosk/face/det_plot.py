"""The detection error trade-off as a picture: FAR across, FRR upwards, on axes of normal deviates, where curves come out nearly straight."""

from statistics import NormalDist

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from kiosk.face.evaluation import Distances, Evaluation, Rate, far, frr

SIZE_PX = 900
_LEFT, _TOP, _RIGHT, _BOTTOM = 120, 110, 40, 110
_LOWEST, _HIGHEST = 0.0005, 0.5
TICKS = ((0.001, "0.1"), (0.002, "0.2"), (0.005, "0.5"), (0.01, "1"), (0.02, "2"), (0.05, "5"), (0.1, "10"), (0.2, "20"), (0.4, "40"))
_INK, _GRID, _CURVE, _POINT, _PAPER = "#0F1F38", "#D5DAE2", "#12376B", "#7A0012", "#FFFFFF"
_DEVIATE = NormalDist().inv_cdf


def det_plot(genuine: Distances, impostor: Distances, found: Evaluation) -> Pillow.Image:
    """Both sorted. Rates outside the axes (none of n among them) lie on the frame."""
    image = Pillow.new("RGB", (SIZE_PX, SIZE_PX), _PAPER)
    draw = ImageDraw.Draw(image)
    large, usual, small = (ImageFont.load_default(size) for size in (26, 20, 17))
    x0, x1, y0, y1 = _LEFT, SIZE_PX - _RIGHT, _TOP, SIZE_PX - _BOTTOM
    for rate, label in TICKS:
        x, y = _across(rate), _up(rate)
        draw.line([(x, y0), (x, y1)], _GRID)
        draw.line([(x0, y), (x1, y)], _GRID)
        draw.text((x, y1 + 8), label, _INK, small, anchor="ma")
        draw.text((x0 - 8, y), label, _INK, small, anchor="rm")
    draw.line([(x0, y1), (x1, y0)], _GRID, 2)  # where both rates are equal
    draw.rectangle([x0, y0, x1, y1], outline=_INK, width=2)
    draw.line(_curve(genuine, impostor), _CURVE, 4, joint="curve")
    _mark(draw, found.eer.value, found.eer.value)
    draw.text((x0, 20), "Face comparison: detection error trade-off", _INK, large)
    counted = f"{found.persons} people, {found.pictures} pictures: {found.genuine.n} genuine and {found.impostor.n} impostor pairs"
    draw.text((x0, 52), counted, _INK, small)
    eer = f"EER {_percent(found.eer)} at distance {found.eer.threshold:.3f}"
    draw.text((x0, 76), f"{eer};   FRR at FAR 0.1 %: {_percent(found.frr_at_far)}", _POINT, small)
    draw.text(((x0 + x1) / 2, y1 + 40), "False accept rate (FAR), %", _INK, usual, anchor="ma")
    _upright_text(image, "False reject rate (FRR), %", usual)
    note = f"95 % intervals: bootstrap over people. None of {found.impostor.n} pairs would mean a FAR below {100 * found.none_of_n:.2g} %."
    draw.text((x0, SIZE_PX - 32), note, _INK, small)
    return image


def _percent(rate: Rate) -> str:
    return f"{100 * rate.value:.2g} % ({100 * rate.low:.2g} to {100 * rate.high:.2g})"


def _curve(genuine: Distances, impostor: Distances) -> list[tuple[float, float]]:
    places = np.unique(np.concatenate([genuine, impostor]))
    return [(_across(far(impostor, place)), _up(frr(genuine, place))) for place in places.tolist()]


def _share(rate: float) -> float:
    """Where a rate lies along an axis, 0..1."""
    low, high = _DEVIATE(_LOWEST), _DEVIATE(_HIGHEST)
    return (_DEVIATE(min(max(rate, _LOWEST), _HIGHEST)) - low) / (high - low)


def _across(rate: float) -> float:
    return _LEFT + _share(rate) * (SIZE_PX - _LEFT - _RIGHT)


def _up(rate: float) -> float:
    return SIZE_PX - _BOTTOM - _share(rate) * (SIZE_PX - _TOP - _BOTTOM)


def _mark(draw: ImageDraw.ImageDraw, far_rate: float, frr_rate: float) -> None:
    x, y = _across(far_rate), _up(frr_rate)
    draw.ellipse([x - 7, y - 7, x + 7, y + 7], fill=_POINT, outline=_PAPER, width=2)


def _upright_text(image: Pillow.Image, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    left, top, right, bottom = font.getbbox(text)
    strip = Pillow.new("RGB", (round(right - left) + 8, round(bottom - top) + 10), _PAPER)
    ImageDraw.Draw(strip).text((4 - left, 4 - top), text, _INK, font)
    turned = strip.rotate(90, expand=True)
    middle = (_TOP + SIZE_PX - _BOTTOM) // 2
    image.paste(turned, (24, middle - turned.height // 2))
