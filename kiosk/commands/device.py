"""`kiosk device`: one command to one device, without a profile."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from drivers import device_command
from drivers.contract.failure import Failure as DeviceFailure
from kiosk.commands.said import fail, failure_json, say, talk


def run(arguments: Any) -> int:
    answer, code = device_command.run(
        arguments.family,
        arguments.action,
        arguments.driver,
        arguments.port,
        Path(arguments.out) if arguments.out else None,
        Path(arguments.photo_decoder) if arguments.photo_decoder else None,
    )
    if isinstance(answer, DeviceFailure):
        fail(answer, arguments.json)
        return code
    document = {key: failure_json(value) if isinstance(value, DeviceFailure) else value for key, value in answer.items()}
    if code and "failure" not in document and document.get("fault"):
        document["failure"] = document["fault"]  # where every command that failed says why
    if arguments.json:
        say(document)
    else:
        _show(document)
    return code


def _show(document: Mapping[str, object]) -> None:
    for key, value in document.items():
        talk(f"{key:22} {value}")
