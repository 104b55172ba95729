"""Pictures of personas: the portrait in the permit's chip, the small photo of the identity card, and the picture that stands at the camera."""

import io
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]

_WIDTH, _HEIGHT = 300, 400
_COMPRESSION = 30  # times smaller than raw: about 12 KB, as in real chips
_FACE_OF_HEIGHT = 0.48  # the detector's box reaches from the brows to the chin; a portrait shows head and shoulders
_DETECT_WIDTH = 480


def chip_picture(file: Path) -> bytes:
    """DG2's picture: 300 × 400, JPEG 2000, the face in the middle. Raises ValueError where the file holds no picture."""
    out = io.BytesIO()
    _portrait(file).save(out, "JPEG2000", quality_mode="rates", quality_layers=[_COMPRESSION], irreversible=True)
    return out.getvalue()


def id_photo(file: Path) -> bytes:
    """The identity card's portrait as JPEG, 102 × 126."""
    out = io.BytesIO()
    _portrait(file).resize((102, 126)).save(out, "JPEG", quality=60)
    return out.getvalue()


@lru_cache(maxsize=8)
def scene_picture(file: Path) -> Picture:
    """Height × width × 3, BGR, as the file shows it. Raises ValueError where the file holds no picture."""
    picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"not a picture: {file.name}")
    return np.asarray(picture, np.uint8)


@lru_cache(maxsize=32)
def _portrait(file: Path) -> Image.Image:
    picture = scene_picture(file)
    height, width = picture.shape[:2]
    x, y, size = _largest_face(picture) or (width // 4, height // 4, min(width, height) // 2)
    crop_height = min(size / _FACE_OF_HEIGHT, height, width * _HEIGHT / _WIDTH)
    crop_width = crop_height * _WIDTH / _HEIGHT
    left = min(max(x + size / 2 - crop_width / 2, 0), width - crop_width)
    top = min(max(y + size / 2 - crop_height * 0.48, 0), height - crop_height)
    rgb = Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))
    return rgb.resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS, box=(left, top, left + crop_width, top + crop_height))


def _largest_face(picture: Picture) -> tuple[int, int, int] | None:
    """Left, top and size of the detector's square, in the picture's own pixels."""
    scale = min(_DETECT_WIDTH / picture.shape[1], 1.0)
    grey = cv2.cvtColor(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    detector = cv2.CascadeClassifier(str(Path(cv2.__file__).with_name("data") / "haarcascade_frontalface_default.xml"))
    faces = detector.detectMultiScale(grey, 1.1, 6, minSize=(40, 40))
    if len(faces) == 0:
        return None
    x, y, size, _ = max(faces, key=lambda face: int(face[2]))
    return int(x / scale), int(y / scale), int(size / scale)
