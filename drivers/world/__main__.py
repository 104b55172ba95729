"""python -m drivers.world --state DIR: the simulated hall alone, in the foreground."""

import argparse
import json
import os
import sys
import threading
from datetime import date
from pathlib import Path

from drivers.world.serve import REGION, serve


def main() -> int:
    """Exit 0 after an orderly stop, 1 with `{"code", "detail"}` on standard output where it could not run, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m drivers.world")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--personas", type=Path)
    parser.add_argument("--speed", choices=("real", "fast"), default="real")
    parser.add_argument("--as-of", type=date.fromisoformat)
    parser.add_argument("--region", default=REGION)
    parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input is closed, so that no hall outlives who started it")
    asked = parser.parse_args()
    until = threading.Event()
    if asked.until_input_ends:
        threading.Thread(target=_watch_input, args=(until,), daemon=True).start()
    failure = serve(asked.state, asked.personas, asked.speed, asked.as_of, asked.region, until)
    if failure is None:
        return 0
    print(json.dumps({"code": failure.code, "detail": dict(failure.detail)}, ensure_ascii=False))
    return 1


def _watch_input(until: threading.Event) -> None:
    while os.read(0, 4096):  # not sys.stdin: a thread inside its buffer would trouble the interpreter's end
        pass
    until.set()


if __name__ == "__main__":
    sys.exit(main())
