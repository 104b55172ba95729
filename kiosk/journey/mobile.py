"""Typing the number of a mobile phone: what Phone and Contact have in common."""

from kiosk.domain.contact import MOBILE_LENGTH
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.page import digit_keys, primary, secondary
from kiosk.view import Answer, KeypadBody, Message


def typed(number: Sensitive[str], touch: str) -> Sensitive[str]:
    """The number after one more touch; any other touch leaves it as it was."""
    digits = number.reveal()
    if touch.startswith("digit:") and len(digits) < MOBILE_LENGTH:
        return Sensitive(digits + touch.removeprefix("digit:"))
    if touch == "erase":
        return Sensitive(digits[:-1])
    return number


def keypad(number: Sensitive[str], sentence: str) -> KeypadBody:
    """Only the beginning and the digit typed last are shown: whoever stands behind does not read it off."""
    digits = number.reveal()
    shown = "".join(digit if index < 3 or index >= len(digits) - 1 else "*" for index, digit in enumerate(digits))
    return KeypadBody(shown, MOBILE_LENGTH, Message(sentence))


def keypad_answers(number: Sensitive[str]) -> tuple[Answer, ...]:
    digits = number.reveal()
    actions = (primary("next", "journey.phone.next", len(digits) == MOBILE_LENGTH), secondary("skip", "journey.phone.skip"))
    return (*digit_keys(bool(digits)), *actions)
