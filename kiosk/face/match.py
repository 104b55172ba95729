"""Is the person at the camera the one on the chip? 1:1, on the spot; nothing is kept."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kiosk.domain.failure import Failure
from kiosk.face.chip import chip
from kiosk.face.detection import find_faces
from kiosk.face.image import Image, wipe
from kiosk.face.models import FaceModels
from kiosk.face.ports import Embedding
from kiosk.face.quality import Flaw, flaw_of, matters
from kiosk.face.reference import open_portrait

GOOD_LOOKS_NEEDED = 3
_GOOD_LOOKS_USED = 5  # more would only cost time
_GREY_BELOW = 4.0  # mean spread between a pixel's colours, 0..255; JPEG's rounding stays under it


class Band(StrEnum):
    MATCH = "match"
    RETRY = "retry"
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The holder's face as numbers. `grey`: the portrait has no colours, so the other side's are dropped too. Personal: to be wiped."""

    embedding: Embedding
    grey: bool

    def wipe(self) -> None:
        wipe([self.embedding])


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one camera frame showed.

    faces: how many that matter; someone far behind does not.
    box: x, y, width, height of the largest, pixels of the frame; None where there is none.
    flaw: why the frame cannot be used, None for a good one.
    face_chip: the aligned face of a good frame, as the recogniser wants it; embedded only when it is decided on: looking keeps pace with the preview.
    """

    faces: int
    box: tuple[int, int, int, int] | None
    flaw: Flaw | None
    face_chip: Image | None

    @property
    def guidance(self) -> str:
        """The key of what the screen says beside the preview."""
        return f"face.guidance.{self.flaw or 'hold_still'}"

    def wipe(self) -> None:
        wipe([self.face_chip])


@dataclass(frozen=True, slots=True)
class Decision:
    """distance: between the reference and the mean of the good looks; model_sha256: the recogniser that gave it. Both belong in the audit record."""

    band: Band
    distance: float
    model_sha256: str

    @property
    def failure(self) -> Failure | None:
        """What a traveller who gets no further chance is refused with."""
        code = {Band.MATCH: None, Band.RETRY: "face.unsure", Band.NO_MATCH: "face.not_holder"}[self.band]
        return Failure(code) if code else None


class FaceMatcher:
    """The networks keep state, so that calls from several threads wait for each other. Nothing here opens a camera or a file."""

    def __init__(self, models: FaceModels) -> None:
        self._models = models
        # A step that is left in the middle abandons its call, but the call's thread runs to its end.
        self._in_use = threading.Lock()

    def enrol(self, image_bytes: bytes) -> Reference | Failure:
        """The chip's portrait, JPEG or JPEG 2000; about 20 ms. Fails with `face.reference_…`; one face, and only one, must be on it."""
        portrait = open_portrait(image_bytes)
        if isinstance(portrait, Failure):
            return portrait
        with self._in_use:
            faces = matters(find_faces(self._models, portrait))
            if len(faces) != 1:
                wipe([portrait])
                return Failure("face.reference_unusable")
            face_chip = self._models.recogniser.chip(portrait, faces[0].points)
            grey = float(np.ptp(face_chip, axis=2).mean()) < _GREY_BELOW
            embedding = self._models.recogniser.embed(face_chip, grey)
        faces[0].wipe()
        wipe([portrait, face_chip])
        return Reference(embedding, grey)

    def look(self, frame_bgr: Image) -> Look:
        """One camera frame, height x width x 3; about 10 ms. The frame itself is left as it is. Raises ValueError for another shape."""
        if frame_bgr.ndim != 3 or frame_bgr.shape[2] != 3 or frame_bgr.dtype != np.uint8 or frame_bgr.size == 0:
            raise ValueError(f"not a colour frame: {frame_bgr.shape} {frame_bgr.dtype}")
        with self._in_use:
            faces = matters(find_faces(self._models, frame_bgr))
        if not faces:
            return Look(0, None, Flaw.NOBODY, None)
        upright = chip(frame_bgr, faces[0].five_points)
        flaw = Flaw.SEVERAL if len(faces) > 1 else flaw_of(faces[0], upright, frame_bgr.shape[:2])
        wipe([upright])
        face_chip = self._models.recogniser.chip(frame_bgr, faces[0].points) if flaw is None else None
        box = faces[0].box
        for face in faces:
            face.wipe()
        return Look(len(faces), box, flaw, face_chip)

    def decide(self, reference: Reference, looks: Sequence[Look]) -> Decision | Failure:
        """From at least three good looks, of which the last five count; about 10 ms each. With fewer, the Failure says what spoilt most frames."""
        chips = [look.face_chip for look in looks if look.face_chip is not None][-_GOOD_LOOKS_USED:]
        if len(chips) < GOOD_LOOKS_NEEDED:
            flaws = Counter(look.flaw for look in looks if look.flaw is not None)
            return Failure(f"face.{flaws.most_common(1)[0][0]}" if flaws else "face.too_few_looks")
        with self._in_use:
            embeddings = [self._models.recogniser.embed(face_chip, reference.grey) for face_chip in chips]
            mean = np.asarray(np.mean(embeddings, axis=0), np.float32)
            apart = self._models.recogniser.distance(mean, reference.embedding)
            farthest = max(self._models.recogniser.distance(embedding, reference.embedding) for embedding in embeddings)
        wipe([*embeddings, mean])
        return Decision(self._band(apart, farthest), apart, self._models.sha256)

    def _band(self, apart: float, farthest: float) -> Band:
        if apart > self._models.retry_at_most:
            return Band.NO_MATCH
        # The mean must not hide one frame in which somebody else stood there.
        if apart <= self._models.match_at_most and farthest <= self._models.retry_at_most:
            return Band.MATCH
        return Band.RETRY

    def forget(self) -> None:
        """Leaves no face in the networks' buffers; about 15 ms. Call it when the traveller leaves."""
        with self._in_use:
            self._models.forget()
