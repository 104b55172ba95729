"""What may be said: plain text, nothing in it that the synthesizer would take for a command.

espeak-ng 1.51 obeys three things inside a text: the character U+0001 begins a command (rate, voice, a sound file), `[[` begins phonemes, and `<`
begins SSML where it is asked to read markup (it is not asked here). An option's dash never reaches a command line: the text goes by standard input.
"""

import unicodedata

LONGEST = 2000
"""Characters. The longest page says some hundred at a time; a text beyond this is a mistake, and would keep the machine talking for minutes."""


def plain(text: str) -> str | None:
    """The text with control characters and markup taken out; None where nothing is left to say, or too much."""
    if len(text) > LONGEST:
        return None
    kept = "".join(" " if unicodedata.category(each).startswith("C") else each for each in text)
    for mark in "[]<>&\\|":
        kept = kept.replace(mark, " ")
    kept = " ".join(kept.split())
    return kept if any(each.isalnum() for each in kept) else None
