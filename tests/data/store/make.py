"""Makes the fixture databases of tests/store/test_migrations.py: `.venv/bin/python tests/data/store/make.py 0003`.

One per released revision of the schema, kept as that revision's program wrote it. A database of a released revision is made once and never again:
what matters is that today's program still reads what lies on machines. The people in them are invented.
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, create_engine

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from kiosk.store.encryption import FieldCipher  # noqa: E402

FIELD_KEY = bytes(range(32))
CASES = {
    # case → (standing, ended, acts as (act, outcome))
    "2611220900DELVRD": (
        {"wish": "deliver", "money": "paid", "issue": "verified", "back": "written", "began": True, "charges": 1, "writes": 1, "touched": True},
        True,
        [("take_in", "done"), ("submit", "done"), ("open_charge", "done"), ("issue", "done"), ("write_back", "done"), ("present", "done")],
    ),
    "2611220910REFUND": (
        {"wish": "withdraw", "money": "refunded", "issue": "voided", "began": True, "charges": 2, "writes": 2, "restores": 1, "touched": True},
        True,
        [("take_in", "done"), ("void", "done"), ("refund", "done"), ("present", "done")],
    ),
    "2611220920PRNTNG": (
        {"wish": "deliver", "money": "paid", "issue": "issued", "custody": "in_machine", "began": True, "charges": 1, "touched": True},
        False,
        [("take_in", "done"), ("submit", "done"), ("issue", "done"), ("write_back", None)],
    ),
    "2611220930PAYWAT": (
        {"wish": "deliver", "money": "open", "issue": "approved", "custody": "in_machine", "began": True, "charges": 1},
        False,
        [("take_in", "done"), ("submit", "done"), ("open_charge", "done")],
    ),
    "2611220940STAFFX": (
        {
            "wish": "withdraw",
            "issue": "voided",
            "custody": "in_machine",
            "began": True,
            "blocked": ["custody"],
            "needs_staff": "card_stuck",
        },
        True,
        [("take_in", "done"), ("submit", "done"), ("void", "done"), ("present", "not_done")],
    ),
}
STANDING = {
    "wish": "undecided",
    "money": "none",
    "issue": "none",
    "back": "as_found",
    "custody": "with_traveller",
    "began": False,
    "not_taken": False,
    "charges": 0,
    "writes": 0,
    "restores": 0,
    "looks": 0,
    "touched": False,
    "blocked": [],
    "deferred": [],
    "needs_staff": None,
}
BLOCK = {"destination": "HKG", "kind": "G", "validity": "1Y1", "valid_until": "2027-11-21", "issued_on": "2026-11-22"}
FILE = {
    "permit_number": "C88888888",
    "permit_kind": "hkmo",
    "id_number": "44010319900307123X",
    "before": [{**BLOCK, "destination": "MAC", "kind": "L", "validity": "3M1", "number": "M00000001"}],
    "wanted": [BLOCK],
    "fee_fen": 1500,
    "method": "wechat",
    "phone": "13800138000",
}


def migrated(path: Path, revision: str) -> None:
    engine = create_engine(URL.create("sqlite", database=str(path)))
    config = Config()
    config.set_main_option("script_location", str(ROOT / "kiosk" / "store" / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def revision_0001(path: Path) -> None:
    """As the first program wrote its rows: the file sealed to the case's number."""
    migrated(path, "0001")
    cipher = FieldCipher(FIELD_KEY)
    with closing(sqlite3.connect(path)) as connection:
        for minutes, (case_id, (standing, ended, acts)) in enumerate(CASES.items()):
            began = 1795309200.0 + 600 * minutes
            row = (case_id, 1, "2026-11-22", began, began + 300 if ended else None, json.dumps({**STANDING, **standing}, separators=(",", ":")))
            sealed = cipher.seal(json.dumps(FILE, ensure_ascii=False).encode(), case_id)
            connection.execute("INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, sealed))
            for number, (act, outcome) in enumerate(acts, 1):
                at = began + 10 * number
                key = f"{case_id}-1" if act == "open_charge" else f"{case_id}-1-R" if act == "refund" else case_id
                done = (outcome, at + 5) if outcome else (None, None)
                code = ("card_module.jam", 0x13) if outcome == "not_done" else (None, None)
                connection.execute(
                    "INSERT INTO acts (case_id, sequence, act, key, intended_at, asked, outcome, outcome_at, code, device_code)"
                    " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
                    (case_id, number, act, key, at, *done, *code),
                )
        connection.commit()


def revision_0002(path: Path) -> None:
    """The first with an audit: the database of 0001 as that program migrated it, and two cases of its own."""
    from datetime import date

    import msgspec

    from kiosk.audit.log import AuditLog
    from kiosk.case.acts import Result, Status
    from kiosk.case.casefile import CaseFile
    from kiosk.case.journal import Journal
    from kiosk.case.moves import Act, Custody
    from kiosk.domain.clock import SystemClock
    from kiosk.domain.failure import Failure
    from kiosk.store.cases import CaseStore
    from kiosk.store.engine import open_store
    from kiosk.store.records import RecordStore

    revision_0001(path)
    engine = open_store(path)
    if isinstance(engine, Failure):
        raise SystemExit(engine.code)
    path.with_name("audit.key").write_bytes(AUDIT_KEY)
    audit = AuditLog.open(RecordStore(engine), path.parent, SystemClock(), every=10)
    if isinstance(audit, Failure):
        raise SystemExit(audit.code)
    journal = Journal(CaseStore(engine, FieldCipher(FIELD_KEY)), SystemClock(), audit)
    for _case in range(2):
        case, stored = journal.intend(journal.begin(date(2026, 11, 22), msgspec.convert(FILE, CaseFile)), Act.TAKE_IN)
        case = journal.conclude(case, stored, Result(Status.DONE, {"custody": Custody.IN_MACHINE, "began": True}), None, {})
        journal.intend(case, Act.INSPECT)
    engine.dispose()
    for name in ("audit.key", "audit.pub"):
        path.with_name(name).unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


AUDIT_KEY = bytes(range(32, 64))
STAFF = {"2041": ("S2041", "582046", 0), "77": ("77", "904417", 7)}
"""Digits → number, PIN, wrong tries so far."""


def revision_0003(path: Path) -> None:
    """The first with accounts of staff: the database of 0002 as that program left it, migrated, and two accounts."""
    import asyncio
    import shutil

    from kiosk.audit.log import AuditLog
    from kiosk.domain.clock import SystemClock
    from kiosk.domain.failure import Failure
    from kiosk.services.staff_login import StaffLogin
    from kiosk.store.engine import open_store
    from kiosk.store.records import RecordStore
    from kiosk.store.staff import StaffStore

    shutil.copy(path.with_name("journal-0002.sqlite"), path)
    path.with_name("audit.key").write_bytes(AUDIT_KEY)
    engine = open_store(path)
    if isinstance(engine, Failure):
        raise SystemExit(engine.code)
    audit = AuditLog.open(RecordStore(engine), path.parent, SystemClock())
    if isinstance(audit, Failure):
        raise SystemExit(audit.code)
    store = StaffStore(engine, FieldCipher(FIELD_KEY))
    login = StaffLogin(store, audit, SystemClock())
    for digits, (number, pin, tries) in STAFF.items():
        login.enrol(number, pin)
        for _try in range(min(tries, 5)):
            asyncio.run(login.log_in(digits, "111111"))
        with store.transaction() as write:
            store.count(write, digits, tries, 1795309200.0 if tries else 0.0)
    engine.dispose()
    for name in ("audit.key", "audit.pub"):
        path.with_name(name).unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


if __name__ == "__main__":
    made = Path(__file__).with_name(f"journal-{sys.argv[1]}.sqlite")
    made.unlink(missing_ok=True)
    {"0001": revision_0001, "0002": revision_0002, "0003": revision_0003}[sys.argv[1]](made)
    with closing(sqlite3.connect(made)) as connection:
        ((revision,),) = connection.execute("SELECT version_num FROM alembic_version")
    if revision != sys.argv[1]:
        made.unlink()
        raise SystemExit(f"this program writes revision {revision}; a database of {sys.argv[1]} is made by the program of that time")
