"""Contrast as it is really drawn: the colour of letters against what lies behind them, from the pixels of the picture."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

# Luminance of each of the 256 steps of a channel (WCAG 2.2).
STEPS = np.arange(256) / 255
CHANNEL = np.where(STEPS <= 0.04045, STEPS / 12.92, ((STEPS + 0.055) / 1.055) ** 2.4)
EDGE = 1.15  # a pixel that differs less from its background is no ink
CORE = 0.1  # the strongest tenth of the ink: the middle of the strokes, not their smoothed edges


def pixels(picture: QImage) -> np.ndarray:
    """The picture as rows of 0xFFrrggbb; it has to outlive the array, which lies in its memory."""
    assert picture.format() is QImage.Format.Format_RGB32
    return np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), picture.bytesPerLine() // 4)[:, : picture.width()]


def contrast_drawn(picture: np.ndarray, box: QRectF) -> float:
    """Contrast of the ink inside the box against the box's commonest colour; 1 where nothing is drawn."""
    top, left = max(0, round(box.top())), max(0, round(box.left()))
    part = picture[top : round(box.bottom()), left : round(box.right())]
    if not part.size:
        return 1.0
    colours, counts = _counted(part.ravel())
    light = 0.0722 * CHANNEL[colours & 255] + 0.7152 * CHANNEL[colours >> 8 & 255] + 0.2126 * CHANNEL[colours >> 16 & 255] + 0.05
    behind = light[counts.argmax()]
    ratios = np.maximum(light, behind) / np.minimum(light, behind)
    ink = ratios > EDGE
    if not ink.any():
        return 1.0
    order = np.argsort(-ratios[ink])
    strongest, covered = ratios[ink][order], np.cumsum(counts[ink][order])
    return float(strongest[np.searchsorted(covered, covered[-1] * CORE / 2)])  # the median of the core


def _counted(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each colour, and how often it stands there. Most pixels have one and the same, which need not be sorted."""
    commonest = packed[0]
    rest = packed[packed != commonest]
    colours, counts = np.unique(rest, return_counts=True)
    return np.append(colours, commonest), np.append(counts, packed.size - rest.size)
