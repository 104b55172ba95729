"""ESC/POS on the driver's side: the bytes of a picture, and what the status bytes say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure
from drivers.contract.status import Supply
from drivers.receipt_printer import codec
from drivers.receipt_printer.codec import StatusBytes, judged
from tests.golden import golden


def test_commands_are_the_golden_bytes() -> None:
    assert golden("escpos", "command.initialise") == codec.INITIALISE
    assert codec.feed_and_cut(0) == golden("escpos", "command.feed_and_cut_0")
    for subject, row in ((1, "printer"), (2, "offline"), (3, "error"), (4, "paper")):
        assert codec.status_request(subject) == golden("escpos", f"command.status_{row}")


def test_a_picture_goes_in_bands_of_at_most_255_rows_and_loses_no_row() -> None:
    rows = bytes(at % 251 for at in range(72 * 600))
    bands = list(codec.raster_bands(Bitmap(576, 600, rows)))
    assert [band[:8] for band in bands[:2]] == [golden("escpos", "command.raster_header_576_dots_255_rows")] * 2
    assert [int.from_bytes(band[6:8], "little") for band in bands] == [255, 255, 90]
    assert b"".join(band[8:] for band in bands) == rows
    narrow = next(codec.raster_bands(Bitmap(20, 2, bytes(6))))
    assert narrow[4:8] == b"\x03\x00\x02\x00"


def test_only_bytes_with_the_fixed_bits_are_a_status() -> None:
    golden_answers = ("normal", "printer_offline", "stopped_by_paper_end", "cover_open", "cutter_error", "paper_near_end", "paper_end")
    assert all(codec.is_status(golden("escpos", f"reply.{row}")[0]) for row in golden_answers)
    assert not any(codec.is_status(byte) for byte in (0x00, 0x10, 0x14, 0x0F, 0xFF, 0x92, 0x13))


@pytest.mark.parametrize(
    ("subject", "row", "reason", "paper"),
    [
        (1, "printer_offline", "offline", Supply.OK),
        (2, "cover_open", "cover_open", Supply.OK),
        (2, "stopped_by_paper_end", "paper_end", Supply.OK),
        (3, "cutter_error", "cutter", Supply.OK),
        (4, "paper_end", "paper_end", Supply.OUT),
        (4, "paper_near_end", None, Supply.LOW),
        (4, "normal", None, Supply.OK),
    ],
)
def test_status_bytes_in_words(subject: int, row: str, reason: str | None, paper: Supply) -> None:
    answers = [0x12, 0x12, 0x12, 0x12]
    answers[subject - 1] = golden("escpos", f"reply.{row}")[0]
    status = judged(StatusBytes(*answers))
    assert status.answered
    assert status.paper is paper
    assert status.fault == (Failure(f"receipt_printer.{reason}", answers[subject - 1]) if reason else None)


@pytest.mark.parametrize(("byte", "reason"), [(0x16, "jam"), (0x32, "hardware"), (0x52, "overheated")])
def test_error_causes(byte: int, reason: str) -> None:
    assert judged(StatusBytes(0x1A, 0x52, byte, 0x12)).fault == Failure(f"receipt_printer.{reason}", byte)


def test_silence_is_unknown_and_never_adequate() -> None:
    silent = judged(StatusBytes(None, None, None, None))
    assert (silent.answered, silent.paper, silent.cover_open) == (False, Supply.UNKNOWN, None)
    assert silent.fault == Failure("receipt_printer.silent")
    half = judged(StatusBytes(0x12, 0x12, 0x12, None))
    assert (half.answered, half.paper, half.fault) == (True, Supply.UNKNOWN, None)


@given(st.tuples(*[st.one_of(st.none(), st.integers(0, 255))] * 4))
def test_any_four_answers_are_judged(answers: tuple[int | None, int | None, int | None, int | None]) -> None:
    status = judged(StatusBytes(*answers))
    assert status.paper is not Supply.OK or answers[3] is not None
