"""SFace (Yaoyao Zhong and others; OpenCV's FaceRecognizerSF): a recogniser that a person may place in assets/models by hand.

Its thresholds here were never measured: without two of them in its table it does not load (models.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.image import Image, Points, as_image, without_colours
from kiosk.face.ports import Embedding

_CHIP_PX = 112
# Corners of each eye (the middle between them is the eye's), the nose's tip and the mouth's corners, in the mesh: the right ones first.
_RIGHT_EYE, _LEFT_EYE, _NOSE, _RIGHT_MOUTH, _LEFT_MOUTH = (33, 133), (263, 362), (1, 1), (61, 61), (291, 291)
_FIVE = np.array([_RIGHT_EYE, _LEFT_EYE, _NOSE, _RIGHT_MOUTH, _LEFT_MOUTH])


@dataclass(frozen=True, slots=True)
class SFace:
    """A Recogniser; its distance is Euclidean between embeddings of length 1 (OpenCV's FR_NORM_L2), 0 to 2."""

    recogniser: Any
    sha256: str
    match_at_most: float
    retry_at_most: float

    @classmethod
    def load(cls, data: npt.NDArray[np.uint8], entry: Mapping[str, Any]) -> "SFace":
        recogniser = cv2.FaceRecognizerSF.create("onnx", data, np.empty(0, np.uint8))
        return cls(recogniser, entry["sha256"], entry["match_at_most"], entry["retry_at_most"])

    def chip(self, image: Image, points: Points) -> Image:
        # The row of a detector: a box, which is not looked at, the five points, and a score.
        row = np.concatenate([np.zeros(4), points[_FIVE].mean(axis=1).reshape(10), [1]]).astype(np.float32)
        return as_image(self.recogniser.alignCrop(image, row[None]))

    def embed(self, face_chip: Image, grey: bool) -> Embedding:
        feature = np.array(self.recogniser.feature(without_colours(face_chip) if grey else face_chip), np.float32).reshape(-1)
        return np.asarray(feature / max(float(np.linalg.norm(feature)), 1e-9), np.float32)

    def distance(self, one: Embedding, other: Embedding) -> float:
        return float(self.recogniser.match(one[None], other[None], cv2.FaceRecognizerSF_FR_NORM_L2))
