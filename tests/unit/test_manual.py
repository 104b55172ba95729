"""The manual's drawn pages say what the program's tables say; a page that fell behind fails here (`make manual` mends it)."""

import ast
from pathlib import Path

import pytest

from kiosk.case.moves import Act
from kiosk.commands import manual
from kiosk.commands.acts_walked import FOLLOWS, following
from kiosk.commands.said import catalogue
from kiosk.config import assets_directory
from kiosk.i18n import Catalogue
from kiosk.journey.table import TABLE, State

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(manual.pages()))
def test_the_page_is_what_the_tables_say_today(name: str) -> None:
    committed = (assets_directory() / "manual" / name).read_text(encoding="utf-8")
    assert committed == manual.pages()[name], f"{name} fell behind: make manual"


def test_every_state_and_each_of_its_ways_is_drawn() -> None:
    page = manual.journey()
    diagram = page[page.index("```mermaid") : page.index("## What leads where")]
    for state, row in TABLE.items():
        for to in {decision for decision in row.on.values() if isinstance(decision, State)}:
            assert f"    {state.value} --> {'[*]' if to is State.END else to.value}: " in diagram
    assert "whatever happens" in diagram


def test_every_act_leads_somewhere_and_both_ends_are_reached() -> None:
    for act in Act:
        assert following()[act]["done"], act
        assert f"| {act.value} |" in manual.case()
    ends = {end for hows in following().values() for how in FOLLOWS for end in hows[how]}
    assert {"settled", "staff", "waits", "put off"} <= ends
    assert following()[Act.OPEN_CHARGE]["done"] == ("waits",)
    assert following()[Act.TAKE_IN]["refused"] == ("settled",)


def test_a_table_keeps_its_columns_whatever_the_text() -> None:
    page = manual.failures(Catalogue({"failure.a.b": {"zh-Hans": "一|二", "zh-Hant": "三\n四", "en": "{file} is wrong"}}))
    assert "| `a.b` | 一\\|二 | 三 四 | {file} is wrong |" in page


def test_pages_are_written_where_one_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert manual.main([str(tmp_path / "pages")]) == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["case.md", "events.md", "failures.md", "journey.md", "portrait.md"]
    assert capsys.readouterr().out == ""


def literal_codes() -> dict[str, str]:
    """Every code written as a literal in a `Failure(...)`, and where."""
    found: dict[str, str] = {}
    for folder in ("kiosk", "drivers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Failure", "DeviceFailure") and node.args:
                    code = node.args[0]
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        found[code.value] = str(path.relative_to(ROOT))
    return found


def test_every_code_that_the_program_writes_has_its_sentences_and_is_published() -> None:
    codes = literal_codes()
    assert len(codes) > 90
    missing = {code: where for code, where in codes.items() if f"failure.{code}" not in catalogue()}
    assert not missing
    page = manual.failures(catalogue())
    assert all(f"| `{code}` |" in page for code in codes)


@pytest.mark.parametrize("family", ["id_reader", "card_module", "card_printer", "receipt_printer", "lights", "face_camera", "back_camera"])
def test_a_device_that_does_not_come_back_in_time_has_its_sentence(family: str) -> None:
    assert f"failure.{family}.deadline" in catalogue()
