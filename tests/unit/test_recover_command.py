"""`kiosk recover` settles nothing while nobody can say where a card is, and says 4 as long as a case stands with staff."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from drivers.contract.card_module import CardModuleStatus, CardPosition
from drivers.contract.status import Supply
from kiosk.case.recovery import CaseReport
from kiosk.commands import machine as command
from kiosk.domain.failure import Failure

AXES = {"money": "paid", "issue": "issued", "back": "written", "custody": "in_machine"}


class Machine:
    """A built machine with scripted devices and reports."""

    def __init__(self, failures: dict[str, Failure], reports: Sequence[CaseReport], still_open: Sequence[str], sensed: Any) -> None:
        self._failures, self._reports, self._sensed = failures, list(reports), sensed
        self.recovered = False
        self.recovery = SimpleNamespace(faults=[])
        journal = SimpleNamespace(open_ids=lambda: list(still_open))
        self.house = SimpleNamespace(executor=SimpleNamespace(journal=journal), slot=SimpleNamespace(sense=self._sense))

    async def _sense(self) -> Any:
        return self._sensed

    async def open_devices(self) -> dict[str, Failure]:
        return self._failures

    async def recover(self) -> list[CaseReport]:
        self.recovered = True
        return self._reports

    async def close(self) -> None: ...


def recover(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], machine: Machine) -> tuple[int, dict[str, Any]]:
    monkeypatch.setattr(command, "load_profile", lambda _path: SimpleNamespace())
    monkeypatch.setattr(command.app, "build", lambda *_, **__: machine)
    exit_code = command.recover(str(Path("profile.toml")), True)
    return exit_code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("family", ["card_module", "card_printer"])
def test_nothing_is_settled_without_the_devices_that_know_where_the_card_is(
    family: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine({family: Failure(f"{family}.port_absent")}, [CaseReport("A", AXES)], ["A"], None)
    exit_code, document = recover(monkeypatch, capsys, machine)
    assert exit_code == 1 and f"{family}.port_absent" in json.dumps(document) and not machine.recovered


def test_other_devices_may_be_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine({"receipt_printer": Failure("receipt_printer.port_absent")}, [CaseReport("A", AXES, after=AXES)], [], None)
    exit_code, document = recover(monkeypatch, capsys, machine)
    assert exit_code == 0 and [case["case_id"] for case in document["cases"]] == ["A"]


@pytest.mark.parametrize(
    ("sensed", "code"),
    [
        (Failure("card_module.silent"), "card_module.silent"),
        (CardModuleStatus(CardPosition.NONE, Supply.OK, Supply.OK), "card_module.unknown_position"),
    ],
)
def test_a_case_left_open_by_a_device_that_fell_silent_is_not_called_settled(
    sensed: Any, code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, document = recover(monkeypatch, capsys, Machine({}, [CaseReport("A", AXES, after=AXES)], ["A"], sensed))
    assert exit_code == 1 and code in json.dumps(document)


def test_a_case_that_stands_with_staff_is_said_with_four(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, document = recover(monkeypatch, capsys, Machine({}, [CaseReport("A", AXES, after=AXES, needs_staff="card_stuck")], [], None))
    assert exit_code == 4 and document["cases"][0]["needs_staff"] == "card_stuck"


def test_a_case_that_a_bug_kept_open_is_said_and_not_called_settled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine({}, [CaseReport("A", AXES, after=AXES)], ["A"], None)
    machine.recovery.faults.append("A")
    exit_code, document = recover(monkeypatch, capsys, machine)
    assert exit_code == 1 and document["failure"]["code"] == "machine.fault"
