"""`kiosk bench`: speed and memory, each figure beside a baseline measured in the same run. These machines are noisy: medians and ratios."""

import json
import os
import sys

from kiosk.commands.bench.measure import Line, Measurement
from kiosk.commands.said import FAILED, OK, fail, talk
from kiosk.domain.failure import Failure


def benches() -> dict[str, Measurement]:
    """Name → measurement. Imported here, so that asking for one does not load the others' libraries."""
    from kiosk.commands.bench import audit, face, id_read, journal, memory, recovery, start, transact, ui, voice

    return {
        "start": start.measure,
        "transact": transact.measure,
        "id-read": id_read.measure,
        "memory": memory.measure,
        "journal": journal.measure,
        "audit": audit.measure,
        "recovery": recovery.measure,
        "face": face.measure,
        "ui": ui.measure,
        "voice": voice.measure,
    }


def run(name: str | None, as_json: bool) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    known = benches()
    if name is not None and name not in known:
        return fail(Failure("usage.bench", detail={"value": name, "allowed": ", ".join(known)}), as_json)
    lines: list[Line] = []
    for each in [name] if name is not None else list(known):
        found = known[each]()
        if isinstance(found, Failure):
            return fail(found, as_json)
        for line in found:
            talk(str(line))
        lines += found
    if as_json:
        sys.stdout.write(json.dumps([line.document() for line in lines], indent=1) + "\n")
    return OK if all(line.ok for line in lines) else FAILED
