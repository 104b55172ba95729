"""Settling 1,000 open cases against a local hall, as a start does: how long, and whether memory stays flat.

The cases are what a week of power cuts might leave: applied for; with an open order; paid and not issued. Baseline: the questions that these
cases need, asked bare over the same connections.
"""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

from drivers.world.client import WorldClient
from drivers.world.personas import Persona
from kiosk import app
from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Block, Case, CaseFile
from kiosk.case.moves import Act, Back, Custody, Issue, Money, Standing, Wish
from kiosk.commands import people
from kiosk.commands.bench.hall import hall
from kiosk.commands.bench.measure import Line, line
from kiosk.commands.bench.memory import resident_mb
from kiosk.commands.said import catalogue
from kiosk.config import Profile, load_profile
from kiosk.domain.failure import Failure
from kiosk.services.application import Desk, Submit
from kiosk.services.cashier import OpenCharge

CASES = 1000
SETTLED_AT = 100
LIMIT_S, LIMIT_GROWTH = 30.0, 1.05
BEGAN = Standing(Wish.DELIVER, Money.NONE, Issue.NONE, Back.AS_FOUND, Custody.WITH_TRAVELLER, began=True, pictured=True)


def measure() -> list[Line] | Failure:
    with hall() as world:
        if isinstance(world, Failure):
            return world
        profile = load_profile(world.profile)
        return profile if isinstance(profile, Failure) else asyncio.run(_settled(profile, world.control_url))


async def _settled(profile: Profile, control_url: str) -> list[Line] | Failure:
    machine = app.build(profile, catalogue(), faces=False)
    if isinstance(machine, Failure):
        return machine
    world = WorldClient(control_url)
    try:
        failures = await machine.open_devices()
        if failures:
            return next(iter(failures.values()))
        person = people.load(None, "ordinary", machine.house.clock.today())
        if isinstance(person, Failure):
            return person
        left = [await _leave(machine, world, person, number % 3) for number in range(CASES)]
        refused = next((one for one in left if isinstance(one, Failure)), None)
        if refused is not None:
            return refused
        cases = [one for one in left if isinstance(one, Case)]
        bare_s = await _bare(machine, cases)
        sizes: list[float] = []
        begun = time.perf_counter()
        machine.house.executor.starting = lambda _case, act: sizes.append(resident_mb()) if act is Act.VOID else None
        reports = await machine.recovery.settle_all()
        unsettled = next((report for report in reports if report.needs_staff is not None), None)
        if unsettled is not None:
            return Failure("bench.not_completed", detail={"outcome": str(unsettled.needs_staff)})
        took_s = time.perf_counter() - begun
        if machine.house.executor.journal.open_ids():
            return Failure("bench.not_completed", detail={"outcome": "open cases left"})
        return [
            line(f"recovery.{CASES}_cases", "s", [took_s], [bare_s], limit=LIMIT_S),
            line(f"recovery.growth_from_{SETTLED_AT}th", "MB", sizes[-1:], sizes[SETTLED_AT - 1 : SETTLED_AT], limit=LIMIT_GROWTH, limits_ratio=True),
        ]
    finally:
        world.close()
        await machine.close()


async def _leave(machine: app.Machine, world: WorldClient, person: Persona, kind: int) -> Case | Failure:
    """One open case: 0 applied for, 1 with an open order, 2 paid."""
    house = machine.house
    journal, today = house.executor.journal, house.clock.today()
    permit = next(permit for permit in person.permits if permit.kind == "hkmo")
    until = (today + timedelta(days=90)).isoformat()
    wanted = Block("HKG", "G", "3M1", until, today.isoformat())
    file = CaseFile(permit.number, "hkmo", person.id_number, wanted=(wanted,), fee_fen=1500, method="wechat")
    case = journal.decide(journal.begin(today, file), BEGAN)
    result = await Submit(Desk(house.authority, house.clock, house.stopwatch)).do(case, case.case_id)
    if result.status is not Status.DONE:
        return _why(result)
    case = journal.decide(case, replace(case.standing, issue=Issue(str(result.changes["issue"]))))
    if kind == 0:
        return case
    case, _intent = journal.intend(case, Act.OPEN_CHARGE)  # cut off before its outcome was written
    result = await OpenCharge(house.cashier).do(case, case.order_no)
    if result.status is not Status.DONE:
        return _why(result)
    if kind == 2:
        world.phone("pay")
    return case


def _why(result: Result) -> Failure:
    return result.failure or Failure("bench.not_completed", detail={"outcome": result.status.value})


async def _bare(machine: app.Machine, cases: list[Case]) -> float:
    """Each case's application and order asked for once, and nothing else done."""
    begun = time.perf_counter()
    for case in cases:
        await machine.house.authority.application(case.case_id)
        await machine.house.cashier.query(case)
    return time.perf_counter() - begun
