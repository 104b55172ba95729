"""The journey: one table, in the order a traveller walks it. Only this table knows what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.journey.events import EVERYWHERE, Event
from kiosk.journey.timings import COMING, COMPARING, ENDING, LOOKING, READING, TYPING, UNLIMITED, Patience


class State(StrEnum):
    ATTRACT = "attract"
    NOTICE = "notice"
    ID_CARD = "id_card"
    REGISTRY = "registry"
    PERMIT = "permit"
    CHIP = "chip"
    FACE = "face"
    OTHER_WAY = "other_way"
    STAFF_CONFIRM = "staff_confirm"
    STAFF_COMPARE = "staff_compare"
    CHOOSE = "choose"
    PHONE = "phone"
    REVIEW = "review"
    CONTACT = "contact"
    APPROVAL = "approval"
    PAY_METHOD = "pay_method"
    PAY = "pay"
    ISSUING = "issuing"
    TAKE_CARD = "take_card"
    RECEIPT = "receipt"
    GIVING_BACK = "giving_back"
    GOODBYE = "goodbye"
    REFUSED = "refused"
    STAFF = "staff"
    PROBLEM = "problem"
    OUT_OF_SERVICE = "out_of_service"
    END = "end"


class Stay(StrEnum):
    """STAY: noted, and the state goes on. NEVER: cannot happen here; if it does, it is a bug and the journey ends by the safe way."""

    STAY = "stay"
    NEVER = "never"


Decision = State | Stay


@dataclass(frozen=True, slots=True)
class Row:
    """One state: where each event leads, the traveller's time, and the place on the progress line (1…8, 0 = off the line).

    renewed: whether a touch begins the time anew.
    """

    on: Mapping[Event, Decision]
    patience: Patience
    place: int
    renewed: bool = True


def _row(place: int, patience: Patience, everywhere: Mapping[Event, Decision], *, renewed: bool = True, **on: Decision) -> Row:
    own: dict[Event, Decision] = {Event(name): decision for name, decision in on.items()}
    full: dict[Event, Decision] = dict.fromkeys(Event, Stay.NEVER)
    return Row({**full, **everywhere, **own}, patience, place, renewed)


# nothing of the traveller's is inside
OUTSIDE: Mapping[Event, Decision] = {
    Event.REFUSED: State.REFUSED,
    Event.CANCELLED: State.GOODBYE,
    Event.TIMED_OUT: State.GOODBYE,
    Event.STAFF_CALLED: State.STAFF,
    Event.DEVICE_LOST: State.PROBLEM,
    Event.STOPPED: State.END,
}
# the permit may be inside: everything is undone and the permit given back first
INSIDE: Mapping[Event, Decision] = dict.fromkeys(EVERYWHERE, State.GIVING_BACK)
# the same, where staff are asked to come: a call for them is no reason to leave
STAFF_COME: Mapping[Event, Decision] = {**INSIDE, Event.STAFF_CALLED: Stay.STAY}
# the machine is at work on the permit: what the traveller asks waits until it is done, what fails turns back
AT_WORK: Mapping[Event, Decision] = {
    Event.REFUSED: State.GIVING_BACK,
    Event.CANCELLED: Stay.STAY,
    Event.TIMED_OUT: Stay.STAY,
    Event.STAFF_CALLED: Stay.STAY,
    Event.DEVICE_LOST: State.GIVING_BACK,
    Event.STOPPED: Stay.STAY,
}
# the end of a journey: whatever happens, it ends
ENDS: Mapping[Event, Decision] = dict.fromkeys(EVERYWHERE, State.END)

TABLE: Mapping[State, Row] = {
    State.ATTRACT: _row(
        0,
        UNLIMITED,
        {**dict.fromkeys(EVERYWHERE, Stay.STAY), Event.DEVICE_LOST: State.OUT_OF_SERVICE, Event.STAFF_CALLED: State.STAFF, Event.STOPPED: State.END},
        started=State.NOTICE,
    ),
    State.NOTICE: _row(0, READING, OUTSIDE, agreed=State.ID_CARD, declined=State.REFUSED),
    State.ID_CARD: _row(1, LOOKING, OUTSIDE, read=State.REGISTRY),
    State.REGISTRY: _row(1, UNLIMITED, OUTSIDE, found=State.PERMIT),
    State.PERMIT: _row(2, LOOKING, INSIDE, inserted=State.CHIP),
    State.CHIP: _row(2, UNLIMITED, INSIDE, opened=State.FACE, other_way=State.OTHER_WAY),
    State.FACE: _row(3, UNLIMITED, INSIDE, matched=State.CHOOSE, other_way=State.OTHER_WAY),
    State.OTHER_WAY: _row(3, READING, STAFF_COME, staff_chosen=State.STAFF_CONFIRM, camera_chosen=State.FACE),
    State.STAFF_CONFIRM: _row(3, COMING, STAFF_COME, staff_logged_in=State.STAFF_COMPARE, went_back=State.OTHER_WAY),
    State.STAFF_COMPARE: _row(3, COMPARING, STAFF_COME, renewed=False, matched=State.CHOOSE, went_back=State.OTHER_WAY),
    State.CHOOSE: _row(4, READING, INSIDE, chosen=State.PHONE),
    State.PHONE: _row(5, TYPING, INSIDE, entered=State.REVIEW, went_back=State.CHOOSE),
    State.REVIEW: _row(5, READING, INSIDE, confirmed=State.APPROVAL, contact_wanted=State.CONTACT, went_back=State.CHOOSE),
    State.CONTACT: _row(5, TYPING, INSIDE, entered=State.REVIEW, went_back=State.REVIEW),
    State.APPROVAL: _row(5, UNLIMITED, AT_WORK, approved=State.PAY_METHOD),
    State.PAY_METHOD: _row(6, READING, INSIDE, method_chosen=State.PAY),
    State.PAY: _row(6, LOOKING, INSIDE, paid=State.ISSUING, method_changed=State.PAY_METHOD),
    State.ISSUING: _row(7, UNLIMITED, AT_WORK, issued=State.TAKE_CARD),
    State.TAKE_CARD: _row(8, UNLIMITED, {**AT_WORK, Event.REFUSED: State.PROBLEM}, taken=State.RECEIPT),
    State.RECEIPT: _row(8, LOOKING, {**OUTSIDE, Event.REFUSED: State.GOODBYE, Event.DEVICE_LOST: State.GOODBYE}, done=State.GOODBYE),
    State.GIVING_BACK: _row(
        0,
        UNLIMITED,
        dict.fromkeys(EVERYWHERE, Stay.STAY),
        returned=State.GOODBYE,
        returned_refused=State.REFUSED,
        returned_to_staff=State.STAFF,
        returned_broken=State.PROBLEM,
    ),
    State.GOODBYE: _row(0, ENDING, ENDS, done=State.END),
    State.REFUSED: _row(0, ENDING, ENDS, done=State.END),
    State.STAFF: _row(0, ENDING, ENDS, done=State.END),
    State.PROBLEM: _row(0, ENDING, ENDS, done=State.END),
    State.OUT_OF_SERVICE: _row(
        0,
        UNLIMITED,
        {**dict.fromkeys(EVERYWHERE, Stay.STAY), Event.STOPPED: State.END},
        done=State.END,
    ),
}


def decide(state: State, event: Event) -> Decision:
    """What `event` means in `state`; every pair is decided."""
    return TABLE[state].on[event]


STEPS_ON_THE_LINE = max(row.place for row in TABLE.values())
