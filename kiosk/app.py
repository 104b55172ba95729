"""The only place that wires everything: one machine from one profile."""

import asyncio
import fcntl
import logging
import os
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from drivers import registry
from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.voice import Voice
from kiosk.audit.events import KeyCreated, MachineStarted, MachineStopped
from kiosk.audit.log import AuditLog
from kiosk.case.acts import ActPort
from kiosk.case.executor import Executor
from kiosk.case.journal import Journal
from kiosk.case.moves import Act
from kiosk.case.recovery import CaseReport, Recovery
from kiosk.config import DeviceEntry, Profile, assets_directory
from kiosk.domain.clock import SystemClock
from kiosk.domain.failure import Failure
from kiosk.gateways.alipay import Alipay
from kiosk.gateways.authority import Authority
from kiosk.gateways.bills import BillGateway
from kiosk.gateways.wechat import WechatPay
from kiosk.health.desk import AnyDevice, DeviceDesk, in_our_words
from kiosk.health.service_state import ServiceState
from kiosk.health.stopwatch import Stopwatch
from kiosk.i18n import Catalogue
from kiosk.journey import left_card
from kiosk.journey.engine import Engine
from kiosk.journey.house import House
from kiosk.journey.steps import all_steps
from kiosk.journey.table import State
from kiosk.logs import log_to
from kiosk.policy import Policy
from kiosk.services.application import Desk, IssueEndorsements, ReportVerified, Submit, Void
from kiosk.services.cashier import Cashier, CloseCharge, OpenCharge, Refund
from kiosk.services.daily_reconciliation import DailyReconciliation
from kiosk.services.face_booth import FaceBooth
from kiosk.services.headset import HeadsetWatch
from kiosk.services.identity import Identity
from kiosk.services.issuing import BackPrinter, Inspect, RestoreBack, WriteBack
from kiosk.services.notices import Notices
from kiosk.services.papers import Papers, ReceiptData
from kiosk.services.reconciling import Reconciler
from kiosk.services.retention import Retention
from kiosk.services.slot import Present, Retain, Slot, TakeIn
from kiosk.services.speaking import Speaking
from kiosk.services.staff_login import StaffLogin
from kiosk.store.cases import CaseStore
from kiosk.store.engine import DATABASE, HEAD, Database, open_store
from kiosk.store.keys import open_key
from kiosk.store.records import RecordStore
from kiosk.store.retention import RetentionStore
from kiosk.store.staff import StaffStore
from kiosk.store.transaction import StoreFailed
from kiosk.view import Message, Preview, Seam

log = logging.getLogger(__name__)
DEVICES = ("id_reader", "card_module", "card_printer", "receipt_printer", "lights", "face_camera", "back_camera", "voice")
FACE_PROGRAM = (sys.executable, "-m", "kiosk.commands.face_child")
FAST_DIVISOR = 10.0
"""How much a fast world shortens the machine's own waits: two minutes for a permit become twelve seconds."""
ROOM_BYTES = 16_000_000
"""Free space without which nobody is served: a case writes well under one megabyte."""
ORDER_TEXT = "出入境证件签注费"


class ProfileLock:
    """One machine per profile: a second command is told so (`machine_running`)."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, directory: Path) -> "ProfileLock | Failure":
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(directory / "machine.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return Failure("store.unwritable", detail={"file": str(directory)})
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return Failure("machine_running")
        return cls(descriptor)

    def release(self) -> None:
        os.close(self._descriptor)


@dataclass
class Machine:
    """A wired machine. Build it on the loop that will run it."""

    profile: Profile
    house: House
    engine: Engine
    recovery: Recovery
    seam: Seam
    catalogue: Catalogue
    stopwatch: Stopwatch
    audit: AuditLog
    reconciler: Reconciler
    daily: DailyReconciliation
    speaking: Speaking | None
    headset: HeadsetWatch | None
    _lock: ProfileLock
    _close_store: Callable[[], None]

    async def recover(self) -> list[CaseReport]:
        """Settles what earlier runs left open, before anyone is served; then tells the hall what is its business, and prints its staff a slip."""
        reports = await self.recovery.settle_all()
        await self.house.notices.send()
        await self.house.notices.print_slip()
        return reports

    async def open_devices(self) -> dict[str, Failure]:
        return await self.house.desk.open_all()

    async def close(self) -> None:
        if self.speaking is not None:
            await asyncio.to_thread(self.speaking.close)
        await self.house.desk.close()
        await self.house.authority.aclose()
        for gateway in self.house.cashier.gateways.values():
            await gateway.aclose()
        try:
            self.audit.write(MachineStopped(open_cases=len(self.house.executor.journal.open_ids())))
        except StoreFailed as failed:
            log.error("the machine's end is not in the audit: %s", failed.failure.code)
        self._close_store()
        self._lock.release()


def _devices(profile: Profile, preview: Preview | None) -> tuple[dict[str, AnyDevice], Any] | Failure:
    """Devices by name in the profile, and the chip reader over the card module's channel.

    The face is filmed by a process of its own, whose frames go to `preview`; without one (a command that looks at nobody) there is the bare camera.
    """
    made: dict[str, Any] = {}
    for name in DEVICES:
        entry: DeviceEntry | None = getattr(profile.devices, name)
        if entry is None:
            continue
        options: dict[str, object] = {}
        if name == "voice":
            options["prompts"] = assets_directory() / "voice"
        if name == "id_reader" and entry.photo_decoder:
            options["photo_decoder"] = profile.path(entry.photo_decoder)
        family = "camera" if name.endswith("camera") else name
        device = registry.make(family, entry.driver, profile.port(entry), **options)
        if isinstance(device, DeviceFailure):
            return in_our_words(device)
        made[name] = device
    if preview is not None:
        camera = profile.devices.face_camera
        made["face_camera"] = FaceBooth(FACE_PROGRAM, camera.driver, profile.port(camera), preview)
    chip_entry = profile.devices.chip
    chip = registry.make("chip", chip_entry.driver, channel=made["card_module"].apdu_channel(), trust=profile.path(chip_entry.trust))
    if isinstance(chip, DeviceFailure):
        return in_our_words(chip)
    return made, chip


def _gateways(profile: Profile, clock: SystemClock) -> dict[str, BillGateway] | Failure:
    """Payment gateways by method, in the order the screen offers them."""
    gateways: dict[str, BillGateway] = {}
    wechat, alipay = profile.payment.wechat, profile.payment.alipay
    if wechat is not None:
        made = WechatPay.open(
            clock=clock,
            url=wechat.url,
            mchid=wechat.mchid,
            appid=wechat.appid,
            serial_no=wechat.serial_no,
            private_key=profile.path(wechat.private_key),
            platform_public_key=profile.path(wechat.platform_public_key),
            platform_public_key_id=wechat.platform_public_key_id,
            notify_url=wechat.notify_url,
            device=profile.machine.id,
        )
        if isinstance(made, Failure):
            return made
        gateways["wechat"] = made
    if alipay is not None:
        other = Alipay.open(
            clock=clock,
            url=alipay.url,
            app_id=alipay.app_id,
            private_key=profile.path(alipay.private_key),
            platform_public_key=profile.path(alipay.platform_public_key),
            seller_id=alipay.seller_id,
            device=profile.machine.id,
        )
        if isinstance(other, Failure):
            return other
        gateways["alipay"] = other
    return gateways


def acts_over(slot: Slot, desk: Desk, cashier: Cashier) -> dict[Act, ActPort]:
    """The closed list of acts, each with its real other half."""
    printer = BackPrinter(slot)
    return {
        Act.TAKE_IN: TakeIn(slot),
        Act.SUBMIT: Submit(desk),
        Act.OPEN_CHARGE: OpenCharge(cashier),
        Act.CLOSE_CHARGE: CloseCharge(cashier),
        Act.REFUND: Refund(cashier),
        Act.ISSUE: IssueEndorsements(desk),
        Act.WRITE_BACK: WriteBack(printer),
        Act.RESTORE_BACK: RestoreBack(printer),
        Act.INSPECT: Inspect(slot),
        Act.REPORT_VERIFIED: ReportVerified(desk),
        Act.PRESENT: Present(slot),
        Act.RETAIN: Retain(slot),
        Act.VOID: Void(desk),
    }


def build(
    profile: Profile,
    catalogue: Catalogue,
    *,
    seam: Seam | None = None,
    as_of: date | None = None,
    region: str | None = None,
    keep: Callable[[ReceiptData], None] | None = None,
    faces: bool = True,
) -> Machine | Failure:
    """Wires a machine on the running loop; opens its store, no device yet. Failures are coded; nothing is left locked after one.

    faces: whether a process that films waits for the next face; a command that looks at nobody does without.
    """
    fast = profile.simulated is not None and profile.simulated.speed == "fast"
    clock_file = profile.path(profile.simulated.clock_file) if profile.simulated else None
    clock = SystemClock(as_of, FAST_DIVISOR if fast else 1.0, clock_file)
    stopwatch = Stopwatch()
    policy = Policy.load(assets_directory() / "policy")
    seam = seam or Seam()
    devices = _devices(profile, seam.preview if faces else None)
    gateways = _gateways(profile, clock)
    authority = Authority.open(url=profile.authority.url, token_file=profile.path(profile.authority.token_file))
    for part in (policy, devices, gateways, authority):
        if isinstance(part, Failure):
            return part
    lock = ProfileLock.take(profile.path(profile.store.directory))
    if isinstance(lock, Failure):
        return lock
    log_to(profile.path(profile.store.directory))
    records = _records(profile, clock)
    if isinstance(records, Failure):
        lock.release()
        return records
    return _wired(profile, catalogue, clock, stopwatch, policy, devices, gateways, authority, lock, records, seam, region, keep)


@dataclass(frozen=True, slots=True)
class Records:
    """The opened store, as the rest of the machine uses it."""

    journal: Journal
    audit: AuditLog
    retention: Retention
    staff_login: StaffLogin
    close: Callable[[], None]
    """The database's own end: its write-ahead log goes into it, and nothing of this process holds the file."""


def _records(profile: Profile, clock: SystemClock) -> Records | Failure:
    """Opens the store, its keys and its audit; says in the audit that the machine started. A store that is refused is closed again."""
    directory = profile.path(profile.store.directory)
    database = open_store(directory / DATABASE)
    if isinstance(database, Failure):
        return database
    records = _records_in(database, directory, profile, clock)
    if isinstance(records, Failure):
        database.dispose()
    return records


def _records_in(database: Database, directory: Path, profile: Profile, clock: SystemClock) -> Records | Failure:
    key = open_key(profile.store.key, directory, database)
    if isinstance(key, Failure):
        return key
    audit = AuditLog.open(RecordStore(database), directory, clock)
    if isinstance(audit, Failure):
        return audit
    cases = CaseStore(database, key.cipher)
    journal = Journal(cases, clock, audit)
    try:
        if key.created:
            audit.write(KeyCreated())
        audit.write(MachineStarted(revision=HEAD, open_cases=len(journal.open_ids())))
    except StoreFailed as failed:
        return failed.failure
    retention = Retention(journal, cases, RetentionStore(database), audit, clock, profile.retention, directory)
    return Records(journal, audit, retention, StaffLogin(StaffStore(database, key.cipher), audit, clock), database.dispose)


def _room_left(directory: Path) -> Failure | None:
    """`store.low` where a journey begun now might find the disk full with a permit inside."""
    try:
        free = shutil.disk_usage(directory).free
    except OSError:
        return Failure("store.unwritable", detail={"file": str(directory)})
    return Failure("store.low", detail={"file": str(directory)}) if free < ROOM_BYTES else None


def _wired(
    profile: Profile,
    catalogue: Catalogue,
    clock: SystemClock,
    stopwatch: Stopwatch,
    policy: Any,
    devices: Any,
    gateways: Any,
    authority: Any,
    lock: ProfileLock,
    records: Records,
    seam: Seam,
    region: str | None,
    keep: Callable[[ReceiptData], None] | None,
) -> Machine:
    made, chip = devices
    desk = DeviceDesk(made, stopwatch)
    slot = Slot(desk, clock, stopwatch)
    cashier = Cashier(gateways, clock, stopwatch, ORDER_TEXT)
    executor = Executor(records.journal, acts_over(slot, Desk(authority, clock, stopwatch), cashier), clock)
    recovery = Recovery(executor, clock)
    executor.told = recovery.told

    def standing() -> list[Failure]:
        low = _room_left(profile.path(profile.store.directory))
        return [] if low is None else [low]

    probes = {"authority": authority.probe, **{name: gateway.probe for name, gateway in gateways.items()}}
    machine = profile.machine
    papers = Papers(desk, catalogue, machine, profile.simulated is not None)
    notices = Notices(records.journal, authority, papers, clock, machine.id)

    async def settle_due() -> None:
        with left_card.shown(engine, house, seam):
            await recovery.settle_due()

    async def settle() -> None:
        await settle_due()
        await notices.send()
        await records.retention.daily()

    house = House(
        clock=clock,
        desk=desk,
        stopwatch=stopwatch,
        service=ServiceState(desk, probes, standing),
        identity=Identity(desk, chip, profile.face.fill_gain),
        authority=authority,
        audit=records.audit,
        policy=policy,
        executor=executor,
        slot=slot,
        cashier=cashier,
        papers=papers,
        notices=notices,
        staff_login=records.staff_login,
        preview=seam.preview,
        region=region or machine.region,
        hall=Message("word.hall", {"zh": machine.hall_zh, "en": machine.hall_en}),
        hours=machine.hours,
        out_of_reach=profile.panel.out_of_reach,
        simulated=profile.simulated is not None,
        ticket_number=lambda: f"{clock.now():%m%d%H%M}{random.SystemRandom().randrange(1000):03d}",
        settle_due=settle_due,
        settle=settle,
        keep=keep,
    )
    engine = Engine(all_steps(), house, seam)
    speaking = _speaking(made.get("voice"), catalogue, engine, seam)
    headset = HeadsetWatch(made["voice"], engine.headset) if "voice" in made else None
    reconciler = Reconciler(records.journal, authority, gateways, clock, machine.id)
    nobody_there = (State.ATTRACT, State.OUT_OF_SERVICE)
    daily = DailyReconciliation(
        reconciler, records.audit, clock, profile.path(profile.store.directory), lambda: not engine.trail or engine.trail[-1] in nobody_there
    )
    return Machine(
        profile, house, engine, recovery, seam, catalogue, stopwatch, records.audit, reconciler, daily, speaking, headset, lock, records.close
    )


def _speaking(voice: Voice | None, catalogue: Catalogue, engine: Engine, seam: Seam) -> Speaking | None:
    """What says the pages, beside the screen; None on a machine without a voice. On the running loop."""
    engine.voice_fitted = voice is not None
    if voice is None:
        return None
    loop = asyncio.get_running_loop()

    def failed(failure: Failure) -> None:
        loop.call_soon_threadsafe(engine.voice_failed, failure)

    speaking = Speaking(voice, catalogue, failed)
    seam.watch(speaking.show)
    seam.watch_touches(speaking.touched)
    return speaking
