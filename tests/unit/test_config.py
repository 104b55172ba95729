"""The profile, read strictly: what is wrong is named with what is allowed, and never guessed."""

from pathlib import Path

import pytest

from kiosk.config import Panel, Profile, assets_directory, load_profile
from kiosk.domain.failure import Failure

WHOLE = """
[machine]
simulated = true
id = "GZ-SIM-01"
region = "440100"
[store]
directory = "machine"
[simulated]
control_url = "http://127.0.0.1:4000"
clock_file = "clock.json"
speed = "fast"
[devices]
id_reader = {driver = "samv", port = "ports/id_reader?baud=115200"}
card_module = {driver = "crt591m", port = "/dev/ttyS1?baud=57600"}
chip = {driver = "icao", trust = "keys/csca.pem"}
card_printer = {driver = "tcp300ii", port = "ports/card_printer"}
receipt_printer = {driver = "escpos", port = "ports/receipt_printer"}
lights = {driver = "modbus", port = "ports/lights?baud=19200&unit=3"}
face_camera = {driver = "opencv", port = "http://127.0.0.1:4001/face.mjpg"}
back_camera = {driver = "opencv", port = "http://127.0.0.1:4001/back.mjpg"}
[authority]
url = "http://127.0.0.1:4002"
token_file = "keys/authority.token"
[payment.alipay]
url = "http://127.0.0.1:4003"
app_id = "1"
private_key = "keys/a.pem"
platform_public_key = "keys/b.pem"
"""


def profile(tmp_path: Path, text: str) -> Profile | Failure:
    path = tmp_path / "profile.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def wrong(tmp_path: Path, text: str) -> dict[str, str]:
    found = profile(tmp_path, text)
    assert isinstance(found, Failure) and found.code == "profile.malformed", found
    assert found.detail["file"].endswith("profile.toml")
    return dict(found.detail)


@pytest.mark.parametrize(
    ("panel", "out_of_reach"),
    [
        (Panel(bottom_mm=880), True),  # a portrait of 476 mm
        (Panel(bottom_mm=740), False),
        (Panel(bottom_mm=750), True),
        (Panel(width_px=1920, height_px=1080, bottom_mm=880), False),
        (Panel(width_px=1920, height_px=1080, bottom_mm=370), True),
    ],
)
def test_a_panel_that_stands_too_high_or_too_low_for_who_sits_is_known(panel: Panel, out_of_reach: bool) -> None:
    assert panel.out_of_reach is out_of_reach


def test_a_whole_profile_is_read_and_its_paths_start_where_it_lies(tmp_path: Path) -> None:
    found = profile(tmp_path, WHOLE)
    assert isinstance(found, Profile)
    assert found.path("machine") == tmp_path / "machine"
    assert found.port(found.devices.id_reader) == str(tmp_path / "ports/id_reader?baud=115200")
    assert found.port(found.devices.card_module) == "/dev/ttyS1?baud=57600"
    assert found.port(found.devices.face_camera) == "http://127.0.0.1:4001/face.mjpg"
    assert found.panel.width_px == 1080 and found.payment.wechat is None


@pytest.mark.parametrize(
    ("old", "new", "key", "allowed"),
    [
        ('id = "GZ-SIM-01"', 'id = "X"\ncolour = "red"', "machine.colour", ("id", "region", "simulated", "hours")),
        ('driver = "samv"', 'driver = "samv", bauds = 9600', "devices.id_reader.bauds", ("driver", "port", "trust", "photo_decoder")),
        ("[store]", "[stores]", "stores", ("machine", "devices", "store")),
        ('app_id = "1"', 'app_id = "1"\nmchid = "2"', "payment.alipay.mchid", ("app_id", "private_key")),
        ('region = "440100"\n', "", "machine.region", ("required",)),
        ("chip = {", "chips = {", "devices.chips", ("chip", "card_module")),
        ('region = "440100"', "region = 440100", "machine.region", ("str",)),
        ('simulated = true\nid = "GZ-SIM-01"', 'simulated = "yes"\nid = "GZ-SIM-01"', "machine.simulated", ("bool",)),
        ('region = "440100"', 'region = "4401"', "machine.region", ("six digits",)),
        ('region = "440100"', 'region = "44o100"', "machine.region", ("six digits",)),
        ('region = "440100"', 'region = "４４０１００"', "machine.region", ("six digits",)),
        ("simulated = true\n", "", "machine.simulated", ("[simulated]",)),
        ('speed = "fast"', 'speed = "warp"', "simulated.speed", ("real", "fast")),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(tmp_path: Path, old: str, new: str, key: str, allowed: tuple[str, ...]) -> None:
    assert WHOLE.count(old) == 1
    detail = wrong(tmp_path, WHOLE.replace(old, new))
    assert detail["key"] == key
    for word in allowed:
        assert word in detail["allowed"]
    assert "folder" not in detail["allowed"]  # the machine's own, not the writer's


def test_a_real_machine_has_no_simulated_hall_and_a_simulated_one_must_have_it(tmp_path: Path) -> None:
    without = WHOLE.replace('[simulated]\ncontrol_url = "http://127.0.0.1:4000"\nclock_file = "clock.json"\nspeed = "fast"\n', "")
    assert wrong(tmp_path, without)["key"] == "machine.simulated"
    real = without.replace("simulated = true\n", "")
    assert isinstance(profile(tmp_path, real), Profile)


def test_there_must_be_a_way_to_pay(tmp_path: Path) -> None:
    assert wrong(tmp_path, WHOLE[: WHOLE.index("[payment.alipay]")] + "[payment]\n")["key"] == "payment"


def test_folder_is_not_the_writers_to_say(tmp_path: Path) -> None:
    assert wrong(tmp_path, 'folder = "/etc"\n' + WHOLE)["key"] == "folder"


def test_text_that_is_not_toml_is_malformed_and_says_where(tmp_path: Path) -> None:
    assert "line 2" in wrong(tmp_path, "[machine]\nid = = 1\n")["allowed"]


def test_no_file_no_text_and_a_folder_are_absent(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "binary.toml"):
        found = load_profile(path)
        assert isinstance(found, Failure) and found.code == "profile.absent"


def test_the_assets_may_lie_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIOSK_ASSETS", str(tmp_path))
    assert assets_directory() == tmp_path


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ('key = "tpm"', "store.key"),
        ('key = "credential:"', "store.key"),
        ('key = "credential:../field.key"', "store.key"),
        ('key = ""', "store.key"),
        ("[retention]\nfile_days = 0", "retention"),
        ("[retention]\nfile_days = 40\ncase_days = 30", "retention"),
        ("[retention]\nlog_days = 0", "retention"),
        ("[retention]\nface_days = 1", "retention.face_days"),
        ('[switches]\nnext = "F99"', "switches.next"),
        ('[switches]\nactivate = "1"', "switches.activate"),
        ('[switches]\nactivate = "F9"', "switches.next"),
        ("[switches]\nbounce_ms = -1", "switches.bounce_ms"),
        ("[switches]\nbounce_ms = 3000", "switches.bounce_ms"),
    ],
)
def test_a_wrong_key_period_or_switch_is_named(tmp_path: Path, change: str, key: str) -> None:
    refused = profile(tmp_path, WHOLE.replace('directory = "machine"', f'directory = "machine"\n{change}'))
    assert isinstance(refused, Failure) and refused.code == "profile.malformed" and refused.detail["key"] == key


def test_a_credential_and_periods_are_taken(tmp_path: Path) -> None:
    taken = profile(
        tmp_path, WHOLE.replace('directory = "machine"', 'directory = "machine"\nkey = "credential:field.key"\n[retention]\nfile_days = 7')
    )
    assert isinstance(taken, Profile) and taken.store.key == "credential:field.key"
    assert (taken.retention.file_days, taken.retention.case_days) == (7, 365)
