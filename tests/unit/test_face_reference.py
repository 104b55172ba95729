"""The chip's portrait comes from outside: whatever its bytes, enrolling ends in a reference or a coded failure."""

import struct

import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.domain.failure import Failure
from kiosk.face.match import FaceMatcher, Reference
from kiosk.face.models import FaceModels
from kiosk.face.reference import open_portrait

from .face_pictures import MODELS, portrait, saved

BOX = (290, 0, 400, 533)


@pytest.fixture(scope="module")
def matcher() -> FaceMatcher:
    models = FaceModels.load(MODELS)
    assert isinstance(models, FaceModels), f"{models}: packaging/setup.sh makes assets/models"
    return FaceMatcher(models)


def plain(size: tuple[int, int], colour: object, form: str = "JPEG", mode: str = "RGB") -> bytes:
    return saved(Pillow.new(mode, size, colour), form)  # type: ignore[arg-type]


def with_size(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header claims another size."""
    start = data.index(b"\xff\xc0")
    return data[: start + 5] + struct.pack(">HH", height, width) + data[start + 9 :]


def with_size_2000(data: bytes, width: int, height: int) -> bytes:
    """A JPEG 2000 whose box and codestream headers claim another size."""
    box, stream = data.index(b"ihdr") + 4, data.index(b"\xff\x51") + 6
    data = data[:box] + struct.pack(">II", height, width) + data[box + 8 :]
    return data[:stream] + struct.pack(">II", width, height) + data[stream + 8 :]


JPEG, JPEG_2000 = portrait("obama.jpg", (240, 320), "JPEG", BOX), portrait("obama.jpg", (240, 320), "JPEG2000", BOX)
PNG = (lambda path: path.read_bytes())(MODELS.parent / "faces/hanks.png")

BAD = {
    "nothing": (b"", "unreadable"),
    "no picture": (b"not a picture at all" * 50, "unreadable"),
    "a PNG, which no chip holds": (PNG, "unreadable"),
    "JPEG cut in its header": (JPEG[:40], "unreadable"),
    "JPEG cut in half": (JPEG[: len(JPEG) // 2], "unreadable"),
    "JPEG 2000 cut in its header": (JPEG_2000[:60], "unreadable"),
    "one pixel": (plain((1, 1), "white"), "unusable"),
    "one pixel, JPEG 2000": (plain((1, 1), "white", "JPEG2000"), "unusable"),
    "a line": (plain((4000, 50), "white"), "unusable"),
    "black": (plain((240, 320), "black"), "unusable"),
    "grey": (plain((240, 320), 128, mode="L"), "unusable"),
    "grey with alpha, JPEG 2000": (plain((240, 320), (128, 255), "JPEG2000", "LA"), "unusable"),
    "a group": (portrait("pair.jpg", (960, 540), "JPEG", quality=90), "unusable"),
    "60000 x 60000 by its header": (with_size(JPEG, 60000, 60000), "too_large"),
    "5000 x 5000 by its header": (with_size(JPEG, 5000, 5000), "too_large"),
    "60000 x 60000 by its header, JPEG 2000": (with_size_2000(JPEG_2000, 60000, 60000), "too_large"),
    "six megabytes": (JPEG + bytes(6_000_000), "too_large"),
}


@pytest.mark.filterwarnings("default::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("data", "why"), BAD.values(), ids=BAD)
def test_a_portrait_that_cannot_serve_is_a_coded_failure(matcher: FaceMatcher, data: bytes, why: str) -> None:
    assert matcher.enrol(data) == Failure(f"face.reference_{why}")


@pytest.mark.parametrize("size", [(65500, 49), (30, 4000), (47, 60)])
def test_a_portrait_of_a_strange_shape_is_not_enlarged(size: tuple[int, int]) -> None:
    assert open_portrait(plain(size, "white")) == Failure("face.reference_unusable")


@pytest.mark.parametrize("original", [JPEG, JPEG_2000], ids=["JPEG", "JPEG 2000"])
def test_a_damaged_portrait_never_raises(matcher: FaceMatcher, original: bytes) -> None:
    random = np.random.default_rng(20)
    for _ in range(60):
        data = bytearray(original)
        for place in random.integers(0, len(data), 5):
            data[place] = int(random.integers(0, 256))
        result = matcher.enrol(bytes(data[: int(random.integers(100, len(data) + 1))]))
        assert isinstance(result, Reference) or result.code.startswith("face.reference_")
