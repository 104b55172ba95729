"""Check your answers: after this page the application goes out."""

from kiosk.case.casefile import Block
from kiosk.case.moves import Wish
from kiosk.domain.endorsement import Endorsement
from kiosk.domain.sensitive import masked_address, masked_name, masked_number
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, primary, secondary
from kiosk.journey.visit import Visit
from kiosk.policy import Offer
from kiosk.view import Answer, Message, Parameter, ReviewBody


def _shown(endorsement: Endorsement, issuer: str) -> Block:
    """A block as the back shows it, in the registry's words."""
    return Block(
        destination=endorsement.destination.value,
        kind=endorsement.kind.value,
        validity=endorsement.validity.code,
        valid_until=endorsement.valid_until.isoformat(),
        issued_on=endorsement.issued_on.isoformat(),
        number=endorsement.number,
        issuer=issuer,
    )


class Review:
    async def run(self, visit: Visit, house: House) -> Event:
        while True:
            match await visit.next_touch():
                case "confirm":
                    self._confirm(visit, house)
                    return Event.CONFIRMED
                case "change" | "footer.back":
                    return Event.WENT_BACK
                case "contact":
                    return Event.CONTACT_WANTED
                case _:
                    continue

    def _confirm(self, visit: Visit, house: House) -> None:
        """Writes the traveller's decision into the case: from here it is to be delivered."""
        if visit.case is None or visit.permit is None:
            raise RuntimeError("no case")
        permit = visit.permit.reveal()
        today = house.clock.today()
        chosen = {offer.option.destination for offer in visit.chosen.values()}
        # the back has one place for each destination: it shows the endorsement given last
        latest = {row.destination: row for row in sorted(permit.endorsements, key=lambda row: row.issued_on)}
        before = tuple(_shown(row, permit.issue_place) for row in latest.values())
        kept = tuple(_shown(row, permit.issue_place) for row in latest.values() if row.destination not in chosen and row.usable(today))
        visit.case = house.executor.decide(
            visit.case,
            Wish.DELIVER,
            permit_number=permit.number,
            permit_kind=permit.kind.value,
            before=before,
            kept=kept,
            wanted=tuple(self._wanted(offer, today.isoformat(), permit.issue_place) for offer in visit.chosen.values()),
            fee_fen=sum(offer.fee_fen for offer in visit.chosen.values()),
            phone=visit.phone.reveal() or None,
            contact_name=visit.contact.name.reveal() or None,
            contact_phone=visit.contact.phone.reveal() or None,
            address=visit.contact.address.reveal() or None,
            rewrites=permit.rewrites,
        )

    def _wanted(self, offer: Offer, issued_on: str, issuer: str) -> Block:
        return Block(
            destination=offer.option.destination.value,
            kind=offer.option.kind.value,
            validity=offer.option.validity.code,
            valid_until=offer.valid_until.isoformat(),
            issued_on=issued_on,
            stay_days=offer.stay_days,
            issuer=issuer,
            remark=offer.remark,
        )

    def view(self, visit: Visit, house: House) -> Page:
        lines: list[tuple[Message, Message]] = []
        if visit.record is not None and visit.permit is not None:
            lines.append((Message("review.holder"), plain(masked_name(visit.record.reveal().name))))
            lines.append((Message("review.permit"), plain(masked_number(visit.permit.reveal().number))))
        for offer in visit.chosen.values():
            option = offer.option
            params: dict[str, Parameter] = {
                "kind": Message(f"word.kind.{option.kind.value}"),
                "validity": Message(f"word.validity.{option.validity.code}"),
                "until": offer.valid_until.isoformat(),
            }
            lines.append((Message(f"word.destination.{option.destination.value}"), Message("review.endorsement", params)))
        if visit.phone.reveal():
            lines.append((Message("review.phone"), plain(masked_number(visit.phone.reveal()))))
        contact = visit.contact
        if contact.name.reveal():
            number = contact.phone.reveal()
            who = {"name": masked_name(contact.name.reveal()), "number": masked_number(number) if number else ""}
            lines.append((Message("review.contact"), Message("review.contact.person" if number else "review.contact.name", who)))
        if contact.address.reveal():
            lines.append((Message("review.address"), plain(masked_address(contact.address.reveal()))))
        total = sum(offer.fee_fen for offer in visit.chosen.values())
        actions: tuple[Answer, ...] = (primary("confirm", "review.confirm"), secondary("change", "review.change"))
        if not visit.comfort.elder:  # fewer choices there
            actions = (*actions, secondary("contact", "review.add_contact" if contact.empty else "review.change_contact"))
        return Page(Message("review.title"), ReviewBody(tuple(lines), total), actions)


def plain(text: str) -> Message:
    return Message("word.plain", {"text": text})
