"""A picture against a profile: checks modelled on ISO/IEC 29794-5, each with its number, its bound and where the bound comes from.

A question that cannot be answered here stays open (`indeterminate`, with the reason); nothing passes because it was not looked at.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.face.image import Image
from kiosk.face.models import FaceModels
from kiosk.face.picture_file import PictureFile
from kiosk.face.portrait import backdrop, features, file, geometry, light
from kiosk.face.portrait.bounds import Bound, Profile, bounds
from kiosk.face.portrait.reading import Reading, Unmeasured, Why
from kiosk.face.portrait.subject import Subject

Measure = Callable[[Subject], Reading]


def unseen(subject: Subject) -> Reading:
    return Unmeasured(Why.NO_MODEL)


WITHOUT_A_FACE: Mapping[str, Measure] = {
    **{measure.__name__: measure for measure in (file.file_kilobytes, file.true_colour_jpeg, file.width_px, file.height_px, file.width_to_height)},
    "faces": geometry.faces,
}
OF_THE_FACE: Mapping[str, Measure] = {
    measure.__name__: measure
    for measure in (
        *(geometry.eye_distance_px, geometry.eye_distance, geometry.head_width, geometry.head_height, geometry.crown_gap, geometry.below_chin),
        *(geometry.face_middle_across, geometry.head_size, geometry.room_right, geometry.room_left, geometry.room_above, geometry.room_below),
        *(geometry.yaw, geometry.pitch, geometry.roll),
        *(features.eyes_open, features.mouth_open, features.red_eyes, features.glasses, features.sharpness),
        *(light.brightness, light.brightness_spread, light.tones, light.overexposed, light.underexposed, light.even_light, light.side_light),
        *(light.skin_red, light.skin_yellow),
        *(backdrop.backdrop_lightness, backdrop.backdrop_grey, backdrop.backdrop_blue, backdrop.backdrop_hue),
        *(backdrop.backdrop_uniformity, backdrop.backdrop_spread),
    )
}
# For people to look at: no model of this machine sees these.
NOT_SEEN = ("expression", "face_covered", "head_covering", "glasses_reflections", "clothing")
MEASURES: Mapping[str, Measure] = {**WITHOUT_A_FACE, **OF_THE_FACE, **dict.fromkeys(NOT_SEEN, unseen)}


class Result(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    INDETERMINATE = "indeterminate"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """value: None unless the result is pass or fail; why: None if it is."""

    bound: Bound
    result: Result
    value: float | None
    why: Why | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """findings: in the order of bounds.toml, advisory ones among them."""

    profile: Profile
    width: int
    height: int
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Result:
        """fail where one measure that counts fails, else indeterminate where one is open, else pass."""
        results = {finding.result for finding in self.findings if not finding.bound.advisory}
        return next((result for result in (Result.FAIL, Result.INDETERMINATE) if result in results), Result.PASS)

    @property
    def failing(self) -> tuple[str, ...]:
        return tuple(finding.bound.name for finding in self.findings if finding.result is Result.FAIL and not finding.bound.advisory)


def assess(models: FaceModels, image: Image, profile: Profile, file: PictureFile | None = None) -> Assessment:
    """image: height x width x 3, blue green red, upright; file: what it was read from, None for a frame.

    About 20 ms for the gate and 50 for the permit, 110 at twelve megapixels.
    """
    subject = Subject(models, image, file)
    findings = tuple(_finding(subject, bound) for bound in bounds(profile))
    return Assessment(profile, subject.width, subject.height, findings)


def _finding(subject: Subject, bound: Bound) -> Finding:
    missing = subject.missing() if bound.name in OF_THE_FACE else None
    return judge(bound, missing or MEASURES[bound.name](subject))


def judge(bound: Bound, reading: Reading) -> Finding:
    if isinstance(reading, Unmeasured):
        return Finding(bound, Result.INDETERMINATE if reading.applies else Result.NOT_APPLICABLE, None, reading.why)
    if not math.isfinite(reading):
        return Finding(bound, Result.INDETERMINATE, None, Why.NO_NUMBER)
    return Finding(bound, Result.PASS if bound.holds(reading) else Result.FAIL, reading, None)
