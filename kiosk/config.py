"""The typed profile of one machine: which devices hang where, where it stands, where its files lie.

Read strictly: an unknown or malformed key is refused with its name and what is allowed.
"""

import math
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.failure import Failure
from kiosk.view import REACH_MM

SPEEDS = ("real", "fast")
CREDENTIAL = "credential:"
SWITCH_KEYS = (*(f"F{number}" for number in range(1, 25)), "Tab", "Space", "Return", "Enter", "Left", "Right", "Up", "Down")
LONGEST_BOUNCE_MS = 2000


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the machine stands. region: six digits of GB/T 2260."""

    id: str
    region: str
    simulated: bool = False
    hall_zh: str = ""
    hall_en: str = ""
    hours: str = ""
    window: str = ""


class Panel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The screen: sizes on it are computed in millimetres from these. bottom_mm: how high the picture's lower edge is above the floor; what the
    traveller asks to have lower then lies between 380 and 1220 mm (Section 508, 407.8)."""

    diagonal_inches: float = 21.5
    width_px: int = 1080
    height_px: int = 1920
    bottom_mm: float = 880.0

    @property
    def out_of_reach(self) -> bool:
        """Whether some of it is where somebody in a wheelchair does not reach."""
        height_mm = self.diagonal_inches * 25.4 * self.height_px / math.hypot(self.width_px, self.height_px)
        return self.bottom_mm < REACH_MM[0] or self.bottom_mm + height_mm > REACH_MM[1]


class Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two switches of whoever uses neither the glass nor a keyboard: the keys that the switch box sends (`SWITCH_KEYS`). next goes on to the
    next control, activate presses it. bounce_ms: for so long after a stroke the same switch is not heard again (EN 301 549 5.8 wants 500 to be
    possible)."""

    next: str = "F9"
    activate: str = "F10"
    bounce_ms: int = 0


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """key: `file`, or `credential:NAME` for one that systemd hands over (see `kiosk.store.keys`)."""

    directory: str
    key: str = "file"


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days after a case has ended what is left of it goes; the machine purges once a day, between travellers.

    No published rule names these periods for such a machine, so they are the operator's to set. The defaults: file_days, the encrypted case file
    (who): a month, in which a traveller complains and the ledgers are compared; the law asks for the shortest time that serves the purpose (PIPL
    art. 19). case_days, the row of states and numbers (nobody's name): a year, as long as the payment providers take refunds. log_days, the
    log's older files. Faces and what the cards' chips said are never kept at all.
    """

    file_days: int = 30
    case_days: int = 365
    log_days: int = 180


class Simulated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The simulated hall beside the machine; allowed only where `[machine] simulated = true`."""

    control_url: str
    clock_file: str
    speed: str = "real"


class DeviceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device: the driver's name and where it hangs. trust: the chip's CSCA certificate; photo_decoder: plug-in of the ID reader."""

    driver: str
    port: str = ""
    trust: str = ""
    photo_decoder: str = ""


class FaceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """fill_gain: by how much the fill light brightens a face at half a metre, as the natural logarithm, found when the machine was set up.

    0.165 is a lamp of 18 % of the room's light. A recording on a screen reflects a third of it at the most, which is how it is told.
    """

    fill_gain: float = 0.165


class Devices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id_reader: DeviceEntry
    card_module: DeviceEntry
    chip: DeviceEntry
    card_printer: DeviceEntry
    receipt_printer: DeviceEntry
    lights: DeviceEntry
    face_camera: DeviceEntry
    back_camera: DeviceEntry
    voice: DeviceEntry | None = None  # a machine without one has no speech, and serves all the same


class AuthorityEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    token_file: str


class WechatEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    mchid: str
    appid: str
    serial_no: str
    private_key: str
    platform_public_key: str
    platform_public_key_id: str
    notify_url: str = "https://hall.invalid/notify/wechat"


class AlipayEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """seller_id: the merchant's account (16 digits, 2088…); where it is given, a bill of another account is refused."""

    url: str
    app_id: str
    private_key: str
    platform_public_key: str
    seller_id: str | None = None


class Payment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    wechat: WechatEntry | None = None
    alipay: AlipayEntry | None = None


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One machine. `folder` is where the profile lies; its relative paths start there."""

    machine: Machine
    devices: Devices
    authority: AuthorityEntry
    payment: Payment
    store: Store
    simulated: Simulated | None = None
    panel: Panel = Panel()
    switches: Switches = Switches()
    face: FaceEntry = FaceEntry()
    retention: Retention = Retention()
    folder: str = ""

    def path(self, name: str) -> Path:
        return Path(self.folder) / name

    def port(self, entry: DeviceEntry) -> str:
        """A serial path relative to the profile becomes absolute; URLs and absolute paths stay."""
        return entry.port if "://" in entry.port or entry.port.startswith("/") else str(self.path(entry.port))


def assets_directory() -> Path:
    """The machine's data: `KIOSK_ASSETS` where set (installed machines), else `assets/` beside the packages."""
    given = os.environ.get("KIOSK_ASSETS")
    return Path(given) if given else Path(__file__).resolve().parent.parent / "assets"


def load_profile(path: Path) -> Profile | Failure:
    """Reads a profile; `profile.absent`, `profile.malformed` (detail: file, key, allowed)."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return Failure("profile.absent", detail={"file": str(path)})
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Failure("profile.malformed", detail={"file": str(path), "key": "-", "allowed": f"TOML ({error})"})
    if "folder" in raw:
        return _malformed(path, "folder", _fields(Profile))
    try:
        profile = msgspec.convert({**raw, "folder": str(path.resolve().parent)}, Profile)
    except msgspec.ValidationError as error:
        return _explained(path, str(error))
    if profile.machine.simulated != (profile.simulated is not None):
        return _malformed(path, "machine.simulated", "true exactly where [simulated] stands")
    region = profile.machine.region
    if not (region.isascii() and region.isdigit() and len(region) == 6):
        return _malformed(path, "machine.region", "six digits")
    if profile.simulated is not None and profile.simulated.speed not in SPEEDS:
        return _malformed(path, "simulated.speed", ", ".join(SPEEDS))
    if not re.fullmatch(rf"file|{CREDENTIAL}[A-Za-z0-9._-]+", profile.store.key):
        return _malformed(path, "store.key", f"file, {CREDENTIAL}NAME")
    if not 0.05 <= profile.face.fill_gain <= 2.0:
        return _malformed(path, "face.fill_gain", "0.05 to 2.0")
    switches = profile.switches
    for name, switch in (("next", switches.next), ("activate", switches.activate)):
        if switch not in SWITCH_KEYS or switches.next == switches.activate:
            return _malformed(path, f"switches.{name}", f"two different ones of {', '.join(SWITCH_KEYS)}")
    if not 0 <= switches.bounce_ms <= LONGEST_BOUNCE_MS:
        return _malformed(path, "switches.bounce_ms", f"0 to {LONGEST_BOUNCE_MS}")
    days = profile.retention
    if not 1 <= days.file_days <= days.case_days or days.log_days < 1:
        return _malformed(path, "retention", "whole days, at least 1; file_days at most case_days")
    if profile.payment.wechat is None and profile.payment.alipay is None:
        return _malformed(path, "payment", "[payment.wechat] or [payment.alipay]")
    return profile


def _malformed(path: Path, key: str, allowed: str) -> Failure:
    return Failure("profile.malformed", detail={"file": str(path), "key": key, "allowed": allowed})


def _fields(struct: type[msgspec.Struct]) -> str:
    return ", ".join(name for name in struct.__struct_fields__ if name != "folder")


def _explained(path: Path, error: str) -> Failure:
    r"""msgspec says `Expected \`int\`, got \`str\` - at \`$.panel.width_px\``: what is allowed, and where."""
    allowed, _, where = error.partition(" - at ")
    key = where.strip("`").removeprefix("$").removeprefix(".")
    if allowed.startswith(("Object contains unknown field", "Object missing required field")):
        key = ".".join(part for part in (key, allowed.split("`")[1]) if part)
        struct: Any = Profile
        for part in key.split(".")[:-1]:
            struct = next((t for t in _structs(msgspec.structs.fields(struct), part)), struct)
        allowed = ("required" if "missing" in error else "") or _fields(struct)
    return _malformed(path, key or "-", allowed)


def _structs(fields: tuple[msgspec.structs.FieldInfo, ...], name: str) -> list[type[msgspec.Struct]]:
    found = [field.type for field in fields if field.name == name]
    candidates = [t for kind in found for t in (getattr(kind, "__args__", None) or (kind,))]
    return [t for t in candidates if isinstance(t, type) and issubclass(t, msgspec.Struct)]
