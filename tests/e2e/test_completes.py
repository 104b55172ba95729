"""Journeys that end with a printed endorsement."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Hall, completed

ORDINARY, KEPT, TAIWAN = "C10200311", "C19230074", "L05518823"


def test_one_block_for_each_place_is_one_application_one_fee_and_one_card(hall: Hall, tmp_path: Path) -> None:
    document = completed(hall, hall.transact("ordinary", "HKG:G:1Y1,MAC:G:3M1", "--pay", "alipay", "--out", str(tmp_path / "out")))
    assert document["fee_fen"] == 3000 and document["payment"]["method"] == "alipay"
    assert hall.back(ORDINARY) == [("HKG", "G", "1Y1"), ("MAC", "G", "3M1")]
    assert hall.permit(ORDINARY)["rewrites"] == 3
    for name in document["artifacts"].values():
        assert (tmp_path / "out" / name).stat().st_size > 1000


@pytest.mark.long
def test_a_print_that_failed_is_made_again_and_keeps_the_block_of_the_other_place(hall: Hall) -> None:
    before = [row for row in hall.permit(KEPT)["back"] if row["destination"] == "MAC"]
    hall.control.put_fault("card_printer", "print", "half_print", 1)
    completed(hall, hall.transact("one-block-kept", "HKG:G:1Y1"))
    assert [row for row in hall.permit(KEPT)["back"] if row["destination"] == "MAC"] == before
    assert hall.back(KEPT) == [("HKG", "G", "1Y1"), ("MAC", "G", "1Y1")]


@pytest.mark.long
def test_an_order_whose_code_was_lost_on_the_way_is_paid_once_all_the_same(hall: Hall) -> None:
    """Group travel for a resident of another province."""
    hall.control.put_fault("wechat", "order", "lost_answer", 1)
    document = completed(hall, hall.transact("group-only", "MAC:L:3M1"))
    assert document["fee_fen"] == 1500
    assert {row["state"] for row in hall.rows("payments", document["case_id"])} <= {"closed", "paid"}


def test_kinmen_and_matsu_at_a_machine_in_fujian_even_without_receipt_paper(hall: Hall) -> None:
    hall.control.put_fault("receipt_printer", "status", "paper_end", 0)
    completed(hall, hall.transact("taiwan-fujian", "TWN:G:6M1", "--at", "350200"))
    assert hall.back(TAIWAN) == [("TWN", "G", "6M1")]
