"""What one measure has to say before any bound is asked: a number, or why there is none."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a measure gives no number; also the last word of a text `portrait.reason.…`."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    FACE_CUT_OFF = "face_cut_off"
    HEAD_TURNED = "head_turned"
    EYES_NOT_OPEN = "eyes_not_open"
    BADLY_EXPOSED = "badly_exposed"
    CROWN_NOT_SEEN = "crown_not_seen"
    NO_BACKGROUND = "no_background"
    NO_MODEL = "no_model"
    NO_NUMBER = "no_number"
    NO_FILE = "no_file"
    NOT_THIS_BACKGROUND = "not_this_background"


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """applies: False where the question does not arise (a white background has no hue), True where it does and stays open."""

    why: Why
    applies: bool = True


Reading = float | Unmeasured
