"""Sixty seeded sessions of the living and of each attack, with shorter waits: a part of `make liveness-matrix`, whose numbers are whole."""

import json
from pathlib import Path

import pytest

from drivers.camera.scenes import FaceScene
from kiosk.domain.failure import Failure
from kiosk.face.match import FaceMatcher
from kiosk.face.verdict import CUES, Band, Decision, Spent, Stage, Times
from tests.liveness.matrix import matrix, passed, wilson
from tests.liveness.sessions import ATTACKS, FACES, SWAPPED, hurried, picture, run, session_for

SESSIONS, BLOCKS = 60, 6
SEEDS = [range(block, SESSIONS, BLOCKS) for block in range(BLOCKS)]


@pytest.mark.parametrize("seeds", SEEDS)
def test_the_living_are_let_through_within_two_tries(seeds: range) -> None:
    """At most one of ten is not: the limit of all is the matrix's to judge."""
    refused = [(seed, ended.verdict) for seed in seeds if not passed("live", ended := hurried("live", seed))]
    assert len(refused) <= 1, refused


@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_passes_its_first_attempt(attack: str, seeds: range) -> None:
    """One attempt each; whole sessions with six are the matrix's."""
    assert [seed for seed in seeds if passed(attack, hurried(attack, seed, most_attempts=1))] == []


@pytest.mark.parametrize(("left_out", "attack"), [(Stage.TURN, "cut_eyes"), (Stage.BLINK, "mask"), (Stage.FLASH, "injected")])
def test_each_cue_keeps_out_an_attack_that_the_others_let_through(left_out: Stage, attack: str) -> None:
    rest = tuple(cue for cue in CUES if cue is not left_out)
    through = next((seed for seed in range(24) if passed(attack, run(attack, seed, rest, most_attempts=1))), None)
    assert through is not None, "this cue could be taken out and nobody would notice"
    assert not passed(attack, run(attack, through, most_attempts=1))


@pytest.mark.parametrize("stage", SWAPPED)
def test_who_was_compared_does_every_cue(stage: Stage) -> None:
    """Both are alive; somebody else steps in for one stage, in the same place and within a frame."""
    ended = [hurried("live", seed, most_attempts=1, within=(stage,)) for seed in range(4)]
    assert all(each.verdict is None for each in ended)
    assert "face.guidance.changed" in {each.trail[-1] for each in ended}


def test_it_is_the_comparison_that_keeps_out_who_is_swapped(monkeypatch: pytest.MonkeyPatch) -> None:
    through = [seed for seed in range(7) if passed("swapped", hurried("swapped", seed, most_attempts=1))]
    assert through == []
    monkeypatch.setattr(FaceMatcher, "same_face", lambda *_words: True)
    assert any(passed("swapped", hurried("swapped", seed, most_attempts=1)) for seed in range(7))


@pytest.mark.parametrize("scene", ["nobody", "two", "other"])
def test_who_is_not_alone_or_not_the_holder_is_not_let_through(scene: str) -> None:
    ended = hurried(scene, 3)
    assert ended.verdict is not None and ended.verdict.failure is not None
    wanted = {"nobody": "face.nobody", "two": "face.several", "other": "face.not_holder"}[scene]
    assert ended.verdict.failure.code == wanted


def test_a_room_that_outshines_the_light_ends_early_and_says_so() -> None:
    ended = run("live", 0, ambient=20.0)
    assert ended.verdict is not None and ended.verdict.failure is not None
    assert (ended.verdict.failure.code, len(ended.verdict.flaws)) == ("face.flash_unseen", 2)


def test_an_exposure_that_chases_the_light_is_refused() -> None:
    ended = run("live", 0, fault="auto_exposure")
    assert ended.verdict is not None and ended.verdict.failure is not None
    assert (ended.verdict.failure.code, len(ended.verdict.flaws)) == ("face.flash_exposure", 2)


@pytest.mark.parametrize("attack", ["print", "cut_eyes"])
def test_nor_does_it_make_paper_look_like_skin(attack: str) -> None:
    """Under the colours alone, so that no other cue helps."""
    assert [seed for seed in range(4) if passed(attack, hurried(attack, seed, cues=(Stage.FLASH,), most_attempts=1, fault="auto_exposure"))] == []


def test_nothing_of_the_person_is_left_in_an_ended_session() -> None:
    session = session_for(0)
    scene = FaceScene(640, 480, clock=lambda: 0.0, seed=0)
    scene.set("live", picture(FACES[0]))
    now = 0.0
    while len(session._good) < 2:
        session.see(scene.picture, now)
        now += 0.1
    kept, references = list(session._good), list(session.references)
    assert all(look.face_chip is not None and look.face_chip.any() for look in kept) and references[0].embedding.any()
    session.forget()
    assert not any(look.face_chip is not None and look.face_chip.any() for look in kept)
    assert not references[0].embedding.any()


@pytest.mark.parametrize(("unsure", "looks"), [(2, 3), (1, 6), (0, 9)])
def test_comparisons_that_were_unsure_before_count(monkeypatch: pytest.MonkeyPatch, unsure: int, looks: int) -> None:
    monkeypatch.setattr(FaceMatcher, "decide", lambda *_words: Decision(Band.RETRY, 0.55, "a" * 64))
    session = session_for(0)
    session.before, session.times = Spent(0, unsure), Times(again_s=0.0, frames=0)
    scene = FaceScene(640, 480, clock=lambda: 0.0, seed=0)
    scene.set("live", picture(FACES[0]))
    seen = 0
    while session.verdict is None and seen < 20:
        session.see(scene.picture, seen / 10)
        seen += 1
    assert session.verdict is not None and session.verdict.failure == Failure("face.unsure")
    assert seen == looks and session.verdict.spent == Spent(0, 3)


def test_a_matrix_that_was_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    """The line of seed 0 was written by another run, and tells what never happened; seed 1 is played."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text('["swapped", 0, true, "passed at try 1"]\n')
    [line] = matrix(["swapped"], 0, 2, 1, rows)
    assert (line.sessions, line.let_through, line.ok) == (2, 1, False)
    assert [row[:3] for row in map(json.loads, rows.read_text().splitlines())] == [["swapped", 0, True], ["swapped", 1, False]]
    assert matrix(["swapped"], 0, 2, 1, rows) == [line]


def test_the_intervals_are_wilsons() -> None:
    low, high = wilson(0, 600)
    assert low == 0.0 and abs(high - 0.00636) < 1e-4
    low, high = wilson(590, 600)
    assert abs(low - 0.9696) < 1e-3 and abs(high - 0.9909) < 1e-3
