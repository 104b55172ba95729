"""How words reach the view-models."""

from collections.abc import Callable

from kiosk.view import Message

Say = Callable[[Message], str]
FEN_PER_YUAN = 100
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def yuan(fen: int) -> str:
    """`¥15.00`; the same in all three languages."""
    return f"¥{fen // FEN_PER_YUAN}.{fen % FEN_PER_YUAN:02d}"


def opening_hours(text: str, say: Say) -> str:
    """The profile writes the hall's hours with English days (`Mon-Fri 09:00-17:00`); the page says them in its own language."""
    for day in DAYS:
        text = text.replace(day, say(Message(f"screen.day.{day.lower()}"))) if day in text else text
    return text
