"""Picture files as people bring them: JPEG, JPEG 2000 or PNG, of any colours and bits, opened with care and turned upright."""

import io
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from kiosk.domain.failure import Failure
from kiosk.face.image import Image, as_image

MAX_BYTES = 20_000_000
MAX_PIXELS = 20_000_000
SHORTER_SIDE_AT_LEAST_PX = 16
# Each scan of a progressive JPEG is a pass over the whole picture, however few bytes it has; encoders write about ten.
MAX_SCANS = 50
_FORMS = ("JPEG", "JPEG2000", "PNG")
_START_OF_SCAN = b"\xff\xda"


@dataclass(frozen=True, slots=True, eq=False)
class PictureFile:
    """A picture and what its file says of itself.

    image: upright by its EXIF, eight bits a colour, transparent places white.
    size_bytes: of the file; form: JPEG, JPEG2000 or PNG; true_colour: stored as three colours of eight bits, without palette or alpha.
    """

    image: Image
    size_bytes: int
    form: str
    true_colour: bool


def read_picture(path: Path) -> PictureFile | Failure:
    """Fails with `picture.absent` (no such file, or no plain file), `picture.unreadable` (no permission), or as `open_picture` does."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or a device would never end
            return Failure("picture.absent", detail={"file": str(path)})
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return Failure("picture.absent", detail={"file": str(path)})
    except OSError:
        return Failure("picture.unreadable", detail={"file": str(path)})
    return open_picture(data, str(path))


def open_picture(data: bytes, file: str) -> PictureFile | Failure:
    """`file` is only named in failures.

    Before anything large is decoded: `picture.too_many_bytes`, `picture.not_a_picture`, `picture.too_many_pixels`, `picture.too_small`,
    `picture.too_many_scans`; while decoding: `picture.damaged`. With 20 megapixels about half a gigabyte is
    held for a moment, and three seconds pass.
    """
    detail = {"file": file}
    if len(data) > MAX_BYTES:
        return Failure("picture.too_many_bytes", detail=detail)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on odd files; what matters is refused below
        try:
            opened = Pillow.open(io.BytesIO(data), formats=_FORMS)
        except Pillow.DecompressionBombError:
            return Failure("picture.too_many_pixels", detail=detail)
        except Exception:  # a decoder raises whatever a broken file makes it raise, and the file is no bug of ours
            return Failure("picture.not_a_picture", detail=detail)
        with opened:
            width, height = opened.size  # from the header alone
            if width * height > MAX_PIXELS:
                return Failure("picture.too_many_pixels", detail=detail)
            if min(width, height) < SHORTER_SIDE_AT_LEAST_PX:
                return Failure("picture.too_small", detail=detail)
            form = "JPEG" if opened.format in ("JPEG", "MPO") else str(opened.format)
            if form == "JPEG" and data.count(_START_OF_SCAN) > MAX_SCANS:
                return Failure("picture.too_many_scans", detail=detail)
            try:
                image = _upright_colours(opened)
            except Exception:  # as above: the file's doing
                return Failure("picture.damaged", detail=detail)
            return PictureFile(image, len(data), form, opened.mode == "RGB")


def _upright_colours(opened: Pillow.Image) -> Image:
    opened.load()
    picture = ImageOps.exif_transpose(opened)
    if picture.mode.startswith("I"):  # sixteen bits of grey; Pillow's own conversion would cut off all but the darkest
        grey = np.clip(np.asarray(picture, np.float64) / 257, 0, 255)
        return as_image(cv2.cvtColor(np.asarray(np.rint(grey), np.uint8), cv2.COLOR_GRAY2BGR))
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        paper = Pillow.new("RGBA", layer.size, "white")
        picture = Pillow.alpha_composite(paper, layer)
    return as_image(cv2.cvtColor(np.asarray(picture.convert("RGB"), np.uint8), cv2.COLOR_RGB2BGR))
