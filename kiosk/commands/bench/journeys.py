"""Complete journeys on one machine in one fast hall, one after the other, each by the same scripted traveller."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.world.client import WorldClient
from kiosk import app
from kiosk.commands.said import catalogue
from kiosk.commands.scripted import Journey, Plan, ready
from kiosk.config import load_profile
from kiosk.domain.endorsement import OptionCode
from kiosk.domain.failure import Failure
from kiosk.journey.result import COMPLETED
from kiosk.view import Seam, Touch, View

PLAN = Plan("ordinary", [OptionCode.parse("HKG:G:1Y1"), OptionCode.parse("MAC:G:1Y1")])


def walk(profile_file: Path, count: int, after_each: Callable[[int], None], seam: Seam | None = None) -> list[dict[str, Any]] | Failure:
    """The documents of `count` journeys; `bench.not_completed` where one did not complete."""
    profile = load_profile(profile_file)
    if isinstance(profile, Failure):
        return profile
    return asyncio.run(_walk(profile, count, after_each, seam or Seam()))


async def _walk(profile: Any, count: int, after_each: Callable[[int], None], seam: Seam) -> list[dict[str, Any]] | Failure:
    machine = app.build(profile, catalogue(), seam=seam)
    if isinstance(machine, Failure):
        return machine
    world = WorldClient(profile.simulated.control_url)
    results: list[dict[str, Any]] = []
    try:
        refused = await ready(machine)
        if refused is not None:
            return refused

        async def press(view: View, answer: str) -> bool:
            return seam.post(Touch(view.serial, answer))

        for number in range(1, count + 1):
            world.reset()
            machine.stopwatch.laps.clear()
            result = await Journey(machine, world, PLAN).walk(press)
            if isinstance(result, Failure):
                return result
            if result["outcome"] != COMPLETED:
                return Failure("bench.not_completed", detail={"outcome": str(result["outcome"])})
            results.append(result)
            after_each(number)
        return results
    finally:
        world.close()
        await machine.close()
