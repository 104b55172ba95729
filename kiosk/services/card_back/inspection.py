"""Looks at the card's back through the inspection camera: what stands there, and is it what was meant?

The frame's card is found by its bright film before the dark reader bed, straightened to the printer's dots, freed of uneven light, and compared with
the picture that was sent; each block's QR is read from the frame itself. Doubt never becomes "as meant".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from drivers.contract.bitmap import Bitmap
from drivers.contract.camera import Frame
from drivers.contract.card_printer import HEIGHT_DOTS, WIDTH_DOTS
from kiosk.domain.failure import Failure
from kiosk.services.card_back.layout import measures

Grey = NDArray[np.float32]


class Verdict(StrEnum):
    AS_MEANT = "as_meant"
    DIFFERS = "differs"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    NO_CARD = "no_card"


@dataclass(frozen=True, slots=True)
class Inspection:
    """codes: texts of the QRs read, sorted. reason: the check that decided, for the log. The numbers are those of the comparison, for the log too."""

    verdict: Verdict
    codes: tuple[str, ...]
    reason: str
    ink: float = 0.0
    correlation: float = 0.0
    worst_spot: float = 0.0
    worst_line: float = 0.0

    @property
    def failure(self) -> Failure | None:
        """None only for `as_meant`."""
        return None if self.verdict is Verdict.AS_MEANT else Failure(f"card_back.{self.verdict}")


def inspect(frame: Frame, meant: Bitmap, expected_codes: Sequence[str]) -> Inspection:
    """Compares one frame (height × width × 3, BGR) with what was meant. A white back that was meant white is `as_meant`."""
    codes = read_codes(frame)
    dots = straightened(frame)
    if dots is None:
        return Inspection(Verdict.NO_CARD, codes, "no card in the frame")
    limits = measures()["inspection"]
    ink = _ink(dots)
    wanted = meant_dots(meant)
    if float(np.percentile(ink, 99.5)) < limits["blank_ink"]:
        if wanted.any():
            return Inspection(Verdict.BLANK, codes, "nothing printed")
        return Inspection(Verdict.AS_MEANT, codes, "white as meant")
    if not wanted.any():
        return Inspection(Verdict.DIFFERS, codes, "meant white")
    return _judged(_compared(ink, wanted), codes, tuple(sorted(expected_codes)))


def _judged(found: "Comparison", codes: tuple[str, ...], expected: tuple[str, ...]) -> Inspection:
    limits = measures()["inspection"]

    def inspection(verdict: Verdict, reason: str) -> Inspection:
        return Inspection(verdict, codes, reason, found.ink, found.correlation, found.worst_spot, found.worst_line)

    if set(codes) - set(expected):
        return inspection(Verdict.DIFFERS, "another code")
    if found.ink < limits["ink_minimum"]:
        return inspection(Verdict.DIFFERS, "faint")
    if found.correlation < limits["correlation_minimum"]:
        return inspection(Verdict.DIFFERS, "another picture")
    if found.sharpness < limits["sharpness_minimum"]:
        return inspection(Verdict.UNREADABLE, "out of focus")
    if found.worst_spot > limits["spot_maximum"]:
        return inspection(Verdict.DIFFERS, "a part differs")
    if found.worst_line > limits["line_maximum"]:
        return inspection(Verdict.DIFFERS, "a line of dots differs")
    if codes != expected:
        return inspection(Verdict.UNREADABLE, "code not read")
    return inspection(Verdict.AS_MEANT, "picture and codes")


def read_codes(frame: Frame) -> tuple[str, ...]:
    """The texts of all QRs in the frame, sorted; recovery learns from them what a back shows. Empty says nothing about a blank back."""
    found = zxingcpp.read_barcodes(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), formats=zxingcpp.BarcodeFormat.QRCode)
    return tuple(sorted({code.text for code in found}))


def meant_dots(meant: Bitmap) -> Grey:
    """320 × 480, 1 = black."""
    rows = np.frombuffer(meant.rows, np.uint8).reshape(meant.height, meant.stride)
    return np.unpackbits(rows, axis=1)[:, : meant.width].astype(np.float32)


def pictured(frame: Frame) -> tuple[bytes, tuple[str, ...]] | None:
    """The back as the camera sees it, whoever printed it, for a later comparison: its ink as a grey JPEG, and its codes. None without a card."""
    dots = straightened(frame)
    if dots is None:
        return None
    grey = np.clip(_ink(dots) * 255, 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, PICTURE_QUALITY])[1].tobytes(), read_codes(frame)


def compare_pictured(frame: Frame, picture: bytes, picture_codes: Sequence[str]) -> Inspection:
    """Compares one frame with what `pictured` kept. Raises ValueError for bytes that it did not make."""
    codes = read_codes(frame)
    dots = straightened(frame)
    if dots is None:
        return Inspection(Verdict.NO_CARD, codes, "no card in the frame")
    grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None or grey.shape != (HEIGHT_DOTS, WIDTH_DOTS):
        raise ValueError("not a picture of a back")
    limits = measures()["inspection"]
    ink, kept = _ink(dots), grey.astype(np.float32) / 255
    was_blank, is_blank = (float(np.percentile(one, 99.5)) < limits["blank_ink"] for one in (kept, ink))
    if was_blank or is_blank:
        same = Verdict.AS_MEANT if was_blank and is_blank else Verdict.BLANK if is_blank else Verdict.DIFFERS
        return Inspection(same, codes, "white" if is_blank else "was white")
    found = _alike(ink, kept)
    verdict, reason = Verdict.AS_MEANT, "as pictured"
    if set(codes) - set(picture_codes):
        verdict, reason = Verdict.DIFFERS, "another code"
    elif not limits["kept_ink_minimum"] < found.ink < 1 / limits["kept_ink_minimum"]:
        verdict, reason = Verdict.DIFFERS, "fainter or darker than before"
    elif found.correlation < limits["correlation_minimum"]:
        verdict, reason = Verdict.DIFFERS, "another picture"
    elif found.sharpness < limits["sharpness_minimum"]:
        verdict, reason = Verdict.UNREADABLE, "out of focus"
    elif found.worst_spot > limits["kept_spot_maximum"]:
        verdict, reason = Verdict.DIFFERS, "a part differs"
    elif found.worst_line > limits["line_maximum"]:
        verdict, reason = Verdict.DIFFERS, "a line of dots differs"
    elif set(picture_codes) - set(codes):
        verdict, reason = Verdict.UNREADABLE, "code not read"
    return Inspection(verdict, codes, reason, found.ink, found.correlation, found.worst_spot, found.worst_line)


# --- finding the card

STRAIGHT_PX = 2.0  # how far most of a side's points may lie from its line


def straightened(frame: Frame) -> Grey | None:
    """The printable area's brightness, 320 × 480 dots; None where no card lies in the frame."""
    corners = card_corners(frame)
    if corners is None:
        return None
    limits = measures()["inspection"]
    left, right = limits["printable_left"], limits["printable_right"]
    top, bottom = limits["printable_top"], limits["printable_bottom"]
    # the whole card's corners, in dots of the printable area
    x0, x1 = -left / (right - left) * WIDTH_DOTS, (1 - left) / (right - left) * WIDTH_DOTS
    y0, y1 = -top / (bottom - top) * HEIGHT_DOTS, (1 - top) / (bottom - top) * HEIGHT_DOTS
    target = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    softened = cv2.GaussianBlur(grey, (0, 0), 0.6)  # the frame has more pixels than the card has dots
    return np.asarray(cv2.warpPerspective(softened, matrix, (WIDTH_DOTS, HEIGHT_DOTS), flags=cv2.INTER_CUBIC), np.float32)


def card_corners(frame: Frame) -> NDArray[np.float32] | None:
    """The card's corners, clockwise from the upper left, where its straight edges would meet (the real ones are round)."""
    limits = measures()["inspection"]
    grey = cv2.GaussianBlur(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), (0, 0), 1.5)
    threshold, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if threshold < limits["film_brightness"] / 2 or float(np.percentile(grey, 99)) < limits["film_brightness"]:
        return None
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea, default=None)
    if outline is None or not limits["card_share_minimum"] < cv2.contourArea(outline) / grey.size < limits["card_share_maximum"]:
        return None
    points = outline[:, 0, :].astype(np.float32)
    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    rough = np.array([points[total.argmin()], points[difference.argmax()], points[total.argmax()], points[difference.argmin()]])
    sides = [_edge(points, rough[index], rough[(index + 1) % 4]) for index in range(4)]
    if any(side is None for side in sides):
        return None
    corners = [_meeting(sides[index - 1], sides[index]) for index in range(4)]
    if any(corner is None for corner in corners):
        return None
    result = np.array(corners, np.float32)
    width = np.hypot(*(result[1] - result[0])), np.hypot(*(result[2] - result[3]))
    height = np.hypot(*(result[3] - result[0])), np.hypot(*(result[2] - result[1]))
    shape = sum(width) / max(sum(height), 1e-6)
    return result if limits["shape_minimum"] < shape < limits["shape_maximum"] else None


def _edge(points: NDArray[np.float32], start: NDArray[np.float32], end: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The line through the outline along one side, round corners left out: direction and a point. None where the side is not straight."""
    along = end - start
    length = float(np.hypot(*along))
    if length < 50:
        return None
    along = along / length
    relative = points - start
    share = relative @ along / length
    distance = np.abs(relative @ np.array([-along[1], along[0]]))
    chosen = points[(share > 0.12) & (share < 0.88) & (distance < 0.05 * length)]
    if len(chosen) < 20:
        return None
    line = np.asarray(cv2.fitLine(chosen, cv2.DIST_HUBER, 0, 0.01, 0.01)[:, 0], np.float32)
    off = np.abs((chosen - line[2:]) @ np.array([-line[1], line[0]]))
    return line if float(np.percentile(off, 80)) < STRAIGHT_PX else None


def _meeting(first: Any, second: Any) -> NDArray[np.float32] | None:
    matrix = np.array([[first[0], -second[0]], [first[1], -second[1]]])
    if abs(np.linalg.det(matrix)) < 0.3:  # sides of a card do not run together
        return None
    share = np.linalg.solve(matrix, np.array([second[2] - first[2], second[3] - first[3]]))[0]
    return np.array([first[2] + share * first[0], first[3] + share * first[1]], np.float32)


# --- comparing


@dataclass(frozen=True, slots=True)
class Comparison:
    """All are shares, 1 = a perfect print for the first three, 0 for the other two.

    ink: how dark the large black parts are (about 0.7 on this film); correlation: of the picture without its fine detail; sharpness: how much fine
    detail there is; worst_spot: how much is wrong within a spot of a few dots; worst_line: how much more or less ink than meant one line of dots has.
    """

    ink: float
    correlation: float
    sharpness: float
    worst_spot: float
    worst_line: float


CELL = 16  # dots; light changes little within
SOFT_MEANT, SOFT_SEEN = 1.0, 0.6  # dots: the lens has softened what is seen a little already
COARSE = 3.0
PICTURE_QUALITY = 45  # 9 kB; finer tells no more of the back, below 20 the lines of dots suffer
LINE_INK_MINIMUM = 3.0  # a line of dots with less black tells nothing about its heating element


@cache
def _surface() -> NDArray[np.float64]:
    """Terms of a quadratic surface at each cell's middle."""
    y, x = np.mgrid[0 : HEIGHT_DOTS // CELL, 0 : WIDTH_DOTS // CELL]
    return _terms(x.ravel() + 0.5, y.ravel() + 0.5)


def _terms(x: Any, y: Any) -> NDArray[np.float64]:
    x, y = x / (WIDTH_DOTS / CELL) - 0.5, y / (HEIGHT_DOTS / CELL) - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


@cache
def _all_terms() -> NDArray[np.float64]:
    y, x = np.mgrid[0:HEIGHT_DOTS, 0:WIDTH_DOTS]
    return _terms((x + 0.5) / CELL, (y + 0.5) / CELL)


def _ink(brightness: Grey) -> Grey:
    """1 = black, 0 = the film's white under the light there is; the light is fitted to the brightest spot of every cell."""
    cells = brightness.reshape(HEIGHT_DOTS // CELL, CELL, WIDTH_DOTS // CELL, CELL)
    bright = np.percentile(cells, 90, axis=(1, 3)).ravel()
    kept = bright > 0.6 * np.percentile(bright, 90)
    for _ in range(3):
        fitted, *_ = np.linalg.lstsq(_surface()[kept], bright[kept], rcond=None)
        expected = _surface() @ fitted
        kept = np.abs(bright - expected) < 0.06 * expected
        if kept.sum() < 30:
            break
    white = np.maximum(_all_terms() @ fitted, 1.0)
    return (1 - brightness / white).astype(np.float32)


def _compared(ink: Grey, wanted: Grey) -> Comparison:
    ideal = cv2.GaussianBlur(wanted, (0, 0), SOFT_MEANT)
    return _measured(cv2.GaussianBlur(_aligned(ink, ideal), (0, 0), SOFT_SEEN), ideal)


def _alike(ink: Grey, kept: Grey) -> Comparison:
    """Of two looks through the same lens, so that neither is sharper than the other."""
    before = cv2.GaussianBlur(kept, (0, 0), SOFT_SEEN)
    return _measured(cv2.GaussianBlur(_aligned(ink, before), (0, 0), SOFT_SEEN), before)


def _measured(seen: Grey, ideal: Grey) -> Comparison:
    coarse_ideal, coarse_seen = cv2.GaussianBlur(ideal, (0, 0), COARSE), cv2.GaussianBlur(seen, (0, 0), COARSE)
    darkness = float((coarse_seen * coarse_ideal).sum() / (coarse_ideal * coarse_ideal).sum())
    gain = max(float((seen * ideal).sum() / (ideal * ideal).sum()), 0.05)
    seen, coarse_seen = seen / gain, coarse_seen / gain
    return Comparison(
        ink=darkness,
        correlation=float(np.corrcoef(coarse_seen.ravel(), coarse_ideal.ravel())[0, 1]),
        sharpness=float(np.std(seen - coarse_seen) / np.std(ideal - coarse_ideal)),
        worst_spot=float(cv2.GaussianBlur(np.abs(seen - ideal), (0, 0), COARSE).max()),
        worst_line=max(_worst_line(seen, ideal), _worst_line(seen.T, ideal.T)),
    )


def _worst_line(seen: Grey, ideal: Grey) -> float:
    """How far the ink of any line of dots is from what was meant; each third of a line counts alone too, for a heater may fail for a while."""
    worst = 0.0
    length = seen.shape[1]
    for parts in (1, 3):
        for part in range(parts):
            here = slice(part * length // parts, (part + 1) * length // parts)
            energy = (ideal[:, here] ** 2).sum(axis=1)
            amount = (seen[:, here] * ideal[:, here]).sum(axis=1) / np.maximum(energy, 1e-6)
            telling = energy > LINE_INK_MINIMUM * (2 if parts == 1 else 1)
            telling[:3] = telling[-3:] = False  # the straightened picture is cut off there
            worst = max(worst, float(np.abs(amount - 1)[telling].max(initial=0.0)))
    return worst


def _aligned(ink: Grey, ideal: Grey) -> Grey:
    """Moves the seen picture onto the meant one by parts of a dot; left as it is where they have nothing in common."""
    matrix = np.eye(3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 25, 1e-4)
    try:
        _, matrix = cv2.findTransformECC(ideal, ink, matrix, cv2.MOTION_HOMOGRAPHY, criteria, None, 3)
    except cv2.error:
        return ink
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(ink, matrix, (WIDTH_DOTS, HEIGHT_DOTS), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)
