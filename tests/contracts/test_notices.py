"""A notice from the machine to the hall: one a case and kind, whatever becomes of the answer; nothing but codes is accepted."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from drivers.world import authority as world
from drivers.world.faults import Fault, FaultBoard
from drivers.world.ledger import Ledger
from drivers.world.notices import NoticeBook
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.failure import Failure
from kiosk.gateways.authority import Authority
from tests.contracts.loopback import served

TOKEN = "loopback-token"
CASE = "2611221015ABCDEF"
AT = datetime(2026, 11, 22, 10, 15, tzinfo=SHANGHAI)
NOTICE = {"machine": "GZ-01", "case_id": CASE, "kind": "needs_staff", "reason": "card_stuck", "at": AT.isoformat()}


@dataclass
class Office:
    url: str
    book: NoticeBook
    faults: FaultBoard
    token_file: Path

    def notify(self, kind: str = "card_retained", reason: str | None = "not_taken", timeout_s: float = 3.0) -> Failure | None:
        async def exchange() -> Failure | None:
            client = Authority.open(url=self.url, token_file=self.token_file, timeout_s=timeout_s)
            assert isinstance(client, Authority)
            try:
                return await client.notify("GZ-01", CASE, kind, reason, AT)
            finally:
                await client.aclose()

        return asyncio.run(exchange())

    def post(self, notice: Any, token: str = TOKEN) -> int:
        return httpx.post(self.url + "/notices", json=notice, headers={"Authorization": f"Bearer {token}"}, trust_env=False).status_code


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    ledger, faults, book = Ledger(tmp_path / "ledger.sqlite"), FaultBoard(), NoticeBook(tmp_path / "ledger.sqlite")
    token_file = tmp_path / "authority.token"
    token_file.write_text(TOKEN)

    class Hall:
        def noticed(self, notice: Any) -> bool:
            return book.accept(notice)

    with served(world.Authority(Hall(), ledger, faults, TOKEN).app()) as url:  # type: ignore[arg-type]
        yield Office(url, book, faults, token_file)
    ledger.close()
    book.close()


def test_the_hall_hears_of_each_kind_once(office: Office) -> None:
    for _ in range(3):
        assert office.notify() is None
    assert office.notify("needs_staff", "refund_refused") is None
    assert [(row["case_id"], row["kind"], row["reason"]) for row in office.book.rows()] == [
        (CASE, "card_retained", "not_taken"),
        (CASE, "needs_staff", "refund_refused"),
    ]
    assert office.book.rows()[0] == {"machine": "GZ-01", "case_id": CASE, "kind": "card_retained", "reason": "not_taken", "at": AT.isoformat()}


@pytest.mark.parametrize("kind", ["refuse", "garbage", "lost_answer", "silence"])
def test_a_notice_that_was_not_answered_is_not_taken_for_told(office: Office, kind: str) -> None:
    office.faults.put("authority", "notice", Fault(kind, 1, {}))
    failure = office.notify(timeout_s=0.5)
    assert isinstance(failure, Failure) and failure.code == "authority.unclear"
    assert office.notify() is None and len(office.book.rows()) == 1


def test_a_stranger_is_not_listened_to(office: Office) -> None:
    assert office.post(NOTICE, token="wrong") == 401 and office.book.rows() == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "陈明远"},
        {"kind": "greeting"},
        {"reason": "陈明远 的通行证"},
        {"case_id": ""},
        {"case_id": 7},
        {"at": "yesterday"},
        {"at": "2026-11-22T10:15:00"},
        {"machine": None},
    ],
)
def test_a_notice_with_anything_else_in_it_is_refused(office: Office, change: dict[str, Any]) -> None:
    assert office.post({**NOTICE, **change}) == 400 and office.book.rows() == []


@pytest.mark.parametrize("notice", [None, [], "needs_staff", {}])
def test_what_is_no_notice_is_refused(office: Office, notice: Any) -> None:
    assert office.post(notice) == 400 and office.book.rows() == []


def test_notices_outlive_a_restart_of_the_hall(office: Office, tmp_path: Path) -> None:
    assert office.notify() is None
    again = NoticeBook(tmp_path / "ledger.sqlite")
    assert [row["case_id"] for row in again.rows()] == [CASE]
    again.close()
