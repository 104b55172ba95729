"""Driver of a fill light that hangs on a Modbus RTU I/O board.

Boards differ: unit number, baud rate and the coil that switches red are set on the board or by its wiring, so all three are configuration. Expected
is only what nearly every board has: coils that functions 01 and 0F read and write, and red, green and blue on three coils in a row.
"""

import time

from drivers.contract.failure import Failure
from drivers.contract.status import Device, Report
from drivers.lights import codec
from drivers.transport.failures import cannot_open, went_away
from drivers.transport.serial import PortLost, SerialLine

_FAMILY = "lights"
DEFAULT_BAUD = 9600
DEFAULT_UNIT = 1
DEFAULT_COIL = 0

TRIES = 3  # writing coils is idempotent: what was not confirmed may be sent again
ANSWER_S = 0.5  # command sent → whole answer; boards take some 20 ms
QUIET_S = 0.05  # no byte for so long: the board has said what it had to say, a late answer of an earlier command too
PATIENCE_S = 0.5  # a line that never falls quiet is not waited for any longer
GAP_CHARACTERS = 3.5  # of silence begin a frame
CHANNELS = 3
DARK = (False, False, False)

Colour = tuple[bool, bool, bool]


def placed(port: str, unit: int = DEFAULT_UNIT, coil: int = DEFAULT_COIL) -> tuple[str, int, int]:
    """`/dev/ttyS0?baud=19200&unit=5&coil=8` → the port with what is left of its options, unit and coil of the red channel.

    Raises ValueError for a unit outside 1..247 or coils that do not lie within 0..65535.
    """
    path, _, query = port.partition("?")
    rest = []
    for option in filter(None, query.split("&")):
        name, _, value = option.partition("=")
        if name == "unit":
            unit = int(value)
        elif name == "coil":
            coil = int(value)
        else:
            rest.append(option)
    if not 1 <= unit <= 247:
        raise ValueError("unit must be 1 to 247")
    if not 0 <= coil <= 65536 - CHANNELS:
        raise ValueError("coil must leave room for three channels")
    return path + ("?" + "&".join(rest) if rest else ""), unit, coil


class ModbusLights:
    """See `drivers.contract.lights.Lights`. `port` is a serial path with optional `?baud=`, `unit=` and `coil=`, 8N1."""

    def __init__(self, port: str, unit: int = DEFAULT_UNIT, coil: int = DEFAULT_COIL) -> None:
        """Options of the port go before the arguments. Raises ValueError for one that is none."""
        line, self._unit, self._coil = placed(port, unit, coil)
        self._line = SerialLine(line, DEFAULT_BAUD)
        self._wanted: Colour | None = None  # what was last asked for; None while nothing was, and then nothing is put right either
        self._in_step = False  # whether no answer of an earlier command can still be under way

    def open(self) -> Failure | None:
        self._line.close()
        failure = self.fill(*DARK)
        if failure is not None:
            self._line.close()
        return failure

    def close(self) -> None:
        if self._line.is_open and self._wanted is not None:
            self._exchange(codec.write_coils(self._unit, self._coil, DARK), codec.WRITE_COILS)
        self.release()

    def release(self) -> None:
        self._line.close()
        self._wanted = None

    def status(self) -> Report:
        failure = self._opened() or self._looked_at()
        if failure is None:
            return Report(_FAMILY, Device.ONLINE)
        reason = failure.code.partition(".")[2]
        word = {"port_absent": Device.NO_DEVICE, "exception": Device.HARDWARE_ERROR, "not_switched": Device.HARDWARE_ERROR}
        return Report(_FAMILY, word.get(reason, Device.OFFLINE), fault=failure)

    def fill(self, red: bool, green: bool, blue: bool) -> Failure | None:
        failure = self._opened()
        if failure is not None:
            return failure
        self._wanted = (red, green, blue)
        return self._switch(self._wanted)

    def _opened(self) -> Failure | None:
        if self._line.is_open:
            return None
        try:
            self._line.open()
        except PortLost as lost:
            return cannot_open(_FAMILY, self._line.path, lost)
        self._in_step = False
        return None

    def _looked_at(self) -> Failure | None:
        """Compares what the board switches with what was asked for. A board that had no power has forgotten it, and is told once more."""
        shown = self._shown()
        if not isinstance(shown, Failure) and self._wanted not in (None, shown):
            shown = self._switch(self._wanted or DARK) or self._shown()
        if isinstance(shown, Failure):
            return shown
        return None if self._wanted in (None, shown) else Failure("lights.not_switched")

    def _switch(self, colour: Colour) -> Failure | None:
        answer = self._exchange(codec.write_coils(self._unit, self._coil, colour), codec.WRITE_COILS)
        return answer if isinstance(answer, Failure) else None

    def _shown(self) -> tuple[bool, ...] | Failure:
        answer = self._exchange(codec.read_coils(self._unit, self._coil, CHANNELS), codec.READ_COILS)
        if isinstance(answer, Failure):
            return answer
        coils = codec.coils_in(answer, CHANNELS)
        return Failure("lights.wrong_answer") if coils is None else coils

    def _exchange(self, command: bytes, function: int) -> codec.Answer | Failure:
        """Sends a command until its own answer comes; a refusal is an answer. At most `TRIES` times `ANSWER_S` and the waits between them."""
        failure = Failure("lights.silent")
        try:
            for attempt in range(TRIES):
                self._make_quiet()
                self._line.write(command)
                answer = self._answer(function)
                if isinstance(answer, codec.Answer):
                    self._in_step = attempt == 0  # the answer to the first try may still come, too
                    return answer if answer.exception is None else Failure("lights.exception", answer.exception)
                self._in_step, failure = False, answer
        except PortLost:
            return went_away(_FAMILY, self._line.path)
        return failure

    def _make_quiet(self) -> None:
        """Answers carry no number: one of an earlier command would be taken for this one's. After a try that failed it is waited out."""
        end = time.monotonic() + PATIENCE_S
        while not self._in_step and time.monotonic() < end and self._line.read_some(256, time.monotonic() + QUIET_S):
            pass
        self._in_step = True
        self._line.flush_input()
        time.sleep(GAP_CHARACTERS * 10 / self._line.baud)

    def _answer(self, function: int) -> codec.Answer | Failure:
        """The answer to `function`, or why what came is none."""
        received = b""
        end = time.monotonic() + ANSWER_S
        while time.monotonic() < end:  # a line that never stops talking must not outlast the deadline either
            some = self._line.read_some(256, min(end, time.monotonic() + QUIET_S) if received else end)
            if not some:
                break
            received += some
            answer = codec.find(received, self._unit, function)
            if answer is not None:
                return answer if self._fits(answer) else Failure("lights.wrong_answer")
        if not received:
            return Failure("lights.silent")
        return Failure(f"lights.{codec.damage_of(received, self._unit, function)}")

    def _fits(self, answer: codec.Answer) -> bool:
        if answer.exception is not None:
            return True
        if answer.function == codec.WRITE_COILS:
            return codec.confirms(answer, self._coil, CHANNELS)
        return codec.coils_in(answer, CHANNELS) is not None
