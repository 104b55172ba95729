"""Names to drivers, and `kiosk device`'s body: the documents, the exit codes, and what is wrong usage."""

import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from drivers import device_command, registry
from drivers.contract.failure import Failure
from drivers.device_command import run
from drivers.id_reader import samv
from drivers.id_reader.emulator import IdCardData, photo_block
from drivers.id_reader.samv import SamvReader
from drivers.receipt_printer.emulator import EscposEmulator
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort
from tests.drivers.samv_bench import ADDRESS, NAME, NUMBER, resident, simulated_reader

ROOT = Path(__file__).parents[2]


def test_a_known_name_makes_its_driver_and_an_unknown_one_names_what_there_is() -> None:
    assert isinstance(registry.make("id_reader", "samv", "/dev/none?baud=9600"), SamvReader)
    assert registry.make("id_reader", "sam5", "/dev/none") == Failure("driver.unknown", detail={"driver": "sam5", "allowed": "samv"})
    with pytest.raises(KeyError):
        registry.make("coffee_machine", "samv", "/dev/none")


@pytest.mark.parametrize("port", ["/dev/none?baud=abc", "/dev/none?baud=0", "/dev/none?baud=-1", "/dev/none?speed=9600", "/dev/none?baud="])
def test_a_port_that_cannot_be_read_is_a_failure(port: str) -> None:
    failure = registry.make("receipt_printer", "escpos", port)
    assert isinstance(failure, Failure)
    assert (failure.code, failure.detail["port"]) == ("driver.bad_port", port)


def test_loading_the_registry_loads_no_driver() -> None:
    code = "import sys, drivers.device_command; print([m for m in ('serial', 'cv2', 'drivers.id_reader.samv') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("toaster", "status", "samv", "p"), "device.unknown_family"),
        (("id_reader", "print", "samv", "p"), "device.unknown_command"),
        (("id_reader", "read", "nothing", "p"), "driver.unknown"),
        (("id_reader", "read", "samv", "p?baud=abc"), "driver.bad_port"),
    ],
)
def test_wrong_usage_exits_2(arguments: tuple[str, str, str, str], code: str) -> None:
    failure, exit_code = run(*arguments)
    assert isinstance(failure, Failure)
    assert (failure.code, exit_code) == (code, 2)
    assert code == "driver.bad_port" or failure.detail["allowed"]


def test_reading_prints_every_key_of_the_contract(tmp_path: Path) -> None:
    with simulated_reader(tmp_path) as (emulator, port, _):
        emulator.place(resident(additional=("海珠区一路",)))
        document, exit_code = run("id_reader", "read", "samv", f"{port.link}?baud=115200")
    assert exit_code == 0 and isinstance(document, dict)
    assert isinstance(document.pop("ms"), float)
    assert json.loads(json.dumps(document)) == {
        "layout": "resident",
        "name": NAME,
        "english_name": None,
        "sex": "M",
        "ethnic": "01",
        "birth": "1949-12-31",
        "address": ADDRESS,
        "additional_addresses": ["海珠区一路"],
        "id_number": NUMBER,
        "issuer": "广州市公安局天河分局",
        "valid_from": "2016-03-01",
        "valid_to": "长期",
        "nationality": None,
        "permit_number": None,
        "issue_count": None,
        "photo": {"bytes": 1024, "decoder": None},
        "fingerprints": 1024,
        "frame_bytes": 2321,
    }


def test_the_decoded_photo_goes_to_the_file_that_was_named(tmp_path: Path) -> None:
    drawn = io.BytesIO()
    Image.linear_gradient("L").save(drawn, "PNG")
    card = resident()
    decoder = Path(samv.__file__).with_name("simulated_photo.py")
    with simulated_reader(tmp_path) as (emulator, port, _):
        emulator.place(IdCardData(card.text, photo_block(drawn.getvalue())))
        document, exit_code = run("id_reader", "read", "samv", str(port.link), tmp_path / "photo.jpg", decoder)
    assert exit_code == 0 and isinstance(document, dict)
    assert document["photo"] == {"bytes": 1024, "decoder": "simulated"}
    with Image.open(tmp_path / "photo.jpg") as image:
        assert image.format == "JPEG"


def test_no_card_exits_1_with_the_device_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_command, "_CARD_WAIT_S", 0.2)
    with simulated_reader(tmp_path) as (_, port, _faults):
        assert run("id_reader", "read", "samv", str(port.link)) == (Failure("id_reader.no_card", 0x80), 1)


def test_a_status_is_a_report_and_a_faulty_device_exits_1_with_the_failure_beside_it(tmp_path: Path) -> None:
    with simulated_reader(tmp_path) as (_, port, faults):
        document, exit_code = run("id_reader", "status", "samv", str(port.link))
        assert exit_code == 0
        assert document == {
            "family": "id_reader",
            "device": "online",
            "media": "unknown",
            "supplies": {},
            "firmware": "05.01-20230601-0001234567-0987654321",
            "fault": None,
        }
        faults.put("id_reader", "status", Fault("code", times=0, parameters={"code": 0x66}))
        document, exit_code = run("id_reader", "status", "samv", str(port.link))
    assert exit_code == 1 and isinstance(document, dict)
    assert document["device"] == "hardwareError"
    assert document["fault"] == document["failure"] == Failure("id_reader.module_fault", 0x66)


def test_an_absent_port_is_a_failure_of_both_commands(tmp_path: Path) -> None:
    port = str(tmp_path / "none")
    document, exit_code = run("id_reader", "status", "samv", port)
    assert exit_code == 1 and isinstance(document, dict) and document["device"] == "noDevice"
    assert run("id_reader", "read", "samv", port) == (Failure("id_reader.port_absent", detail={"port": port}), 1)


@pytest.mark.parametrize(
    ("family", "driver"), [("card_module", "crt591m"), ("card_printer", "tcp300ii"), ("receipt_printer", "escpos"), ("lights", "modbus")]
)
def test_every_serial_family_says_that_its_port_is_absent(family: str, driver: str, tmp_path: Path) -> None:
    document, exit_code = run(family, "status", driver, str(tmp_path / "none"))
    assert exit_code == 1 and isinstance(document, dict)
    failure = document["failure"]
    assert isinstance(failure, Failure) and failure.code == f"{family}.port_absent"
    assert (document["device"], document["fault"]) == ("noDevice", failure)


def test_a_snapshot_needs_a_file_and_a_camera(tmp_path: Path) -> None:
    assert run("camera", "snap", "opencv", "http://127.0.0.1:9/face.mjpg") == (Failure("device.out_needed"), 2)
    failure, exit_code = run("camera", "snap", "opencv", "http://127.0.0.1:9/face.mjpg", tmp_path / "face.png")
    assert isinstance(failure, Failure) and failure.code.startswith("camera.") and exit_code == 1
    assert not (tmp_path / "face.png").exists()


def test_a_sample_page_is_printed(tmp_path: Path) -> None:
    port, pace = PtyPort(tmp_path / "printer", None), Pace(1e6)
    emulator = EscposEmulator(port, tmp_path / "papers", FaultBoard(), pace)
    emulator.start()
    try:
        document, exit_code = run("receipt_printer", "status", "escpos", str(port.link))
        assert exit_code == 0 and isinstance(document, dict) and document["supplies"] == {"paper": "ok"}
        document, exit_code = run("receipt_printer", "print", "escpos", str(port.link))
        assert (document, exit_code) == ({"family": "receipt_printer", "printed": True, "rows": 320}, 0)
        assert len(emulator.papers()) == 1
        emulator.load_paper(0.0)
        emulator.close_cover()
        failure, exit_code = run("receipt_printer", "print", "escpos", str(port.link))
        assert isinstance(failure, Failure) and (failure.code, exit_code) == ("receipt_printer.paper_end", 1)
    finally:
        pace.stop()
        emulator.stop()
        port.close()


def test_every_failure_code_of_these_rooms_has_its_sentence_in_three_languages() -> None:
    import re

    written: set[str] = set()
    for room in ("id_reader", "receipt_printer"):
        for source in (ROOT / "drivers" / room).glob("*.py"):
            written |= set(re.findall(r'"((?:id_reader|receipt_printer)\.[a-z_]+)"', source.read_text(encoding="utf-8")))
    written |= {f"id_reader.{name}" for name in (*samv._AGAIN.values(), *samv._FINAL.values(), "unknown_code", "bad_checksum", "wrong_length")}
    written |= {f"receipt_printer.{name}" for name in ("cover_open", "paper_end", "cutter", "jam", "hardware", "overheated", "offline", "silent")}
    written |= {f"{room}.{name}" for room in ("id_reader", "receipt_printer") for name in ("port_absent", "port_busy", "port_unusable", "port_lost")}
    written |= {"receipt_printer.paper_unknown", "driver.unknown", "driver.bad_port"}
    written |= {f"device.{name}" for name in ("unknown_family", "unknown_command", "out_needed", "out_unwritable")}
    sentences: dict[str, dict[str, str]] = {}
    for area in ("id_reader", "receipt_printer", "driver"):
        sentences |= tomllib.loads((ROOT / "assets/i18n" / f"failures_{area}.toml").read_text(encoding="utf-8"))
    assert {f"failure.{code}" for code in written} == set(sentences)
    for key, texts in sentences.items():
        assert set(texts) == {"zh-Hans", "zh-Hant", "en"}, key
        assert len({frozenset(re.findall(r"{[a-z_]+}", text)) for text in texts.values()}) == 1, key
