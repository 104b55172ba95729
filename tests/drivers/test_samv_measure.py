"""The ground of the id-read benchmark: what is counted, and that the paced line is really waited for."""

from pathlib import Path

import pytest

from drivers.id_reader.measure import full_reads, wire_time_s


def test_a_byte_takes_ten_bits() -> None:
    assert wire_time_s(11520, 115200) == 1.0


def test_a_full_reading_counts_every_byte_both_ways_and_takes_at_least_their_time(tmp_path: Path) -> None:
    ((taken_s, wire_s),) = full_reads(tmp_path, 1)
    assert wire_s == pytest.approx(wire_time_s(4 * 10 + 15 + 19 + 2321 + 11, 115200))
    assert taken_s >= wire_s * 0.95
