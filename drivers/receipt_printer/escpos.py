"""Receipt printer that speaks ESC/POS on a serial line: a picture is sent in bands, fed and cut, with the status asked before, between and after."""

import time

from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure
from drivers.contract.receipt_printer import WIDTH_DOTS, ReceiptPrinterStatus
from drivers.contract.status import Device, Media, Report, Supply
from drivers.receipt_printer import codec
from drivers.transport.failures import cannot_open, went_away
from drivers.transport.serial import PortLost, SerialLine

_FAMILY = "receipt_printer"
_DEFAULT_BAUD = 115200

_STATUS_ANSWER_S = 0.5
_CHUNK_BYTES = 1024  # one write must fit the line's write time-out at any baud rate
_FEED_TO_CUT_DOTS = 24
_LARGEST_BAND_BYTES = 8 + codec.BAND_ROWS * WIDTH_DOTS // 8
_SLOWEST_ROWS_PER_S = 400  # 50 mm/s at 8 dots a millimetre
_CUT_S = 3.0
_LOOK_S = 0.25  # how often the status is asked while the printer works


class EscposPrinter:
    """`port` is a serial path with an optional `?baud=`. All calls block; one thread at a time."""

    def __init__(self, port: str) -> None:
        """Raises ValueError for a baud rate that is none."""
        self._line = SerialLine(port, _DEFAULT_BAUD)
        self._in_step = False  # whether the last print ended well, so that the printer is at the beginning of a command
        self._unfinished = False  # whether a print of this driver failed and half a paper may hang in the printer
        self._owed = 0  # answers to GS r that are still to come: only the last one says that the present paper is done

    def open(self) -> Failure | None:
        """Opens the port and drops what lies in it. Whether the printer answers is the status's business: some never do."""
        self._line.close()
        return self._opened()

    def close(self) -> None:
        self._line.close()

    def status(self) -> Report:
        sensed = self.sense()
        if isinstance(sensed, Failure):
            device = Device.NO_DEVICE if sensed.code.endswith("port_absent") else Device.OFFLINE
            return Report(_FAMILY, device, Media.UNKNOWN, {"paper": Supply.UNKNOWN}, fault=sensed)
        if sensed.fault is None:
            device = Device.ONLINE
        else:
            reason = sensed.fault.code.partition(".")[2]
            device = Device.HARDWARE_ERROR if reason in ("cutter", "jam", "hardware") else Device.OFFLINE
        media = Media.JAMMED if sensed.fault is not None and sensed.fault.code.endswith(".jam") else Media.UNKNOWN
        return Report(_FAMILY, device, media, {"paper": sensed.paper}, fault=sensed.fault)

    def sense(self) -> ReceiptPrinterStatus | Failure:
        """Asks the four real-time statuses. Silence is a status of its own; a Failure is only a port that is gone."""
        failure = self._opened()
        if failure is not None:
            return failure
        try:
            return self._sense()
        except PortLost:
            return went_away(_FAMILY, self._line.path)

    def print_picture(self, picture: Bitmap) -> Failure | None:
        """Asks the status, prints the raster, feeds, cuts, asks again. Nothing is sent to a printer that is silent, without paper or open.

        A failure means that the paper may be incomplete or absent. Blocks until the printer says it is done, at most for as long as the slowest
        printer takes. Raises ValueError for a picture wider than the paper.
        """
        if picture.width > WIDTH_DOTS:
            raise ValueError(f"wider than {WIDTH_DOTS} dots")
        failure = self._opened()
        if failure is not None:
            return failure
        try:
            return self._print(picture)
        except PortLost:
            return went_away(_FAMILY, self._line.path)

    def _opened(self) -> Failure | None:
        if self._line.is_open:
            return None
        try:
            self._line.open()
            self._line.flush_input()
            self._in_step, self._owed = False, 0
        except PortLost as lost:
            return cannot_open(_FAMILY, self._line.path, lost)
        return None

    def _sense(self) -> ReceiptPrinterStatus:
        # asked twice: a printer that waits for the rest of a cut-off picture hears a request only after a pause
        printer = self._ask(codec.PRINTER) or self._ask(codec.PRINTER)
        if printer is None:  # three more time-outs would say nothing new
            return codec.judged(codec.StatusBytes(None, None, None, None))
        offline, error, paper = (self._ask(subject) for subject in (codec.OFFLINE_CAUSE, codec.ERROR_CAUSE, codec.PAPER))
        return codec.judged(codec.StatusBytes(printer, offline, error, paper))

    def _ask(self, subject: int) -> int | None:
        """One real-time status byte; bytes without its fixed bits are noise or answers to something else."""
        self._line.flush_input()
        self._line.write(codec.status_request(subject))
        return self._answer(time.monotonic() + _STATUS_ANSWER_S)

    def _answer(self, deadline: float) -> int | None:
        while data := self._line.read_some(1, deadline):
            if codec.is_status(data[0]):
                return data[0]
        return None

    def _trouble(self) -> Failure | None:
        """Why nothing may be sent now. Paper that is not known is not there."""
        sensed = self._sense()
        if sensed.fault is not None:
            return sensed.fault
        return Failure(f"{_FAMILY}.paper_unknown") if sensed.paper is Supply.UNKNOWN else None

    def _print(self, picture: Bitmap) -> Failure | None:
        trouble = self._trouble()
        if trouble is not None:
            return trouble
        if not self._in_step:
            self._clear_the_way()
        self._in_step, self._unfinished = False, True
        self._line.write(codec.INITIALISE)
        trouble = self._print_bands(picture) or self._wait_until_done(picture.height)
        if trouble is None:
            self._in_step, self._unfinished, self._owed = True, False, 0
        return trouble

    def _clear_the_way(self) -> None:
        """Brings the printer to the beginning of a command and of a paper.

        A printer whose last picture was cut off (a killed program, a pulled cable) takes what comes next for the rest of it: it does not answer
        GS r, gets zeros until any picture is complete, and what hangs out is cut off, because it may be somebody else's.
        """
        self._ask_order()
        answered = self._order_answered(time.monotonic() + _STATUS_ANSWER_S)
        if not answered:
            self._send(bytes(_LARGEST_BAND_BYTES))
        if self._unfinished or not answered:
            self._line.write(codec.INITIALISE + codec.feed_and_cut(_FEED_TO_CUT_DOTS))

    def _print_bands(self, picture: Bitmap) -> Failure | None:
        for band in codec.raster_bands(picture):
            self._send(band)
            trouble = self._trouble()  # only here: within a band the request would be taken for dots
            if trouble is not None:
                return trouble
        self._line.write(codec.feed_and_cut(_FEED_TO_CUT_DOTS))
        return None

    def _send(self, data: bytes) -> None:
        for at in range(0, len(data), _CHUNK_BYTES):
            self._line.write(data[at : at + _CHUNK_BYTES])

    def _wait_until_done(self, rows: int) -> Failure | None:
        """Waits for the answer that comes after the cut, looking at the status meanwhile.

        A printer that does not know GS r is given the time that the slowest one needs; then its status decides alone.
        """
        self._ask_order()
        end = time.monotonic() + rows / _SLOWEST_ROWS_PER_S + _CUT_S
        while time.monotonic() < end:
            if self._order_answered(min(time.monotonic() + _LOOK_S, end)):
                break
            self._line.write(codec.status_request(codec.PRINTER))
            answers = self._line.read_some(8, time.monotonic() + _STATUS_ANSWER_S)
            self._count_order_answers(answers)
            if not answers or any(codec.is_status(byte) and byte & 0x28 for byte in answers):
                break  # silent or offline: the full status says why
        return self._trouble()

    def _ask_order(self) -> None:
        self._owed += 1
        self._line.write(codec.order_request())

    def _order_answered(self, deadline: float) -> bool:
        """Whether every GS r is answered by then."""
        while self._owed > 0 and (data := self._line.read_some(1, deadline)):
            self._count_order_answers(data)
        return self._owed <= 0

    def _count_order_answers(self, data: bytes) -> None:
        self._owed = max(self._owed - sum(codec.is_order_answer(byte) for byte in data), 0)
