"""`kiosk reconcile` after whole journeys, after the journal was lost, and where it cannot be had; and the machine's own daily run."""

import json
import shutil
import time
from datetime import datetime
from pathlib import Path

from kiosk.domain.clock import SHANGHAI
from tests.e2e.conftest import Hall, Running, Said, completed, document_of, kiosk, refused, whole

KEYS = {"days", "cases", "orders", "applications", "bills", "differences"}
LINE = {"kind", "case_id", "order_no", "journal", "other", "text"}


def reconciled(hall: Hall, *words: str, profile: str | None = None) -> Said:
    return kiosk("reconcile", "--profile", profile or hall.profile, *words, "--json")


def test_every_end_of_a_journey_reconciles_and_a_lost_journal_does_not(hall: Hall) -> None:
    nothing = reconciled(hall)
    assert (nothing.code, nothing.document["cases"], nothing.document["differences"]) == (0, 0, [])
    delivered = completed(hall, hall.transact("ordinary", "HKG:G:1Y1"))
    assert refused(hall, hall.transact("ordinary", "HKG:S:1Y*"))[0]
    hall.control.reset()
    hall.control.put_fault("card_printer", "arm", "cover_open", 0)
    refunded = document_of(hall.transact("ordinary", "HKG:G:1Y1", "--pay", "alipay"))
    assert refunded["outcome"] == "refunded"

    ended = reconciled(hall)
    assert ended.code == 0 and set(ended.document) == KEYS
    assert ended.document["differences"] == [] and ended.document["cases"] >= 2 and ended.document["orders"] >= 2
    assert sum(bill["payments"] for bill in ended.document["bills"]) == 2 and sum(bill["refunds"] for bill in ended.document["bills"]) == 1
    today = ended.document["days"][-1]
    of_today = reconciled(hall, "--day", today)
    assert (of_today.code, of_today.document["days"], of_today.document["differences"]) == (0, [today], [])

    machine = hall.state / "machine"
    shutil.move(machine, hall.state / "kept")
    lost = reconciled(hall)
    shutil.rmtree(machine)
    shutil.move(hall.state / "kept", machine)
    assert lost.code == 1 and all(set(line) == LINE for line in lost.document["differences"])
    for line in lost.document["differences"]:
        whole(line["text"])
    said = {(line["kind"], line["case_id"], line["order_no"], line["other"]) for line in lost.document["differences"]}
    assert ("order_unknown", None, delivered["payment"]["order_no"], "15.00") in said
    assert ("refund_unknown", None, refunded["payment"]["order_no"], "15.00") in said
    assert ("application_unknown", delivered["case_id"], None, "verified") in said
    assert ("application_unknown", refunded["case_id"], None, "voided") in said


def test_what_cannot_be_asked_is_a_failure_and_never_no_difference(hall: Hall, tmp_path: Path) -> None:
    for device, moment, kind, code in (
        ("wechat", "bill", "bad_signature", "payment.unclear"),
        ("wechat", "bill_file", "garbage", "payment.bill_wrong"),
        ("alipay", "bill", "other_merchant", "payment.bill_wrong"),
        ("authority", "list", "refuse", "authority.unclear"),
    ):
        hall.control.put_fault(device, moment, kind, 1)
        ended = reconciled(hall, "--day", f"{datetime.now(SHANGHAI):%Y-%m-%d}")
        assert (ended.code, ended.failure) == (1, code)
    text = Path(hall.profile).read_text("utf-8")
    ports = json.loads((hall.state / "ports.json").read_text("utf-8"))
    unreachable = hall.state / "unreachable.toml"
    unreachable.write_text(text.replace(f":{ports['wechat']}", ":9"), "utf-8")
    ended = reconciled(hall, profile=str(unreachable))
    unreachable.unlink()
    assert (ended.code, ended.failure) == (1, "payment.unreachable")


def test_a_day_to_come_has_no_bill_and_what_is_no_day_is_wrong_usage(hall: Hall, tmp_path: Path) -> None:
    ended = reconciled(hall, "--day", "2099-01-01")
    assert (ended.code, ended.failure) == (1, "payment.bill_not_ready")
    for word in ("yesterday", "2026-13-01", ""):
        assert reconciled(hall, "--day", word).code == 2
    assert kiosk("reconcile", "--json").code == 2
    assert reconciled(hall, profile=str(tmp_path / "nothing.toml")).failure == "profile.absent"


def test_the_machine_reconciles_the_day_before_by_itself_and_remembers_it(hall: Hall) -> None:
    file = hall.state / "machine" / "reconciled.json"
    file.unlink(missing_ok=True)
    running = Running("run", "--profile", hall.profile)
    try:
        deadline = time.monotonic() + 40
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert reconciled(hall).failure == "machine_running"
        running.terminate()
        running.process.communicate(timeout=20)
    finally:
        running.kill()
    assert json.loads(file.read_text("utf-8"))["differences"] == 0
