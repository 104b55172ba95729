"""The portrait out of the permit's chip (DG2): JPEG or JPEG 2000 bytes from outside the machine, opened with care."""

import io

import cv2
import numpy as np
from PIL import Image as Pillow

from kiosk.domain.failure import Failure
from kiosk.face.image import Image, as_image, wipe

_MAX_BYTES = 5_000_000
_MAX_PIXELS = 20_000_000
_SHORTER_SIDE_AT_LEAST_PX = 48
_LONGER_TO_SHORTER_AT_MOST = 3
# Small portraits (102 x 126 is usual) are enlarged smoothly first; the distances were measured so.
_WORKING_SIDE_PX = 400


def open_portrait(data: bytes) -> Image | Failure:
    """The picture, its shorter side at least 400 pixels.

    Fails with `face.reference_unreadable`, `face.reference_too_large` or `face.reference_unusable` (its shape), before anything large is decoded.
    """
    if len(data) > _MAX_BYTES:
        return Failure("face.reference_too_large")
    try:
        with Pillow.open(io.BytesIO(data), formats=("JPEG", "JPEG2000")) as portrait:
            width, height = portrait.size  # from the header alone
            if width * height > _MAX_PIXELS:
                return Failure("face.reference_too_large")
            shorter, longer = min(width, height), max(width, height)
            if shorter < _SHORTER_SIDE_AT_LEAST_PX or longer > _LONGER_TO_SHORTER_AT_MOST * shorter:
                return Failure("face.reference_unusable")
            picture = np.asarray(portrait.convert("RGB"), np.uint8)
    except Pillow.DecompressionBombError:
        return Failure("face.reference_too_large")
    except Exception:  # the decoders raise whatever a broken file makes them raise, and the file is no bug of ours
        return Failure("face.reference_unreadable")
    bgr = as_image(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    if shorter >= _WORKING_SIDE_PX:
        return bgr
    factor = _WORKING_SIDE_PX / shorter
    enlarged = as_image(cv2.resize(bgr, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))
    wipe([bgr])
    return enlarged
