"""The hall as a process: what it writes, what it keeps over a restart, and how it refuses to start."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from drivers.card_module.crt591m import Crt591m
from drivers.contract.failure import Failure
from drivers.world.client import WorldClient
from drivers.world.process import WorldProcess, start
from drivers.world.serve import run
from kiosk.config import Profile, load_profile

NUMBER = "C10200311"  # of the persona `ordinary`


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WorldProcess]:
    process = started(tmp_path / "hall")
    yield process
    process.stop()


def started(state: Path) -> WorldProcess:
    process = start(state, speed="fast")
    assert isinstance(process, WorldProcess), process
    return process


def test_profile_and_address_are_there_once_everything_listens(world: WorldProcess, tmp_path: Path) -> None:
    profile = tomllib.loads(world.profile.read_text("utf-8"))
    assert json.loads((tmp_path / "hall" / "world.json").read_text())["control_url"] == world.control_url
    assert profile["machine"]["simulated"] is True
    assert profile["simulated"] == {"control_url": world.control_url, "clock_file": "clock.json", "speed": "fast"}
    assert isinstance(load_profile(world.profile), Profile)
    for name, baud in {"id_reader": 115200, "card_module": 57600, "card_printer": 115200, "receipt_printer": 115200, "lights": 19200}.items():
        assert profile["devices"][name]["port"] == f"ports/{name}?baud={baud}"
        assert (world.profile.parent / "ports" / name).is_char_device()
    for file in (
        profile["authority"]["token_file"],
        profile["devices"]["chip"]["trust"],
        profile["payment"]["wechat"]["private_key"],
        profile["payment"]["alipay"]["platform_public_key"],
    ):
        assert (world.profile.parent / file).is_file()
    for url in (profile["authority"]["url"], profile["payment"]["wechat"]["url"], profile["payment"]["alipay"]["url"]):
        assert httpx.get(url + "/", trust_env=False).status_code == 404


def test_the_secrets_are_for_their_owner_alone(world: WorldProcess) -> None:
    keys = world.profile.parent / "keys"
    assert (keys / "authority.token").stat().st_mode & 0o077 == 0
    assert (keys / "wechat_merchant.pem").stat().st_mode & 0o077 == 0


def test_a_restart_keeps_the_profile_the_ledgers_and_the_card_inside(tmp_path: Path) -> None:
    state = tmp_path / "hall"
    world = started(state)
    before = world.profile.read_bytes()
    hall = WorldClient(world.control_url)
    profile = tomllib.loads(before.decode())
    module = Crt591m(str(state / profile["devices"]["card_module"]["port"]))
    assert module.open() is None and module.allow_entry() is None
    assert hall.insert_permit("ordinary")
    until(lambda: hall.devices()["card_module"]["place"] == "reader")
    module.close()
    authority = httpx.Client(
        base_url=profile["authority"]["url"],
        headers={"Authorization": "Bearer " + (state / profile["authority"]["token_file"]).read_text()},
        trust_env=False,
    )
    id_number = tomllib.loads(Path("assets/personas/ordinary.toml").read_text("utf-8"))["person"]["id_number"]
    soon = time.strftime("%Y-%m-%d", time.localtime(time.time() + 90 * 86400))
    body = {
        "permit_number": NUMBER,
        "id_number": id_number,
        "phone": None,
        "contact": None,
        "endorsements": [{"destination": "HKG", "kind": "G", "validity": "1Y1", "valid_until": soon}],
    }
    assert authority.put("/applications/case-1", json=body).json()["state"] == "approved"
    authority.close()
    hall.close()
    world.stop()
    assert not (state / "world.json").exists()

    again = started(state)
    hall = WorldClient(again.control_url)
    assert again.profile.read_bytes() == before
    assert hall.devices()["card_module"]["place"] == "reader"
    ledger = hall.ledger()
    assert [row["where"] for row in ledger["permits"] if row["number"] == NUMBER] == ["in_machine"]
    assert [(row["case_id"], row["state"]) for row in ledger["authority"]] == [("case-1", "approved")]
    hall.close()
    again.stop()


def test_after_a_kill_the_hall_comes_up_again(tmp_path: Path) -> None:
    world = started(tmp_path / "hall")
    before = world.profile.read_bytes()
    os.kill(world.pid, signal.SIGKILL)
    world.stop()
    assert (tmp_path / "hall" / "world.json").exists()
    again = started(tmp_path / "hall")
    assert again.profile.read_bytes() == before
    again.stop()


def test_it_ends_on_sigterm_within_its_time_even_while_an_answer_is_held_back(tmp_path: Path) -> None:
    state = tmp_path / "hall"
    command = [sys.executable, "-m", "drivers.world", "--state", str(state), "--speed", "fast"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        until((state / "world.json").exists)
        profile = tomllib.loads((state / "profile.toml").read_text("utf-8"))
        hall = WorldClient(json.loads((state / "world.json").read_text())["control_url"])
        hall.put_fault("authority", "registry", "silence", seconds=60)
        with (
            pytest.raises(httpx.TimeoutException),
            httpx.Client(headers={"Authorization": "Bearer " + (state / "keys/authority.token").read_text()}, trust_env=False) as client,
        ):
            client.post(profile["authority"]["url"] + "/registry/query", json={"id_number": "1"}, timeout=0.5)
        hall.close()
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
        assert process.returncode == 0
        assert time.monotonic() - began < 10
        assert b"Traceback" not in said
    assert not (state / "world.json").exists()
    assert not (state / "ports" / "id_reader").is_symlink()


def test_it_ends_when_whoever_started_it_is_gone(tmp_path: Path) -> None:
    state = tmp_path / "hall"
    script = f"from pathlib import Path; from drivers.world.process import start; w = start(Path({str(state)!r})); print(w.pid, flush=True)"
    parent = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=True)
    pid = int(parent.stdout)
    until(lambda: not Path(f"/proc/{pid}").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z")


def test_a_second_hall_on_the_same_directory_is_refused(world: WorldProcess, tmp_path: Path) -> None:
    second = start(tmp_path / "hall")
    assert isinstance(second, Failure) and second.code == "world.running"
    assert second.detail["directory"] == str(tmp_path / "hall")
    assert world.running()
    assert (tmp_path / "hall" / "world.json").exists()


def test_a_kept_port_that_somebody_else_uses_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "hall"
    started(state).stop()
    port = json.loads((state / "ports.json").read_text())["authority"]
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        somebody.bind(("127.0.0.1", port))
        somebody.listen()
        failure = start(state)
        assert isinstance(failure, Failure)
        assert (failure.code, failure.detail["port"]) == ("world.port_in_use", str(port))
        assert run(state) == 1
        assert str(port) in capfd.readouterr().err
    assert not (state / "world.json").exists()


def test_a_directory_without_personas_and_one_that_cannot_be_made_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "nobody"
    empty.mkdir()
    failure = start(tmp_path / "hall", personas=empty)
    assert isinstance(failure, Failure) and failure.code == "world.personas_missing"
    assert run(tmp_path / "hall", personas=empty) == 2
    (tmp_path / "file").write_text("")
    failure = start(tmp_path / "file" / "hall")
    assert isinstance(failure, Failure) and failure.code == "world.state_unusable"


def until(happened: object, within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
