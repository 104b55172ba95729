"""The hall's TCP ports: chosen free at the first start, kept in ports.json, so that a restart leaves the profile valid."""

import errno
import json
import socket
from pathlib import Path

from drivers.contract.failure import Failure
from drivers.world.files import write_whole

HOST = "127.0.0.1"


def listening_sockets(file: Path, names: tuple[str, ...]) -> dict[str, socket.socket] | Failure:
    """One listening socket a name, on the kept port or on a free one that is kept from now on.

    `world.port_in_use` where somebody else listens on a kept port; nothing stays open then.
    """
    kept = _kept(file)
    sockets: dict[str, socket.socket] = {}
    for name in names:
        # named as TCP: asyncio answers without Nagle's delay (40 ms an answer) only where the socket says so
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sockets[name] = opened
        try:
            opened.bind((HOST, kept.get(name, 0)))
            opened.listen(128)
        except OSError as error:
            for each in sockets.values():
                each.close()
            reason = "port_in_use" if error.errno == errno.EADDRINUSE else "port_unusable"
            return Failure(f"world.{reason}", None, {"port": str(kept.get(name, 0)), "server": name, "file": str(file)})
    write_whole(file, json.dumps({**kept, **{name: each.getsockname()[1] for name, each in sockets.items()}}, indent=1).encode())
    return sockets


def _kept(file: Path) -> dict[str, int]:
    """Empty where there is no such file or it holds something else: the ports are then chosen anew."""
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: port for name, port in content.items() if isinstance(port, int) and not isinstance(port, bool) and 0 < port < 65536}
