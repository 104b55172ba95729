"""Every control of the screen keeps what it promises: the cases of tests/ui/qml, all in one process of Qt Quick Test."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from tests.counts import count

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).parent / "qml"
CONTROLS = ROOT / "ui" / "qml" / "Kiosk" / "Controls"
OWN = re.compile(r"function (test_\w+?)(?:_data)?\(")
WHILE_ALL_RUN_S = 90
SAID = ("system-err", "system-out", "skipped")


def test_every_control_has_a_file_of_cases_and_every_file_a_case() -> None:
    controls = {path.stem for path in CONTROLS.glob("*.qml")}
    files = {path.stem.removeprefix("tst_"): OWN.findall(path.read_text(encoding="utf-8")) for path in CASES.glob("tst_*.qml")}
    assert controls - files.keys() == set(), "controls without cases"
    assert files.keys() - controls == set(), "cases without their control"
    assert [name for name, cases in files.items() if not cases] == []


def test_controls_keep_what_they_promise(tmp_path: Path, record_property) -> None:
    results = tmp_path / "results.xml"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.ui.qml.run", str(results)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        cwd=ROOT,
        env=environment,
        timeout=WHILE_ALL_RUN_S,
        check=False,
    )
    assert results.exists(), ran.stdout[-2000:] + ran.stderr[-2000:]
    # Qt writes what was compared in Latin-1, whatever its results say of themselves
    told = ElementTree.fromstring(results.read_text(encoding="utf-8", errors="replace"))
    cases = told.findall("testcase")
    failed = [f"{case.get('name')}: {why.get('message')}: {(why.text or '').strip()}" for case in cases for why in case.findall("failure")]
    said = [f"{case.get('name')}: {' '.join(words.itertext()).strip()}" for case in told.iter() for words in case if words.tag in SAID]
    assert failed == []
    assert said == [], "Qt said something"
    assert (ran.returncode, ran.stderr) == (0, "")
    names = {re.sub(r"\(.*", "", case.get("name") or "") for case in cases}
    written = {f"{path.stem.removeprefix('tst_')}::{name}" for path in CASES.glob("tst_*.qml") for name in OWN.findall(path.read_text("utf-8"))}
    assert written - names == set(), "cases that did not run"
    count(record_property, "controls by themselves", controls=len(list(CASES.glob("tst_*.qml"))), cases=len(cases))
