"""YuNet (Shiqi Yu and others; OpenCV's FaceDetectorYN): a detector that a person may place in assets/models by hand."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.image import Image, cut
from kiosk.face.ports import Found, Square

_SIDE_PX = 320  # a face of a tenth of the square is still found, in about 4 ms
_SCORE_AT_LEAST, _OVERLAP_IS_SAME, _FACES_AT_MOST = 0.7, 0.3, 50
# Its box reaches from the hairline to under the chin; the mesh is laid out from a square between brows and chin.
_BROWS_TO_CHIN = 0.8


class YuNet:
    def __init__(self, detector: Any) -> None:
        self._detector = detector

    @classmethod
    def load(cls, data: npt.NDArray[np.uint8], _entry: Mapping[str, Any]) -> "YuNet":
        size = (_SIDE_PX, _SIDE_PX)
        nothing = np.empty(0, np.uint8)
        return cls(cv2.FaceDetectorYN.create("onnx", data, nothing, size, _SCORE_AT_LEAST, _OVERLAP_IS_SAME, _FACES_AT_MOST))

    def detect(self, image: Image, square: Square) -> list[Found]:
        scale = _SIDE_PX / square.side
        crop = cut(image, np.array([[scale, 0, -square.x * scale], [0, scale, -square.y * scale]]), _SIDE_PX)
        _, rows = self._detector.detect(crop)
        if rows is None:
            return []
        # Rows of 15: box (x, y, width, height), right eye, left eye, nose, mouth's corners, score.
        surest = sorted(np.asarray(rows, np.float64), key=lambda row: -row[14])
        return [Found(row[4:8].reshape(2, 2) / scale + (square.x, square.y), _BROWS_TO_CHIN * float(row[3]) / scale) for row in surest]
