"""One file per step; here each state gets its own."""

from kiosk.journey.engine import Step
from kiosk.journey.steps.approval import Approval
from kiosk.journey.steps.attract import Attract
from kiosk.journey.steps.chip import Chip
from kiosk.journey.steps.choose import Choose
from kiosk.journey.steps.contact import ContactStep
from kiosk.journey.steps.endings import Goodbye, Problem, Refused, Staff
from kiosk.journey.steps.face import Face
from kiosk.journey.steps.giving_back import GivingBack
from kiosk.journey.steps.id_card import IdCardStep
from kiosk.journey.steps.issuing import Issuing
from kiosk.journey.steps.notice import Notice
from kiosk.journey.steps.other_way import OtherWay
from kiosk.journey.steps.out_of_service import OutOfService
from kiosk.journey.steps.pay import Pay, PayMethod
from kiosk.journey.steps.permit import PermitStep
from kiosk.journey.steps.phone import Phone
from kiosk.journey.steps.receipt import Receipt
from kiosk.journey.steps.registry import Registry
from kiosk.journey.steps.review import Review
from kiosk.journey.steps.staff_compare import StaffCompare
from kiosk.journey.steps.staff_confirm import StaffConfirm
from kiosk.journey.steps.take_card import TakeCard
from kiosk.journey.table import State


def all_steps() -> dict[State, Step]:
    return {
        State.ATTRACT: Attract(),
        State.NOTICE: Notice(),
        State.ID_CARD: IdCardStep(),
        State.REGISTRY: Registry(),
        State.PERMIT: PermitStep(),
        State.CHIP: Chip(),
        State.FACE: Face(),
        State.OTHER_WAY: OtherWay(),
        State.STAFF_CONFIRM: StaffConfirm(),
        State.STAFF_COMPARE: StaffCompare(),
        State.CHOOSE: Choose(),
        State.PHONE: Phone(),
        State.REVIEW: Review(),
        State.CONTACT: ContactStep(),
        State.APPROVAL: Approval(),
        State.PAY_METHOD: PayMethod(),
        State.PAY: Pay(),
        State.ISSUING: Issuing(),
        State.TAKE_CARD: TakeCard(),
        State.RECEIPT: Receipt(),
        State.GIVING_BACK: GivingBack(),
        State.GOODBYE: Goodbye(),
        State.REFUSED: Refused(),
        State.STAFF: Staff(),
        State.PROBLEM: Problem(),
        State.OUT_OF_SERVICE: OutOfService(),
    }
