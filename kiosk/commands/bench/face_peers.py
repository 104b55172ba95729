"""The programs the face check is measured against, each in an environment of its own that packaging/peers.sh makes."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from kiosk.domain.failure import Failure

HOME = Path(__file__).resolve().parents[3] / ".peers"
NAMES = ("dlib", "mediapipe")
_WAIT_S = 300.0


def missing() -> Failure | None:
    """`bench.peer_missing` for the first that is not installed: a figure without its baseline is none."""
    for name in NAMES:
        if not (HOME / name / "installed.sha256").exists():
            return Failure("bench.peer_missing", detail={"peer": name})
    return None


def ask(name: str, folder: Path, runs: int, threads: int) -> dict[str, Any] | Failure:
    """What the peer's script says about the pictures in `folder`, with the same number of threads as ours. Blocks until it ends."""
    script = Path(__file__).with_name(f"{name}_peer.py")
    # -P: the modules beside the script are ours, not the peer's.
    command = [str(HOME / name / "bin/python"), "-P", str(script), str(folder), str(runs)]
    try:
        done = subprocess.run(
            command, env={**os.environ, "OMP_NUM_THREADS": str(threads)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_WAIT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Failure("bench.peer_failed", detail={"peer": name, "outcome": type(error).__name__})
    if done.returncode != 0:
        return Failure("bench.peer_failed", detail={"peer": name, "outcome": f"exit {done.returncode}"})
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
