"""`kiosk recover` and `kiosk doctor`: one machine from a profile, without a traveller."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from drivers.contract.status import Report
from kiosk import app
from kiosk.commands.said import FAILED, OK, catalogue, fail, failure_json, say, talk
from kiosk.config import load_profile
from kiosk.domain.failure import Failure

SOME_NEED_STAFF = 4
CARD_DEVICES = ("card_module", "card_printer")
"""Without these nobody can say where a card is: nothing is settled."""


def with_machine(
    profile_file: str,
    work: Callable[[app.Machine], Awaitable[dict[str, Any] | Failure]],
    needed: Sequence[str] = (),
    faces: bool = False,
    devices: bool = True,
) -> dict[str, Any] | Failure:
    """needed: device families without which `work` is not begun; the first that did not open says why. devices: False leaves all of them closed."""
    profile = load_profile(Path(profile_file))
    if isinstance(profile, Failure):
        return profile

    async def main() -> dict[str, Any] | Failure:
        machine = app.build(profile, catalogue(), faces=faces)
        if isinstance(machine, Failure):
            return machine
        try:
            failures = await machine.open_devices() if devices else {}
            missing = next((failures[family] for family in needed if family in failures), None)
            return missing if missing is not None else await work(machine)
        finally:
            await machine.close()

    return asyncio.run(main())


def recover(profile: str, as_json: bool) -> int:
    async def work(machine: app.Machine) -> dict[str, Any] | Failure:
        reports = await machine.recover()
        left = set(machine.house.executor.journal.open_ids())
        if any(report.case_id in left and report.needs_staff is None for report in reports):
            if machine.recovery.faults:
                return Failure("machine.fault")  # the log says where
            # a device fell silent meanwhile, so the card's place is not known: the case stays open for the next time
            status = await machine.house.slot.sense()
            return status if isinstance(status, Failure) else Failure("card_module.unknown_position")
        return {"cases": [dataclasses.asdict(report) for report in reports]}

    document = with_machine(profile, work, CARD_DEVICES)
    if isinstance(document, Failure):
        return fail(document, as_json)
    if as_json:
        say(document)
    for case in document["cases"]:
        talk(f"{case['case_id']}: {case['before']} -> {case['after']}  needs staff: {case['needs_staff'] or 'no'}")
    return SOME_NEED_STAFF if any(case["needs_staff"] for case in document["cases"]) else OK


def report_json(report: Report) -> dict[str, Any]:
    return {
        "family": report.family,
        "device": report.device.value,
        "media": report.media.value,
        "supplies": {name: supply.value for name, supply in report.supplies.items()},
        "firmware": report.firmware,
        "fault": failure_json(report.fault) if report.fault else None,
    }


def doctor(profile: str, as_json: bool) -> int:
    async def work(machine: app.Machine) -> dict[str, Any]:
        readiness = await machine.house.service.ask()
        return {
            "ready": readiness.ready,
            "why": [failure_json(failure) for failure in readiness.why],
            "devices": [report_json(report) for report in readiness.reports],
            "gateways": [
                {"name": name, "reachable": failure is None, "fault": failure_json(failure) if failure else None}
                for name, failure in readiness.gateways
            ],
        }

    document = with_machine(profile, work, faces=True)
    if isinstance(document, Failure):
        return fail(document, as_json)
    if as_json:
        say(document)
    else:
        for device in document["devices"]:
            talk(f"{device['family']:16} {device['device']:14} {device['media']:12} {device['fault'] or ''}")
    for reason in document["why"]:
        talk(f"{reason['code']}: {reason['text']['en']}")
    return OK if document["ready"] else FAILED
