"""BlazeFace short range (Google, MediaPipe): the detector in use. About 2.5 ms a square; faces under a fifth of its side may be missed."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.image import Image, cut, probability
from kiosk.face.ports import Found, Square

_SIDE_PX = 128
_SCORE_AT_LEAST = 0.5


def _anchors() -> npt.NDArray[np.float64]:
    """Centres 0..1 of the 896 places BlazeFace scores: a 16 x 16 grid with two each, then 8 x 8 with six."""
    places = []
    for cells, each in ((16, 2), (8, 6)):
        y, x = np.divmod(np.arange(cells * cells).repeat(each), cells)
        places.append((np.column_stack([x, y]) + 0.5) / cells)
    return np.concatenate(places)


_ANCHORS = _anchors()


class BlazeFace:
    def __init__(self, network: Any) -> None:
        self._network = network

    @classmethod
    def load(cls, data: npt.NDArray[np.uint8], _entry: Mapping[str, Any]) -> "BlazeFace":
        return cls(cv2.dnn.readNetFromTFLite(data))

    def detect(self, image: Image, square: Square) -> list[Found]:
        x, y, side = square
        scale = _SIDE_PX / side
        crop = cut(image, np.array([[scale, 0, -x * scale], [0, scale, -y * scale]]), _SIDE_PX)
        self._network.setInput(cv2.dnn.blobFromImage(crop, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True))
        scores, places = self._network.forward(("classificators", "regressors"))
        scores = probability(scores.reshape(-1))
        likely = np.flatnonzero(scores >= _SCORE_AT_LEAST)
        likely = likely[np.argsort(-scores[likely])]
        # Rows of 16: box centre and size, then right eye, left eye and four more points, in 128ths, each relative to its anchor.
        rows = places.reshape(-1, 8, 2)[likely] / _SIDE_PX
        rows[:, 0] += _ANCHORS[likely]
        rows[:, 2:] += _ANCHORS[likely, None]
        found: list[Found] = []
        centres: list[tuple[npt.NDArray[np.float64], float]] = []
        for row in rows:
            box_side = float(row[1].max())
            if any(np.abs(row[0] - centre).max() < 0.5 * max(box_side, other) for centre, other in centres):
                continue
            centres.append((row[0], box_side))
            found.append(Found(row[2:4] * side + (x, y), box_side * side))
        return found
