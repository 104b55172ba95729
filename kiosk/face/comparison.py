"""Two pictures of faces against each other, outside a journey: for the hall's own trials. The machine itself compares with kiosk/face/match.py."""

from dataclasses import dataclass

import cv2
import numpy as np

from kiosk.domain.failure import Failure
from kiosk.face.detection import find_faces
from kiosk.face.evaluation import Distances
from kiosk.face.image import Image, as_image
from kiosk.face.models import FaceModels
from kiosk.face.picture_file import PictureFile
from kiosk.face.portrait import Assessment, Profile, assess
from kiosk.face.quality import matters
from kiosk.face.verdict import Band

# As a chip's portrait is prepared: the distances in models.toml were measured so.
_WORKING_SIDE_PX = 400
_GREY_BELOW = 4.0  # mean spread between a pixel's colours, 0..255


@dataclass(frozen=True, slots=True, eq=False)
class FacePicture:
    """The one face of a picture, aligned for the recogniser. grey: it has no colours, so the other side's are dropped too. gate: its quality."""

    face_chip: Image
    grey: bool
    gate: Assessment


def face_of(models: FaceModels, picture: PictureFile, file: str) -> FacePicture | Failure:
    """Fails with `picture.no_face` or `picture.several_faces`, naming `file`."""
    image = _enlarged(picture.image)
    faces = matters(find_faces(models, image))
    if len(faces) != 1:
        return Failure("picture.several_faces" if faces else "picture.no_face", detail={"file": file})
    face_chip = models.recogniser.chip(image, faces[0].points)
    grey = float(np.ptp(face_chip, axis=2).mean()) < _GREY_BELOW
    return FacePicture(face_chip, grey, assess(models, picture.image, Profile.GATE))


def distance(models: FaceModels, one: FacePicture, other: FacePicture) -> float:
    grey = one.grey or other.grey
    recogniser = models.recogniser
    return recogniser.distance(recogniser.embed(one.face_chip, grey), recogniser.embed(other.face_chip, grey))


def band(models: FaceModels, apart: float) -> Band:
    if apart <= models.match_at_most:
        return Band.MATCH
    return Band.RETRY if apart <= models.retry_at_most else Band.NO_MATCH


def distances(models: FaceModels, pictures: list[FacePicture]) -> Distances:
    """Of every two, square. Each face is embedded once in colours and once without; the pair decides which counts. About 20 ms a picture."""
    recogniser = models.recogniser
    colours, greys = ([recogniser.embed(picture.face_chip, grey) for picture in pictures] for grey in (False, True))
    result = np.zeros((len(pictures), len(pictures)))
    for i, one in enumerate(pictures):
        for j, other in enumerate(pictures[:i]):
            numbers = greys if one.grey or other.grey else colours
            result[i, j] = result[j, i] = recogniser.distance(numbers[i], numbers[j])
    return result


def _enlarged(image: Image) -> Image:
    shorter = min(image.shape[:2])
    if shorter >= _WORKING_SIDE_PX:
        return image
    factor = _WORKING_SIDE_PX / shorter
    return as_image(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))
