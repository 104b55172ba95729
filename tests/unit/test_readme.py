"""The two READMEs: the Chinese one names the same commands, files and pictures, in the same order of chapters."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = (ROOT / name for name in ("README.md", "README.zh-CN.md"))


def commands(text: str) -> list[str]:
    """Lines of code blocks, without what a comment says of them."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.M | re.S)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]


def links(text: str) -> set[str]:
    return set(re.findall(r"\]\(([^)]+)\)", text)) - {ENGLISH.name, CHINESE.name}


def code(text: str) -> set[str]:
    """Inline code; a placeholder is a word of its language."""
    prose = re.sub(r"^```\n.*?^```", "", text, flags=re.M | re.S).replace("\n", " ")
    return {re.sub(r"编号|工号|(STAFF-)?NUMBER", "…", found) for found in re.findall(r"`([^`]+)`", prose)}


def test_both_show_the_same_commands_links_and_words_of_the_program() -> None:
    english, chinese = ENGLISH.read_text("utf-8"), CHINESE.read_text("utf-8")
    assert commands(english) == commands(chinese) and len(commands(english)) > 3
    assert links(english) == links(chinese)
    assert code(english) == code(chinese)
    assert english.count("\n## ") == chinese.count("\n## ")


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE])
def test_every_file_that_a_readme_points_to_is_there(readme: Path) -> None:
    text = readme.read_text("utf-8")
    assert [target for target in links(text) if not (ROOT / target).exists()] == []
    for command in re.findall(r"^make (\w[\w-]*)|`make (\w[\w-]*)`", text, re.M):
        assert re.search(rf"^{command[0] or command[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.M), command
