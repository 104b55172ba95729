"""The papers: the receipt on the roll and as PDF, and the window ticket."""

from kiosk.services.papers.data import IssuedLine, ReceiptData, TicketData
from kiosk.services.papers.measures import FontMissing
from kiosk.services.papers.papers import Papers

__all__ = ["FontMissing", "IssuedLine", "Papers", "ReceiptData", "TicketData"]
