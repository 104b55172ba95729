"""Is the person at the camera the one on the chip? 1:1, on the spot; nothing is kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.domain.failure import Failure
from kiosk.face.detection import Face, find_faces
from kiosk.face.image import Image, wipe
from kiosk.face.looking import Look
from kiosk.face.models import FaceModels
from kiosk.face.ports import Embedding
from kiosk.face.quality import matters
from kiosk.face.reference import open_portrait
from kiosk.face.verdict import Band, Decision

GOOD_LOOKS_NEEDED = 3
_GOOD_LOOKS_USED = 5  # more would only cost time
_GREY_BELOW = 4.0  # mean spread between a pixel's colours, 0..255; JPEG's rounding stays under it


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The holder's face as numbers. `grey`: the portrait has no colours, so the other side's are dropped too. Personal: to be wiped."""

    embedding: Embedding
    grey: bool

    def wipe(self) -> None:
        wipe([self.embedding])


class FaceMatcher:
    """One thread at a time, as the networks. Nothing here opens a camera or a file."""

    def __init__(self, models: FaceModels) -> None:
        self.models = models

    def enrol(self, image_bytes: bytes) -> Reference | Failure:
        """A portrait, JPEG or JPEG 2000; about 20 ms. Fails with `face.reference_…`; one face, and only one, must be on it."""
        portrait = open_portrait(image_bytes)
        if isinstance(portrait, Failure):
            return portrait
        faces = matters(find_faces(self.models, portrait))
        if len(faces) != 1:
            wipe([portrait])
            return Failure("face.reference_unusable")
        face_chip = self.models.recogniser.chip(portrait, faces[0].points)
        grey = float(np.ptp(face_chip, axis=2).mean()) < _GREY_BELOW
        embedding = self.models.recogniser.embed(face_chip, grey)
        faces[0].wipe()
        wipe([portrait, face_chip])
        return Reference(embedding, grey)

    def decide(self, references: Sequence[Reference], looks: Sequence[Look]) -> Decision | Failure:
        """From at least three good looks, of which the last five count; about 10 ms each. With fewer, the Failure says what spoilt most frames.

        The first reference (the chip's portrait) decides. A second one (the ID card's small, old photo) can make a match unsure, never more.
        """
        chips = [look.face_chip for look in looks if look.face_chip is not None][-_GOOD_LOOKS_USED:]
        if len(chips) < GOOD_LOOKS_NEEDED:
            flaws = Counter(look.flaw for look in looks if look.flaw is not None)
            return Failure(f"face.{flaws.most_common(1)[0][0]}" if flaws else "face.too_few_looks")
        apart, farthest = self._distances(references[0], chips)
        band, second = self._band(apart, farthest), None
        if len(references) > 1:
            second, _ = self._distances(references[1], chips)
            if band is Band.MATCH and not second <= self.models.retry_at_most:
                band = Band.RETRY
        return Decision(band, apart, self.models.sha256, second)

    def who(self, look: Look) -> Embedding | None:
        """The face of a good look as numbers, None of another one; about 10 ms. Personal: to be wiped."""
        return None if look.face_chip is None else self.models.recogniser.embed(look.face_chip, grey=False)

    def same_face(self, before: Embedding, frame: Image, face: Face) -> bool:
        """Whether this frame's face could be that of a moment ago, turned or in coloured light as well; about 10 ms."""
        recogniser = self.models.recogniser
        face_chip = recogniser.chip(frame, face.points)
        embedding = recogniser.embed(face_chip, grey=False)
        apart = recogniser.distance(before, embedding)
        wipe([face_chip, embedding])
        return apart <= self.models.retry_at_most

    def _distances(self, reference: Reference, chips: Sequence[Image]) -> tuple[float, float]:
        """From the mean of the chips, and from the one that is farthest."""
        recogniser = self.models.recogniser
        embeddings = [recogniser.embed(face_chip, reference.grey) for face_chip in chips]
        mean = np.asarray(np.mean(embeddings, axis=0), np.float32)
        farthest = max(recogniser.distance(embedding, reference.embedding) for embedding in embeddings)
        apart = recogniser.distance(mean, reference.embedding)
        wipe([*embeddings, mean])
        return apart, farthest

    def _band(self, apart: float, farthest: float) -> Band:
        # written so that a distance that is no number is never a match
        if not apart <= self.models.retry_at_most:
            return Band.NO_MATCH
        # The mean must not hide one frame in which somebody else stood there.
        if apart <= self.models.match_at_most and farthest <= self.models.retry_at_most:
            return Band.MATCH
        return Band.RETRY
