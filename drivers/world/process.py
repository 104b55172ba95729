"""The hall as a child process of whoever needs one: `kiosk run`, `kiosk transact`, tests."""

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from drivers.contract.failure import Failure

_START_S = 30.0
_STOP_S = 12.0


class WorldProcess:
    """A running hall. It also ends by itself when this process ends, however that happens."""

    def __init__(self, process: subprocess.Popen[bytes], state: Path, control_url: str) -> None:
        self._process = process
        self.control_url = control_url
        self.profile = state / "profile.toml"

    @property
    def pid(self) -> int:
        return self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where it does not end within its time. Blocks; may be called twice."""
        _end(self._process)


def start(
    state: Path, personas: Path | None = None, speed: str = "real", as_of: date | None = None, region: str | None = None
) -> WorldProcess | Failure:
    """Starts a hall over `state` and returns once everything listens. Its warnings go to `state`/world.log.

    Its own failures (`world.running`, `world.port_in_use` …), or `world.no_start` where it does not come up. Blocks, about two seconds.
    """
    state = state.resolve()
    try:
        state.mkdir(parents=True, exist_ok=True)
        log = (state / "world.log").open("ab")
    except OSError as error:
        return Failure("world.state_unusable", None, {"directory": str(state), "reason": error.strerror or "-"})
    command = [sys.executable, "-m", "drivers.world", "--state", str(state), "--speed", speed, "--until-input-ends"]
    command += ["--personas", str(personas)] if personas else []
    command += ["--as-of", as_of.isoformat()] if as_of else []
    command += ["--region", region] if region else []
    with log:
        # a session of its own: Ctrl-C at the terminal must reach the machine, which still needs the hall to settle its case
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return _why(process, state)
        address = _address(state, process.pid)
        if address is not None:
            return WorldProcess(process, state, address)
        time.sleep(0.02)
    _end(process)
    return Failure("world.no_start", None, {"directory": str(state)})


def _address(state: Path, pid: int) -> str | None:
    """From world.json, once it is this process's own."""
    try:
        content = json.loads((state / "world.json").read_bytes())
    except (OSError, ValueError):
        return None
    return str(content["control_url"]) if content.get("pid") == pid else None


def _why(process: subprocess.Popen[bytes], state: Path) -> Failure:
    said = process.stdout.read() if process.stdout else b""
    _end(process)
    try:
        failure = json.loads(said)
        return Failure(failure["code"], None, failure["detail"])
    except (ValueError, KeyError, TypeError):
        return Failure("world.no_start", None, {"directory": str(state)})


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
