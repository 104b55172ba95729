"""Photo decoder plug-in for the simulated reader: reads only blocks that carry the simulation's own mark, never a real card's."""

NAME = "simulated"
_MARK = b"SIMPHOTO"


def decode(raw: bytes) -> bytes | None:
    """The JPEG inside a marked block (mark, two-byte length, JPEG), None for any other block."""
    if raw[: len(_MARK)] != _MARK:
        return None
    start = len(_MARK) + 2
    length = int.from_bytes(raw[len(_MARK) : start])
    image = raw[start : start + length]
    return image if len(image) == length and image.startswith(b"\xff\xd8") else None
