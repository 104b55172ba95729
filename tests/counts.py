"""What the tests measured, carried from whichever process measured it to the end of the run, and printed there.

A green proof that looked at nothing proves nothing: so every walk over the screens says how much it looked at, and how much there is.
"""

from collections.abc import Callable, Iterable, Iterator

HEAD = "counted "


def count(record_property: Callable[[str, object], None], topic: str, **numbers: int | tuple[int, int]) -> None:
    """Adds to the topic's numbers; a pair is a number and how many there are in all."""
    record_property(HEAD + topic, numbers)


def lines(properties: Iterable[tuple[str, object]]) -> Iterator[str]:
    """A line for each topic: sums over all tests."""
    sums: dict[str, dict[str, int]] = {}
    whole: dict[tuple[str, str], int] = {}
    for name, numbers in properties:
        if not name.startswith(HEAD) or not isinstance(numbers, dict):
            continue
        topic = sums.setdefault(name.removeprefix(HEAD), {})
        for what, number in numbers.items():
            if isinstance(number, tuple | list):
                number, whole[name.removeprefix(HEAD), what] = number
            topic[what] = topic.get(what, 0) + number
    for name, topic in sorted(sums.items()):
        said = [f"{number:,} {_out_of(whole.get((name, what)))}{what.replace('_', ' ')}" for what, number in topic.items()]
        yield f"{name}: {', '.join(said)}"


def _out_of(whole: int | None) -> str:
    return "" if whole is None else f"of {whole:,} "
