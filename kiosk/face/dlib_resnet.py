"""dlib's ResNet, a face as 128 numbers: the recogniser in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.chip import FIVE_POINTS, chip
from kiosk.face.image import Image, Points, without_colours
from kiosk.face.ports import Embedding

_MEAN_RGB = (122.782, 117.001, 104.298)


@dataclass(frozen=True, slots=True)
class DlibResnet:
    """A Recogniser; its distance is Euclidean."""

    network: Any
    sha256: str
    match_at_most: float
    retry_at_most: float

    @classmethod
    def load(cls, data: npt.NDArray[np.uint8], entry: Mapping[str, Any]) -> "DlibResnet":
        return cls(cv2.dnn.readNetFromONNX(data), entry["sha256"], entry["match_at_most"], entry["retry_at_most"])

    def chip(self, image: Image, points: Points) -> Image:
        return chip(image, points[list(FIVE_POINTS)])

    def embed(self, face_chip: Image, grey: bool) -> Embedding:
        """The mean over the chip and its mirror image, which halves the false refusals at equal distance; about 10 ms."""
        if grey:
            face_chip = without_colours(face_chip)
        return np.asarray(self._answers([face_chip, face_chip[:, ::-1]]).mean(axis=0), np.float32)  # both at once: a fifth faster

    def plain(self, face_chip: Image) -> Embedding:
        """dlib's own answer to one picture, 150 x 150."""
        return self._answers([face_chip]).reshape(-1)

    def _answers(self, pictures: list[Image]) -> Embedding:
        self.network.setInput(cv2.dnn.blobFromImages(pictures, 1 / 256, mean=_MEAN_RGB, swapRB=True))
        return np.array(self.network.forward(), np.float32)

    def distance(self, one: Embedding, other: Embedding) -> float:
        return float(np.linalg.norm(one - other))
