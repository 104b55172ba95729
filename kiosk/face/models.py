"""The networks of the face check, loaded only from bytes that are known."""

import hashlib
import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.domain.failure import Failure
from kiosk.face.blazeface import BlazeFace
from kiosk.face.dlib_resnet import DlibResnet
from kiosk.face.ports import Detector, Recogniser
from kiosk.face.sface import SFace
from kiosk.face.yunet import YuNet

TABLE = Path(__file__).with_name("models.toml")
Bytes = npt.NDArray[np.uint8]
# A name of models.toml -> what works with that model, made of the model's bytes and its table.
DETECTORS: dict[str, Callable[[Bytes, Mapping[str, Any]], Detector]] = {"blazeface": BlazeFace.load, "yunet": YuNet.load}
RECOGNISERS: dict[str, Callable[[Bytes, Mapping[str, Any]], Recogniser]] = {"dlib_resnet": DlibResnet.load, "sface": SFace.load}


@dataclass(frozen=True)
class FaceModels:
    """Loaded networks. OpenCV's networks keep state between calls: use one FaceModels in one thread at a time.

    mesh, iris: cv2.dnn networks. segmenter_bytes: already checked; the network is made of them when it is first asked for.
    """

    detector: Detector
    mesh: Any
    iris: Any
    recogniser: Recogniser
    segmenter_bytes: Bytes

    @cached_property
    def segmenter(self) -> Any:
        """Person and background, a cv2.dnn network: only photographs for print need it."""
        return cv2.dnn.readNetFromTFLite(self.segmenter_bytes)

    @property
    def sha256(self) -> str:
        """Of the recogniser."""
        return self.recogniser.sha256

    @property
    def match_at_most(self) -> float:
        return self.recogniser.match_at_most

    @property
    def retry_at_most(self) -> float:
        return self.recogniser.retry_at_most

    @classmethod
    def load(cls, directory: Path, table: Path = TABLE) -> "FaceModels | Failure":
        """Reads `directory` (assets/models), blocking for about a tenth of a second.

        Fails with `face.models_missing` or `face.model_altered`, naming the file (an altered model never loads), with `face.model_unknown` where
        the table uses a name nothing here works with, and with `face.thresholds_missing` where the recogniser has none.
        """
        entries = tomllib.loads(table.read_text(encoding="utf-8"))
        detector, recogniser = entries["use"]["detector"], entries["use"]["recogniser"]
        for name, known in ((detector, DETECTORS.keys()), (recogniser, RECOGNISERS.keys())):
            if name not in known or name not in entries:
                return Failure("face.model_unknown", detail={"value": str(name), "allowed": ", ".join(known)})
        if not _has_thresholds(entries[recogniser]):
            return Failure("face.thresholds_missing", detail={"value": recogniser})
        content: dict[str, Bytes] = {}
        for name in (detector, "mesh", "iris", "segmenter", recogniser):
            data = _checked(directory, entries[name])
            if isinstance(data, Failure):
                return data
            content[name] = data
        return cls(
            DETECTORS[detector](content[detector], entries[detector]),
            cv2.dnn.readNetFromTFLite(content["mesh"]),
            cv2.dnn.readNetFromTFLite(content["iris"]),
            RECOGNISERS[recogniser](content[recogniser], entries[recogniser]),
            content["segmenter"],
        )


def _checked(directory: Path, entry: Mapping[str, Any]) -> Bytes | Failure:
    """The very bytes that were checked, so that nobody reads the file again."""
    try:
        data = (directory / entry["file"]).read_bytes()
    except OSError:
        return Failure("face.models_missing", detail={"file": entry["file"]})
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        return Failure("face.model_altered", detail={"file": entry["file"]})
    return np.frombuffer(data, np.uint8)


def _has_thresholds(entry: Mapping[str, Any]) -> bool:
    return 0 < _limit(entry, "match_at_most") <= _limit(entry, "retry_at_most")


def _limit(entry: Mapping[str, Any], name: str) -> float:
    """0 for what is no number to compare with: infinity, for one, would let everybody through."""
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(value)
