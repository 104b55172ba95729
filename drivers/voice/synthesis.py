"""espeak-ng in a process of its own: plain text in, samples out as they are made."""

import select
import subprocess
import threading

from drivers.contract.failure import Failure

PROGRAM = "espeak-ng"
SILENT_S = 5.0
"""It makes a page's speech in a tenth of a second; one that gives nothing for so long hangs."""
_HEADER = 44


class Synthesis:
    """One text being synthesised. `read` until it gives b"", then `failure` says whether that was the end."""

    def __init__(self, text: str, voice: str, speed: tuple[int, int]) -> None:
        """Raises FileNotFoundError where there is no espeak-ng. The text is written by a thread: espeak-ng reads it while it already speaks."""
        words, gap = speed
        command = [PROGRAM, "-v", voice, "-s", str(words), "-g", str(gap), "-b", "1", "--stdin", "--stdout"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self._hand_over, args=(text.encode(),), name="voice-text", daemon=True).start()
        self.rate = 0
        self.failure: Failure | None = None
        header = self._exactly(_HEADER)
        if header[:4] == b"RIFF" and len(header) == _HEADER:
            self.rate = int.from_bytes(header[24:28], "little")
        else:
            self._fail()

    def read(self, count: int) -> bytes:
        """Up to `count` bytes of samples, an even number; b"" at the end, or where it broke off."""
        samples = self._exactly(count) if self.failure is None else b""
        if len(samples) < count and self.failure is None and self._process.wait() != 0:
            self._fail()
        return samples[: len(samples) & ~1]

    def close(self) -> None:
        """Ends the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _hand_over(self, text: bytes) -> None:
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(text)
                self._process.stdin.close()
        except (OSError, ValueError):
            pass  # it ended before it had read everything

    def _exactly(self, count: int) -> bytes:
        out, got = self._process.stdout, b""
        while out is not None and len(got) < count:
            if not select.select((out,), (), (), SILENT_S)[0]:
                self._fail()
                break
            some = out.read1(count - len(got))  # type: ignore[attr-defined]
            if not some:
                break
            got += some
        return got

    def _fail(self) -> None:
        self.failure = Failure("voice.synthesis_failed")
        self._process.kill()
