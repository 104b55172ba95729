"""Journeys that end with a printed endorsement."""

from pathlib import Path

from tests.e2e.conftest import Hall, completed

ORDINARY, KEPT = "C10200311", "C10213112"


def test_one_block_for_each_place_is_one_application_one_fee_and_one_card(hall: Hall, tmp_path: Path) -> None:
    document = completed(hall, hall.transact("ordinary", "HKG:G:1Y1,MAC:G:3M1", "--pay", "alipay", "--out", str(tmp_path / "out")))
    assert document["fee_fen"] == 3000 and document["payment"]["method"] == "alipay"
    assert hall.back(ORDINARY) == [("HKG", "G", "1Y1"), ("MAC", "G", "3M1")]
    assert hall.permit(ORDINARY)["rewrites"] == 3
    for name in document["artifacts"].values():
        assert (tmp_path / "out" / name).stat().st_size > 1000


def test_a_block_of_the_other_place_that_is_still_good_is_printed_again(hall: Hall) -> None:
    before = [row for row in hall.permit(KEPT)["back"] if row["destination"] == "MAC"]
    completed(hall, hall.transact("one-block-kept", "HKG:G:1Y1"))
    after = hall.permit(KEPT)["back"]
    assert [row for row in after if row["destination"] == "MAC"] == before
    assert len(after) == 2


def test_group_travel_for_a_resident_of_another_province(hall: Hall) -> None:
    assert completed(hall, hall.transact("group-only", "MAC:L:3M1"))["fee_fen"] == 1500


def test_multiple_business_travel_for_listed_staff(hall: Hall) -> None:
    assert completed(hall, hall.transact("business-listed", "HKG:S:1Y*"))["fee_fen"] == 8000
