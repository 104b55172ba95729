"""The headset's socket as the simulated hall has it, a file: each plugging in and pulling out is told once, and nothing else is."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.voice.espeak import EspeakVoice
from kiosk.services.headset import HeadsetWatch
from tests.journey.virtual import run


class Socket:
    """The driver's, whose file holds one content after the other, another at each look; None: there is no such file."""

    def __init__(self, port: str, jack: Path, contents: list[bytes | None], over: Callable[[], object]) -> None:
        self.voice, self.jack, self.contents, self.over = EspeakVoice(port), jack, list(contents), over

    def headset(self) -> bool:
        if not self.contents:
            self.over()
        elif (content := self.contents.pop(0)) is None:
            self.jack.unlink(missing_ok=True)
        else:
            self.jack.write_bytes(content)
        return self.voice.headset()


def told_of(port: str, jack: Path, contents: list[bytes | None]) -> list[bool]:
    """What the journey is told meanwhile."""

    async def main() -> list[bool]:
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        socket: Any = Socket(port, jack, contents, lambda: loop.call_soon_threadsafe(over.set))
        told: list[bool] = []
        watch = asyncio.create_task(HeadsetWatch(socket, told.append).keep_on())
        await over.wait()
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        return told

    return run(main())


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ([None, b"1\n", b"1\n", b"0\n"], [True, False]),
        ([b"off", b"on", None, b"1"], [True, False, True]),
        ([b"1", b"1"], []),  # a handset that hangs there from the start
        ([b"0", b"", b"\xff\xfe", b"2", b"yes", b"11"], []),
    ],
)
def test_a_headset_that_comes_or_goes_is_told_once(tmp_path: Path, contents: list[bytes | None], told: list[bool]) -> None:
    jack = tmp_path / "headset"
    assert told_of(f"timed://?headset=yes&jack={jack}", jack, contents) == told


def test_a_socket_that_has_no_private_sound_is_nobodys(tmp_path: Path) -> None:
    jack = tmp_path / "headset"
    assert told_of(f"timed://?jack={jack}", jack, [b"0", b"1", b"0"]) == []
