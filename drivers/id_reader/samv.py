"""Identity card reader with a SAM-V module on a serial line (GA/T 467-2019): find, select, read, additional addresses.

Nothing waits between the commands of a reading, so that it takes little more than the bytes need on the wire.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from drivers.contract.failure import Failure
from drivers.contract.id_reader import IdCard
from drivers.contract.status import Device, Media, Report
from drivers.id_reader import codec
from drivers.id_reader.codec import Damage, ReadBlocks, Reply
from drivers.id_reader.exchange import Quiet, exchange
from drivers.id_reader.photo import PhotoDecoder
from drivers.id_reader.text import BadContent, UnknownLayout, field_text, parse_text
from drivers.transport.failures import cannot_open, went_away
from drivers.transport.serial import PortLost, SerialLine

T = TypeVar("T")

_FAMILY = "id_reader"
_DEFAULT_BAUD = 115200

_SHORT_ANSWER_S = 2.5
_READ_ANSWER_S = 5.0  # the module talks to the card for a second or more before it answers a read
_POLL_PAUSE_S = 0.3
_COME_BACK_S = 2.0  # how long a repeat waits for a card that was moved
_AFTER_CARD_S = 8.0  # the last moment of a reading, counted from the end of the wait for a card
_REPEATS = 3
_RESENDS = 3
_MOST_SILENCES = 2
_MOST_ADDITIONAL = 16  # cards hold a few; a module that never says "no more" is cut off here

_ADDITIONAL_BYTES = 70
_SELECT_BYTES = 8
_RESEND = (0x10, 0x11)
_NO_PRINTS_HERE = (0x21, 0x23, 0x24, codec.NO_CONTENT)
_NO_MORE_ADDRESSES = (0x21, 0x23, 0x24, codec.NO_CONTENT)

# Repeated, because the person may have moved the card: lift it and place it again.
_AGAIN = {
    0x80: "no_card",
    0x81: "select_failed",
    0x41: "read_failed",
    0x31: "card_not_verified",
    0x32: "card_not_verified",
    0x33: "card_not_verified",
}
# Said at once: no repeat helps.
_FINAL = {
    0x10: "command_damaged",
    0x11: "command_damaged",
    0x40: "unknown_card",
    0x60: "module_fault",
    0x61: "module_fault",
    0x66: "module_fault",
}


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a round did not read the card, and whether another one may."""

    failure: Failure
    again: bool


class SamvReader:
    """`port` is a serial path with an optional `?baud=`. All calls block; one thread at a time."""

    def __init__(self, port: str, photo_decoder: Path | None = None) -> None:
        """Raises ValueError for a baud rate that is none."""
        self._line = SerialLine(port, _DEFAULT_BAUD)
        self._photo = PhotoDecoder(photo_decoder)
        self._end = float("inf")  # monotonic time after which no command of the present reading waits

    def open(self) -> Failure | None:
        """Opens the port, flushes it and asks the module's status."""
        return self._guarded(self._check_module)

    def close(self) -> None:
        self._line.close()

    def status(self) -> Report:
        """Asks the module's status and its number. Whether a card lies there is not asked: the answer could not be trusted."""
        fault = self._guarded(self._check_module)
        if fault is None:
            number = self._guarded(self._module_number)
            if isinstance(number, str) or number is None:
                return Report(_FAMILY, Device.ONLINE, Media.UNKNOWN, firmware=number)
            fault = number
        reason = fault.code.partition(".")[2]
        device = {"port_absent": Device.NO_DEVICE, "module_fault": Device.HARDWARE_ERROR, "port_busy": Device.BUSY}.get(reason, Device.OFFLINE)
        return Report(_FAMILY, device, Media.UNKNOWN, fault=fault)

    def read(self, wait_s: float, cancelled: threading.Event | None = None) -> IdCard | Failure:
        """Polls for a card up to `wait_s` seconds, then reads it; opens the port where it is not open.

        A whole round (find, select, read, additional addresses) is repeated up to three times after a damaged answer or a code that a moved card
        gives. A line that says nothing twice is `id_reader.silent`.
        """
        return self._guarded(lambda: self._read(wait_s, cancelled or threading.Event()))

    def card_present(self) -> bool | Failure:
        """Whether a card answers on the reader now; most readers answer no until a card that was read is lifted."""
        return self._guarded(self._card_present)

    def _guarded(self, action: Callable[[], T]) -> T | Failure:
        """Runs an action with the port open; a port that cannot be opened or goes away becomes a failure."""
        if not self._line.is_open:
            try:
                self._line.open()
            except PortLost as lost:
                return cannot_open(_FAMILY, self._line.path, lost)
        self._end = float("inf")
        try:
            return action()
        except PortLost:
            return went_away(_FAMILY, self._line.path)

    def _check_module(self) -> Failure | None:
        answer = self._ask(codec.STATUS, _SHORT_ANSWER_S, lambda reply: reply.sw3 not in (codec.FOUND, codec.NO_CARD, codec.NO_CONTENT))
        return None if isinstance(answer, Reply) and answer.sw3 == codec.OK else _trouble(answer).failure

    def _module_number(self) -> str | None:
        answer = self._ask(codec.SAM_ID, _SHORT_ANSWER_S, lambda reply: reply.sw3 != codec.OK or len(reply.data) == 16)
        return codec.sam_id_text(answer.data) if isinstance(answer, Reply) and answer.sw3 == codec.OK else None

    def _card_present(self) -> bool | Failure:
        answer = self._find()
        if isinstance(answer, Reply) and answer.sw3 in (codec.FOUND, codec.NO_CARD):
            return answer.sw3 == codec.FOUND
        return _trouble(answer).failure

    def _read(self, wait_s: float, cancelled: threading.Event) -> IdCard | Failure:
        window_end = time.monotonic() + wait_s
        self._end = window_end + _AFTER_CARD_S
        outcome = self._round(window_end, cancelled)
        silences = 0
        for _ in range(_REPEATS):
            if isinstance(outcome, IdCard) or not outcome.again:
                break
            silences += outcome.failure.code == "id_reader.silent"
            if silences >= _MOST_SILENCES or time.monotonic() >= self._end:
                break
            outcome = self._round(max(window_end, time.monotonic() + _COME_BACK_S), cancelled)
        return outcome if isinstance(outcome, IdCard) else outcome.failure

    def _round(self, window_end: float, cancelled: threading.Event) -> IdCard | _Trouble:
        started = self._await_card(window_end, cancelled)
        if isinstance(started, _Trouble):
            return started
        answer = self._ask(codec.SELECT, _SHORT_ANSWER_S, _fits_select)
        if not _positive(answer):
            return _trouble(answer)
        read = self._read_blocks()
        if isinstance(read, _Trouble):
            return read
        blocks, frame_bytes = read
        addresses = self._additional_addresses()
        if isinstance(addresses, _Trouble):
            return addresses
        return self._card(blocks, addresses, frame_bytes, started)

    def _await_card(self, window_end: float, cancelled: threading.Event) -> float | _Trouble:
        """Asks for a card until one answers or the window is over; answers when the successful question was put."""
        silences = 0
        while True:
            if cancelled.is_set():
                return _Trouble(Failure("id_reader.cancelled"), again=False)
            asked = time.monotonic()
            answer = self._find()
            if isinstance(answer, Reply) and answer.sw3 == codec.FOUND:
                return asked
            if isinstance(answer, Damage) or (isinstance(answer, Reply) and answer.sw3 != codec.NO_CARD):
                return _trouble(answer)
            silences = silences + 1 if answer is Quiet.SILENT else 0
            if silences >= _MOST_SILENCES:
                return _trouble(answer, again=False)
            if time.monotonic() >= window_end:
                return _trouble(answer, again=False)
            cancelled.wait(min(_POLL_PAUSE_S, max(window_end - time.monotonic(), 0.0)))

    def _find(self) -> Reply | Damage | Quiet:
        return self._ask(codec.FIND, _SHORT_ANSWER_S, lambda reply: reply.sw3 not in (codec.OK, codec.NO_CONTENT))

    def _read_blocks(self) -> tuple[ReadBlocks, int] | _Trouble:
        """Text, photo and fingerprints, or without the prints where the reader does not give them; and the length of the whole frame."""
        with_prints = True
        answer = self._ask(codec.READ_WITH_FINGERPRINTS, _READ_ANSWER_S, _fits_read)
        if isinstance(answer, Reply) and answer.sw3 in _NO_PRINTS_HERE:
            with_prints = False
            answer = self._ask(codec.READ_BASE, _READ_ANSWER_S, _fits_read)
        if not isinstance(answer, Reply) or answer.sw3 != codec.OK:
            return _trouble(answer)
        blocks = codec.read_blocks(answer.data, with_prints)
        return _trouble(Damage.WRONG_LENGTH) if blocks is None else (blocks, answer.frame_bytes)

    def _additional_addresses(self) -> tuple[str, ...] | _Trouble:
        addresses: list[str] = []
        for _ in range(_MOST_ADDITIONAL):
            answer = self._ask(codec.READ_ADDITIONAL, _SHORT_ANSWER_S, _fits_additional)
            if isinstance(answer, Reply) and answer.sw3 in _NO_MORE_ADDRESSES:
                break
            if not isinstance(answer, Reply) or answer.sw3 != codec.OK:
                return _trouble(answer)
            try:
                address = field_text(answer.data)
            except BadContent:
                return _Trouble(Failure("id_reader.bad_content"), again=False)
            if address is not None:
                addresses.append(address)
        return tuple(addresses)

    def _card(self, blocks: ReadBlocks, addresses: tuple[str, ...], frame_bytes: int, started: float) -> IdCard | _Trouble:
        try:
            text = parse_text(blocks.text)
        except BadContent:
            return _Trouble(Failure("id_reader.bad_content"), again=False)
        except UnknownLayout:
            return _Trouble(Failure("id_reader.unknown_layout"), again=False)
        ms = (time.monotonic() - started) * 1000
        decoder, image = self._photo.decode(blocks.photo) or (None, None)
        return IdCard(
            **asdict(text),
            additional_addresses=addresses,
            photo_raw=blocks.photo,
            photo_decoder=decoder,
            photo_image=image,
            fingerprints=len(blocks.fingerprints),
            frame_bytes=frame_bytes,
            ms=ms,
        )

    def _ask(self, code: tuple[int, int], wait_s: float, fits: Callable[[Reply], bool]) -> Reply | Damage | Quiet:
        """One command, sent again where the module says that it arrived damaged."""
        for _ in range(1 + _RESENDS):
            left_s = max(self._end - time.monotonic(), 0.1)
            answer = exchange(self._line, code, min(wait_s, left_s), fits)
            if not (isinstance(answer, Reply) and answer.sw3 in _RESEND):
                break
        return answer


def _positive(answer: Reply | Damage | Quiet) -> bool:
    return isinstance(answer, Reply) and answer.sw3 == codec.OK


def _fits_select(reply: Reply) -> bool:
    return reply.sw3 not in (codec.FOUND, codec.NO_CONTENT) and (reply.sw3 != codec.OK or len(reply.data) == _SELECT_BYTES)


def _fits_read(reply: Reply) -> bool:
    """Not the answer to a find, a select, a status, a number or an additional address."""
    return reply.sw3 != codec.FOUND and (reply.sw3 != codec.OK or len(reply.data) not in (0, _SELECT_BYTES, 16, _ADDITIONAL_BYTES))


def _fits_additional(reply: Reply) -> bool:
    return reply.sw3 != codec.FOUND and (reply.sw3 != codec.OK or len(reply.data) == _ADDITIONAL_BYTES)


def _trouble(answer: Reply | Damage | Quiet, again: bool = True) -> _Trouble:
    if isinstance(answer, Damage):
        return _Trouble(Failure(f"id_reader.{answer.value}"), again)
    if isinstance(answer, Quiet):
        return _Trouble(Failure("id_reader.silent"), again)
    if answer.sw3 in _AGAIN:
        return _Trouble(Failure(f"id_reader.{_AGAIN[answer.sw3]}", answer.sw3), again)
    return _Trouble(Failure(f"id_reader.{_FINAL.get(answer.sw3, 'unknown_code')}", answer.sw3), again=False)
