"""`kiosk portrait`: one picture file against a profile's bounds."""

from pathlib import Path
from typing import Any

from kiosk.commands.said import OK, catalogue, fail, in_all, say
from kiosk.config import assets_directory
from kiosk.domain.failure import Failure
from kiosk.face.models import FaceModels
from kiosk.face.picture_file import read_picture
from kiosk.face.portrait import Assessment, Bound, Finding, Profile, Result, assess
from kiosk.view import Message

NOT_PASSED = 3
MODELLED_ON = "checks modelled on ISO/IEC 29794-5"
_SIGN = {Result.PASS: "+", Result.FAIL: "-", Result.INDETERMINATE: "?", Result.NOT_APPLICABLE: " "}


def run(file: str, profile_name: str, as_json: bool) -> int:
    picture = read_picture(Path(file))
    if isinstance(picture, Failure):
        return fail(picture, as_json)
    models = FaceModels.load(assets_directory() / "models")
    if isinstance(models, Failure):
        return fail(models, as_json)
    found = assess(models, picture.image, Profile(profile_name), picture)
    if as_json:
        say({"file": file, **assessment_json(found)})
    else:
        _show(file, found)
    return OK if found.verdict is Result.PASS else NOT_PASSED


def assessment_json(found: Assessment) -> dict[str, Any]:
    return {
        "width": found.width,
        "height": found.height,
        "profile": found.profile.value,
        "verdict": found.verdict.value,
        "modelled_on": MODELLED_ON,
        "measures": [_finding_json(finding) for finding in found.findings],
    }


def short_json(found: Assessment) -> dict[str, Any]:
    return {"verdict": found.verdict.value, "failing": list(found.failing)}


def measure_text(bound: Bound) -> Message:
    return Message(f"portrait.measure.{bound.name}")


def reason_text(finding: Finding) -> Message | None:
    return None if finding.why is None else Message(f"portrait.reason.{finding.why.value}")


def bound_text(bound: Bound) -> str:
    match bound.low, bound.high:
        case None, None:
            return ""
        case low, None:
            return f">= {low:g}"
        case None, high:
            return f"<= {high:g}"
        case low, high:
            return f"{low:g}" if low == high else f"{low:g} .. {high:g}"


def _finding_json(finding: Finding) -> dict[str, Any]:
    """`reason` is a stable word; `text` says what is measured and `reason_text` why it was not, in three languages."""
    bound, why = finding.bound, reason_text(finding)
    return {
        "name": bound.name,
        "result": finding.result.value,
        "value": None if finding.value is None else round(finding.value, 4),
        "unit": bound.unit,
        "low": bound.low,
        "high": bound.high,
        "source": bound.source,
        "reason": None if finding.why is None else finding.why.value,
        "advisory": bound.advisory,
        "text": in_all(measure_text(bound)),
        "reason_text": None if why is None else in_all(why),
    }


def _show(file: str, found: Assessment) -> None:
    words = catalogue()
    print(f"{file}  {found.width} x {found.height}  {found.profile.value}: {found.verdict.value}  ({MODELLED_ON})")
    for finding in found.findings:
        bound, why = finding.bound, reason_text(finding)
        said = words.say(why, "en") if why is not None else f"{finding.value:.4g} {bound.unit}"
        advisory = "  (advisory)" if bound.advisory else ""
        asked = f"  [{bound_text(bound)}]" if bound_text(bound) else ""
        print(f"{_SIGN[finding.result]} {words.say(measure_text(bound), 'en'):44} {said}{asked}{advisory}")
