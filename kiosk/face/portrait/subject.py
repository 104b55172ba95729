"""One picture being judged: what several measures share is worked out once, and only when one of them asks."""

from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.detection import Face, find_faces
from kiosk.face.eyes import lid_openings
from kiosk.face.image import Image, Matrix, Points, as_image, similarity
from kiosk.face.models import FaceModels
from kiosk.face.picture_file import PictureFile
from kiosk.face.portrait.pose import Pose, pose_of
from kiosk.face.portrait.reading import Unmeasured, Why
from kiosk.face.quality import matters

# Points of the mesh.
RIGHT_EYE, LEFT_EYE = (33, 133), (263, 362)
UPPER_LIP, LOWER_LIP, CHIN = 13, 14, 152
RIGHT_EAR, LEFT_EAR = 234, 454
RIGHT_CHEEK, LEFT_CHEEK = 50, 280
# The upright face that light and sharpness are measured in, so that pictures of every size compare: 80 pixels between the eyes, no more than the
# smallest official photograph has (81), for a face that must be enlarged looks blurred.
UPRIGHT_EYES_PX, UPRIGHT_WIDTH_PX, UPRIGHT_HEIGHT_PX = 80, 240, 280
_UPRIGHT_EYES = np.array([[80.0, 100.0], [160.0, 100.0]])
# Shrunk farther than this, pixels would be skipped.
_SHRINK_BELOW = 0.8
_SEGMENTER_PX = 256
_BACKDROP_LONGER_SIDE_PX = 512
_OUTSIDE_AT_MOST = 0.02


class Subject:
    """Lengths are pixels of the picture, y downwards; right and left are the person's own."""

    def __init__(self, models: FaceModels, image: Image, file: PictureFile | None) -> None:
        self.models, self.image, self.file = models, image, file
        self.height: int = image.shape[0]
        self.width: int = image.shape[1]
        self.faces = matters(find_faces(models, image))

    def missing(self) -> Unmeasured | None:
        """Why no face can be measured here, None where one can."""
        if not self.faces:
            return Unmeasured(Why.NO_FACE)
        return Unmeasured(Why.SEVERAL_FACES) if len(self.faces) > 1 else None

    @property
    def face(self) -> Face:
        return self.faces[0]

    @property
    def points(self) -> Points:
        return self.face.points

    @cached_property
    def right_eye(self) -> npt.NDArray[np.float64]:
        return np.asarray(self.points[list(RIGHT_EYE)].mean(axis=0), np.float64)

    @cached_property
    def left_eye(self) -> npt.NDArray[np.float64]:
        return np.asarray(self.points[list(LEFT_EYE)].mean(axis=0), np.float64)

    @property
    def eyes_middle(self) -> npt.NDArray[np.float64]:
        return np.asarray((self.right_eye + self.left_eye) / 2, np.float64)

    @cached_property
    def eye_distance(self) -> float:
        return float(np.hypot(*(self.left_eye - self.right_eye)))

    @cached_property
    def eyes_to_chin(self) -> float:
        """ISO/IEC 29794-5's T, the measure of a head's size."""
        return float(np.hypot(*(self.points[CHIN] - self.eyes_middle)))

    @cached_property
    def pose(self) -> Pose:
        return pose_of(self.points)

    @cached_property
    def lids(self) -> tuple[float, float]:
        return lid_openings(self.models, self.image, self.face)

    # -- the upright face

    @cached_property
    def _upright_matrix(self) -> Matrix:
        return similarity(np.stack([self.right_eye, self.left_eye]), _UPRIGHT_EYES)

    @cached_property
    def upright(self) -> Image:
        image, matrix = self.image, self._upright_matrix
        factor = float(np.hypot(*matrix[:, 0])) / _SHRINK_BELOW
        if factor < 1:
            image = as_image(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
            matrix = np.column_stack([matrix[:, :2] / factor, matrix[:, 2]])
        return as_image(cv2.warpAffine(image, matrix, (UPRIGHT_WIDTH_PX, UPRIGHT_HEIGHT_PX), flags=cv2.INTER_LINEAR))

    @cached_property
    def upright_points(self) -> Points:
        return np.asarray(self.points @ self._upright_matrix[:, :2].T + self._upright_matrix[:, 2], np.float64)

    @cached_property
    def grey(self) -> npt.NDArray[np.float32]:
        """The upright face's brightness, 0..255."""
        return np.asarray(cv2.cvtColor(self.upright, cv2.COLOR_BGR2GRAY), np.float32)

    @cached_property
    def skin(self) -> npt.NDArray[np.bool_]:
        """Forehead to chin within the upright face."""
        mask = np.zeros(self.grey.shape, np.uint8)
        cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(self.upright_points).astype(np.int32)), 1)
        return mask.astype(np.bool_)

    @cached_property
    def cut_off(self) -> bool:
        """Whether part of the face lies outside the picture, where everything would be measured black."""
        outside = (self.points < 0).any(axis=1) | (self.points > (self.width - 1, self.height - 1)).any(axis=1)
        return float(outside.mean()) > _OUTSIDE_AT_MOST

    def cheek(self, middle: int) -> tuple[slice, slice]:
        """A square of the upright face, three tenths of the eye distance wide, as ISO/IEC 29794-5 looks at cheeks."""
        half = round(0.15 * UPRIGHT_EYES_PX)
        x, y = np.rint(self.upright_points[middle]).astype(int)
        return slice(max(0, y - half), max(0, y + half)), slice(max(0, x - half), max(0, x + half))

    # -- the whole picture, small

    @cached_property
    def backdrop_scale(self) -> float:
        return min(1.0, _BACKDROP_LONGER_SIDE_PX / max(self.width, self.height))

    @cached_property
    def small(self) -> Image:
        size = max(1, round(self.width * self.backdrop_scale)), max(1, round(self.height * self.backdrop_scale))
        return as_image(cv2.resize(self.image, size, interpolation=cv2.INTER_AREA))

    @cached_property
    def person(self) -> npt.NDArray[np.float32]:
        """How surely a pixel of `small` belongs to a person, 0..1."""
        network = self.models.segmenter
        network.setInput(cv2.dnn.blobFromImage(self.small, 1 / 255, (_SEGMENTER_PX, _SEGMENTER_PX), swapRB=True))
        sure = network.forward().reshape(_SEGMENTER_PX, _SEGMENTER_PX)
        return np.asarray(cv2.resize(sure, self.small.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
