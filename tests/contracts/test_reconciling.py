"""The journal against real books: cases in a real store, the world's own authority and both providers over loopback HTTP, and people who meddle."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drivers.world.alipay import AlipayKeys, alipay_app
from drivers.world.authority import Authority as WorldAuthority
from drivers.world.faults import Fault, FaultBoard
from drivers.world.ledger import Ledger
from drivers.world.pace import Pace
from drivers.world.payments import PaymentsBook
from drivers.world.wechat import WechatKeys, wechat_app
from kiosk.audit.log import AuditLog
from kiosk.case.casefile import Block, Case, CaseFile
from kiosk.case.journal import Journal
from kiosk.case.moves import Act, Back, Custody, Issue, Money, Standing, Wish
from kiosk.case.reconciliation import Difference, Kind
from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination, Validity
from kiosk.domain.endorsement import Kind as Purpose
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive
from kiosk.gateways.alipay import Alipay
from kiosk.gateways.authority import ApplicationLine, Authority
from kiosk.gateways.wechat import WechatPay
from kiosk.services.daily_reconciliation import FILE, DailyReconciliation
from kiosk.services.reconciling import Reconciler, Reconciliation
from kiosk.store.cases import CaseStore
from kiosk.store.engine import open_store
from kiosk.store.records import RecordStore
from tests.contracts.loopback import Switch, TickingClock, served
from tests.contracts.test_authority_client_contract import ENTRY, PERMIT, TOKEN, _Hall
from tests.field_key import cipher_in

FEE_FEN = 1500
MACHINE = "GZ-1"
LINES = (ApplicationLine(Destination.HKG, Purpose.INDIVIDUAL, Validity.parse("1Y1"), date(2027, 11, 21)),)
BLOCK = Block("HKG", "G", "1Y1", "2027-11-21", "2026-11-22")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Switch], dict[str, str]]]:
    """Three servers whose insides each test puts in, the providers' keys, and a migrated store."""
    directory = tmp_path_factory.mktemp("hall")
    WechatKeys.at(directory / "keys"), AlipayKeys.at(directory / "keys")
    (directory / "authority.token").write_text(TOKEN)
    engine = open_store(directory / "machine" / "journal.sqlite")
    assert not isinstance(engine, Failure)
    engine.dispose()
    switches = {name: Switch() for name in ("wechat", "alipay", "authority")}
    with served(switches["wechat"]) as wechat, served(switches["alipay"]) as alipay, served(switches["authority"]) as authority:
        yield directory, switches, {"wechat": wechat, "alipay": alipay, "authority": authority}


class Everybody:
    """The machine's journal and gateways, and the books of the others."""

    def __init__(self, tmp_path: Path, directory: Path, switches: dict[str, Switch], urls: dict[str, str]) -> None:
        self.directory = tmp_path / "machine"
        shutil.copytree(directory / "machine", self.directory)
        self.clock, self.faults = TickingClock(), FaultBoard()
        self.book, self.ledger = PaymentsBook(tmp_path / "ledger.sqlite", self.clock.seconds), Ledger(tmp_path / "ledger.sqlite")
        wechat_keys, alipay_keys = WechatKeys.at(directory / "keys"), AlipayKeys.at(directory / "keys")
        switches["wechat"].inside = wechat_app(self.book, wechat_keys, self.faults, self.clock.seconds, Pace(1000))
        switches["alipay"].inside = alipay_app(self.book, alipay_keys, self.faults, self.clock.seconds)
        switches["authority"].inside = WorldAuthority(_Hall(), self.ledger, self.faults, TOKEN).app()
        engine = open_store(self.directory / "journal.sqlite")
        assert not isinstance(engine, Failure)
        self.engine = engine
        audit = AuditLog.open(RecordStore(engine), self.directory, self.clock)  # type: ignore[arg-type]
        assert isinstance(audit, AuditLog)
        self.audit = audit
        self.cases = CaseStore(engine, cipher_in(self.directory))
        self.journal = Journal(self.cases, self.clock, audit)  # type: ignore[arg-type]
        self.runner = asyncio.Runner()

        def opened(kind: Any, keys: Any, url: str) -> Any:
            settings = keys.profile(url)
            settings |= {name: directory / settings[name] for name in ("private_key", "platform_public_key")}
            gateway = kind.open(clock=self.clock, timeout_s=2.0, device=MACHINE, **settings)
            assert not isinstance(gateway, Failure)
            return gateway

        self.gateways = {"wechat": opened(WechatPay, wechat_keys, urls["wechat"]), "alipay": opened(Alipay, alipay_keys, urls["alipay"])}
        authority = Authority.open(url=urls["authority"], token_file=directory / "authority.token", timeout_s=2.0)
        assert isinstance(authority, Authority)
        self.authority = authority
        self.reconciler = Reconciler(self.journal, self.authority, self.gateways, self.clock, MACHINE)  # type: ignore[arg-type]

    def close(self) -> None:
        for closing in (*self.gateways.values(), self.authority):
            self.runner.run(closing.aclose())
        self.runner.close()
        self.engine.dispose()
        self.book.close_book()
        self.ledger.close()

    def do(self, asked: Any) -> Any:
        answer = self.runner.run(asked)
        assert not isinstance(answer, Failure), answer
        return answer

    def reconcile(self, *days: date, every_case: bool = True) -> Reconciliation | Failure:
        """Yesterday and today, where no days are given."""
        return self.runner.run(self.reconciler.reconcile(days or self.reconciler.days(with_today=True)[-2:], every_case))

    def lines(self) -> list[Difference]:
        result = self.reconcile()
        assert isinstance(result, Reconciliation), result
        return list(result.differences)

    def case(self, standing: Standing, method: str = "wechat", issued: tuple[Block, ...] = ()) -> Case:
        case = self.journal.begin(self.clock.today(), CaseFile("C1", "hkmo", "440103199003071237", wanted=(BLOCK,), fee_fen=FEE_FEN, method=method))
        return self.journal.decide(case, standing, replace_file(case.file, issued=issued))

    def submit(self, case_id: str) -> None:
        self.do(self.authority.submit(case_id, PERMIT, Sensitive(ENTRY["id_number"]), None, Contact(), LINES))

    def pay(self, case: Case, method: str = "wechat", fee_fen: int = FEE_FEN) -> None:
        self.do(self.gateways[method].open_charge(case.order_no, case.case_id, fee_fen, "签注", self.clock.now() + timedelta(minutes=9)))
        assert self.book.pay_newest(method) == case.order_no

    def refund(self, case: Case, refund_no: str | None = None) -> None:
        method = case.file.method or "wechat"
        self.do(self.gateways[method].refund(case.order_no, refund_no or case.refund_no, FEE_FEN, FEE_FEN, "x"))

    def completed(self, method: str = "wechat") -> Case:
        """Printed, paid and reported, on all sides."""
        case = self.case(standing_of(Money.PAID, Issue.VERIFIED, Back.WRITTEN), method)
        self.submit(case.case_id)
        self.pay(case, method)
        state = self.do(self.authority.issue(case.case_id))
        self.do(self.authority.verified(case.case_id))
        return self.journal.decide(case, case.standing, replace_file(case.file, issued=(replace_block(BLOCK, number=state.lines[0].number),)))

    def returned(self, method: str = "wechat") -> Case:
        """Paid, voided and refunded, on all sides."""
        case = self.case(standing_of(Money.REFUNDED, Issue.VOIDED), method)
        self.submit(case.case_id)
        self.pay(case, method)
        self.do(self.authority.void(case.case_id))
        self.refund(case)
        return case


def replace_file(file: CaseFile, **changes: Any) -> CaseFile:
    return msgspec.structs.replace(file, **changes)


def replace_block(block: Block, **changes: Any) -> Block:
    return msgspec.structs.replace(block, **changes)


def standing_of(money: Money, issue: Issue, back: Back = Back.AS_FOUND, **other: Any) -> Standing:
    charges = 0 if money is Money.NONE else 1
    return Standing(Wish.DELIVER, money, issue, back, Custody.WITH_TRAVELLER, began=True, charges=charges, **other)


@pytest.fixture
def all_of_them(tmp_path: Path, servers: tuple[Path, dict[str, Switch], dict[str, str]]) -> Iterator[Everybody]:
    everybody = Everybody(tmp_path, *servers)
    yield everybody
    everybody.close()


def test_books_that_agree_have_no_difference(all_of_them: Everybody) -> None:
    for method in ("wechat", "alipay"):
        all_of_them.completed(method)
        all_of_them.returned(method)
        closed = all_of_them.case(standing_of(Money.CLOSED, Issue.VOIDED), method)
        all_of_them.submit(closed.case_id)
        gateway = all_of_them.gateways[method]
        expires = all_of_them.clock.now() + timedelta(minutes=9)
        all_of_them.do(gateway.open_charge(closed.order_no, closed.case_id, FEE_FEN, "x", expires))
        assert all_of_them.runner.run(gateway.close(closed.order_no)) is None
        all_of_them.do(all_of_them.authority.void(closed.case_id))
    all_of_them.case(standing_of(Money.NONE, Issue.NONE))
    result = all_of_them.reconcile()
    assert isinstance(result, Reconciliation)
    assert (result.cases, result.orders, result.applications, result.differences) == (7, 6, 7, ())
    assert sum(len(bill.payments) for bill in result.bills) == 4 and sum(len(bill.refunds) for bill in result.bills) == 2


def test_an_order_paid_that_no_case_knows(all_of_them: Everybody) -> None:
    stranger = Case("2601010000AAAAAA", date(2026, 1, 1), Standing(charges=1), CaseFile("C", "hkmo", "x"))
    all_of_them.pay(stranger)
    assert all_of_them.lines() == [Difference(Kind.ORDER_UNKNOWN, None, stranger.order_no, None, "15.00")]


def test_a_second_order_that_its_case_does_not_know(all_of_them: Everybody) -> None:
    case = all_of_them.completed("alipay")
    second = replace(case, standing=replace(case.standing, charges=2))
    all_of_them.pay(second, "alipay")
    assert all_of_them.lines() == [Difference(Kind.ORDER_UNKNOWN, case.case_id, second.order_no, None, "15.00")]


def test_a_case_whose_two_orders_were_both_paid(all_of_them: Everybody) -> None:
    case = all_of_them.completed()
    second = replace(case, standing=replace(case.standing, charges=2))
    all_of_them.pay(second)
    all_of_them.journal.decide(case, second.standing)
    assert [line.kind for line in all_of_them.lines()] == [Kind.ORDER_STATE, Kind.ORDER_PAID_TWICE]


def test_an_application_that_no_case_knows(all_of_them: Everybody) -> None:
    all_of_them.submit("2601010000AAAAAA")
    assert all_of_them.lines() == [Difference(Kind.APPLICATION_UNKNOWN, "2601010000AAAAAA", None, None, "approved")]


def test_money_given_back_that_the_journal_does_not_know_of(all_of_them: Everybody) -> None:
    for method in ("wechat", "alipay"):
        case = all_of_them.completed(method)
        all_of_them.refund(case, "by-hand-" + method)
        assert Difference(Kind.REFUND_UNKNOWN, case.case_id, case.order_no, "paid", "refunded") in all_of_them.lines()
    assert {line.kind for line in all_of_them.lines()} == {Kind.REFUND_UNKNOWN}


def test_a_refund_that_the_provider_does_not_know(all_of_them: Everybody) -> None:
    case = all_of_them.case(standing_of(Money.REFUNDED, Issue.VOIDED))
    all_of_them.submit(case.case_id)
    all_of_them.do(all_of_them.authority.void(case.case_id))
    all_of_them.pay(case)
    assert [line.kind for line in all_of_them.lines()] == [Kind.ORDER_STATE, Kind.REFUND_MISSING]


def test_an_application_voided_behind_the_machines_back(all_of_them: Everybody) -> None:
    case = all_of_them.completed()
    all_of_them.ledger.set_application(case.case_id, "voided")
    assert all_of_them.lines() == [Difference(Kind.APPLICATION_STATE, case.case_id, None, "verified", "voided")]


def test_an_endorsement_with_another_number(all_of_them: Everybody) -> None:
    case = all_of_them.completed()
    rows = all_of_them.ledger.applications()[0].endorsements
    all_of_them.ledger.set_application(case.case_id, "verified", tuple({**row, "number": "E99999999"} for row in rows))
    (line,) = all_of_them.lines()
    assert (line.kind, line.other) == (Kind.APPLICATION_ENDORSEMENTS, "HKG G 1Y1 2027-11-21 E99999999")


@pytest.mark.parametrize("method", ["wechat", "alipay"])
@pytest.mark.parametrize("moment", ["query", "bill"])
def test_another_amount_in_the_answer_or_in_the_bill(all_of_them: Everybody, method: str, moment: str) -> None:
    case = all_of_them.completed(method)
    all_of_them.faults.put(method, moment, Fault("wrong_amount", 0))
    assert all_of_them.lines() == [Difference(Kind.ORDER_AMOUNT, case.case_id, case.order_no, "15.00", "15.01")]


def test_an_order_that_the_provider_does_not_know(all_of_them: Everybody) -> None:
    case = all_of_them.case(standing_of(Money.PAID, Issue.VERIFIED, Back.WRITTEN))
    kinds = [(line.kind, line.case_id) for line in all_of_them.lines()]
    assert kinds == [(Kind.APPLICATION_MISSING, case.case_id), (Kind.ORDER_MISSING, case.case_id)]


def test_a_case_that_cannot_be_read_is_a_line_and_hides_no_other(all_of_them: Everybody) -> None:
    case, other = all_of_them.completed(), all_of_them.completed()
    all_of_them.ledger.set_application(other.case_id, "voided")
    with all_of_them.cases.transaction() as write:
        write.run("UPDATE cases SET version = 99 WHERE case_id = :case_id", {"case_id": case.case_id})
    assert [(line.kind, line.case_id) for line in all_of_them.lines()] == [
        (Kind.CASE_UNREADABLE, case.case_id),
        (Kind.APPLICATION_STATE, other.case_id),
    ]


def test_an_open_case_may_be_behind_by_the_act_under_way(all_of_them: Everybody) -> None:
    case = all_of_them.case(standing_of(Money.PAID, Issue.VOIDED))
    all_of_them.submit(case.case_id)
    all_of_them.do(all_of_them.authority.void(case.case_id))
    all_of_them.pay(case)
    case, _ = all_of_them.journal.intend(case, Act.REFUND)
    all_of_them.refund(case)
    assert all_of_them.lines() == []
    all_of_them.journal.decide(case, replace(case.standing, money=Money.REFUND_PENDING))
    assert all_of_them.lines() == []


def test_another_terminal_of_the_same_merchant_reconciles_its_own(all_of_them: Everybody) -> None:
    for method in ("wechat", "alipay"):
        parameters = json.dumps({"terminal_id": "GZ-2", "scene_info": {"device_id": "GZ-2"}})
        all_of_them.book.open_order(method, f"OTHER-{method}-1", "case", 700, parameters, all_of_them.clock.seconds() + 99, "code")
        all_of_them.book.pay_newest(method)
    assert all_of_them.lines() == []


def test_a_case_of_another_day_is_compared_where_the_days_bill_speaks_of_it(all_of_them: Everybody) -> None:
    case = all_of_them.completed()
    all_of_them.clock.ahead_s = 86400.0
    today = all_of_them.clock.today()
    nothing = all_of_them.reconcile(today, every_case=False)
    assert isinstance(nothing, Reconciliation) and (nothing.cases, nothing.differences) == (0, ())
    all_of_them.refund(case, "by-hand")
    result = all_of_them.reconcile(today, every_case=False)
    assert isinstance(result, Reconciliation) and result.cases == 1
    assert {line.kind for line in result.differences} == {Kind.REFUND_UNKNOWN}


def test_a_case_that_retention_has_emptied_is_known_and_not_compared(all_of_them: Everybody) -> None:
    case = all_of_them.completed()
    with all_of_them.cases.transaction() as write:
        all_of_them.cases.replace_file(write, case.case_id, b'{"permit_number":"","permit_kind":"","id_number":""}', 1.0)
    result = all_of_them.reconcile()
    assert isinstance(result, Reconciliation) and (result.cases, result.differences) == (0, ())


@pytest.mark.parametrize(
    ("device", "moment", "kind", "code"),
    [
        ("wechat", "bill", "garbage", "payment.unclear"),
        ("alipay", "bill_file", "garbage", "payment.bill_wrong"),
        ("wechat", "query", "bad_signature", "payment.unclear"),
        ("wechat", "query", "other_order", "payment.contradiction"),
        ("wechat", "query", "refuse", "payment.refused"),
        ("wechat", "refund_query", "other_order", "payment.contradiction"),
        ("wechat", "refund_query", "lost_answer", "payment.unclear"),
        ("authority", "list", "half_list", "authority.contradiction"),
        ("authority", "list", "garbage", "authority.unclear"),
        ("authority", "query", "refuse", "authority.unclear"),
    ],
)
def test_half_an_answer_is_a_failure_and_never_no_difference(all_of_them: Everybody, device: str, moment: str, kind: str, code: str) -> None:
    all_of_them.completed()
    all_of_them.returned()
    all_of_them.faults.put(device, moment, Fault(kind, 0))
    result = all_of_them.reconcile()
    assert isinstance(result, Failure) and result.code == code
    all_of_them.faults.clear()
    again = all_of_them.reconcile()
    assert isinstance(again, Reconciliation) and again.differences == ()


def test_a_case_paid_at_a_platform_that_the_profile_has_no_more_is_a_failure(all_of_them: Everybody) -> None:
    all_of_them.completed("alipay")
    one = {"wechat": all_of_them.gateways["wechat"]}
    all_of_them.reconciler = Reconciler(all_of_them.journal, all_of_them.authority, one, all_of_them.clock, MACHINE)  # type: ignore[arg-type]
    result = all_of_them.reconcile()
    assert isinstance(result, Failure) and result.code == "reconcile.no_gateway"


# -- the machine's own, once a day


def daily_of(everybody: Everybody, idle: Callable[[], bool] = lambda: True) -> DailyReconciliation:
    return DailyReconciliation(everybody.reconciler, everybody.audit, everybody.clock, everybody.directory, idle)  # type: ignore[arg-type]


def at(everybody: Everybody, day: str, hour: int, minute: int = 0) -> None:
    midnight = date.fromisoformat(day)
    everybody.clock.at = midnight.toordinal() * 86400.0 - date(1970, 1, 1).toordinal() * 86400.0 + (hour - 8) * 3600 + minute * 60


def events(everybody: Everybody) -> list[str]:
    with everybody.cases.transaction() as read:
        return [row[0].decode() for row in read.run("SELECT body FROM audit_records ORDER BY sequence") if b"reconciliation" in row[0]]


def test_the_day_before_is_due_from_half_past_ten_once_and_again_after_a_restart(all_of_them: Everybody) -> None:
    at(all_of_them, "2026-11-20", 10, 29)
    assert daily_of(all_of_them).due() == (date(2026, 11, 18),)
    at(all_of_them, "2026-11-20", 10, 30)
    daily = daily_of(all_of_them)
    assert daily.due() == (date(2026, 11, 19),)
    assert all_of_them.runner.run(daily.run(date(2026, 11, 19))) is not None
    assert daily.due() == () and daily_of(all_of_them).due() == ()
    at(all_of_them, "2026-11-23", 9)
    assert daily_of(all_of_them).due() == (date(2026, 11, 20), date(2026, 11, 21))
    (all_of_them.directory / FILE).write_text("{")
    assert daily_of(all_of_them).due() == (date(2026, 11, 21),)


def test_a_clock_that_was_ahead_when_it_was_written_does_not_stop_it_for_ever(all_of_them: Everybody) -> None:
    at(all_of_them, "2026-11-20", 11)
    (all_of_them.directory / FILE).write_text(json.dumps({"day": "2030-01-01"}))
    assert daily_of(all_of_them).due() == (date(2026, 11, 19),)


def test_what_it_found_stands_in_the_audit_without_other_peoples_words(all_of_them: Everybody) -> None:
    case = all_of_them.completed()
    all_of_them.ledger.set_application(case.case_id, "voided")
    all_of_them.book.open_order("wechat", "440103199003071237", "x", 5, "{}", all_of_them.clock.seconds() + 99, "code")
    all_of_them.book.pay_newest("wechat")
    result = all_of_them.runner.run(daily_of(all_of_them).run(all_of_them.clock.today()))
    assert isinstance(result, Reconciliation) and len(result.differences) == 2
    ran, *lines = events(all_of_them)
    assert '"count":2' in ran.replace(" ", "") and len(lines) == 2
    assert case.case_id in lines[0] and "application_state" in lines[0] and "order_unknown" in lines[1]
    assert "440103199003071237" not in "".join(lines)


def test_a_day_that_could_not_be_asked_about_stays_due(all_of_them: Everybody) -> None:
    daily = daily_of(all_of_them)
    (day,) = daily.due()
    all_of_them.faults.put("wechat", "bill", Fault("garbage"))
    assert all_of_them.runner.run(daily.run(day)) is None
    assert daily.due() == (day,) and events(all_of_them) == []


def test_a_day_that_cannot_be_done_does_not_keep_the_later_ones_and_is_not_forgotten(all_of_them: Everybody) -> None:
    first, second, third = (date(2026, 11, number) for number in (19, 20, 21))
    at(all_of_them, "2026-11-20", 11)
    all_of_them.runner.run(daily_of(all_of_them).run(first - timedelta(days=1)))
    at(all_of_them, "2026-11-22", 11)
    daily = daily_of(all_of_them)
    assert daily.due() == (first, second, third)
    for left in ((first, third), (first,)):
        all_of_them.faults.put("wechat", "bill", Fault("garbage"))  # for the oldest, once
        assert all_of_them.runner.run(daily._one_of(daily.due())) is True
        assert daily_of(all_of_them).due() == left
    all_of_them.faults.put("wechat", "bill", Fault("garbage"))
    assert all_of_them.runner.run(daily._one_of(daily.due())) is False and daily.due() == (first,)
    assert all_of_them.runner.run(daily._one_of(daily.due())) is True and daily.due() == ()
    assert sum("reconciliation.missed" in event for event in events(all_of_them)) == 1
    assert all_of_them.runner.run(daily._one_of(())) is True


def test_it_waits_while_somebody_is_served(all_of_them: Everybody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.services.daily_reconciliation.PATIENCE_S", 0.01)
    asked = [False, False, True]
    daily = daily_of(all_of_them, lambda: asked.pop(0) if asked else True)
    before = len(all_of_them.ledger.applications())
    assert all_of_them.runner.run(daily.run(daily.due()[0])) is not None
    assert asked == [] and len(all_of_them.ledger.applications()) == before
