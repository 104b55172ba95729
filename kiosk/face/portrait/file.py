"""What the picture's file is, whatever it shows. A camera's frame has none."""

from kiosk.face.portrait.reading import Reading, Unmeasured, Why
from kiosk.face.portrait.subject import Subject


def file_kilobytes(subject: Subject) -> Reading:
    return Unmeasured(Why.NO_FILE) if subject.file is None else subject.file.size_bytes / 1000


def true_colour_jpeg(subject: Subject) -> Reading:
    """1 for a JPEG of three colours with eight bits each, otherwise 0."""
    if subject.file is None:
        return Unmeasured(Why.NO_FILE)
    return float(subject.file.form == "JPEG" and subject.file.true_colour)


def width_px(subject: Subject) -> Reading:
    return float(subject.width)


def height_px(subject: Subject) -> Reading:
    return float(subject.height)


def width_to_height(subject: Subject) -> Reading:
    return subject.width / subject.height
