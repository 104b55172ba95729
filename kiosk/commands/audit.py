"""`kiosk audit verify` and `kiosk audit checkpoint`: reading only, also beside a running machine."""

import json
from pathlib import Path
from typing import Any

from kiosk.audit import verify as audit
from kiosk.audit.keys import PrivateKey
from kiosk.audit.verify import Verdict
from kiosk.commands.said import FAILED, OK, fail, failure_json, say, talk
from kiosk.config import load_profile
from kiosk.domain.failure import Failure
from kiosk.store.engine import DATABASE


def run(arguments: Any) -> int:
    profile = load_profile(Path(arguments.profile))
    if isinstance(profile, Failure):
        return fail(profile, arguments.json)
    directory = profile.path(profile.store.directory)
    if arguments.action == "checkpoint":
        return checkpoint(directory, arguments.json)
    return verify(directory, arguments.checkpoint, arguments.json)


def verify(directory: Path, checkpoint_file: str | None, as_json: bool) -> int:
    kept = _kept(Path(checkpoint_file)) if checkpoint_file else None
    if isinstance(kept, Failure):
        return fail(kept, as_json)
    verdict = audit.verify(directory / DATABASE, directory, kept)
    if isinstance(verdict, Failure):
        return fail(verdict, as_json)
    broken = _broken(verdict)
    document = {
        "records": verdict.records,
        "until": verdict.until,
        "algorithm": verdict.algorithm,
        "checkpoints": verdict.checkpoints,
        "checkpoint": kept["sequence"] if kept else None,
        "broken": broken,
    }
    if as_json:
        say(document)
    if broken is None:
        talk(f"{verdict.records} records, whole until {verdict.until}")
        return OK
    talk(f"record {broken['record']} ({broken['why']}): {broken['text']['en']} / {broken['text']['zh-Hans']}")
    return FAILED


def _broken(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.broken is None:
        return None
    record, why = verdict.broken.record, verdict.broken.why
    failure = failure_json(Failure(f"audit.record_{why}", detail={"record": str(record)}))
    return {"record": record, "why": why.value, **failure}


def _kept(file: Path) -> dict[str, Any] | Failure:
    """A checkpoint as `kiosk audit checkpoint --json` printed it."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = None
    return kept if isinstance(kept, dict) else Failure("audit.checkpoint_wrong")


def checkpoint(directory: Path, as_json: bool) -> int:
    """Signs where the log stands now, for the hall to keep elsewhere; only a log that is whole is signed."""
    verdict = audit.verify(directory / DATABASE, directory)
    if isinstance(verdict, Failure):
        return fail(verdict, as_json)
    if verdict.broken is not None or verdict.end is None:
        broken = _broken(verdict) or {"record": 1, "why": "end"}
        return fail(Failure(f"audit.record_{broken['why']}", detail={"record": str(broken["record"])}), as_json)
    try:
        document = audit.kept_elsewhere(verdict.end, PrivateKey.at(directory))
    except FileNotFoundError:
        return fail(Failure("audit.key_missing", detail={"file": str(directory)}), as_json)
    except (OSError, ValueError):
        return fail(Failure("audit.key_damaged", detail={"file": str(directory)}), as_json)
    if as_json:
        say(document)
    talk(f"record {document['sequence']} of {document['at']}: {document['hash']}")
    return OK
