"""The Creator CRT-591-M motorised card module (RS-232, 57600 8N1): gate, RF position, hand-over, retain bin."""

from collections.abc import Mapping

from drivers.card_module import codec
from drivers.card_module.codec import Command, Negative, Positive
from drivers.card_module.faults import NOT_INITIALISED, failure_of
from drivers.card_module.link import Link, Timings
from drivers.card_module.rf import RfChannel
from drivers.contract.card_module import ApduChannel, CardModuleStatus, CardPosition
from drivers.contract.failure import Failure
from drivers.contract.status import Device, Media, Report, Supply

POSITIONS: Mapping[int, CardPosition] = {0x30: CardPosition.NONE, 0x31: CardPosition.GATE, 0x32: CardPosition.READER}
STACKER: Mapping[int, Supply] = {0x30: Supply.OUT, 0x31: Supply.LOW, 0x32: Supply.OK}
BIN: Mapping[int, Supply] = {0x30: Supply.OK, 0x31: Supply.FULL}

LEFT_THE_READER = frozenset({CardPosition.NONE, CardPosition.BETWEEN})


class Crt591m:
    """`drivers.contract.card_module.CardModule`. Blocking; one thread at a time.

    Where the card is, is always asked, never remembered. A position that cannot be asked is a failure.
    """

    def __init__(self, port: str, address: int = 0, timings: Timings | None = None) -> None:
        """port: `/dev/ttyS0?baud=57600`. address: the module's DIP switch, 0–15. Raises ValueError for a malformed port."""
        self._timings = timings or Timings()
        self._link = Link(port, address, self._timings)
        self._not_open = Failure("card_module.port_lost", detail={"port": port})
        self._firmware: str | None = None
        self._entry_allowed = False

    def open(self) -> Failure | None:
        failure = self._link.open()
        if failure:
            self._not_open = failure
            return failure
        self._not_open = Failure("card_module.port_lost", detail=self._not_open.detail)
        return self.initialise()

    def close(self) -> None:
        self._link.close()

    def initialise(self) -> Failure | None:
        """Clears errors without moving a card, asks where the card is, and refuses entry."""
        self._entry_allowed = False
        failure = self._initialise()
        if failure:
            return failure
        state = self.sense()
        return state if isinstance(state, Failure) else self.refuse_entry()

    def status(self) -> Report:
        state = self.sense()
        if isinstance(state, Failure):
            jammed = state.code == "card_module.jam"
            return Report("card_module", _device_word(state), Media.JAMMED if jammed else Media.UNKNOWN, firmware=self._firmware, fault=state)
        media = Media.NOT_PRESENT if state.position is CardPosition.NONE else Media.PRESENT
        return Report("card_module", Device.ONLINE, media, {"bin": state.bin}, self._firmware)

    def sense(self) -> CardModuleStatus | Failure:
        answer = self._run(codec.STATUS, self._timings.query_s)
        if isinstance(answer, Failure):
            return answer
        position = POSITIONS.get(answer.status[0])
        if position is None:
            return Failure("card_module.status_unclear", answer.status[0])
        if position is CardPosition.NONE:
            covered = self._sensors_covered()
            if isinstance(covered, Failure):
                return covered
            if covered:
                position = CardPosition.BETWEEN
        return CardModuleStatus(position, BIN.get(answer.status[2], Supply.UNKNOWN), STACKER.get(answer.status[1], Supply.UNKNOWN))

    def _sensors_covered(self) -> bool | Failure:
        """Whether any sensor of the way sees a card: st0 says "none" for a card that stands between two positions too."""
        answer = self._run(codec.SENSORS, self._timings.query_s)
        if isinstance(answer, Failure):
            older_model = answer.code in ("card_module.command_unknown", "card_module.parameter", "card_module.unsupported")
            return False if older_model else answer
        return b"1" in answer.data

    def allow_entry(self) -> Failure | None:
        return self._set_entry(codec.ALLOW_ENTRY, True)

    def refuse_entry(self) -> Failure | None:
        return self._set_entry(codec.REFUSE_ENTRY, False)

    def _set_entry(self, command: Command, allowed: bool) -> Failure | None:
        self._entry_allowed = allowed
        answer = self._run(command, self._timings.query_s)
        return answer if isinstance(answer, Failure) else None

    def move_to_reader(self, fetch: bool = False) -> Failure | None:
        return self._move(codec.MOVE_TO_READER, frozenset({CardPosition.READER}), fetch)

    def hand_over(self) -> Failure | None:
        """Success means that the card has left the reader; whether the printer has it, the printer says."""
        return self._move(codec.MOVE_TO_HOLD, LEFT_THE_READER)

    def eject(self) -> Failure | None:
        return self._move(codec.MOVE_TO_GATE, frozenset({CardPosition.GATE}))

    def retain(self) -> Failure | None:
        """Success means that no sensor sees the card any more and that the bin's counter went on."""
        state = self.sense()
        if isinstance(state, Failure):
            return state
        if state.bin is Supply.FULL:
            return Failure("card_module.bin_full")
        before = self.bin_count()
        if isinstance(before, Failure):
            return before
        failure = self._move(codec.MOVE_TO_BIN, frozenset({CardPosition.NONE}))
        if failure:
            return failure
        after = self.bin_count()
        if isinstance(after, Failure):
            return after
        # the counter stops at 999
        return Failure("card_module.not_moved", detail={"position": "unknown"}) if after == before < 999 else None

    def bin_count(self) -> int | Failure:
        """Cards in the retain bin since its counter was set to zero, 0–999."""
        answer = self._run(codec.BIN_COUNT, self._timings.query_s)
        if isinstance(answer, Failure):
            return answer
        if len(answer.data) != 3 or not answer.data.isdigit():
            return Failure("card_module.status_unclear")
        return int(answer.data)

    def apdu_channel(self) -> ApduChannel:
        return RfChannel(self._run, self._timings.apdu_s)

    def _move(self, command: Command, wanted: frozenset[CardPosition], fetch: bool = False, again: bool = True) -> Failure | None:
        """No move is sent without a card (the module would dispense one from its stacker) or to where the card already is."""
        state = self.sense()
        if isinstance(state, Failure):
            return state
        if state.position is CardPosition.NONE and not fetch:
            return Failure("card_module.no_card")
        if state.position in wanted and state.position is not CardPosition.NONE:
            return None
        answer = self._exchange(command, self._timings.move_s)
        if again and isinstance(answer, Failure) and answer.device_code == NOT_INITIALISED:
            # it lost its power since the look: looking again initialises it, and says whether there is still a card to move
            return self._move(command, wanted, fetch, again=False)
        after = self.sense()
        if isinstance(after, Failure):
            return _with_position(answer if isinstance(answer, Failure) else after, "unknown")
        if isinstance(answer, Failure) and answer.device_code is not None:
            return _with_position(answer, after.position.value)
        if after.position in wanted:  # a lost answer is no failure where the card is seen to have arrived
            return None
        return _with_position(answer if isinstance(answer, Failure) else Failure("card_module.not_moved"), after.position.value)

    def _run(self, command: Command, answer_s: float, data: bytes = b"") -> Positive | Failure:
        """One command; a module that was powered off meanwhile is initialised once and asked again."""
        answer = self._exchange(command, answer_s, data)
        if not isinstance(answer, Failure) or answer.device_code != NOT_INITIALISED:
            return answer
        failure = self._initialise()
        if failure:
            return failure
        if self._entry_allowed and command not in (codec.ALLOW_ENTRY, codec.REFUSE_ENTRY):
            self._exchange(codec.ALLOW_ENTRY, self._timings.query_s)  # initialising has just refused it
        return self._exchange(command, answer_s, data)

    def _initialise(self) -> Failure | None:
        answer = self._exchange(codec.INITIALISE, self._timings.move_s)
        if isinstance(answer, Failure):
            return answer
        self._firmware = answer.data.decode("ascii", "replace").strip("\0 ") or None
        return None

    def _exchange(self, command: Command, answer_s: float, data: bytes = b"") -> Positive | Failure:
        if not self._link.is_open:
            return self._not_open
        answer = self._link.exchange(command, data, answer_s)
        return failure_of(answer.code) if isinstance(answer, Negative) else answer


def _with_position(failure: Failure, position: str) -> Failure:
    return Failure(failure.code, failure.device_code, {**failure.detail, "position": position})


def _device_word(failure: Failure) -> Device:
    match failure.code:
        case "card_module.port_absent":
            return Device.NO_DEVICE
        case "card_module.port_lost" | "card_module.silent" | "card_module.timeout" | "card_module.garbled":
            return Device.OFFLINE
        case _:
            return Device.HARDWARE_ERROR
