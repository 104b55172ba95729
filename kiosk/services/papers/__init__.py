"""The papers: the receipt on the roll and as PDF, the window ticket, and the slip for the hall's staff."""

from kiosk.services.papers.data import IssuedLine, ReceiptData, SlipData, SlipLine, TicketData
from kiosk.services.papers.measures import FontMissing
from kiosk.services.papers.papers import Papers

__all__ = ["FontMissing", "IssuedLine", "Papers", "ReceiptData", "SlipData", "SlipLine", "TicketData"]
