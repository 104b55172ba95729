"""Pictures for the face tests: the set-up's test faces as a chip would hold them and as a camera would see them."""

import io
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image as Pillow

from kiosk.face.image import Image, as_image

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "assets/models"
ASTRONAUT = Path(skimage.__file__).parent / "data/astronaut.png"


def picture(name: str) -> Image:
    path = ASTRONAUT if name == "astronaut" else ROOT / "assets/faces" / name
    found = cv2.imread(str(path))
    if found is None:
        raise FileNotFoundError(f"{path} is missing: packaging/setup.sh makes it")
    return as_image(found)


@cache
def camera(name: str, width: int = 640, height: int = 480, zoom: float = 1.0) -> Image:
    """The picture fitted into a frame (times `zoom`, about its upper middle), before a grey wall, with a little noise."""
    image = picture(name)
    scale = min(width / image.shape[1], height / image.shape[0]) * zoom
    image = as_image(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    left = max(0, (image.shape[1] - width) // 2)
    image = image[:height, left : left + width]
    frame = np.full((height, width, 3), 190, np.uint8)
    x, y = (width - image.shape[1]) // 2, (height - image.shape[0]) // 2
    frame[y : y + image.shape[0], x : x + image.shape[1]] = image
    noise = np.random.default_rng(7).normal(0, 3, frame.shape)
    noisy = np.asarray(np.clip(frame + noise, 0, 255), np.uint8)
    noisy.flags.writeable = False  # the next test sees the same one
    return noisy


def portrait(
    name: str, size: tuple[int, int], form: str, box: tuple[int, int, int, int] | None = None, mode: str = "RGB", quality: int = 60
) -> bytes:
    """`form` is JPEG or JPEG2000; `box` (x, y, width, height) cuts head and shoulders out first."""
    image = Pillow.fromarray(cv2.cvtColor(picture(name), cv2.COLOR_BGR2RGB))
    if box:
        image = image.crop((box[0], box[1], box[0] + box[2], box[1] + box[3]))
    image = image.resize(size, Pillow.Resampling.LANCZOS).convert(mode)
    return saved(image, form, quality)


def saved(image: Pillow.Image, form: str, quality: int = 60) -> bytes:
    out = io.BytesIO()
    if form == "JPEG":
        image.save(out, "JPEG", quality=quality)
    else:
        image.save(out, "JPEG2000", quality_mode="rates", quality_layers=[20])
    return out.getvalue()
