"""One journey by a scripted traveller in a simulated hall: what `transact` and the demonstration of `run` share."""

import asyncio
import json
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from drivers.world.client import WorldClient
from kiosk import app
from kiosk.commands.said import in_all
from kiosk.domain.endorsement import OptionCode
from kiosk.domain.failure import Failure
from kiosk.domain.permit import PermitKind
from kiosk.journey.result import result_of
from kiosk.journey.table import State
from kiosk.journey.visit import Visit
from kiosk.services.papers import ReceiptData
from kiosk.traveller import Press, Shown, Traveller


@dataclass(frozen=True, slots=True)
class Plan:
    """What the traveller wants and does. region: where the machine stands, None as its profile says."""

    persona: str
    options: list[OptionCode]
    pay: str = "wechat"
    scene: str = "live"
    as_of: date | None = None
    region: str | None = None
    out: Path | None = None


@dataclass
class Journey:
    """One scripted journey on a built machine."""

    machine: app.Machine
    world: WorldClient
    plan: Plan
    receipts: list[ReceiptData] = field(default_factory=list)
    """What `house.keep` was given: the machine itself keeps none."""

    def permits(self) -> dict[PermitKind, str] | Failure:
        """The persona's permits by kind, as the hall knows them."""
        present = {row["id"]: row for row in self.world.personas()}
        if self.plan.persona not in present:
            return Failure("persona.unknown", detail={"persona": self.plan.persona, "allowed": ", ".join(sorted(present))})
        return {PermitKind(row["kind"]): str(row["number"]) for row in reversed(present[self.plan.persona]["permits"])}

    async def walk(self, press: Press, shown: Shown | None = None) -> dict[str, Any] | Failure:
        """Serves one journey; the document of `kiosk transact`, also written to `out`/result.json."""
        permits = self.permits()
        if isinstance(permits, Failure):
            return permits
        self.world.scene(self.plan.scene, self.plan.persona)
        papers_before = len(self.world.papers())
        machine = self.machine
        machine.engine.listen(asyncio.get_running_loop())
        traveller = Traveller(
            machine.seam, self.world, self.plan.persona, permits, self.plan.options, self.plan.pay, press, shown, machine.engine.stop
        )
        walking = asyncio.create_task(traveller.walk())
        visit = await machine.engine.serve()
        walking.cancel()
        if State.OUT_OF_SERVICE in machine.engine.trail and visit.turned is not None:
            return Failure(visit.turned.code, detail={name: str(value) for name, value in visit.turned.text.params.items()})
        laps = list(machine.stopwatch.laps)
        await machine.house.settle()
        if visit.case is not None:
            loaded = machine.house.executor.journal.load(visit.case.case_id)
            visit.case = visit.case if isinstance(loaded, Failure) else loaded
        result = result_of(visit, laps, in_all, self._artifacts(visit, papers_before))
        if self.plan.out is not None:
            (self.plan.out / "result.json").write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
        return result

    def _artifacts(self, visit: Visit, papers_before: int) -> dict[str, str | None]:
        """What the journey left behind, fetched from the hall: the card's back as burned, the paper as printed; and the receipt as PDF."""
        kept: dict[str, str | None] = {"card_back": None, "receipt_pdf": None, "receipt_image": None}
        out = self.plan.out
        if out is None:
            return kept

        def keep(name: str, file: str, data: bytes | None) -> None:
            if data:
                (out / file).write_bytes(data)
                kept[name] = file

        if visit.inserted and visit.case is not None and visit.case.file.permit_number:
            keep("card_back", "card_back.png", self.world.back_png(visit.case.file.permit_number))
        if self.receipts:
            keep("receipt_pdf", "receipt.pdf", self.machine.house.papers.receipt_pdf(self.receipts[-1], visit.comfort.language))
        if len(self.world.papers()) > papers_before:
            keep("receipt_image", "receipt.png", self.world.latest_paper_png())
        return kept


def folder(out: Path) -> Failure | None:
    """Makes the folder that a journey is to leave its papers in, before anybody is asked for anything."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        return None if os.access(out, os.W_OK) else Failure("output.unwritable", detail={"file": str(out)})
    except OSError:
        return Failure("output.unwritable", detail={"file": str(out)})


async def ready(machine: app.Machine) -> Failure | None:
    """Opens the devices and settles what is open; a machine that cannot serve says why before anybody is asked for anything.

    Where a module that can hold a card does not open, nothing is settled: an open case waits until somebody can say where its card is.
    """
    failures = await machine.open_devices()
    blind = next((failures[family] for family in ("card_module", "card_printer") if family in failures), None)
    if blind is not None:
        return blind
    # what a gateway does not answer for yet stays open and is taken up again; only `kiosk recover` gives up on it
    await machine.house.settle()
    await machine.house.notices.print_slip()
    readiness = await machine.house.service.ask()
    if readiness.ready:
        return None
    return next((failure for family, failure in failures.items() if family not in ("receipt_printer", "voice")), readiness.why[0])
