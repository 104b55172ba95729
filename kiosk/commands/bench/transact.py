"""The machine's own share of a complete journey, outside the face; each step and the face on lines of their own."""

from kiosk.commands.bench.hall import hall
from kiosk.commands.bench.journeys import walk
from kiosk.commands.bench.measure import Line, line
from kiosk.domain.failure import Failure

RUNS = 7
LIMIT_MS = 400.0


def measure() -> list[Line] | Failure:
    with hall() as world:
        if isinstance(world, Failure):
            return world
        results = walk(world.profile, RUNS, lambda _number: None)
    if isinstance(results, Failure):
        return results
    walls = [float(result["wall_ms"]) for result in results]
    shares: dict[str, list[float]] = {}
    whole: dict[str, list[float]] = {}
    for result in results:
        for step in result["steps"]:
            shares.setdefault(step["name"], []).append(step["software_ms"])
            whole.setdefault(step["name"], []).append(step["ms"])
    outside_face = [float(result["software_ms"]) - sum(s["software_ms"] for s in result["steps"] if s["name"] == "face") for result in results]
    lines = [line("transact.software", "ms", outside_face, walls, limit=LIMIT_MS)]
    return lines + [line(f"transact.{name}", "ms", values, whole[name]) for name, values in shares.items()]
