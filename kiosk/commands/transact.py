"""`kiosk transact`: one whole journey by a scripted traveller, no screen; the same journey code as `kiosk run`."""

import asyncio
import json
import signal
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx

from drivers.contract.failure import Failure as DeviceFailure
from drivers.world import process
from drivers.world.client import ControlRefused, WorldClient
from kiosk import app
from kiosk.commands import people, words
from kiosk.commands.said import catalogue, fail, in_all, say, talk
from kiosk.config import Profile, load_profile
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.endorsement import OptionCode
from kiosk.domain.failure import Failure
from kiosk.domain.permit import PermitKind
from kiosk.health.desk import in_our_words
from kiosk.journey.result import EXIT_CODES, result_of
from kiosk.journey.visit import Visit
from kiosk.traveller import Traveller
from kiosk.view import Seam, Touch, View

OTHER_END = 4
SCENES = ("live", "print", "replay", "nobody", "two", "other", "injected")
PAYMENTS = ("wechat", "alipay", "none")


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for on the command line, checked."""

    persona: str
    options: list[OptionCode]
    pay: str
    scene: str
    as_of: date | None
    region: str | None
    personas: Path | None
    profile: Path | None
    out: Path | None


def plan_of(arguments: Any) -> Plan | Failure:
    day, region, options = words.day(arguments.as_of), words.region(arguments.at), words.options(arguments.choose)
    if isinstance(day, Failure):
        return day
    if isinstance(region, Failure):
        return region
    if isinstance(options, Failure):
        return options
    for value, allowed, code in ((arguments.pay, PAYMENTS, "usage.pay"), (arguments.scene, SCENES, "usage.scene")):
        if value not in allowed:
            return Failure(code, detail={"value": value, "allowed": ", ".join(allowed)})

    def path(text: str | None) -> Path | None:
        return Path(text) if text else None

    return Plan(
        arguments.persona,
        options,
        arguments.pay,
        arguments.scene,
        day,
        region,
        path(arguments.personas),
        path(arguments.profile),
        path(arguments.out),
    )


def run(arguments: Any) -> int:
    plan = plan_of(arguments)
    if isinstance(plan, Failure):
        return fail(plan, arguments.json)
    result = _in_hall(plan)
    if isinstance(result, Failure):
        return fail(result, arguments.json)
    if arguments.json:
        say(result)
    else:
        talk(f"{result['outcome']}  case {result['case_id']}  card {result['card']}  payment {result['payment']}")
        if result["refusal"]:
            talk(f"{result['refusal']['code']}: {result['refusal']['text']['en']}")
    return EXIT_CODES.get(str(result["outcome"]), OTHER_END)


def _in_hall(plan: Plan) -> dict[str, Any] | Failure:
    """Against the running hall of a profile, or one of its own."""
    if plan.profile is not None:
        profile = load_profile(plan.profile)
        return profile if isinstance(profile, Failure) else _walked(plan, profile)
    persona = people.load(plan.personas, plan.persona, plan.as_of or datetime.now(SHANGHAI).date())
    if isinstance(persona, Failure):
        return persona
    if persona.live is None:
        return Failure("persona.no_face", detail={"persona": plan.persona})
    with tempfile.TemporaryDirectory(prefix="kiosk-hall-") as state:
        hall = process.start(Path(state), plan.personas, "fast", plan.as_of)
        if isinstance(hall, DeviceFailure):
            return in_our_words(hall)
        try:
            profile = load_profile(hall.profile)
            return profile if isinstance(profile, Failure) else _walked(plan, profile)
        finally:
            hall.stop()


def _walked(plan: Plan, profile: Profile) -> dict[str, Any] | Failure:
    if profile.simulated is None:
        return Failure("profile.not_simulated", detail={"file": str(plan.profile)})
    world = WorldClient(profile.simulated.control_url)
    try:
        present = {row["id"]: row for row in world.personas()}
        if plan.persona not in present:
            return Failure("persona.unknown", detail={"persona": plan.persona, "allowed": ", ".join(sorted(present))})
        permits = {PermitKind(row["kind"]): str(row["number"]) for row in reversed(present[plan.persona]["permits"])}
        world.scene(plan.scene, plan.persona)
        if plan.as_of and plan.profile:
            world.as_of(plan.as_of.isoformat())
        try:
            return asyncio.run(_journey(plan, profile, world, permits))
        finally:
            world.lift_id_card()
            if plan.as_of and plan.profile:
                world.as_of(None)
    except httpx.HTTPError:
        return Failure("world.unreachable", detail={"url": profile.simulated.control_url})
    except ControlRefused as refused:
        return Failure(refused.code, detail=dict(refused.detail))
    finally:
        world.close()


async def _journey(plan: Plan, profile: Profile, world: WorldClient, permits: dict[PermitKind, str]) -> dict[str, Any] | Failure:
    seam = Seam()
    pdfs: list[bytes] = []
    machine = app.build(profile, catalogue(), seam=seam, as_of=plan.as_of, region=plan.region, keep=pdfs.append)
    if isinstance(machine, Failure):
        return machine
    try:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, machine.engine.stop)
        failures = await machine.open_devices()
        await machine.recover()
        refused = await _not_ready(machine, failures)
        if refused is not None:
            return refused
        machine.engine.listen(loop)

        async def press(view: View, answer: str) -> bool:
            return seam.post(Touch(view.serial, answer))

        papers = len(world.papers())
        traveller = Traveller(seam, world, plan.persona, permits, plan.options, plan.pay, press)
        walking = asyncio.create_task(traveller.walk())
        visit = await machine.engine.serve()
        walking.cancel()
        await machine.house.settle()
        _reload(machine, visit)
        artifacts = _artifacts(plan.out, world, visit, pdfs, papers)
        result = result_of(visit, machine.stopwatch.laps, in_all, artifacts)
        if plan.out is not None:
            (plan.out / "result.json").write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
        return result
    finally:
        await machine.close()


async def _not_ready(machine: app.Machine, failures: dict[str, Failure]) -> Failure | None:
    """A machine that cannot serve says so before anybody is asked for anything."""
    readiness = await machine.house.service.ask()
    for family, failure in failures.items():
        if family != "receipt_printer" and not readiness.ready:
            return failure
    return readiness.why[0] if readiness.why else None


def _reload(machine: app.Machine, visit: Visit) -> None:
    if visit.case is not None:
        loaded = machine.house.executor.journal.load(visit.case.case_id)
        visit.case = visit.case if isinstance(loaded, Failure) else loaded


def _artifacts(out: Path | None, world: WorldClient, visit: Visit, pdfs: list[bytes], papers_before: int) -> dict[str, str | None]:
    """What the journey left behind, fetched from the hall: the card's back as burned, the paper as printed; and the receipt as PDF."""
    kept: dict[str, str | None] = {"card_back": None, "receipt_pdf": None, "receipt_image": None}
    if out is None:
        return kept
    out.mkdir(parents=True, exist_ok=True)

    def keep(name: str, file: str, data: bytes | None) -> None:
        if data:
            (out / file).write_bytes(data)
            kept[name] = file

    if visit.inserted and visit.case is not None and visit.case.file.permit_number:
        keep("card_back", "card_back.png", world.back_png(visit.case.file.permit_number))
    if pdfs:
        keep("receipt_pdf", "receipt.pdf", pdfs[-1])
    if len(world.papers()) > papers_before:
        keep("receipt_image", "receipt.png", world.latest_paper_png())
    return kept
