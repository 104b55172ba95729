"""Personal data travels wrapped, so that no log, traceback or repr shows it by accident."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Sensitive(Generic[T]):
    """Holds one personal value; only `reveal()` gives it out, and equality compares what is inside."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Sensitive(***)"

    __str__ = __repr__


def masked_name(name: str) -> str:
    """`张三` → `*三`, `欧阳小明` → `***明`: the last character stays (GB/T 35273 style)."""
    return "*" * max(len(name) - 1, 1) + name[-1:] if len(name) > 1 else "*"


def masked_number(number: str, head: int = 3, tail: int = 4) -> str:
    """`440103199003071234` → `440***********1234`; a short number keeps its first and last two characters."""
    if len(number) < head + tail + 3:
        head = tail = 2
    return number[:head] + "*" * max(len(number) - head - tail, 1) + number[-tail:]


def masked_address(address: str, head: int = 6) -> str:
    """`广东省广州市天河区体育西路1号` → `广东省广州市*********`: the place stays, house and street go."""
    head = min(head, len(address) // 2)
    return address[:head] + "*" * (len(address) - head)
