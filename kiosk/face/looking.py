"""One person, followed from frame to frame: where the face is, and what the person should mend before it can be used."""

from dataclasses import dataclass

import numpy as np

from kiosk.face.chip import chip
from kiosk.face.detection import Face, find_faces, follow
from kiosk.face.image import Image, wipe
from kiosk.face.models import FaceModels
from kiosk.face.quality import Flaw, flaw_of, matters, where_to

# Following sees one face only: now and then the whole frame is searched for a second one.
_SEARCH_EVERY = 6
# From one frame to the next a head moves less than this part of its own height.
_JUMP = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one camera frame showed.

    faces: how many that matter; someone far behind does not. face: the nearest, None where there is none.
    flaw: why the frame cannot be compared, None for a good one. face_chip: the aligned face of a good frame.
    arrow: which way to move, None where that would not help: left, right (the person's own), up, down, nearer, farther.
    jumped: the face is not where it could have moved to, so it may be another one.
    """

    faces: int
    face: Face | None
    flaw: Flaw | None
    face_chip: Image | None
    arrow: str | None = None
    jumped: bool = False

    def wipe(self) -> None:
        wipe([self.face_chip])
        if self.face is not None:
            self.face.wipe()


class Looker:
    """Keeps where the face was in the last frame, nothing else."""

    def __init__(self, models: FaceModels) -> None:
        self._models = models
        self._last: Face | None = None
        self._frames = 0
        self._several = False

    def see(self, frame_bgr: Image, judged: bool = True) -> Look:
        """One camera frame, height x width x 3; about 4 ms while a face is followed, 10 ms when it is searched.

        judged: whether flaws are looked for and the face is cut out, which only a frame that is compared needs.
        Raises ValueError for another shape.
        """
        if frame_bgr.ndim != 3 or frame_bgr.shape[2] != 3 or frame_bgr.dtype != np.uint8 or frame_bgr.size == 0:
            raise ValueError(f"not a colour frame: {frame_bgr.shape} {frame_bgr.dtype}")
        before, face, faces = self._last, None, 1
        if before is not None and self._frames % _SEARCH_EVERY and not self._several:
            face = follow(self._models, frame_bgr, before)
        self._frames += 1
        searched = face is None
        if face is None:
            found = matters(find_faces(self._models, frame_bgr))
            faces = len(found)
            face = found[0] if found else None
        self._several = faces > 1
        jumped = face is not None and before is not None and _jumped(before, face)
        if searched and face is not None and before is not None and not jumped and faces == 1:
            # the mesh of a fresh search lies a little off the one that is followed: at the lids as much as half a blink
            face = follow(self._models, frame_bgr, before) or face
        self._forget_last()
        if face is None:
            return Look(0, None, Flaw.NOBODY, None)
        self._last = Face(face.points.copy(), face.score, face.depths.copy())
        if not judged:
            return Look(faces, face, None, None, None, jumped)
        upright = chip(frame_bgr, face.five_points)
        flaw = Flaw.SEVERAL if faces > 1 else flaw_of(face, upright, frame_bgr)
        wipe([upright])
        face_chip = self._models.recogniser.chip(frame_bgr, face.points) if flaw is None else None
        return Look(faces, face, flaw, face_chip, where_to(face, flaw, frame_bgr.shape[:2]), jumped)

    def forget(self) -> None:
        self._forget_last()

    def _forget_last(self) -> None:
        if self._last is not None:
            self._last.wipe()
        self._last = None


def _jumped(before: Face, now: Face) -> bool:
    return bool(np.abs(now.points.mean(axis=0) - before.points.mean(axis=0)).max() > _JUMP * before.box[3])
