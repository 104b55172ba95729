"""A few machines killed by SIGKILL beside a running hall; `make crash-matrix` kills some hundreds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.real import Run, planned

PROJECT = Path(__file__).parents[2]
RUNS = [
    "one:healthy:5:t:0:0",
    "taiwan:healthy:43:t:0:0",
    "one:card_printer+print+half_print+1:36:t:0:20",
]


@pytest.mark.timeout(300)
def test_a_killed_machine_settles_its_case_when_it_starts_again(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "tests.crash.real", "--worlds", "2", "--report", str(report), "--run", *RUNS]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=280)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    outcomes = json.loads(report.read_text())
    assert sorted(outcome["run"] for outcome in outcomes) == sorted(RUNS)
    assert all(outcome["killed"] and not outcome["violations"] for outcome in outcomes)


def test_the_whole_matrix_kills_at_least_five_hundred_machines() -> None:
    runs = list(planned())
    assert len(runs) >= 550 and len({run.id for run in runs}) == len(runs)
    assert all(Run.of(run.id) == run for run in runs)
