"""What the scripted traveller of `kiosk run --persona` takes, and the table that is printed of it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.commands import people, words
from kiosk.commands.offers import SIMULATED_REGION
from kiosk.commands.scripted import Plan, folder
from kiosk.config import assets_directory
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.endorsement import Kind, OptionCode
from kiosk.domain.failure import Failure
from kiosk.policy import Policy


def plan_for(persona_id: str, scene: str, out: Path) -> Plan | Failure:
    """What the scripted traveller of the demonstration takes: a year's single individual journey, else the first that is offered."""
    wrong = words.one_of(scene, words.SCENES, "usage.scene")
    if wrong is not None:
        return wrong
    today = datetime.now(SHANGHAI).date()
    persona = people.load(None, persona_id, today)
    if isinstance(persona, Failure):
        return persona
    if persona.live is None:
        return Failure("persona.no_face", detail={"persona": persona_id})
    policy = Policy.load(assets_directory() / "policy")
    if isinstance(policy, Failure):
        return policy
    offers = policy.evaluate(people.record_of(persona), today, SIMULATED_REGION).offers
    wanted = [offer.option for offer in offers if offer.option.kind is Kind.INDIVIDUAL and offer.option.validity.code == "1Y1"]
    chosen = (wanted or [offer.option for offer in offers])[:1] or [OptionCode.parse("HKG:G:1Y1")]
    return folder(out) or Plan(persona_id, chosen, scene=scene, out=out)


def table(result: dict[str, Any], out: Path) -> None:
    """What happened, and how long each step took, for the person at the terminal."""
    print(f"\n{result['outcome']}   case {result['case_id']}   card {result['card']}   fee ¥{result['fee_fen'] / 100:.2f}")
    for row in result["endorsements"]:
        print(f"  {row['destination']} {row['kind']} {row['validity']}  valid until {row['valid_until']}  number {row['number']}")
    print(f"\n  {'step':14}{'ms':>10}{'of which the machine thinks':>30}")
    for step in result["steps"]:
        print(f"  {step['name']:14}{step['ms']:>10.0f}{step['software_ms']:>30.1f}")
    whole = "  ".join(f"{name} {result[f'{name}_ms']:.0f}" for name in ("software", "device", "gateway", "traveller", "wall"))
    print(f"\n  ms in all: {whole}   (a fast hall: mechanics shortened)")
    print(f"  everything lies in {out}/: every screen, card_back.png, receipt.pdf, receipt.png, result.json")
