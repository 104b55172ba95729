"""The receipt: on paper, as a code for the phone, or none."""

from datetime import date

from kiosk.case.casefile import Case
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import masked_name, masked_number
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, primary, secondary
from kiosk.journey.visit import Visit
from kiosk.services.papers import IssuedLine, ReceiptData
from kiosk.view import Answer, DoneBody, Message, Parameter


def receipt_data(visit: Visit, house: House, case: Case) -> ReceiptData:
    name = visit.record.reveal().name if visit.record else ""
    lines = tuple(IssuedLine(b.destination, b.kind, b.validity, date.fromisoformat(b.valid_until), b.number, b.stay_days) for b in case.file.issued)
    return ReceiptData(
        case_id=case.case_id,
        order_no=case.order_no,
        method=case.file.method or "",
        amount_fen=case.file.fee_fen,
        lines=lines,
        holder=masked_name(name),
        permit=masked_number(case.file.permit_number),
        at=house.clock.now(),
    )


class Receipt:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.case is None:
            raise RuntimeError("no case")
        data = receipt_data(visit, house, visit.case)
        if house.keep is not None:
            house.keep(data)
        while True:
            touch = await visit.next_touch()
            if touch == "receipt:paper":
                failure = await house.papers.print_receipt(data, visit.comfort.language)
                if isinstance(failure, Failure):
                    visit.problem = Message("receipt.no_paper", {"number": visit.case.case_id})
                    visit.changed()
                    continue
                visit.receipt = "paper"
                break
            if touch == "receipt:qr":
                visit.receipt = "qr"
                visit.changed()
            elif touch in ("receipt:none", "receipt:done"):
                visit.receipt = visit.receipt or "none"
                break
        # a call for staff that had to wait while the machine was at work is answered now
        return Event.STAFF_CALLED if visit.staff_wanted else Event.DONE

    def view(self, visit: Visit, house: House) -> Page:
        lines: list[tuple[Message, Message]] = []
        code = None
        if visit.case is not None:
            for block in visit.case.file.issued:
                params: dict[str, Parameter] = {
                    "kind": Message(f"word.kind.{block.kind}"),
                    "validity": Message(f"word.validity.{block.validity}"),
                    "until": block.valid_until,
                }
                lines.append((Message(f"word.destination.{block.destination}"), Message("review.endorsement", params)))
            if visit.receipt == "qr":
                code = house.papers.receipt_code(receipt_data(visit, house, visit.case))
        answers: tuple[Answer, ...]
        if code is not None:
            answers = (primary("receipt:done", "receipt.done"), secondary("receipt:paper", "receipt.paper"))
        else:
            answers = (primary("receipt:paper", "receipt.paper"), secondary("receipt:qr", "receipt.qr"), secondary("receipt:none", "receipt.none"))
        return Page(Message("receipt.title"), DoneBody(tuple(lines), code), answers, problem=visit.problem)
