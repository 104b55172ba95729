"""What the hall must learn of: a card kept in the bin, a case that needs staff. To its server, until accepted, and on a slip for its staff.

Nothing is queued: what is due is read from the journal each time, so a notice outlives every restart. What the hall has accepted is noted in
the case's file. Codes only; no notice and no slip says who the traveller is.
"""

import logging
from collections.abc import Awaitable
from datetime import datetime

import msgspec

from kiosk.audit.events import HallNotified
from kiosk.case.casefile import Case
from kiosk.case.journal import Journal
from kiosk.case.moves import Custody, Reason
from kiosk.domain.clock import SHANGHAI, Clock
from kiosk.domain.failure import Failure
from kiosk.gateways.authority import Authority
from kiosk.services.papers import Papers, SlipData, SlipLine
from kiosk.store.transaction import StoreFailed
from kiosk.view import Message

log = logging.getLogger(__name__)
CARD_RETAINED, NEEDS_STAFF, PAPER = "card_retained", "needs_staff", "paper"
NOT_TAKEN = "not_taken"
LONGEST_SLIP = 20
"""Cases on one slip; further ones come on the next."""


class Notices:
    """Reads the journal each time; the calls that wait ask one server or one printer."""

    def __init__(self, journal: Journal, authority: Authority, papers: Papers, clock: Clock, machine: str) -> None:
        self._journal = journal
        self._authority = authority
        self._papers = papers
        self._clock = clock
        self._machine = machine
        self._unreadable_told: set[str] = set()

    async def send(self) -> Failure | None:
        """Tells the hall's server what it has not accepted yet. Silence ends it, and the rest is due again next time; a refusal is of one notice."""
        return await _put_off("notice", self._send())

    async def _send(self) -> Failure | None:
        refused: Failure | None = None
        for case_id in self._ids():
            failure = await self._send_of(case_id)
            if failure is not None and failure.code != "authority.refused":
                return failure
            refused = refused or failure
        return refused

    async def _send_of(self, case_id: str) -> Failure | None:
        case = self._journal.load(case_id)
        if isinstance(case, Failure):
            return await self._send_unreadable(case_id)
        for kind, reason in _due(case):
            failure = await self._authority.notify(self._machine, case_id, kind, reason, self._since(case, kind))
            if failure is not None:
                return failure
            self._noted(case_id, kind)
        return None

    async def _send_unreadable(self, case_id: str) -> Failure | None:
        """Its file cannot be written, so this process remembers that it was told; the hall takes the same notice twice."""
        if case_id in self._unreadable_told:
            return None
        failure = await self._authority.notify(self._machine, case_id, NEEDS_STAFF, Reason.JOURNAL_UNREADABLE, self._clock.now())
        if failure is None:
            self._unreadable_told.add(case_id)
        return failure

    async def print_slip(self) -> Failure | None:
        """A slip for the hall's staff with every case that no traveller took a ticket of. Nothing is printed where there is none."""
        return await _put_off("slip", self._print_slip())

    async def _print_slip(self) -> Failure | None:
        cases = [case for case_id in self._ids() if isinstance(case := self._journal.load(case_id), Case) and _on_no_paper(case)][:LONGEST_SLIP]
        if not cases:
            return None
        failure = await self._papers.print_slip(SlipData(tuple(map(_line, cases)), self._clock.now()))
        if failure is None:
            for case in cases:
                self._noted(case.case_id, PAPER)
        return failure

    def ticket_taken(self, case: Case) -> Case:
        """The traveller has it on paper: no slip is needed for this case. Where the disk refuses to note it, a slip is printed as well."""
        try:
            return self._noted(case.case_id, PAPER) or case if _on_no_paper(case) else case
        except StoreFailed:
            return case

    def _ids(self) -> list[str]:
        journal = self._journal
        return list(dict.fromkeys([*journal.with_staff(), *journal.retained(), *journal.open_ids()]))

    def _since(self, case: Case, kind: str) -> datetime:
        if kind == CARD_RETAINED and case.file.retained_at:
            return datetime.fromtimestamp(case.file.retained_at, SHANGHAI)
        return self._clock.now()

    def _noted(self, case_id: str, kind: str) -> Case | None:
        """Written on the case as it stands now: it may have gone on while the hall was told."""
        case = self._journal.load(case_id)
        if isinstance(case, Failure):
            return None
        file = msgspec.structs.replace(case.file, notified=(*case.file.notified, kind))
        return self._journal.decide(case, case.standing, file, HallNotified(case_id=case_id, notice=kind))


async def _put_off(what: str, work: Awaitable[Failure | None]) -> Failure | None:
    """Callers go on whatever comes of it, because it is due again; the log says why."""
    try:
        failure = await work
    except StoreFailed as refused:
        failure = refused.failure
    if failure is not None:
        log.warning("%s put off: %s", what, failure.code)
    return failure


def _kinds(case: Case) -> list[tuple[str, str]]:
    """Each notice of the case with its reason."""
    standing = case.standing
    kept = [(CARD_RETAINED, NOT_TAKEN)] if standing.custody is Custody.RETAINED else []
    return [*kept, *([(NEEDS_STAFF, standing.needs_staff.value)] if standing.needs_staff is not None else [])]


def _due(case: Case) -> list[tuple[str, str]]:
    return [(kind, reason) for kind, reason in _kinds(case) if kind not in case.file.notified]


def _on_no_paper(case: Case) -> bool:
    return bool(_kinds(case)) and PAPER not in case.file.notified


def _line(case: Case) -> SlipLine:
    standing = case.standing
    reason = Message(f"staff.reason.{standing.needs_staff.value}") if standing.needs_staff is not None else None
    return SlipLine(case.case_id, Message(f"staff.custody.{standing.custody.value}"), reason)
