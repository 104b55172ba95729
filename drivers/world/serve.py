"""The hall as a process: `kiosk world` and `python -m drivers.world`. Foreground; ends on SIGTERM or SIGINT."""

import asyncio
import fcntl
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from drivers.contract.failure import Failure
from drivers.world.files import write_whole
from drivers.world.personas import DIRECTORY
from drivers.world.ports import listening_sockets

REGION = "440100"
SERVERS = ("control", "authority", "wechat", "alipay", "camera")
_GRACE_S = 2


def run(
    state: Path,
    personas: Path | None = None,
    speed: str = "real",
    as_of: date | None = None,
    region: str = REGION,
    until: threading.Event | None = None,
) -> int:
    """Body of `kiosk world`: 0 after an orderly stop; with one line on standard error 2 for a wrong personas directory, 1 where it could not run."""
    failure = serve(state, personas, speed, as_of, region, until)
    if failure is None:
        return 0
    print(f"{failure.code}: " + ", ".join(f"{key} {value}" for key, value in failure.detail.items()), file=sys.stderr)
    return 2 if failure.code == "world.personas_missing" else 1


def serve(
    state: Path,
    personas: Path | None = None,
    speed: str = "real",
    as_of: date | None = None,
    region: str = REGION,
    until: threading.Event | None = None,
) -> Failure | None:
    """Runs the hall until SIGTERM, SIGINT or `until`; None after an orderly stop.

    `world.running` where another hall holds the directory, `world.port_in_use`, `world.state_unusable`, `world.personas_missing`.
    Call it from the main thread: it takes the signals.
    """
    directory = (personas or DIRECTORY).resolve()
    if not directory.is_dir() or not any(directory.glob("*.toml")):
        return Failure("world.personas_missing", None, {"directory": str(directory)})
    state = state.resolve()
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = os.open(state / "world.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        return Failure("world.state_unusable", None, {"directory": str(state), "reason": error.strerror or "-"})
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return Failure("world.running", None, {"directory": str(state)})
        sockets = listening_sockets(state / "ports.json", SERVERS)
        if isinstance(sockets, Failure):
            return sockets
        return _serve_on(sockets, state, directory, speed, as_of, region, until or threading.Event())
    finally:
        os.close(lock)


def _serve_on(
    sockets: dict[str, socket.socket], state: Path, personas: Path, speed: str, as_of: date | None, region: str, until: threading.Event
) -> Failure | None:
    from drivers.world.control import control_app  # heavy: only once the directory and the ports are ours
    from drivers.world.hall import Hall
    from drivers.world.profile import write_profile

    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: until.set())
    with suppress(FileNotFoundError):
        (state / "world.json").unlink()  # of a hall that was killed
    ports = {name: int(each.getsockname()[1]) for name, each in sockets.items()}
    hall = Hall(state, personas, speed, region, as_of)
    servers = _Servers({**hall.apps(), "control": control_app(hall)}, sockets)
    try:
        failure = hall.start(sockets["camera"])
        if failure is not None:
            return failure
        for persona_id, malformed in hall.malformed.items():
            print(f"{malformed.code}: {persona_id}, {malformed.detail['key']}: {malformed.detail['allowed']}", file=sys.stderr)
        servers.start()
        profile = write_profile(hall, ports)
        address = {"control_url": f"http://127.0.0.1:{ports['control']}", "profile": str(profile), "pid": os.getpid()}
        write_whole(state / "world.json", json.dumps(address).encode())
        until.wait()
        return None
    finally:
        with suppress(FileNotFoundError):
            (state / "world.json").unlink()
        servers.stop()
        hall.stop()
        for each in sockets.values():
            each.close()


class _Servers:
    """The HTTP servers, all on one event loop in a thread of their own."""

    def __init__(self, apps: Mapping[str, Any], sockets: Mapping[str, socket.socket]) -> None:
        import uvicorn

        self._servers = {
            name: uvicorn.Server(
                uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=_GRACE_S, ws="none")
            )
            for name, app in apps.items()
        }
        self._sockets = sockets
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="servers", daemon=True)

    def start(self) -> None:
        """Returns once all of them answer."""
        self._thread.start()
        while not all(server.started for server in self._servers.values()) and self._thread.is_alive():
            threading.Event().wait(0.005)

    def stop(self) -> None:
        for server in self._servers.values():
            server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=_GRACE_S + 3)

    async def _run(self) -> None:
        await asyncio.gather(*(server.serve(sockets=[self._sockets[name]]) for name, server in self._servers.items()))
