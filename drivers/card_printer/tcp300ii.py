"""Driver of the Star Micronics TCP300II: erases and prints the card's rewritable back."""

import time

from drivers.card_printer import codec
from drivers.card_printer.codec import Command, Control, Response, Sensors
from drivers.contract.bitmap import Bitmap
from drivers.contract.card_printer import CardPrinterStatus
from drivers.contract.failure import Failure
from drivers.contract.status import Device, Media, Report
from drivers.transport.serial import PortLost, SerialLine

DEFAULT_BAUD = 9600  # the unit's stored default is in no public page; the profile names the real one
TRIES = 3
TAKEN_S = 2.0  # command sent → ACK, NAK or DLE
ANSWER_S = 5.0  # ACK → response, for everything but erase and print
BUSY_S = 60.0  # longest erase and print (about 35 s) with a cold head
BUSY_POLL_S = 0.2
QUIET_S = 0.1  # no byte for so long: nothing of an earlier exchange is still under way
REFUSAL_S = 0.05  # a job that cannot begin is refused right after its ACK
NORMAL = 0x20
NO_CARD = 0x22

FAILURES = {
    NO_CARD: "card_printer.no_card",
    0x23: "card_printer.card_reversed",
    0x31: "card_printer.magnetic",
    0x32: "card_printer.magnetic",
    0x33: "card_printer.magnetic",
    0x34: "card_printer.magnetic",
    0x37: "card_printer.magnetic",
    0x38: "card_printer.jam",
    0x40: "card_printer.cover_open",
    0x41: "card_printer.rejected",
    0x42: "card_printer.motor",
    0x43: "card_printer.head_temperature",
    0x45: "card_printer.memory",
    0x4C: "card_printer.picture_refused",
    0x51: "card_printer.picture_refused",
}
"""Status byte → failure. The unit has no code for a worn film: only a look at the printed back finds that."""

OPERATOR_FAULTS = {"card_printer.cover_open", "card_printer.jam", "card_printer.no_card", "card_printer.card_reversed"}
NO_DEVICE_FAULTS = {"card_printer.port_absent"}
OFFLINE_FAULTS = {"card_printer.port_lost", "card_printer.silent"}


def failure_of(status: int) -> Failure | None:
    """What a response's status byte means; None for normal, `card_printer.fault` for a code the manual does not list."""
    return None if status == NORMAL else Failure(FAILURES.get(status, "card_printer.fault"), status)


class Tcp300ii:
    """See `drivers.contract.card_printer.CardPrinter`. Never sends `5F` by itself, because that ejects the card."""

    def __init__(self, port: str) -> None:
        self._line = SerialLine(port, DEFAULT_BAUD)
        self._parser = codec.AnswerParser()
        self._waiting: list[codec.Answer] = []
        self._armed: int | None = None  # the command whose answer finish() waits for
        self._firmware: str | None = None

    def open(self) -> Failure | None:
        """Also waits for a job that a former run left going, up to a minute: only then the card's place is known."""
        try:
            self._line.open()
        except PortLost as lost:
            return Failure("card_printer.port_absent", detail={"port": self._line.path, "reason": str(lost)})
        self._armed = None
        cancelled = self.cancel()
        if cancelled is not None and cancelled.code != "card_printer.rejected":
            return self._closed_after(cancelled)
        deadline = time.monotonic() + BUSY_S
        sensed = self.sense()
        while isinstance(sensed, Failure) and sensed.code == "card_printer.busy" and time.monotonic() < deadline:
            time.sleep(BUSY_POLL_S)
            sensed = self.sense()
        if isinstance(sensed, Failure):
            return self._closed_after(sensed)
        version = self._exchange(Command.ROM_VERSION)
        self._firmware = version.data.decode("ascii", errors="replace") if isinstance(version, Response) else None
        return None

    def _closed_after(self, failure: Failure) -> Failure:
        self.close()
        return failure

    def close(self) -> None:
        self._line.close()

    def status(self) -> Report:
        sensed = self.sense()
        if isinstance(sensed, Failure):
            return Report("card_printer", _device_word(sensed), fault=sensed, firmware=self._firmware)
        return Report("card_printer", _device_word(sensed.fault), media=sensed.media, fault=sensed.fault, firmware=self._firmware)

    def sense(self) -> CardPrinterStatus | Failure:
        answer = self._exchange(Command.STATUS)
        if isinstance(answer, Failure):
            # the status takes no parameters, so a rejection means that a job is running (only 54 and 5F are taken then)
            return Failure("card_printer.busy", codec.DLE) if answer.code == "card_printer.rejected" else answer
        fault = failure_of(answer.status)
        sensors = Sensors.parse(answer.data)
        if sensors is None:
            return fault or Failure("card_printer.bad_answer", answer.status)
        if fault is None and sensors.cover_open:
            fault = Failure("card_printer.cover_open", answer.status)
        return CardPrinterStatus(_media(sensors, fault), sensors.cover_open, fault)

    def load(self, image: Bitmap) -> Failure | None:
        failure = self._command(Command.CLEAR_ALL)
        if failure is not None:
            return failure
        for block in codec.image_blocks(image):
            answer = self._exchange_frame(block, Command.IMAGE_BLOCK)
            failure = answer if isinstance(answer, Failure) else failure_of(answer.status)
            if failure is not None:
                return failure
        return None

    def arm(self, print_image: bool = True) -> Failure | None:
        command, data = (Command.ERASE_AND_PRINT, b"0,1,1") if print_image else (Command.ERASE, b"0")
        taken = self._send(codec.frame(command, data), resend_on_silence=False)
        if taken is None:
            self._armed = command
            refused = self._refused_at_once(command)
            if refused is None:
                return None
            taken = refused
        self._armed = None
        if taken.code != "card_printer.port_lost":
            self.cancel()  # it may be waiting for a card all the same
        return taken

    def _refused_at_once(self, command: int) -> Failure | None:
        """The unit answers at once when it cannot begin (cover open); otherwise it stays silent until the job is done."""
        answer = self._next(time.monotonic() + REFUSAL_S)
        if isinstance(answer, Failure):
            return answer if answer.code == "card_printer.port_lost" else None
        if isinstance(answer, Response) and answer.command == command and answer.status != NORMAL:
            self._acknowledge()
            return failure_of(answer.status)
        self._waiting.insert(0, answer)
        return None

    def finish(self, deadline_s: float) -> Failure | None:
        if self._armed is None:
            return Failure("card_printer.not_armed")
        command, self._armed = self._armed, None
        answer = self._response(command, time.monotonic() + deadline_s)
        if isinstance(answer, Response):
            return failure_of(answer.status)
        if answer.code == "card_printer.port_lost":
            return answer
        late = self._cancel_wait(command)
        if isinstance(late, Response) and late.command == command and late.status != NO_CARD:
            return failure_of(late.status)  # the job ended in the same moment: its answer says how
        return Failure("card_printer.timeout") if answer.code == "card_printer.silent" else answer

    def cancel(self) -> Failure | None:
        result = self._cancel_wait(None)
        return result if isinstance(result, Failure) else failure_of(result.status)

    def _cancel_wait(self, job: int | None) -> Response | Failure:
        """Sends `54` and gives its response; with `job`, that job's own response where it comes before."""
        self._armed = None
        failure = self._send(codec.frame(Command.CANCEL_INSERTION), flush=job is None)
        if failure is not None:
            return failure
        ended: Response | None = None
        deadline = time.monotonic() + ANSWER_S
        while True:
            answer = self._next(deadline)
            if isinstance(answer, Failure):
                return ended or answer
            if isinstance(answer, Response):
                self._acknowledge()
                if answer.command == job:
                    ended = answer
                elif answer.command == Command.CANCEL_INSERTION:
                    return ended or answer

    def reset(self) -> Failure | None:
        """For technicians: drops the buffers and EJECTS a card that is inside."""
        return self._command(Command.RESET)

    def _command(self, command: int) -> Failure | None:
        answer = self._exchange(command)
        return answer if isinstance(answer, Failure) else failure_of(answer.status)

    def _exchange(self, command: int, data: bytes = b"") -> Response | Failure:
        return self._exchange_frame(codec.frame(command, data), command)

    def _exchange_frame(self, frame: bytes, command: int) -> Response | Failure:
        failure = self._send(frame)
        return failure or self._response(command, time.monotonic() + ANSWER_S)

    def _send(self, frame: bytes, resend_on_silence: bool = True, flush: bool = True) -> Failure | None:
        """Writes a command until the unit has taken it. A job is never sent twice into silence: the first may have been taken."""
        failure = Failure("card_printer.silent")
        try:
            for attempt in range(TRIES):
                if flush:
                    self._flush(quiet=attempt > 0)
                self._line.write(frame)
                control = self._control(time.monotonic() + TAKEN_S + len(frame) * 10 / self._line.baud)
                if control == codec.ACK:
                    return None
                if control == codec.DLE:
                    return Failure("card_printer.rejected", codec.DLE)
                if control is None and not resend_on_silence:
                    break
                failure = Failure("card_printer.silent") if control is None else Failure("card_printer.bad_answer", codec.NAK)
        except PortLost as lost:
            return self._lost(lost)
        return failure

    def _flush(self, quiet: bool) -> None:
        self._line.flush_input()
        patience = time.monotonic() + 10 * QUIET_S
        while quiet and time.monotonic() < patience and self._line.read_some(4096, time.monotonic() + QUIET_S):
            pass
        self._parser = codec.AnswerParser()
        self._waiting.clear()

    def _control(self, deadline: float) -> int | None:
        """The byte with which the unit took the command; a response that comes first is kept and counts as taken."""
        kept: list[codec.Answer] = []
        while True:
            answer = self._next(deadline)
            if isinstance(answer, Failure):
                if answer.code == "card_printer.port_lost":
                    raise PortLost(answer.detail.get("reason", ""))
                self._waiting = kept + self._waiting
                return codec.ACK if any(isinstance(one, Response) for one in kept) else None
            if isinstance(answer, Control):
                self._waiting = kept + self._waiting
                return answer.byte
            kept.append(answer)

    def _response(self, command: int, deadline: float) -> Response | Failure:
        """The response to `command`; a damaged one is asked for again with NAK, one to an earlier command is dropped."""
        damaged = 0
        while True:
            answer = self._next(deadline)
            if isinstance(answer, Failure):
                return Failure("card_printer.bad_answer") if damaged and answer.code == "card_printer.silent" else answer
            if isinstance(answer, Response):
                self._acknowledge()
                if answer.command == command:
                    return answer
            elif isinstance(answer, codec.Damaged):
                damaged += 1
                if damaged >= TRIES:
                    return Failure("card_printer.bad_answer")
                self._put(codec.NAK)

    def _next(self, deadline: float) -> codec.Answer | Failure:
        try:
            while not self._waiting:
                # a line that never stops talking must not outlast the deadline either
                some = self._line.read_some(4096, deadline) if time.monotonic() < deadline else b""
                if not some:
                    return Failure("card_printer.silent")
                self._waiting += self._parser.feed(some)
            return self._waiting.pop(0)
        except PortLost as lost:
            return self._lost(lost)

    def _acknowledge(self) -> None:
        self._put(codec.ACK)

    def _put(self, byte: int) -> None:
        try:
            self._line.write(bytes([byte]))
        except PortLost:
            pass  # the next read says so

    def _lost(self, lost: PortLost) -> Failure:
        return Failure("card_printer.port_lost", detail={"port": self._line.path, "reason": str(lost)})


def _media(sensors: Sensors, fault: Failure | None) -> Media:
    if fault is not None and fault.code == "card_printer.jam":
        return Media.JAMMED
    if sensors.inlet == "0":
        return Media.JAMMED if sensors.inside else Media.NOT_PRESENT  # idle, and yet a card in the path
    return Media.PRESENT if sensors.inlet == "1" else Media.LATCHED


def _device_word(fault: Failure | None) -> Device:
    if fault is None:
        return Device.ONLINE
    if fault.code == "card_printer.busy":
        return Device.BUSY
    if fault.code in NO_DEVICE_FAULTS:
        return Device.NO_DEVICE
    if fault.code in OFFLINE_FAULTS:
        return Device.OFFLINE
    return Device.USER_ERROR if fault.code in OPERATOR_FAULTS else Device.HARDWARE_ERROR
