"""The world's own finding of a face in a still picture: cascade, then the 468-point mesh; and of the person around it.

The layout of the mesh's points is MediaPipe's. "Right" and "left" are the person's own, so the right eye lies on the picture's left.
Nothing here is taken from the machine's detection: what stands before the camera is made by a second witness.
"""

import hashlib
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.light import Picture
from drivers.world.persona_fields import ASSETS

Numbers = NDArray[np.float32]

RIGHT_UPPER, RIGHT_LOWER = (33, 246, 161, 160, 159, 158, 157, 173, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133)
LEFT_UPPER, LEFT_LOWER = (362, 398, 384, 385, 386, 387, 388, 466, 263), (362, 382, 381, 380, 374, 373, 390, 249, 263)
RIGHT_BROW, LEFT_BROW = (46, 53, 52, 65, 55), (285, 295, 282, 283, 276)  # their lower edges
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
LIPS = (61, 291, 0, 17)
CHIN = 152

_MESH_PX, _PERSON_PX = 192, 256
_MARGIN = 1.5
_PORTRAIT = 0.42  # how far down a portrait its face usually lies, and how high it is
_KEPT = 32
_nets = threading.Lock()
_known: dict[bytes, "Landmarks"] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """468 × 3: x and y in the picture, z in the same unit, smaller nearer. `found` is false where the mesh sees no face there: a mean face then."""

    points: Numbers
    found: bool

    @property
    def height(self) -> float:
        """Forehead to chin."""
        return float(np.ptp(self.points[:, 1]))

    @property
    def centre(self) -> tuple[float, float]:
        low, high = self.points[:, :2].min(axis=0), self.points[:, :2].max(axis=0)
        return float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2

    @property
    def eyes(self) -> tuple[Numbers, Numbers]:
        """Middles of the right and of the left eye."""
        return self.points[[33, 133], :2].mean(axis=0), self.points[[263, 362], :2].mean(axis=0)


@cache
def _cascade() -> Any:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))


@cache
def _net(name: str) -> Any:
    return cv2.dnn.readNetFromTFLite(str(ASSETS / "models" / f"{name}.tflite"))


def face_box(picture: Picture) -> tuple[float, float, float]:
    """Centre x, centre y and height of the largest face; a portrait's usual place where none is found."""
    scale = 640 / max(picture.shape[:2])
    grey = cv2.cvtColor(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    with _nets:
        for neighbours in (6, 3):
            found = _cascade().detectMultiScale(grey, 1.1, neighbours, minSize=(60, 60))
            if len(found):
                x, y, width, height = max(found, key=lambda box: int(box[2]))
                return (x + width / 2) / scale, (y + height / 2) / scale, height / scale
    height, width = picture.shape[:2]
    return width / 2, height * _PORTRAIT, height * _PORTRAIT


def landmarks(picture: Picture) -> Landmarks:
    """The largest face's mesh; not to be written to. A tenth of a second, nothing for a picture that was asked for before."""
    key = hashlib.blake2b(picture.tobytes() + repr(picture.shape).encode(), digest_size=16).digest()
    found = _known.get(key)
    if found is None:
        found = _searched(picture)
        found.points.flags.writeable = False
        if len(_known) >= _KEPT:
            _known.clear()
        _known[key] = found
    return found


def _searched(picture: Picture) -> Landmarks:
    """Once over the cascade's box, once more over a square turned upright by the eyes."""
    x, y, height = face_box(picture)
    score, points = _mesh(picture, np.array([x, y], np.float32), _MARGIN * height, 0.0)
    if score > 0:
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        along = points[263, :2] - points[33, :2]
        score, points = _mesh(picture, (low + high) / 2, _MARGIN * float((high - low).max()), float(np.arctan2(along[1], along[0])))
    if score > 0:
        return Landmarks(points, True)
    grey = np.full((8, 8, 3), 128, np.uint8)  # over nothing at all the mesh answers a mean face
    _, mean = _mesh(grey, np.array([4, 4], np.float32), _MARGIN * height, 0.0)
    return Landmarks(mean + np.array([x - 4, y - 4, 0], np.float32), False)


def _mesh(picture: Picture, centre: Numbers, side: float, angle: float) -> tuple[float, Numbers]:
    """The score (positive: a face) and the points in the picture."""
    scale = _MESH_PX / side
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    source = picture
    if scale < 0.5:  # warping alone would skip pixels
        source = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    matrix = np.column_stack([turn * (scale * picture.shape[1] / source.shape[1]), _MESH_PX / 2 - turn @ centre * scale])
    square = cv2.warpAffine(source, matrix, (_MESH_PX, _MESH_PX), borderMode=cv2.BORDER_REPLICATE)
    with _nets:
        net = _net("face_landmark")
        net.setInput(cv2.dnn.blobFromImage(square, 1 / 255, swapRB=True))
        score, answer = net.forward(("conv2d_31", "conv2d_21"))
    points = answer.reshape(-1, 3) / scale
    points[:, :2] = (points[:, :2] - _MESH_PX / 2 / scale) @ turn + centre
    return float(score.reshape(-1)[0]), points.astype(np.float32)


def person_share(picture: Picture) -> Numbers:
    """Height × width: how far each pixel belongs to a person, 0 to 1."""
    small = cv2.resize(picture, (_PERSON_PX, _PERSON_PX), interpolation=cv2.INTER_AREA)
    with _nets:
        net = _net("selfie_segmentation")
        net.setInput(cv2.dnn.blobFromImage(small, 1 / 255, swapRB=True))
        share = net.forward()[0, 0]
    return np.asarray(cv2.resize(share, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC), np.float32).clip(0, 1)
