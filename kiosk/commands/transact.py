"""`kiosk transact`: one whole journey by a scripted traveller, no screen; the same journey code as `kiosk run`."""

import asyncio
import json
import signal
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from drivers.contract.failure import Failure as DeviceFailure
from drivers.world import process
from drivers.world.client import ControlRefused, WorldClient
from kiosk import app
from kiosk.commands import people, words
from kiosk.commands.said import catalogue, fail, say, talk
from kiosk.commands.scripted import Journey, Plan, folder, ready
from kiosk.config import Profile, load_profile
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.journey.result import EXIT_CODES
from kiosk.services.papers import ReceiptData
from kiosk.view import Seam, Touch, View

OTHER_END = 4
PAYMENTS = ("wechat", "alipay", "none")


@dataclass(frozen=True, slots=True)
class Asked:
    """The command line, checked: the traveller's plan, and where it is to happen."""

    plan: Plan
    personas: Path | None
    profile: Path | None


def asked_of(arguments: Any) -> Asked | Failure:
    day, region, options = words.day(arguments.as_of), words.region(arguments.at), words.options(arguments.choose)
    if isinstance(day, Failure):
        return day
    if isinstance(region, Failure):
        return region
    if isinstance(options, Failure):
        return options
    wrong = words.one_of(arguments.pay, PAYMENTS, "usage.pay") or words.one_of(arguments.scene, words.SCENES, "usage.scene")
    if wrong is not None:
        return wrong

    def path(text: str | None) -> Path | None:
        return Path(text) if text else None

    plan = Plan(arguments.persona, options, arguments.pay, arguments.scene, day, region, path(arguments.out))
    return Asked(plan, path(arguments.personas), path(arguments.profile))


def run(arguments: Any) -> int:
    asked = asked_of(arguments)
    if isinstance(asked, Failure):
        return fail(asked, arguments.json)
    result = _in_hall(asked)
    if isinstance(result, Failure):
        return fail(result, arguments.json)
    if arguments.json:
        say(result)
    else:
        talk(f"{result['outcome']}  case {result['case_id']}  card {result['card']}  payment {result['payment']}")
        if result["refusal"]:
            talk(f"{result['refusal']['code']}: {result['refusal']['text']['en']}")
    return EXIT_CODES.get(str(result["outcome"]), OTHER_END)


def _in_hall(asked: Asked) -> dict[str, Any] | Failure:
    """Against the running hall of a profile, or one of its own."""
    plan = asked.plan
    unwritable = folder(plan.out) if plan.out is not None else None
    if unwritable is not None:
        return unwritable
    if asked.profile is not None:
        profile = load_profile(asked.profile)
        return profile if isinstance(profile, Failure) else _walked(plan, profile, borrowed=True)
    persona = people.load(asked.personas, plan.persona, plan.as_of or datetime.now(SHANGHAI).date())
    if isinstance(persona, Failure):
        return persona
    if persona.live is None:
        return Failure("persona.no_face", detail={"persona": plan.persona})
    with tempfile.TemporaryDirectory(prefix="kiosk-hall-") as state:
        hall = process.start(Path(state), asked.personas, "fast", plan.as_of)
        if isinstance(hall, DeviceFailure):
            return in_our_words(hall)
        try:
            profile = load_profile(hall.profile)
            return profile if isinstance(profile, Failure) else _walked(plan, profile, borrowed=False)
        finally:
            hall.stop()


def _walked(plan: Plan, profile: Profile, borrowed: bool) -> dict[str, Any] | Failure:
    """borrowed: the hall is somebody else's; its date and the ID card on its reader are put back afterwards."""
    if profile.simulated is None:
        return Failure("profile.not_simulated", detail={"file": profile.folder})
    world = WorldClient(profile.simulated.control_url)
    try:
        return asyncio.run(_journey(plan, profile, world, borrowed))
    except httpx.HTTPError:
        return Failure("world.unreachable", detail={"url": profile.simulated.control_url})
    except ControlRefused as refused:
        return Failure(refused.code, detail=dict(refused.detail))
    finally:
        world.close()


async def _journey(plan: Plan, profile: Profile, world: WorldClient, borrowed: bool) -> dict[str, Any] | Failure:
    seam = Seam()
    receipts: list[ReceiptData] = []
    machine = app.build(profile, catalogue(), seam=seam, as_of=plan.as_of, region=plan.region, keep=receipts.append)
    if isinstance(machine, Failure):
        return machine
    former = _hall_date(profile)
    try:
        if borrowed and plan.as_of is not None:
            world.as_of(plan.as_of.isoformat())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, machine.engine.stop)
        refused = await ready(machine)
        if refused is not None:
            return refused

        async def press(view: View, answer: str) -> bool:
            return seam.post(Touch(view.serial, answer))

        return await Journey(machine, world, plan, receipts).walk(press)
    finally:
        await machine.close()
        if borrowed:
            world.lift_id_card()
            if plan.as_of is not None:
                world.as_of(former)


def _hall_date(profile: Profile) -> str | None:
    """The date the hall has been set to, None where it follows the real one."""
    try:
        told = json.loads(profile.path(profile.simulated.clock_file).read_text(encoding="utf-8")) if profile.simulated else {}
    except (OSError, ValueError):
        return None
    return str(told["as_of"]) if isinstance(told, dict) and told.get("as_of") else None
