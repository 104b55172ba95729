"""The command line: reads the words, calls the command, answers with its exit code. Heavy libraries load only with the command that needs them."""

import argparse
import logging
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from kiosk.commands.hardened import harden
from kiosk.domain.failure import Failure

STAFF_WORDS = {
    "money": ("none", "closed", "paid", "refunded"),
    "issue": ("none", "rejected", "voided", "verified"),
    "back": ("as_found", "written"),
    "custody": ("with_traveller", "retained"),
}
"""What staff may say of a case that they settled by hand: the values of the case's ends."""


class WrongUsage(Exception):
    """What argparse has to say about the words given."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(message)


def parser() -> Parser:
    top = Parser(prog="kiosk", description="Self-service endorsement machine")
    top.add_argument("--version", action="version", version=build_version())
    commands = top.add_subparsers(dest="command", required=True, parser_class=Parser)

    def command(name: str, what: str, *names: str) -> Parser:
        made = commands.add_parser(name, help=what, description=what)
        for word in names:
            made.add_argument(word)
        return made

    run = command("run", "the machine; without a profile in a simulated hall", "--profile", "--persona", "--out")
    run.add_argument("--scene", default="live")
    run.add_argument("--windowed", action="store_true")
    world = command("world", "the simulated hall alone", "--personas")
    world.add_argument("--state", required=True)
    world.add_argument("--speed", choices=("real", "fast"), default="real")
    transact = command("transact", "one whole journey by a scripted traveller", "--as-of", "--at", "--personas", "--profile", "--out")
    transact.add_argument("--persona", required=True)
    transact.add_argument("--choose", required=True)
    transact.add_argument("--pay", default="wechat")
    transact.add_argument("--scene", default="live")
    offers = command("offers", "what the policy offers and refuses", "--as-of", "--at", "--personas")
    offers.add_argument("--persona", required=True)
    for name, what in (("recover", "settles every open case"), ("doctor", "whether the machine can serve, and why not")):
        command(name, what).add_argument("--profile", required=True)
    reconcile = command("reconcile", "the journal against the authority's and the payment providers' books", "--day")
    reconcile.add_argument("--profile", required=True)
    staff = command("staff", "what waits for the hall's staff, the steps that close it, and who may log in at the machine", "--case", "--by")
    staff.add_argument("action", choices=("list", "hand-back", "retry", "settle", "enrol", "revoke"))
    staff.add_argument("--profile", required=True)
    for axis, words in STAFF_WORDS.items():
        staff.add_argument(f"--{axis}", choices=words)
    audit = command("audit", "the audit: whether it is whole, and a signed checkpoint to keep elsewhere", "--checkpoint")
    audit.add_argument("action", choices=("verify", "checkpoint"))
    audit.add_argument("--profile", required=True)
    portrait = command("portrait", "whether a picture holds what a permit photograph, or a frame to be compared, must", "file")
    portrait.add_argument("--profile-name", choices=("permit", "gate"), default="permit")
    face = command("face", "two pictures compared, or error rates over a folder of people", "--out")
    face.add_argument("action", choices=("compare", "evaluate"))
    face.add_argument("files", nargs="+")
    device = command("device", "one command to one device", "family", "action", "--out", "--photo-decoder")
    device.add_argument("--driver", required=True)
    device.add_argument("--port", required=True)
    command("screens", "every screen as PNG").add_argument("--out", required=True)
    command("bench", "speed and memory, each beside its baseline").add_argument("name", nargs="?")
    for name, made in commands.choices.items():
        if name not in ("run", "world", "screens"):
            made.add_argument("--json", action="store_true")
    return top


def build_version() -> str:
    return f"kiosk {version('endorsement-kiosk')}"


def main(words: list[str] | None = None) -> int:
    """Exit code of the command. An unexpected fault is logged for technicians, never shown as a traceback."""
    given = sys.argv[1:] if words is None else words
    harden()
    logging.getLogger().addHandler(logging.NullHandler())  # until a machine has its log file, nothing of Python's own reaches the terminal
    try:
        arguments = parser().parse_args(given)
    except WrongUsage as wrong:
        from kiosk.commands.said import fail

        return fail(Failure("usage.words", detail={"reason": str(wrong)}), "--json" in given)
    try:
        return _command(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from kiosk.commands.crash import report

        return report(error, "--json" in given)


def _command(arguments: Any) -> int:
    match arguments.command:
        case "run":
            from kiosk.commands import run

            return run.run(arguments)
        case "world":
            from drivers.world import serve
            from kiosk.commands import said

            personas = Path(arguments.personas) if arguments.personas else None
            failure = serve.serve(Path(arguments.state), personas, arguments.speed)
            return 0 if failure is None else said.fail(failure, False)
        case "transact":
            from kiosk.commands import transact

            return transact.run(arguments)
        case "offers":
            from kiosk.commands import offers

            return offers.run(arguments.persona, arguments.as_of, arguments.at, arguments.personas, arguments.json)
        case "recover" | "doctor":
            from kiosk.commands import machine

            return getattr(machine, arguments.command)(arguments.profile, arguments.json)  # type: ignore[no-any-return]
        case "reconcile":
            from kiosk.commands import reconcile

            return reconcile.run(arguments.profile, arguments.day, arguments.json)
        case "staff":
            from kiosk.commands import staff

            return staff.run(arguments)
        case "audit":
            from kiosk.commands import audit

            return audit.run(arguments)
        case "portrait":
            from kiosk.commands import portrait

            return portrait.run(arguments.file, arguments.profile_name, arguments.json)
        case "face":
            from kiosk.commands import face

            return face.run(arguments)
        case "device":
            from kiosk.commands import device

            return device.run(arguments)
        case "screens":
            from kiosk.commands import screens

            return screens.run(Path(arguments.out))
        case _:
            from kiosk.commands.bench import run as run_bench

            return run_bench(arguments.name, arguments.json)
