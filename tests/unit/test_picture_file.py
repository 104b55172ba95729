"""Whatever file people give: a picture, upright and in three colours of eight bits, or a coded failure before anything large is decoded."""

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.domain.failure import Failure
from kiosk.face.picture_file import MAX_BYTES, MAX_SCANS, PictureFile, open_picture, read_picture

from .face_pictures import ROOT, picture

PHOTOGRAPH = Pillow.fromarray(cv2.cvtColor(cv2.resize(picture("obama3_portrait.jpg"), (160, 200)), cv2.COLOR_BGR2RGB))


def saved(image: Pillow.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(data: bytes) -> PictureFile:
    found = open_picture(data, "a.jpg")
    assert isinstance(found, PictureFile), found
    return found


def plain(image: Pillow.Image) -> np.ndarray[Any, Any]:
    return np.asarray(image.convert("RGB"))[..., ::-1].astype(int)


SIXTEEN = Pillow.fromarray(np.asarray(PHOTOGRAPH.convert("L")).astype(np.uint16) * 257)
JPEG, JPEG_2000, PNG = (saved(PHOTOGRAPH, form) for form in ("JPEG", "JPEG2000", "PNG"))
KINDS = {
    "JPEG": (JPEG, PHOTOGRAPH, "JPEG", True),
    "progressive JPEG": (saved(PHOTOGRAPH, "JPEG", progressive=True), PHOTOGRAPH, "JPEG", True),
    "grey JPEG": (saved(PHOTOGRAPH.convert("L"), "JPEG"), PHOTOGRAPH.convert("L"), "JPEG", False),
    "CMYK JPEG": (saved(PHOTOGRAPH.convert("CMYK"), "JPEG"), PHOTOGRAPH, "JPEG", False),
    "JPEG 2000": (JPEG_2000, PHOTOGRAPH, "JPEG2000", True),
    "JPEG 2000 without boxes": (saved(PHOTOGRAPH, "JPEG2000", no_jp2=True), PHOTOGRAPH, "JPEG2000", True),
    "PNG": (PNG, PHOTOGRAPH, "PNG", True),
    "grey PNG": (saved(PHOTOGRAPH.convert("L"), "PNG"), PHOTOGRAPH.convert("L"), "PNG", False),
    "palette PNG": (saved(PHOTOGRAPH.convert("P", palette=Pillow.Palette.ADAPTIVE), "PNG"), PHOTOGRAPH, "PNG", False),
    "16-bit PNG": (saved(SIXTEEN, "PNG"), PHOTOGRAPH.convert("L"), "PNG", False),
    "16-bit JPEG 2000": (saved(SIXTEEN, "JPEG2000"), PHOTOGRAPH.convert("L"), "JPEG2000", False),
}


@pytest.mark.parametrize(("data", "same", "form", "true_colour"), KINDS.values(), ids=KINDS)
def test_every_kind_is_opened_as_three_colours(data: bytes, same: Pillow.Image, form: str, true_colour: bool) -> None:
    found = opened(data)
    assert (found.form, found.true_colour, found.size_bytes) == (form, true_colour, len(data))
    assert found.image.dtype == np.uint8
    assert np.abs(found.image - plain(same)).mean() < 6


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_places_are_white(mode: str) -> None:
    image = PHOTOGRAPH.convert("RGBA")
    image.putalpha(Pillow.linear_gradient("L").resize(image.size).point(lambda value: 255 if value > 127 else 0))
    found = opened(saved(image.convert(mode), "PNG"))
    assert (found.image[0] == 255).all() and found.image[-1].mean() < 250
    assert not found.true_colour


def test_a_transparent_colour_of_a_palette_is_white() -> None:
    image = Pillow.new("P", (40, 40), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert (opened(saved(image, "PNG", transparency=1)).image == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright_by_its_exif(orientation: int) -> None:
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions: how a camera held so stores it
    stored = PHOTOGRAPH.transpose(Pillow.Transpose(turns[orientation])) if orientation in turns else PHOTOGRAPH
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    found = opened(saved(stored, "JPEG", exif=exif, quality=95))
    assert found.image.shape == (200, 160, 3)
    assert np.abs(found.image - plain(PHOTOGRAPH)).mean() < 6


# -- refusals


def jpeg_of_size(width: int, height: int) -> bytes:
    start = JPEG.index(b"\xff\xc0")
    return JPEG[: start + 5] + struct.pack(">HH", height, width) + JPEG[start + 9 :]


def png_of_size(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">II", width, height) + PNG[24:29]
    return PNG[:12] + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]


def jpeg_2000_of_size(width: int, height: int) -> bytes:
    box, stream = JPEG_2000.index(b"ihdr") + 4, JPEG_2000.index(b"\xff\x51") + 6
    data = JPEG_2000[:box] + struct.pack(">II", height, width) + JPEG_2000[box + 8 :]
    return data[:stream] + struct.pack(">II", width, height) + data[stream + 8 :]


def many_scans(times: int) -> bytes:
    """A progressive JPEG whose last scan is there again and again."""
    data = saved(PHOTOGRAPH, "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * times + data[-2:]


BAD = {
    "nothing": (b"", "not_a_picture"),
    "text": (b"not a picture at all" * 50, "not_a_picture"),
    "a GIF": (saved(PHOTOGRAPH, "GIF"), "not_a_picture"),
    "a TIFF": (saved(PHOTOGRAPH, "TIFF"), "not_a_picture"),
    "one pixel": (saved(PHOTOGRAPH.resize((1, 1)), "PNG"), "too_small"),
    "a line": (saved(PHOTOGRAPH.resize((4000, 15)), "JPEG"), "too_small"),
    "JPEG cut in half": (JPEG[: len(JPEG) // 2], "damaged"),
    "JPEG without its last tenth": (JPEG[: len(JPEG) * 9 // 10], "damaged"),
    "JPEG 2000 cut in half": (JPEG_2000[: len(JPEG_2000) // 2], "damaged"),
    "JPEG 2000 without its last bytes": (JPEG_2000[:-10], "damaged"),
    "PNG cut in half": (PNG[: len(PNG) // 2], "damaged"),
    "60000 x 60000 JPEG by its header": (jpeg_of_size(60000, 60000), "too_many_pixels"),
    "5000 x 4001 JPEG by its header": (jpeg_of_size(5000, 4001), "too_many_pixels"),
    "60000 x 60000 PNG by its header": (png_of_size(60000, 60000), "too_many_pixels"),
    "60000 x 60000 JPEG 2000 by its header": (jpeg_2000_of_size(60000, 60000), "too_many_pixels"),
    "JPEG of many scans": (many_scans(MAX_SCANS), "too_many_scans"),
    "twenty megabytes": (JPEG + bytes(MAX_BYTES), "too_many_bytes"),
}


@pytest.mark.parametrize(("data", "why"), BAD.values(), ids=BAD)
def test_what_cannot_be_opened_is_a_coded_failure(data: bytes, why: str) -> None:
    assert open_picture(data, "a.jpg") == Failure(f"picture.{why}", detail={"file": "a.jpg"})


def test_twenty_megapixels_are_still_opened() -> None:
    assert opened(saved(Pillow.new("L", (5000, 4000), 200), "PNG")).image.shape == (4000, 5000, 3)


def test_a_few_scans_more_than_usual_are_opened() -> None:
    assert opened(many_scans(3)).form == "JPEG"


@pytest.mark.parametrize("original", [JPEG, JPEG_2000, PNG], ids=["JPEG", "JPEG 2000", "PNG"])
def test_a_damaged_file_never_raises(original: bytes) -> None:
    random = np.random.default_rng(20)
    for _ in range(60):
        data = bytearray(original)
        for place in random.integers(0, len(data), 5):
            data[place] = int(random.integers(0, 256))
        found = open_picture(bytes(data[: int(random.integers(100, len(data) + 1))]), "a.jpg")
        assert isinstance(found, PictureFile) or found.code.startswith("picture.")


# -- files


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    found = read_picture(tmp_path / "a.jpg")
    assert isinstance(found, PictureFile) and found.size_bytes == len(JPEG)
    assert isinstance(read_picture(ROOT / "assets/faces/hanks.png"), PictureFile)


def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "none.jpg", tmp_path / "pipe", Path("/dev/zero"), tmp_path / "pipe" / "x", Path("a\0b")):
        assert read_picture(path) == Failure("picture.absent", detail={"file": str(path)})


def test_no_more_of_a_file_is_read_than_is_allowed(tmp_path: Path) -> None:
    with (tmp_path / "large.jpg").open("wb") as file:
        file.truncate(10 * 1000**3)  # a sparse file: ten gigabytes that are nowhere
    assert read_picture(tmp_path / "large.jpg") == Failure("picture.too_many_bytes", detail={"file": str(tmp_path / "large.jpg")})


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)

    def refused(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert read_picture(tmp_path / "a.jpg") == Failure("picture.unreadable", detail={"file": str(tmp_path / "a.jpg")})
