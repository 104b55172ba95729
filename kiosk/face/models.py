"""The networks of the face check, loaded only from bytes that are known."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kiosk.domain.failure import Failure

_TABLE = Path(__file__).with_name("models.toml")


@dataclass(frozen=True, slots=True)
class FaceModels:
    """Loaded networks. OpenCV's networks keep state between calls: use one FaceModels in one thread at a time.

    sha256: of the recogniser; a distance means something only beside the model that gave it.
    match_at_most, retry_at_most: distances measured with this recogniser.
    """

    detector: Any
    mesh: Any
    iris: Any
    segmenter: Any
    recogniser: Any
    sha256: str
    match_at_most: float
    retry_at_most: float

    @classmethod
    def load(cls, directory: Path) -> "FaceModels | Failure":
        """Reads `directory` (assets/models), blocking for about a tenth of a second.

        Fails with `face.models_missing` or `face.model_altered`, naming the file; an altered model never loads.
        """
        table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
        content: dict[str, Any] = {}
        for role in ("detector", "mesh", "iris", "segmenter", "recogniser"):
            file = table[role]["file"]
            try:
                data = (directory / file).read_bytes()
            except OSError:
                return Failure("face.models_missing", detail={"file": file})
            if hashlib.sha256(data).hexdigest() != table[role]["sha256"]:
                return Failure("face.model_altered", detail={"file": file})
            content[role] = np.frombuffer(data, np.uint8)  # the very bytes that were checked, not the file again
        return cls(
            cv2.dnn.readNetFromTFLite(content["detector"]),
            cv2.dnn.readNetFromTFLite(content["mesh"]),
            cv2.dnn.readNetFromTFLite(content["iris"]),
            cv2.dnn.readNetFromTFLite(content["segmenter"]),
            cv2.dnn.readNetFromONNX(content["recogniser"]),
            table["recogniser"]["sha256"],
            table["thresholds"]["match_at_most"],
            table["thresholds"]["retry_at_most"],
        )
