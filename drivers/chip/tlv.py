"""BER-TLV as the chip's files and answers use it: definite lengths, tags of one or two bytes."""

from collections.abc import Iterator


class Malformed(Exception):
    """Data from the chip that is not what its format promises. Never leaves the chip room: the reader makes it `chip.unreadable`."""


def head(data: bytes, offset: int = 0) -> tuple[int, int, int]:
    """Tag, length of the value, and where the value begins. Raises Malformed; lengths beyond 65535 are refused as forged."""
    if offset >= len(data):
        raise Malformed("no tag")
    tag = data[offset]
    offset += 1
    if tag & 0x1F == 0x1F:
        if offset >= len(data) or data[offset] & 0x80:
            raise Malformed("tag longer than two bytes")
        tag = tag << 8 | data[offset]
        offset += 1
    if offset >= len(data):
        raise Malformed("no length")
    length = data[offset]
    offset += 1
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 2 or offset + count > len(data):
            raise Malformed("length field")
        length = int.from_bytes(data[offset : offset + count], "big")
        offset += count
    return tag, length, offset


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every (tag, value) of one level. Raises Malformed where a value reaches beyond the data."""
    offset = 0
    while offset < len(data):
        tag, length, start = head(data, offset)
        offset = start + length
        if offset > len(data):
            raise Malformed("value longer than the data")
        yield tag, data[start:offset]


def only(data: bytes, tag: int) -> bytes:
    """The value of the first item with this tag. Raises Malformed where there is none."""
    for found, value in items(data):
        if found == tag:
            return value
    raise Malformed(f"no {tag:X}")


def optional(data: bytes, tag: int) -> bytes | None:
    return next((value for found, value in items(data) if found == tag), None)


def encode(tag: int, value: bytes) -> bytes:
    """One item with a tag of one byte and the shortest length, below 65536."""
    size = len(value)
    if size < 0x80:
        length = bytes((size,))
    elif size < 0x100:
        length = bytes((0x81, size))
    else:
        length = b"\x82" + size.to_bytes(2, "big")
    return bytes((tag,)) + length + value
