"""A person cut out of a still picture and made ready to be moved: where face and body are, how deep each part lies, how much light it gets.

The depth is a guess: the mesh's own inside the face, an ellipsoid's around it. Nobody was measured.
"""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.landmarks import CHIN, LIPS, OVAL, Landmarks, Numbers, landmarks, person_share
from drivers.camera.light import BODY_GAIN, Picture
from drivers.camera.light import table as levels

Matrix = NDArray[np.float64]
Eyes = tuple[Numbers, Numbers]  # middles of the right and the left one

STEP = 4  # pixels between the points at which movement is reckoned
HEADROOM = 0.8  # linear: the still is taken darker, so that the fill light has room above it
_KEPT = 6


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """left, top: where `picture` lies in the frame. picture: blue green red alpha, colours not yet multiplied by alpha, in frame pixels.

    points: 468 × 3 in `picture`. field: what movement is reckoned from, one value every STEP pixels: x, y and depth from the head's axis,
    each weighted by how far a place belongs to the head, and the mouth's weight. shares: of the face's light that each pixel gets.
    """

    left: int
    top: int
    picture: Picture
    points: Numbers
    field: Numbers
    shares: Numbers
    face_px: float
    axis: tuple[float, float]


_prepared: OrderedDict[bytes, Person] = OrderedDict()
_lock = threading.Lock()


def prepared(picture: Picture, size: tuple[int, int], centre: tuple[float, float], face_px: float, eyes: Eyes | None = None) -> Person:
    """The person with the face at `centre` of a frame of `size`, `face_px` high from forehead to chin; or with the eyes where `eyes` says.

    Raises ValueError where nothing of the person can be seen. Takes 0.1 to 0.2 s the first time, nothing when the same was asked before.
    """
    key = hashlib.blake2b(picture.tobytes(), digest_size=16)
    key.update(repr((picture.shape, size, centre, face_px, None if eyes is None else np.round(eyes, 1).tolist())).encode())
    with _lock:
        person = _prepared.get(key.digest())
    if person is None:
        person = _made(picture, size, centre, face_px, eyes)
    with _lock:
        _prepared[key.digest()] = person
        _prepared.move_to_end(key.digest())
        while len(_prepared) > _KEPT:
            _prepared.popitem(last=False)
    return person


def _made(picture: Picture, size: tuple[int, int], centre: tuple[float, float], face_px: float, eyes: Eyes | None) -> Person:
    found = landmarks(picture)
    matrix = _placing(found, centre, face_px, eyes)
    points = carried(found.points, matrix)
    face_px = float(np.ptp(points[:, 1]))
    margin = round(face_px * 0.08)
    x, y = points[list(OVAL), :2].mean(axis=0)
    left, right = max(round(x - 1.45 * face_px), -margin), min(round(x + 1.45 * face_px), size[0] + margin)
    top, bottom = max(round(y - 1.35 * face_px), -margin), size[1] + margin
    width, height = -(-(right - left) // STEP) * STEP, -(-(bottom - top) // STEP) * STEP
    matrix[:, 2] -= (left, top)
    points[:, :2] -= np.array([left, top], np.float32)
    body = _cut_out(picture, matrix, (width, height), points, found.found)
    seen = np.flatnonzero(body[:, :, 3].max(axis=0) > 2)  # the narrower, the quicker each frame is drawn
    if not len(seen):
        raise ValueError("nobody to be seen in the picture")
    first, last = max(int(seen[0]) - margin, 0) // STEP * STEP, min(int(seen[-1]) + margin, width) // STEP * STEP
    body, left, width = np.ascontiguousarray(body[:, first:last]), left + first, last - first
    points[:, 0] -= first
    depth, belongs = _depths(points, (width, height), face_px)
    axis = (float(points[OVAL, 0].mean()), float(points[OVAL, 1].mean() + 0.15 * face_px))
    rows, columns = np.mgrid[0 : height // STEP, 0 : width // STEP].astype(np.float32) * STEP + np.float32((STEP - 1) / 2)
    across, down = (columns - axis[0]) * belongs, (rows - axis[1]) * belongs
    mouth = points[LIPS, :2].mean(axis=0) + np.array([0, 0.05 * face_px], np.float32)
    spread = np.exp(-(((columns - mouth[0]) / (0.2 * face_px)) ** 2) - ((rows - mouth[1]) / (0.13 * face_px)) ** 2)
    field = np.stack([across, down, depth * belongs, spread], axis=2).astype(np.float32)
    lit = BODY_GAIN + (1 - BODY_GAIN) * belongs * (1 - 0.35 * ((depth / face_px + 0.65) / 0.65).clip(0, 1))
    shares = cv2.resize(lit.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return Person(left, top, body, points, field, np.asarray(shares, np.float32), face_px, axis)


def _placing(found: Landmarks, centre: tuple[float, float], face_px: float, eyes: Eyes | None) -> Matrix:
    """2 × 3: the picture's places into the frame's. A face is taken as it is held; eyes that are to lie somewhere may need a turn."""
    own, scale, angle = np.array(found.centre), face_px / found.height, 0.0
    wanted = np.array(centre)
    if eyes is not None:
        along, given = found.eyes[1] - found.eyes[0], eyes[1] - eyes[0]
        scale = float(np.hypot(*given) / np.hypot(*along))
        angle = float(np.arctan2(given[1], given[0]) - np.arctan2(along[1], along[0]))
        own, wanted = (found.eyes[0] + found.eyes[1]) / 2, (eyes[0] + eyes[1]) / 2
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.column_stack([turn, wanted - turn @ own])


def carried(points: Numbers, matrix: Matrix) -> Numbers:
    """Points with depth under a turn, scale and shift of the picture."""
    depth = points[:, 2:] * float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return np.column_stack([points[:, :2] @ matrix[:, :2].T + matrix[:, 2], depth]).astype(np.float32)


def warped(picture: Picture, matrix: Matrix, size: tuple[int, int], border: int = cv2.BORDER_REPLICATE) -> Picture:
    """The picture under a 2 × 3 matrix; made smaller by area first where pixels would be skipped."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.7:
        smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        matrix = matrix.copy()
        matrix[:, :2] *= picture.shape[1] / smaller.shape[1]
        return np.asarray(cv2.warpAffine(smaller, matrix, size, flags=cv2.INTER_CUBIC, borderMode=border), np.uint8)
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=border), np.uint8)


def _cut_out(picture: Picture, matrix: Matrix, size: tuple[int, int], points: Numbers, found: bool) -> Picture:
    """The person without what stood behind; a body that the picture's lower edge cuts off goes on downwards."""
    placed = cv2.LUT(cv2.GaussianBlur(warped(picture, matrix, size), (0, 0), 0.6), levels((HEADROOM,) * 3))
    rim = warped(np.full(picture.shape[:2], 255, np.uint8), matrix, size, cv2.BORDER_CONSTANT)
    last = int(np.flatnonzero(rim.max(axis=1) > 127)[-1])
    rim[max(last - 8, 0) :] = rim[max(last - 8, 0)]
    edge = cv2.copyMakeBorder(rim, 0, 24, 0, 0, cv2.BORDER_REPLICATE)
    edge = cv2.GaussianBlur(cv2.erode(edge, np.ones((19, 19), np.uint8), borderValue=0), (0, 0), 6)[: size[1]]
    share = person_share(np.asarray(placed, np.uint8)) if found else np.ones(size[::-1], np.float32)
    hull = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points[OVAL, :2].astype(np.int32)), 255)
    share = np.maximum(((share - 0.5) / 0.4).clip(0, 1), hull.astype(np.float32) / 255)
    _, labels = cv2.connectedComponents((share > 0.3).astype(np.uint8))
    share[labels != labels[hull > 0][0]] = 0  # nobody else who stands in the still
    alpha = (cv2.GaussianBlur(share, (0, 0), max(float(np.ptp(points[:, 1])) / 160, 0.8)) * edge).clip(0, 255).astype(np.uint8)
    return np.dstack([placed, alpha])


def _depths(points: Numbers, size: tuple[int, int], face_px: float) -> tuple[Numbers, Numbers]:
    """Every STEP pixels: depth from the head's axis (negative nearer), and how far the place belongs to the head."""
    width, height = size[0] // STEP, size[1] // STEP
    oval = points[OVAL, :2]
    middle = oval.mean(axis=0)
    axis = float(points[OVAL, 2].mean()) + 0.22 * face_px  # the neck's, a little behind the ears
    known = [points]
    for ring, behind in ((1.12, 0.3), (1.28, 0.65), (1.5, 0.95), (1.9, 1.0), (2.4, 1.0)):  # an ellipsoid's back: rounding off to the axis
        rounded = points[OVAL, :].copy()
        rounded[:, :2] = middle + (oval - middle) * ring
        rounded[:, 2] += (axis - rounded[:, 2]) * behind
        known.append(rounded)
    places = np.concatenate(known)
    depth = _spread(places, (width, height)) - axis
    hull = np.zeros((height, width), np.uint8)
    cv2.fillPoly(hull, [((oval - middle) * 1.04 + middle).astype(np.float32).__truediv__(STEP).astype(np.int32)], 1)
    away = cv2.distanceTransform(1 - hull, cv2.DIST_L2, 5) * STEP / face_px
    rows = np.arange(height, dtype=np.float32)[:, None] * STEP
    below = ((rows - points[CHIN, 1]) / (0.1 * face_px)).clip(0, 1)  # the neck takes less part than the hair
    rest = ((away - 0.16 * (1 - below)) / (0.36 - 0.06 * below)).clip(0, 1)
    belongs = 1 - rest * rest * (3 - 2 * rest)
    return depth.astype(np.float32), cv2.GaussianBlur(belongs.astype(np.float32), (0, 0), 1.5)


def _spread(places: Numbers, size: tuple[int, int]) -> Numbers:
    """Scattered depths as a smooth grid: averages over the nearest points, over wider ones where none is near."""
    width, height = size
    sums, counts = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    columns, rows = (places[:, 0] / STEP).astype(int), (places[:, 1] / STEP).astype(int)
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    np.add.at(sums, (rows[inside], columns[inside]), places[inside, 2])
    np.add.at(counts, (rows[inside], columns[inside]), 1)
    answer = np.full((height, width), places[-1, 2], np.float32)
    for sigma in (48.0, 16.0, 6.0, 3.0, 1.6):
        weight = cv2.GaussianBlur(counts, (0, 0), sigma)
        trust = (weight * sigma * sigma * 8).clip(0, 1)
        answer = answer * (1 - trust) + trust * cv2.GaussianBlur(sums, (0, 0), sigma) / np.maximum(weight, 1e-9)
    return np.asarray(cv2.GaussianBlur(answer, (0, 0), 1.2), np.float32)
