"""The machine itself: ready or why not, one device at a time, the demonstration, and its end on SIGTERM."""

import json
import os
import pty
from pathlib import Path

import pytest

from tests.e2e.conftest import KEYS, NOT_ALIVE, Hall, Running, kiosk


def test_a_whole_machine_is_ready(hall: Hall) -> None:
    ended = Running("doctor", "--profile", hall.profile, "--json").ended()
    assert ended.code == 0 and ended.document["ready"] is True and ended.document["why"] == []
    assert {"id_reader", "card_module", "card_printer", "receipt_printer", "lights"} <= {row["family"] for row in ended.document["devices"]}
    for row in ended.document["devices"]:
        assert set(row) >= {"family", "device", "media", "supplies", "firmware", "fault"}
    assert ended.document["gateways"]


@pytest.mark.parametrize("fault", ["cover", "cable"])
def test_what_is_missing_is_said(hall: Hall, fault: str) -> None:
    if fault == "cover":
        hall.control.supplies("card_printer", cover_open=True)
    else:
        hall.control.put_fault("card_module", "port", "unplug", 0)
    ended = kiosk("doctor", "--profile", hall.profile, "--json")
    hall.control.supplies("card_printer", cover_open=False)
    assert ended.code == 1 and ended.document["ready"] is False
    assert {"cover": "card_printer.cover_open", "cable": "card_module.port_absent"}[fault] in [why["code"] for why in ended.document["why"]]


def test_an_unplugged_device_is_known_before_anybody_is_asked_for_anything(hall: Hall) -> None:
    hall.control.put_fault("id_reader", "port", "unplug", 0)
    ended = hall.transact("ordinary", "HKG:G:1Y1")
    assert (ended.code, ended.failure) == (1, "id_reader.port_absent")


def test_one_device_alone(hall: Hall) -> None:
    port = f"{hall.state}/ports/id_reader?baud=115200"
    status = kiosk("device", "id_reader", "status", "--driver", "samv", "--port", port, "--json")
    assert status.code == 0 and status.document["device"] == "online"
    hall.control.place_id_card("ordinary")
    read = kiosk("device", "id_reader", "read", "--driver", "samv", "--port", port, "--json")
    assert read.code == 0 and set(read.document) >= {
        *("layout", "name", "english_name", "sex", "ethnic", "birth", "address", "additional_addresses", "id_number", "issuer", "valid_from"),
        *("valid_to", "nationality", "permit_number", "issue_count", "photo", "fingerprints", "frame_bytes", "ms"),
    }
    assert (read.document["layout"], read.document["name"], read.document["birth"]) == ("resident", "陈志远", "1988-04-12")


def test_a_dead_port_and_a_silent_one_fail_in_time() -> None:
    dead = kiosk("device", "id_reader", "read", "--driver", "samv", "--port", "/dev/no-such-port", "--json")
    assert (dead.code, dead.failure) == (1, "id_reader.port_absent")
    master, slave = pty.openpty()
    try:
        silent = Running("device", "id_reader", "read", "--driver", "samv", "--port", os.ttyname(slave), "--json").ended(20)
    finally:
        os.close(master)
        os.close(slave)
    assert (silent.code, silent.failure) == (1, "id_reader.silent")


def test_the_demonstration_leaves_every_screen_and_paper(hall: Hall, tmp_path: Path) -> None:
    running = Running("run", "--profile", hall.profile, "--persona", "ordinary", "--out", str(tmp_path))
    output, errors = running.process.communicate(timeout=100)
    assert running.process.returncode == 0 and "Traceback" not in output + errors, errors
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert set(result) >= KEYS and result["outcome"] == "completed"
    for name in ("card_back.png", "receipt.pdf", "receipt.png"):
        assert (tmp_path / name).stat().st_size > 1000
    pictured = {picture.stem.split("-", 1)[1] for picture in tmp_path.glob("[0-9]*-*.png")}
    assert pictured >= {
        "attract",
        "notice",
        "id_card",
        "permit",
        "face",
        "choose",
        "phone",
        "review",
        "pay_method",
        "pay",
        "take_card",
        "receipt",
        "goodbye",
    }
    assert "completed" in output


def test_on_the_screen_a_recording_ends_at_the_staff_window(hall: Hall, tmp_path: Path) -> None:
    running = Running("run", "--profile", hall.profile, "--persona", "ordinary", "--scene", "replay", "--out", str(tmp_path))
    _, errors = running.process.communicate(timeout=100)
    assert running.process.returncode == 1 and "Traceback" not in errors, errors
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert (result["outcome"], result["card"]) == ("refused", "returned")
    assert result["refusal"]["code"] in NOT_ALIVE
    pictured = {picture.stem.split("-", 1)[1] for picture in tmp_path.glob("[0-9]*-*.png")}
    assert {"face", "refused"} <= pictured and not pictured & {"choose", "pay"}


@pytest.mark.parametrize("words", [(), ("--persona", "ordinary")])
def test_the_first_page_goes_dark_on_sigterm(hall: Hall, tmp_path: Path, words: tuple[str, ...]) -> None:
    running = Running("run", "--profile", hall.profile, *words, "--out", str(tmp_path))
    try:
        os.set_blocking(running.process.stderr.fileno(), True)  # type: ignore[union-attr]
        if not words:
            assert "ready" in running.process.stderr.readline()  # type: ignore[union-attr]
        else:
            hall.until(lambda _ledger: any(tmp_path.glob("*-attract.png")))
        running.terminate()
        running.process.communicate(timeout=15)
    finally:
        running.kill()
    assert running.process.returncode in (0, 1)
    assert all(row["where"] == "traveller" for row in hall.control.ledger()["permits"])


def test_the_halls_port_in_use_is_said_in_one_sentence(hall: Hall) -> None:
    ended = Running("world", "--state", str(hall.state)).ended()
    assert ended.code == 1 and "world.running" in ended.errors
