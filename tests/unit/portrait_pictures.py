"""A portrait that holds every bound of the permit, made from a test picture, and what can be done to a picture so that it does not."""

import io
from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from kiosk.face.image import Image, as_image
from kiosk.face.models import FaceModels
from kiosk.face.picture_file import PictureFile, open_picture
from kiosk.face.portrait.geometry import crown
from kiosk.face.portrait.subject import LEFT_EYE, LOWER_LIP, RIGHT_EYE, UPPER_LIP, Subject

from .face_pictures import MODELS, picture

WIDTH, HEIGHT = 420, 560
# Corners, then lids, of the eyes in the mesh.
EYELIDS = ((33, 133, 159, 145), (263, 362, 386, 374))


@cache
def models() -> FaceModels:
    found = FaceModels.load(MODELS)
    if not isinstance(found, FaceModels):
        raise FileNotFoundError(f"{found}: packaging/setup.sh makes assets/models")
    return found


def subject(image: Image) -> Subject:
    return Subject(models(), image, None)


def jpeg(image: Image, quality: int = 92) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def filed(data: bytes) -> PictureFile:
    found = open_picture(data, "picture")
    if not isinstance(found, PictureFile):
        raise ValueError(found)
    return found


# -- the good portrait


@cache
def good() -> Image:
    """WIDTH x HEIGHT, everything as the guide wants it. The test picture looks aside; one half of it and its mirror image do not."""
    face = mirrored(upright(picture("biden_portrait.jpg")))
    wider = as_image(cv2.resize(face, None, fx=1.1, fy=1, interpolation=cv2.INTER_CUBIC))
    return placed(before(wider, (240, 240, 240)))


def upright(image: Image) -> Image:
    """Turned so that the eyes are level."""
    across = subject(image).left_eye - subject(image).right_eye
    return tilted(image, float(np.degrees(np.arctan2(across[1], across[0]))))


def mirrored(image: Image) -> Image:
    axis = round(float(subject(image).points[168][0]))
    half = image[:, axis:]
    return np.ascontiguousarray(np.hstack([half[:, ::-1], half]))


def before(image: Image, colour: tuple[int, int, int]) -> Image:
    """With another background (blue, green, red)."""
    share = np.clip((person(image) - 0.3) / 0.6, 0, 1)
    return np.asarray(np.rint(image * share + np.array(colour) * (1 - share)), np.uint8)


def person(image: Image) -> npt.NDArray[np.float64]:
    return np.asarray(cv2.resize(subject(image).person, image.shape[1::-1], interpolation=cv2.INTER_CUBIC), np.float64)[..., None]


def placed(image: Image, eye_distance: float = 0.237, crown_gap: float = 0.08, right_px: float = 0) -> Image:
    """Scaled and shifted so that the eyes are that part of the width apart, and so much room is above the crown."""
    found = subject(image)
    top = crown(found)
    if not isinstance(top, float):
        raise ValueError(top)
    scale = eye_distance * WIDTH / found.eye_distance
    matrix = np.array([[scale, 0, WIDTH / 2 + right_px - scale * found.eyes_middle[0]], [0, scale, crown_gap * HEIGHT - scale * top]])
    return as_image(cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


# -- what can be done to it


def tilted(image: Image, degrees: float) -> Image:
    x, y = subject(image).eyes_middle.tolist()
    turn = cv2.getRotationMatrix2D((x, y), degrees, 1)
    return as_image(cv2.warpAffine(image, turn, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE))


def darkened(image: Image, factor: float) -> Image:
    return np.asarray(np.clip(image * factor, 0, 255), np.uint8)


def blurred(image: Image, sigma: float) -> Image:
    return as_image(cv2.GaussianBlur(image, (0, 0), sigma))


def lit_from_the_side(image: Image, darkest: float) -> Image:
    """A shade with an edge along the nose."""
    nose = float(subject(image).points[168][0])
    share = 1 / (1 + np.exp(-(np.arange(image.shape[1]) - nose) / (0.02 * image.shape[1])))
    return np.asarray(image * (darkest + (1 - darkest) * share)[None, :, None], np.uint8)


def cast(image: Image, blue: float, green: float, red: float) -> Image:
    return np.asarray(np.clip(image * np.array([blue, green, red]), 0, 255), np.uint8)


def grey(image: Image) -> Image:
    return as_image(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR))


def flattened(image: Image, contrast: float) -> Image:
    return np.asarray(128 + (image.astype(np.float64) - 128) * contrast, np.uint8)


def eyes_shut(image: Image) -> Image:
    """The upper lid's skin drawn down over each eye."""
    out, points = image.copy(), subject(image).points
    for outer, inner, upper, lower in EYELIDS:
        width = float(np.hypot(*(points[outer] - points[inner])))
        x0, x1 = sorted((points[outer][0], points[inner][0]))
        left, right = round(x0 - 0.1 * width), round(x1 + 0.1 * width)
        top, closed, end = (round(points[i][1] + shift * width) for i, shift in ((upper, -0.35), (upper, -0.05), (lower, 0.05)))
        out[top:end, left:right] = cv2.resize(image[top:closed, left:right], (right - left, end - top), interpolation=cv2.INTER_CUBIC)
        middle = (round(float(points[outer][0] + points[inner][0]) / 2), end - round(0.08 * width))
        cv2.ellipse(out, middle, (round(width / 2), round(0.06 * width)), 0, 0, 180, (40, 45, 60), 1, cv2.LINE_AA)
    return out


def red_pupils(image: Image) -> Image:
    out, points = image.copy(), subject(image).points
    for corners in (RIGHT_EYE, LEFT_EYE):
        x, y = np.rint(points[list(corners)].mean(axis=0)).astype(int).tolist()
        radius = round(float(np.hypot(*(points[corners[0]] - points[corners[1]]))) / 6)
        cv2.circle(out, (x, y), radius, (40, 30, 220), -1, cv2.LINE_AA)
    return out


def mouth_wide(image: Image, times: int) -> Image:
    """The gap of an open mouth, stretched downwards with all that is below it."""
    points = subject(image).points
    top, end = (round(float(points[lip][1])) for lip in (UPPER_LIP, LOWER_LIP))
    gap = as_image(cv2.resize(image[top:end], (image.shape[1], times * (end - top)), interpolation=cv2.INTER_CUBIC))
    return np.ascontiguousarray(np.vstack([image[:top], gap, image[end:]])[: image.shape[0]])


def with_glasses(image: Image) -> Image:
    out, points = image.copy(), subject(image).points
    right, left = (points[list(corners)].mean(axis=0) for corners in (RIGHT_EYE, LEFT_EYE))
    half = round(0.33 * float(left[0] - right[0]))
    for middle in (right, left):
        x, y = np.rint(middle).astype(int).tolist()
        cv2.rectangle(out, (x - half, y - half // 2), (x + half, y + half // 2 + 6), (15, 15, 15), 4)
    cv2.line(out, (round(float(right[0])) + half, round(float(right[1]))), (round(float(left[0])) - half, round(float(left[1]))), (15, 15, 15), 5)
    return out


def striped_backdrop(image: Image) -> Image:
    stripes = np.where((np.arange(image.shape[1]) // 12) % 2, 235, 200)[None, :, None]
    share = np.clip((person(image) - 0.3) / 0.6, 0, 1)
    return np.asarray(image * share + stripes * (1 - share), np.uint8)


def shaded_backdrop(image: Image) -> Image:
    slope = np.linspace(255, 190, image.shape[1])[None, :, None]
    share = np.clip((person(image) - 0.3) / 0.6, 0, 1)
    return np.asarray(image * share + slope * (1 - share), np.uint8)


def beside_itself(images: Sequence[Image]) -> Image:
    return np.ascontiguousarray(np.hstack(images))
