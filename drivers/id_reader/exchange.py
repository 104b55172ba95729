"""One SAM-V command and its answer over a serial line."""

import time
from collections.abc import Callable
from enum import Enum

from drivers.id_reader.codec import Damage, Reply, Scanner, command
from drivers.transport.serial import SerialLine

GAP_S = 0.5  # an answer that pauses longer than this in its middle has ended
_LONGEST_ANSWER_S = 8.0  # the longest frame at 9600 baud takes 2.4 s; a line that babbles on is cut off
_MOST_BYTES = 16384


class Quiet(Enum):
    """Not one byte came back."""

    SILENT = "silent"


def exchange(line: SerialLine, code: tuple[int, int], wait_s: float, fits: Callable[[Reply], bool]) -> Reply | Damage | Quiet:
    """Drops what lies in the line, sends the command and waits up to `wait_s` for the first byte of its answer.

    An answer that does not fit the command belongs to an earlier one and is passed over. Raises PortLost.
    """
    line.flush_input()
    line.write(command(code))
    first_byte_until = time.monotonic() + wait_s
    end = first_byte_until + _LONGEST_ANSWER_S
    scanner = Scanner()
    while scanner.received < _MOST_BYTES:
        # mid-answer or after damage the next byte is due at once; after mere noise or a stale answer the real one may still be under way
        hurried = scanner.inside or scanner.damage is not None
        until = time.monotonic() + GAP_S if hurried else first_byte_until
        data = line.read_some(scanner.wanted, min(until, end))
        reply = scanner.feed(data) if data else scanner.line_went_quiet()
        while reply is not None:
            if fits(reply):
                return reply
            reply = scanner.feed(b"")
        if not data:
            break
    if not scanner.received:
        return Quiet.SILENT
    return scanner.damage or Damage.WRONG_LENGTH
