"""What a face detector and a face recogniser must be able to do.

Another product's kit is put in their place by three steps, and nothing else changes:
1. a file beside this one with a class that fits the Protocol and makes itself with `load(data, entry)`: the model's bytes, already checked, and its
   table of models.toml (a kit that opens its files itself is given its licence and library through the entry);
2. its name in DETECTORS or RECOGNISERS of models.py;
3. its table in models.toml (file, SHA-256, source, licence; a recogniser also the two distances measured with it), and that name under [use].
"""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from kiosk.face.image import Image, Points

Embedding = npt.NDArray[np.float32]  # one row of numbers; how many is the recogniser's own affair


class Square(NamedTuple):
    """Upper left corner and side of a square in the picture, in its pixels; it may reach beyond the picture, which is black there."""

    x: float
    y: float
    side: float


class Found(NamedTuple):
    """A face as a detector sees it, in pixels of the whole picture.

    eyes: the middles of the person's right eye, then of the left. box_side: of a square from the brows to the chin.
    """

    eyes: Points
    box_side: float


class Detector(Protocol):
    """Keeps state between calls: one thread at a time."""

    def detect(self, image: Image, square: Square) -> list[Found]:
        """The faces inside the square, the surest first; false hits are allowed, for the mesh is asked about each."""


class Recogniser(Protocol):
    """Keeps state between calls: one thread at a time.

    sha256: of its model; a distance means something only beside the model that gave it.
    match_at_most, retry_at_most: distances measured with this very recogniser: up to the first it is the same person, above the second it is not.
    """

    @property
    def sha256(self) -> str: ...
    @property
    def match_at_most(self) -> float: ...
    @property
    def retry_at_most(self) -> float: ...

    def chip(self, image: Image, points: Points) -> Image:
        """The face cut out upright, in the size and place the recogniser was trained with. `points`: the mesh's 468."""

    def embed(self, face_chip: Image, grey: bool) -> Embedding:
        """The face of a chip as numbers. `grey` drops the colours first: do it on both sides or on none."""

    def distance(self, one: Embedding, other: Embedding) -> float:
        """0 for the same picture, larger for less alike. Either side may be the mean of several embeddings."""
