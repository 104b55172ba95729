"""`kiosk screens`: every page of the journey as PNG, in every language, text size, theme and orientation, with a contact sheet a language; and
every control in every state."""

import os
from pathlib import Path

from kiosk.commands.said import OK, catalogue, fail, talk
from kiosk.config import assets_directory
from kiosk.domain.failure import Failure
from kiosk.journey import gallery
from kiosk.policy import Policy
from kiosk.view import LANGUAGES


def run(out: Path) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.contact_sheet import contact_sheet
    from ui.gallery import render_controls
    from ui.render import render_all
    from ui.samples import sample_catalogue, sample_preview

    policy = Policy.load(assets_directory() / "policy")
    if isinstance(policy, Failure):
        return fail(policy, False)
    try:
        out.mkdir(parents=True, exist_ok=True)
        written = render_all(gallery.views(policy), catalogue(), out, sample_preview())
        sheets = [contact_sheet(written, language, out) for language in LANGUAGES]
        written += render_controls(sample_catalogue(assets_directory() / "i18n"), out, sample_preview())
    except OSError as error:
        return fail(Failure("output.unwritable", detail={"file": str(error.filename or out)}), False)
    talk(f"{len(written)} pictures in {out}; all of a language: {', '.join(sheet.name for sheet in sheets if sheet)}")
    return OK
