"""Draws the papers and sends them to the receipt printer."""

import asyncio
from collections.abc import Callable
from functools import partial

from drivers.contract.bitmap import Bitmap
from drivers.contract.receipt_printer import ReceiptPrinter
from kiosk.config import Machine, assets_directory
from kiosk.domain.failure import Failure
from kiosk.health.desk import DeviceDesk
from kiosk.i18n import Catalogue
from kiosk.services.papers import contents, page, roll
from kiosk.services.papers.data import ReceiptData, SlipData, TicketData
from kiosk.services.papers.measures import FontMissing, load_measures
from kiosk.services.papers.wording import Words

PRINT_DEADLINE_S = 90.0  # 160 kB take 42 s at 38400 baud, and the slowest printer half a minute for the longest paper

STAFF_LANGUAGE = "zh-Hans"


class Papers:
    """`language` is one of zh-Hans, zh-Hant, en. Drawing blocks for some hundredths of a second; `print_…` draw in a thread of their own."""

    def __init__(self, desk: DeviceDesk, catalogue: Catalogue, machine: Machine, simulated: bool) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._machine = machine
        self._simulated = simulated
        self._measures = load_measures(assets_directory())

    def receipt_picture(self, data: ReceiptData, language: str) -> Bitmap:
        """The receipt for the roll. Raises FontMissing (a FileNotFoundError)."""
        return roll.draw(contents.receipt(data, self._words(language), self._machine, self._simulated), self._measures, language)

    def ticket_picture(self, data: TicketData, language: str) -> Bitmap:
        """The window ticket for the roll. Raises FontMissing (a FileNotFoundError)."""
        return roll.draw(contents.ticket(data, self._words(language), self._machine, self._simulated), self._measures, language)

    def slip_picture(self, data: SlipData, language: str) -> Bitmap:
        """The staff's slip for the roll. Raises FontMissing (a FileNotFoundError)."""
        return roll.draw(contents.slip(data, self._words(language), self._machine, self._simulated), self._measures, language)

    def receipt_pdf(self, data: ReceiptData, language: str) -> bytes:
        """The receipt as one A5 page, the same bytes for the same receipt. Raises FontMissing (a FileNotFoundError)."""
        return page.draw(contents.receipt(data, self._words(language), self._machine, self._simulated), self._measures, language)

    def receipt_code(self, data: ReceiptData) -> str:
        """The receipt as the text of a QR, for the traveller's phone: nothing in it is personal data."""
        return contents.receipt_code(data, self._simulated)

    async def print_receipt(self, data: ReceiptData, language: str) -> Failure | None:
        """None once the printer said it is done; else `papers.font_missing` or the printer's own failure: the paper may be absent or incomplete."""
        return await self._print(partial(self.receipt_picture, data, language))

    async def print_ticket(self, data: TicketData, language: str) -> Failure | None:
        """As `print_receipt`."""
        return await self._print(partial(self.ticket_picture, data, language))

    async def print_slip(self, data: SlipData) -> Failure | None:
        """As `print_receipt`; for the hall's staff, in their language."""
        return await self._print(partial(self.slip_picture, data, STAFF_LANGUAGE))

    async def _print(self, drawing: Callable[[], Bitmap]) -> Failure | None:
        try:
            picture = await asyncio.to_thread(drawing)
        except FontMissing as missing:
            return Failure("papers.font_missing", detail={"font": str(missing)})
        printer: ReceiptPrinter = self._desk.get("receipt_printer")
        return await self._desk.call("receipt_printer", partial(printer.print_picture, picture), PRINT_DEADLINE_S)

    def _words(self, language: str) -> Words:
        return Words(self._catalogue, self._machine, language)
