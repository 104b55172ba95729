"""`kiosk offers`: what the policy offers and refuses."""

from datetime import datetime
from pathlib import Path

from kiosk.commands import people, words
from kiosk.commands.said import catalogue, fail, say, talk
from kiosk.config import assets_directory
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.failure import Failure
from kiosk.policy import Policy, answer_json

SIMULATED_REGION = "440100"
NOTHING_OFFERED = 3


def run(persona_id: str, as_of: str | None, at: str | None, directory: str | None, as_json: bool) -> int:
    day, region = words.day(as_of), words.region(at)
    for word in (day, region):
        if isinstance(word, Failure):
            return fail(word, as_json)
    today = day if day is not None and not isinstance(day, Failure) else datetime.now(SHANGHAI).date()
    persona = people.load(Path(directory) if directory else None, persona_id, today)
    if isinstance(persona, Failure):
        return fail(persona, as_json)
    policy = Policy.load(assets_directory() / "policy")
    if isinstance(policy, Failure):
        return fail(policy, as_json)
    place = region if isinstance(region, str) else SIMULATED_REGION
    answer = policy.evaluate(people.record_of(persona), today, place)
    if as_json:
        say(answer_json(answer, today, catalogue().text))
    else:
        for offer in answer.offers:
            print(f"{offer.permit}  {offer.option}  {offer.valid_until}  ¥{offer.fee_fen / 100:.2f}")
        for refusal in answer.refusals:
            what = ":".join(str(part or "*") for part in (refusal.destination, refusal.kind, refusal.validity))
            print(f"-  {what}  {refusal.code} ({refusal.rule}): {catalogue().text(refusal.text_key, 'en', refusal.params)}")
    if not answer.offers:
        talk("nothing is offered")
        return NOTHING_OFFERED
    return 0
