"""Every persona with every option, and every fault by itself: `make acceptance`. Too long for every `make test`, which takes a few of each.

Each journey is held to what `kiosk offers` says of the same option: offered completes, refused refuses by the same rule.
"""

from typing import Any

import pytest

from tests.e2e.conftest import NOT_ALIVE, PROJECT, Hall, completed, document_of, kiosk, refused

PERSONAS = sorted(file.stem for file in (PROJECT / "assets/personas").glob("*.toml"))
CHOICES = ("HKG:G:1Y1", "HKG:G:1Y*", "HKG:L:3M1", "HKG:S:1Y*", "MAC:G:3M1", "MAC:G:1YW", "MAC:G:1Y*", "MAC:L:3M1", "TWN:G:6M1", "TWN:L:6M1")
REGIONS = ("440100", "440300", "440400", "350200")
NOT_THIS_PERSON = "impostor"

# device, moment, kind, times → what may become of the journey
FAULTS: dict[tuple[str, str, str, int], tuple[str, ...]] = {
    ("id_reader", "read", "bad_checksum", 0): ("refused",),
    ("id_reader", "read", "silence", 0): ("refused",),
    ("id_reader", "read", "garbage", 1): ("completed",),
    ("card_module", "insert", "refuse", 0): ("refused", "withdrawn"),
    ("card_module", "move", "silence", 0): ("refunded", "needs_staff"),
    ("card_module", "move", "jam", 0): ("refunded", "needs_staff"),
    ("card_module", "status", "late", 3): ("completed",),
    ("chip", "read", "unreadable", 0): ("refused",),
    ("chip", "bac", "wrong_sw", 0): ("refused",),
    ("face_camera", "frame", "dark", 0): ("refused",),
    ("face_camera", "frame", "silence", 0): ("refused",),
    ("card_printer", "arm", "cover_open", 0): ("refunded",),
    ("card_printer", "draw_in", "jam", 0): ("refunded", "needs_staff"),
    ("card_printer", "print", "faint", 1): ("completed",),
    ("card_printer", "print", "half_print", 0): ("needs_staff",),
    ("back_camera", "frame", "dark", 0): ("refused",),  # the back is looked at before anything is paid
    ("authority", "registry", "silence", 0): ("refused",),
    ("authority", "submit", "reject", 0): ("refused",),
    ("authority", "submit", "lost_answer", 1): ("completed", "refused"),
    ("authority", "issue", "refuse", 0): ("refunded",),
    ("authority", "issue", "lost_answer", 1): ("completed", "refunded"),
    ("authority", "verified", "lost_answer", 1): ("completed",),
    ("authority", "void", "refuse", 1): ("completed",),
    ("wechat", "order", "refuse", 0): ("refused",),
    ("wechat", "order", "garbage", 1): ("completed", "refused"),
    ("wechat", "query", "bad_signature", 2): ("completed",),
    ("wechat", "query", "silence", 2): ("completed",),
    ("lights", "read", "silence", 0): ("refused",),
    ("receipt_printer", "port", "unplug", 0): ("completed",),
}


def spoken(persona: str, choice: str, region: str) -> str | None:
    """None where the option is offered, else the refusal's code."""
    document: dict[str, Any] = kiosk("offers", "--persona", persona, "--at", region, "--json").document
    destination, kind, validity = choice.split(":")
    if any((row["destination"], row["kind"], row["validity"]) == (destination, kind, validity) for row in document["offers"]):
        return None
    fitting = [
        row
        for row in document["refusals"]
        if row["destination"] in (None, destination) and row["kind"] in (None, kind) and row["validity"] in (None, validity)
    ]
    return str(fitting[0]["code"]) if fitting else "policy.not_sold"


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("persona", PERSONAS)
def test_the_journey_does_what_the_offers_say(hall: Hall, persona: str, choice: str, region: str) -> None:
    expected = spoken(persona, choice, region)
    if expected is not None and region != REGIONS[0]:
        return  # the refusals are walked once, at home
    journey = hall.transact(persona, choice, "--at", region)
    if persona == NOT_THIS_PERSON:
        assert refused(hall, journey)[0] == "face.not_holder" or expected == "policy.no_permit"
    elif expected is None:
        completed(hall, journey)
    else:
        assert refused(hall, journey)[0] == expected


ATTACKS = ("print", "bent", "cut_eyes", "mask", "replay", "injected")


@pytest.mark.parametrize(
    ("scene", "codes"),
    [("nobody", ("face.nobody",)), ("two", ("face.several",)), ("other", ("face.not_holder",)), *((attack, NOT_ALIVE) for attack in ATTACKS)],
)
def test_whoever_is_not_seen_to_be_the_holder_is_refused(hall: Hall, scene: str, codes: tuple[str, ...]) -> None:
    code, rule = refused(hall, hall.transact("ordinary", "HKG:G:1Y1", "--scene", scene))
    assert code in codes and rule == "face"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault)))
def test_a_fault_ends_as_it_may(hall: Hall, fault: tuple[str, str, str, int]) -> None:
    device, moment, kind, times = fault
    hall.control.put_fault(device, moment, kind, times)
    journey = hall.transact("ordinary", "HKG:G:1Y1")
    if "failure" in journey.document:
        assert journey.code == 1 and journey.failure
        return
    document = document_of(journey)
    assert document["outcome"] in FAULTS[fault], document
    if document["outcome"] == "completed":
        completed(hall, journey)
        return
    if document["outcome"] == "needs_staff":
        assert document["needs_staff"]
        return
    assert document["card"] in ("returned", "not_inserted")
    orders = hall.rows("payments", document["case_id"]) if document["case_id"] else []
    assert all(row["state"] == "closed" or row["refunded_fen"] == row["amount_fen"] for row in orders)
