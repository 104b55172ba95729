"""How a command says what it has to say: one JSON document on standard output, talk on standard error, never a traceback."""

import json
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from drivers.contract.failure import Failure as DeviceFailure
from kiosk.config import assets_directory
from kiosk.domain.failure import Failure
from kiosk.i18n import Catalogue
from kiosk.view import Message

USAGE, FAILED, OK = 2, 1, 0
USAGE_CODES = ("usage.", "persona.", "profile.", "device.unknown", "driver.", "option.", "world.personas_missing", "picture.", "evaluation.")


@cache
def catalogue() -> Catalogue:
    return Catalogue.load(assets_directory() / "i18n")


def in_all(message: Message) -> dict[str, str]:
    return catalogue().in_all(message.key, message.params)


def failure_json(failure: Failure | DeviceFailure) -> dict[str, Any]:
    """`{code, device_code (two hex digits or null), text{…}}`."""
    key = f"failure.{failure.code}"
    text = catalogue().in_all(key, failure.detail) if key in catalogue() else catalogue().in_all("failure.unlisted", {"code": failure.code})
    return {"code": failure.code, "device_code": None if failure.device_code is None else f"{failure.device_code:02X}", "text": text}


def say(document: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.flush()


def talk(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(failure: Failure | DeviceFailure, as_json: bool) -> int:
    """Says why, and with which exit code: 2 for wrong usage and for an unknown or malformed persona, profile or option, 1 otherwise."""
    document = failure_json(failure)
    if as_json:
        say({"failure": document})
    talk(f"{document['code']}: {document['text']['en']} / {document['text']['zh-Hans']}")
    return USAGE if failure.code.startswith(USAGE_CODES) else FAILED
