"""`kiosk staff` with wrong words is refused before any machine is opened."""

import json

import pytest

from kiosk.cli import main

CASE = "2611221015ABCDEF"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("hand-back", "--by", "S2041"), "usage.case"),
        (("hand-back", "--case", "../../etc", "--by", "S2041"), "usage.case"),
        (("hand-back", "--case", CASE), "usage.by"),
        (("hand-back", "--case", CASE, "--by", "13800138000"), "usage.by"),  # a telephone is no staff code
        (("retry", "--case", CASE, "--by", "C88888888"), "usage.by"),  # nor is a permit's number
        (("retry", "--case", CASE, "--by", "陈明远"), "usage.by"),  # nor a name
        (("retry", "--case", CASE, "--by", "chenmingyuan"), "usage.by"),
        (("retry", "--case", CASE, "--by", "chen1"), "usage.by"),  # nor one with a number behind
        (("retry", "--case", CASE, "--by", "1chen"), "usage.by"),
        (("retry", "--case", CASE, "--by", "1234567"), "usage.by"),
        (("retry", "--case", CASE, "--by", "S2041" * 4), "usage.by"),
        (("retry", "--case", "26112210", "--by", "S2041"), "usage.case"),  # half a number
        (("retry", "--case", "C88888888", "--by", "S2041"), "usage.case"),  # a permit's
        (("settle", "--case", CASE, "--by", "S2041", "--money", "lost"), "usage.words"),
        (("settle", "--case", CASE, "--by", "S2041", "--custody", "unknown"), "usage.words"),
        (("burn",), "usage.words"),
        ((), "usage.words"),
    ],
)
def test_wrong_words_are_refused(words: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", *words, "--profile", "/nowhere/profile.toml", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["failure"]["code"] == code


@pytest.mark.parametrize("by", ["S2041", "2041", "7", "abc123456de"])
def test_a_staff_code_is_a_short_number_with_few_letters(by: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "retry", "--case", CASE, "--by", by, "--profile", "/nowhere/profile.toml", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["failure"]["code"] == "profile.absent"
