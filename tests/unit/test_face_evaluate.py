"""Error rates against numbers worked out by hand, and the two face commands on real pictures."""

import itertools
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.cli import main
from kiosk.domain.failure import Failure
from kiosk.face.det_plot import SIZE_PX, det_plot
from kiosk.face.evaluation import (
    Distances,
    Evaluation,
    all_pairs,
    equal_error,
    evaluate,
    far,
    frr,
    none_of,
    spread,
    threshold_at,
)

from .face_pictures import ROOT

FACES = ROOT / "assets/faces"


def people(persons: int, each: int, apart: float, within: float, seed: int = 1) -> tuple[Distances, list[int]]:
    """Distances of points scattered around one centre for each person."""
    random = np.random.default_rng(seed)
    centres = np.repeat(random.normal(0, apart, (persons, 8)), each, axis=0)
    points = centres + random.normal(0, within, centres.shape)
    return np.linalg.norm(points[:, None] - points[None], axis=2), np.repeat(np.arange(persons), each).tolist()


# -- rates by hand


def test_rates_count_pairs_up_to_and_above_a_distance() -> None:
    four = np.array([0.1, 0.2, 0.3, 0.4])
    assert [far(four, at) for at in (0.05, 0.1, 0.25, 0.4, 9.0)] == [0, 0.25, 0.5, 1, 1]
    assert [frr(four, at) for at in (0.05, 0.1, 0.25, 0.4, 9.0)] == [1, 0.75, 0.5, 0, 0]


@pytest.mark.parametrize(
    ("genuine", "impostor", "rate", "at"),
    [
        ([0.1, 0.2, 0.3], [0.7, 0.8], 0.0, 0.3),  # nothing overlaps
        ([0.1, 0.2, 0.3, 0.6], [0.5, 0.7, 0.8, 0.9], 0.25, 0.5),  # one of four on either side
        ([0.5, 0.6], [0.1, 0.2], 1.0, 0.2),  # everything the wrong way round
        ([0.1, 0.6], [0.4, 0.8, 0.9], (1 / 2 + 1 / 3) / 2, 0.4),  # the rates jump past each other: 1/2 against 1/3, then 0
    ],
)
def test_the_equal_error_rate(genuine: list[float], impostor: list[float], rate: float, at: float) -> None:
    assert equal_error(np.array(genuine), np.array(impostor)) == (pytest.approx(rate), at)


def test_a_threshold_lets_no_more_impostors_through_than_its_rate() -> None:
    impostor = np.arange(1, 2001) / 1000
    assert far(impostor, threshold_at(impostor, 0.001)) == 0.001
    assert 0.002 < threshold_at(impostor, 0.001) < 0.003
    few = np.array([0.4, 0.5])
    assert far(few, threshold_at(few, 0.001)) == 0 and threshold_at(few, 0.001) == pytest.approx(0.4)
    assert threshold_at(few, 1.0) == 0.5


def test_equal_impostor_distances_are_all_kept_out() -> None:
    impostor = np.array([0.4] * 10 + [0.9] * 990)
    assert far(impostor, threshold_at(impostor, 0.001)) == 0


def test_none_of_so_many_shows_only_so_much() -> None:
    assert none_of(1) == pytest.approx(0.95)
    assert none_of(2995) < 0.001 < none_of(2990)
    assert none_of(1000) == pytest.approx(3 / 1000, rel=0.01)  # the rule of three


def test_a_spread_by_hand() -> None:
    found = spread(np.array([0.2, 0.4]))
    assert (found.n, found.mean, found.percentiles[50]) == (2, pytest.approx(0.3), pytest.approx(0.3))
    assert found.sd == pytest.approx(math.sqrt(0.02))
    assert spread(np.array([0.2])).sd is None


def test_pairs_are_counted_once_and_belong_to_their_people() -> None:
    matrix = np.arange(16, dtype=float).reshape(4, 4)
    pairs = all_pairs(matrix, [0, 0, 1, 2])
    assert pairs.genuine.tolist() == [1]
    assert sorted(pairs.impostor.tolist()) == [2, 3, 6, 7, 11]


# -- whole evaluations


def test_people_far_apart_have_no_errors_and_the_interval_says_how_little_that_is() -> None:
    found = evaluate(*people(6, 3, 10, 0.01))
    assert isinstance(found, Evaluation)
    assert (found.persons, found.pictures, found.genuine.n, found.impostor.n) == (6, 18, 18, 135)
    assert found.eer.value == found.eer.low == 0
    assert found.eer.high == pytest.approx(none_of(6))
    assert found.bands is None and found.none_of_n == pytest.approx(none_of(135))


def test_bands_are_suggested_where_the_pairs_can_show_them() -> None:
    matrix, persons = people(40, 2, 1, 0.15)
    found = evaluate(matrix, persons)
    assert isinstance(found, Evaluation) and found.bands is not None
    match, retry = found.bands
    impostor = np.sort(all_pairs(matrix, persons).impostor)
    assert far(impostor, match) == 0 and far(impostor, retry) <= 0.001 and match <= retry
    assert match == math.floor(impostor[0] * 100) / 100
    assert found.none_of_n < 0.001


def test_the_interval_holds_the_rate_and_is_wider_for_fewer_people() -> None:
    few, many = (evaluate(*people(persons, 4, 1, 0.7)) for persons in (8, 40))
    assert isinstance(few, Evaluation) and isinstance(many, Evaluation)
    for found in (few, many):
        assert 0 < found.eer.low <= found.eer.value <= found.eer.high
        assert found.frr_at_far.low <= found.frr_at_far.value <= found.frr_at_far.high
    assert few.eer.high - few.eer.low > many.eer.high - many.eer.low


def test_one_person_who_is_never_recognised_is_drawn_or_not() -> None:
    matrix, persons = np.full((8, 8), 1.0), np.repeat(np.arange(4), 2).tolist()
    for first in range(0, 8, 2):
        matrix[first, first + 1] = 2.0 if first == 0 else 0.1
    found = evaluate(matrix, persons)
    assert isinstance(found, Evaluation)
    assert (found.frr_at_far.value, found.frr_at_far.low) == (0.25, 0)
    assert 0.5 <= found.frr_at_far.high < 1


def test_the_same_data_gives_the_same_interval() -> None:
    assert evaluate(*people(8, 3, 1, 0.6)) == evaluate(*people(8, 3, 1, 0.6))


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    truth = evaluate(*people(150, 4, 1, 0.6, seed=99))
    assert isinstance(truth, Evaluation)
    hits = 0
    for seed in range(12):
        found = evaluate(*people(20, 4, 1, 0.6, seed=seed))
        assert isinstance(found, Evaluation)
        hits += found.eer.low <= truth.eer.value <= found.eer.high
    assert hits >= 10


@pytest.mark.parametrize("persons", [[], [0], [0, 0, 0], [0, 0, 1, 1], [0, 1, 2, 3], [0, 0, 1, 2]])
def test_too_few_people_or_pictures_are_told(persons: list[int]) -> None:
    found = evaluate(np.zeros((len(persons), len(persons))), persons)
    assert isinstance(found, Failure) and found.code == "evaluation.too_few"


@pytest.mark.parametrize(("apart", "within"), [(1, 0.6), (10, 0.01)], ids=["a curve", "no errors"])
def test_the_plot_is_drawn(apart: float, within: float) -> None:
    matrix, persons = people(20, 4, apart, within)
    found = evaluate(matrix, persons)
    assert isinstance(found, Evaluation)
    pairs = all_pairs(matrix, persons)
    image = det_plot(np.sort(pairs.genuine), np.sort(pairs.impostor), found)
    assert image.size == (SIZE_PX, SIZE_PX)
    colours = {colour for _, colour in image.getcolors(SIZE_PX**2) or []}
    assert (0x12, 0x37, 0x6B) in colours and (0x7A, 0x00, 0x12) in colours


# -- the commands

PEOPLE = {
    "one": ["obama.jpg", "obama2.jpg", "obama3_portrait.jpg"],
    "two": ["biden.jpg", "biden_portrait.jpg"],
    "three": ["takeo.jpg", "group.jpg"],
    "four": ["pair1.jpg"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for person, files in PEOPLE.items():
        (tmp_path / "people" / person).mkdir(parents=True)
        for file in files:
            shutil.copy(FACES / file, tmp_path / "people" / person / file)
    shutil.copy(FACES / "takeo.jpg", tmp_path / "people/three/takeo_again.jpg")
    (tmp_path / "people/four/notes.txt").write_text("no picture")
    (tmp_path / "people/.hidden").mkdir()
    (tmp_path / "people/loose.jpg").write_bytes(b"")
    return tmp_path


def test_a_folder_of_people_is_evaluated(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["face", "evaluate", str(folder / "people"), "--out", str(folder / "out"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["persons"], found["genuine"]["n"]) == (4, 4)
    assert found["impostor"]["n"] == math.comb(found["pictures"], 2) - 4
    assert found["genuine"]["percentiles"]["50"] < 0.5 < found["impostor"]["percentiles"]["50"]
    assert found["eer"]["value"] < found["eer"]["high"]
    assert found["suggested"] is None and not found["none_of_n"]["shows_far_0_1_percent"]
    codes = {row["file"]: row["code"] for row in found["unused"]}
    assert codes["three/group.jpg"] == "picture.several_faces"
    assert codes["four/notes.txt"] == "picture.not_a_picture"
    assert codes["three/takeo_again.jpg"] == "picture.twice"
    assert Path(found["plot"]).read_bytes().startswith(b"\x89PNG")


def test_the_evaluation_is_also_told_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["face", "evaluate", str(folder / "people")]) == 0
    text = capsys.readouterr().out
    assert "4 people" in text and "no bands are suggested" in text and "not used: three/group.jpg: picture.several_faces" in text


def test_two_people_are_too_few(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for person in ("three", "four"):
        shutil.rmtree(folder / "people" / person)
    assert main(["face", "evaluate", str(folder / "people"), "--json"]) == 2
    failure = json.loads(capsys.readouterr().out)["failure"]
    assert failure["code"] == "evaluation.too_few" and "2" in failure["text"]["en"]


def test_too_many_pictures_are_not_begun(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("kiosk.commands.face.MOST_PICTURES", 3)
    assert main(["face", "evaluate", str(folder / "people"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["failure"]["code"] == "evaluation.too_many"


@pytest.mark.parametrize(
    ("one", "other", "band"),
    [("obama.jpg", "obama2.jpg", "match"), ("obama.jpg", "biden.jpg", "no_match"), ("obama2.jpg", "obama3_portrait.jpg", "match")],
)
def test_two_pictures_are_compared(one: str, other: str, band: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["face", "compare", str(FACES / one), str(FACES / other), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["band"] == band and len(found["model_sha256"]) == 64 and found["ms"] > 0
    assert [row["file"] for row in found["quality"]] == [str(FACES / one), str(FACES / other)]
    assert all(set(row) == {"file", "verdict", "failing"} for row in found["quality"])


def test_a_picture_is_the_same_as_itself_and_either_order_gives_one_distance(capsys: pytest.CaptureFixture[str]) -> None:
    apart = {}
    for one, other in itertools.product(("obama.jpg", "takeo.jpg"), repeat=2):  # the second has no colours
        assert main(["face", "compare", str(FACES / one), str(FACES / other), "--json"]) == 0
        apart[one, other] = json.loads(capsys.readouterr().out)["distance"]
    assert apart["obama.jpg", "obama.jpg"] == apart["takeo.jpg", "takeo.jpg"] == 0
    assert apart["obama.jpg", "takeo.jpg"] == apart["takeo.jpg", "obama.jpg"] > 0.6
