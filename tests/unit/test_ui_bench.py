"""The screen's bench never measures beside nothing: the bare page gets the machine's counts, and a process that breaks off is said, with its name."""

import json
import sys
import time

import pytest

from kiosk.commands import bench
from kiosk.commands.bench import ui
from kiosk.domain.failure import Failure

KEYS = {"name", "unit", "median", "p95", "baseline", "ratio", "limit", "ok", "runs"}
ANSWERS = """
import json, sys
name, *counts = sys.argv[1:]
values = {"touch": [8] * 98 + [60, 70], "page": [20, 80], "frames": [16] * 99 + [34], "idle": [1.0]}[name]
print(json.dumps({"values": [value / 2 for value in values] if counts == ["[[3, 4]]"] else values, "counts": [[3, 4]]}))
"""


def says(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(ui, "CHILD", [sys.executable, "-c", script])


def test_every_line_has_its_baseline_and_each_limit_its_figure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    says(monkeypatch, ANSWERS)
    assert bench.run("ui", as_json=True) == 1
    lines = {line["name"]: line for line in json.loads(capsys.readouterr().out)}
    assert all(line.keys() == KEYS for line in lines.values())
    told = {name: (line["median"], line["baseline"], line["limit"], line["ok"], line["runs"]) for name, line in lines.items()}
    assert told == {
        "ui.touch": (8, 4, None, True, 100),
        "ui.touch_p99": (60, 30, 50, False, 100),
        "ui.page": (50, 25, None, True, 2),
        "ui.page_p95": (80, 40, 300, True, 2),
        "ui.late_frames": (1, 0, 1, True, 100),
        "ui.idle": (1, 0.5, 10, True, 1),
    }


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("import sys; sys.exit('the screen did not load')", "exit 1"),
        ("import os; os.kill(os.getpid(), 9)", "exit -9"),
        ("print('no figures')", "JSONDecodeError"),
    ],
)
def test_a_process_that_breaks_off_is_named(monkeypatch: pytest.MonkeyPatch, script: str, outcome: str) -> None:
    says(monkeypatch, script)
    assert ui.measure() == Failure("bench.screen_failed", detail={"what": "touch", "outcome": outcome})


def test_a_process_that_hangs_is_ended_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui, "WAIT_S", 0.5)
    says(monkeypatch, "import time; time.sleep(60)")
    assert ui.measure() == Failure("bench.screen_failed", detail={"what": "touch", "outcome": "TimeoutExpired"})


def test_a_bare_page_that_breaks_off_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, f"import sys; len(sys.argv) < 3 or sys.exit(3)\n{ANSWERS}")
    assert ui.measure() == Failure("bench.screen_failed", detail={"what": "touch", "outcome": "exit 3"})


def test_the_real_screen_and_the_bare_page_show_a_finger_and_are_as_full(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, "import sys; from ui.bench import __main__, measures; measures.TOUCHES = 3; __main__.main(*sys.argv[1:])")
    ends_at = time.monotonic() + 60
    machine = ui._child(ends_at, "touch")
    assert isinstance(machine, dict)
    bare = ui._child(ends_at, "touch", json.dumps(machine["counts"]))
    assert isinstance(bare, dict)
    assert bare["counts"] == machine["counts"] and machine["counts"][0][0] > 5
    assert len(machine["values"]) == len(bare["values"]) == 3
    assert min(machine["values"] + bare["values"]) > 0
