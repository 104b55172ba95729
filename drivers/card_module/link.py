"""One command and its answer on the CRT-591-M's line: acknowledgement, repetition, abort."""

import time
from collections import deque
from dataclasses import dataclass

from drivers.card_module import codec
from drivers.card_module.codec import Command, Control, Damaged, Event, FrameParser, Negative, Positive
from drivers.contract.failure import Failure
from drivers.transport.serial import PortLost, SerialLine


@dataclass(frozen=True, slots=True)
class Timings:
    """Deadlines in seconds. ack and gap: vendor's 300 ms; the others are ours: what the act may take at most on the real module."""

    ack_s: float = 0.3
    gap_s: float = 0.3
    query_s: float = 2.0
    move_s: float = 8.0
    apdu_s: float = 5.0


TRIES = 3
"""How often a command is sent, a damaged answer asked for again and an abort repeated."""


class Link:
    """Blocking, one thread at a time. Every failure is a value; after any doubt the next command begins with an abort (EOT)."""

    def __init__(self, port: str, address: int, timings: Timings) -> None:
        self._line = SerialLine(port, 57600)
        self._address = address
        self._timings = timings
        self._parser = FrameParser(address)
        self._events: deque[Event] = deque()
        self._doubtful = True

    @property
    def is_open(self) -> bool:
        return self._line.is_open

    def open(self) -> Failure | None:
        self._doubtful = True
        try:
            self._line.open()
        except PortLost as lost:
            absent = str(lost) == "absent"
            return Failure("card_module.port_absent" if absent else "card_module.port_lost", detail={"port": self._line.path})
        return None

    def close(self) -> None:
        self._line.close()

    def exchange(self, command: Command, data: bytes, answer_s: float) -> Positive | Negative | Failure:
        """Sends one command and waits for its own answer, at most `answer_s` after the acknowledgement.

        `card_module.silent` when it is never acknowledged, `timeout` when no answer follows, `garbled` when either side cannot be
        understood, `port_lost` when the line is gone.
        """
        try:
            if self._doubtful:
                self._abort()
            self._line.flush_input()
            self._parser.clear()
            self._events.clear()
            failure = self._send(codec.frame(self._address, command, data))
            return failure or self._await_answer(command, time.monotonic() + answer_s)
        except PortLost:
            self._doubtful = True
            return Failure("card_module.port_lost", detail={"port": self._line.path})

    def _send(self, frame: bytes) -> Failure | None:
        refused = False
        for attempt in range(TRIES):
            if attempt:
                self._doubtful = True  # the module may carry out both copies: the second answer must not be taken for the next command's
            self._line.write(frame)
            heard = self._await_control((Control.ACK, Control.NAK))
            if heard is Control.ACK:
                return None
            refused = refused or heard is Control.NAK
        return Failure("card_module.garbled" if refused else "card_module.silent")

    def _await_control(self, wanted: tuple[Control, ...]) -> Control | None:
        """Answers that arrive before the acknowledgement belong to an earlier command: they are dropped."""
        deadline = time.monotonic() + self._timings.ack_s
        while (event := self._next_event(deadline)) is not None:
            if isinstance(event, Control) and event in wanted:
                return event
        return None

    def _await_answer(self, command: Command, deadline: float) -> Positive | Negative | Failure:
        damaged = 0
        while (event := self._next_event(deadline)) is not None:
            if isinstance(event, Control):
                continue
            if isinstance(event, Damaged):
                damaged += 1
                if damaged > TRIES:
                    self._doubtful = True
                    return Failure("card_module.garbled")
                self._control(Control.NAK)
                continue
            self._control(Control.ACK)
            if event.command == command:
                return event
            # the answer to some earlier command: acknowledged, so that it does not come again, and skipped
        self._abort()
        return Failure("card_module.timeout")

    def _abort(self) -> None:
        """EOT until the module answers EOT; what else comes meanwhile is dropped. Still doubtful where it never answers."""
        self._doubtful = True
        self._events.clear()
        for _ in range(TRIES):
            self._control(Control.EOT)
            if self._await_control((Control.EOT,)) is not None:
                self._doubtful = False
                return

    def _control(self, control: Control) -> None:
        self._line.write(bytes((control,)))

    def _next_event(self, deadline: float) -> Event | None:
        while not self._events:
            inside = self._parser.inside_frame
            until = min(deadline, time.monotonic() + self._timings.gap_s) if inside else deadline
            data = self._line.read_some(codec.LONGEST_TEXT, until)
            if data:
                events = self._parser.feed(data)
            elif inside:
                events = self._parser.give_up_frame()
            else:
                return None
            good = any(isinstance(event, Positive | Negative) for event in events)
            self._events.extend(event for event in events if not (good and isinstance(event, Damaged)))
        return self._events.popleft()
