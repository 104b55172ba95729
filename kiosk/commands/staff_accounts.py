"""`kiosk staff enrol` and `kiosk staff revoke`: who may log in at the machine."""

import getpass
import sys
from typing import Any

from kiosk import app
from kiosk.commands.machine import with_machine
from kiosk.commands.said import OK, fail, say, talk
from kiosk.domain.failure import Failure
from kiosk.services.staff_login import StaffLogin

ACTIONS = ("enrol", "revoke")
PROMPTS = ("PIN: ", "PIN again: ")


def run(arguments: Any) -> int:
    """`--by` is the number that is enrolled or revoked. The PIN comes from standard input and stands in no argument, where others could read it."""
    number: str = arguments.by
    pin = _pin() if arguments.action == "enrol" else ""
    if isinstance(pin, Failure):
        return fail(pin, arguments.json)

    async def work(machine: app.Machine) -> dict[str, Any] | Failure:
        login = machine.house.staff_login
        outcome = login.enrol(number, pin) if arguments.action == "enrol" else login.revoke(number)
        if isinstance(outcome, Failure):
            return outcome
        return {"number": number, "enrolled": arguments.action == "enrol", "replaced": outcome is True}

    document = with_machine(arguments.profile, work, devices=False)
    if isinstance(document, Failure):
        return fail(document, arguments.json)
    if arguments.json:
        say(document)
    talk(f"{number}: {'may log in' if document['enrolled'] else 'may no longer log in'}")
    return OK


def _pin() -> str | Failure:
    """On a terminal asked for twice, and not shown; else one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first, second = (getpass.getpass(prompt, sys.stderr) for prompt in PROMPTS)
    return first if first == second else Failure("staff.pins_differ")


def listed(login: StaffLogin) -> list[dict[str, Any]]:
    return [{"number": number, "tries": count.tries, "locked": count.locked} for number, count in login.accounts()]
