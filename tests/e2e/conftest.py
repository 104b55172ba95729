"""The command as a tester's script has it: words in, one document and an exit code out, and the hall's ledger as the witness."""

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from drivers.world import process
from drivers.world.client import WorldClient
from kiosk import cli

PROJECT = Path(__file__).parents[2]
COMMAND = str(Path(sys.executable).with_name("kiosk"))
KEYS = {
    *("outcome", "case_id", "endorsements", "fee_fen", "payment", "card", "refusal", "steps", "software_ms", "device_ms", "gateway_ms"),
    *("traveller_ms", "wall_ms", "artifacts"),
}
LANGUAGES = {"zh-Hans", "zh-Hant", "en"}
END_S = 90.0


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended. document: what it printed, None where it printed nothing."""

    code: int
    document: Any
    errors: str

    @property
    def failure(self) -> str:
        """The failure's code; its sentences are whole in three languages."""
        failure = self.document["failure"]
        assert set(failure) == {"code", "device_code", "text"}
        whole(failure["text"])
        return str(failure["code"])


def whole(text: dict[str, str]) -> None:
    """A sentence in each language, with nothing left unfilled."""
    assert set(text) == LANGUAGES
    for sentence in text.values():
        assert sentence.strip() and not re.search(r"\{\w*\}", sentence), sentence


def said(code: int, output: str, errors: str) -> Said:
    assert "Traceback" not in errors + output, errors
    return Said(code, json.loads(output) if output.strip() else None, errors)


class Running:
    """A command under way."""

    def __init__(self, *words: str) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen([COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=PROJECT)

    def ended(self, within_s: float = END_S) -> Said:
        """Waits for its own end; a command that goes on longer is ended by force and fails the test."""
        try:
            output, errors = self.process.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            pytest.fail(f"still running after {within_s} s")
        return said(self.process.returncode, output, errors)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def left(self) -> tuple[int | None, str, str]:
        """How it ended (None: it had to be ended), and what it had said; whatever its state."""
        code = self.process.poll()
        self.process.kill()
        output, errors = ("", "") if self.process.stdout is None or self.process.stdout.closed else self.process.communicate()
        return code, output, errors


def kiosk(*words: str) -> Said:
    """A short command in the test's own process, which has loaded everything already; journeys are processes of their own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    output, errors = io.StringIO(), io.StringIO()
    try:
        with chdir(PROJECT), redirect_stdout(output), redirect_stderr(errors), patch.object(cli, "harden"):  # harden binds a process for good
            code = cli.main(list(words))
    finally:
        for opened in set(root.handlers) - set(handlers):
            opened.close()
        root.handlers, root.level = handlers, level
    return said(code, output.getvalue(), errors.getvalue())


class Hall:
    """The simulated hall and the machine's profile in it."""

    def __init__(self, world: process.WorldProcess) -> None:
        self.process = world
        self.control = WorldClient(world.control_url)
        self.profile = str(world.profile)
        self.state = world.profile.parent
        self.started: list[Running] = []

    def words(self, persona: str, choose: str, *more: str) -> tuple[str, ...]:
        return ("transact", "--persona", persona, "--choose", choose, *more, "--profile", self.profile, "--json")

    def transact(self, persona: str, choose: str, *more: str) -> Said:
        return Running(*self.words(persona, choose, *more)).ended()

    def start(self, persona: str, choose: str, *more: str) -> Running:
        """A journey under way; one that a failed test left behind is ended with that test."""
        self.started.append(Running(*self.words(persona, choose, *more)))
        return self.started[-1]

    def rows(self, book: str, case_id: str) -> list[dict[str, Any]]:
        return [row for row in self.control.ledger()[book] if row["case_id"] == case_id]

    def permit(self, number: str) -> dict[str, Any]:
        return next(row for row in self.control.ledger()["permits"] if row["number"] == number)

    def back(self, number: str) -> list[tuple[str, str, str]]:
        return sorted((row["destination"], row["kind"], row["validity"]) for row in self.permit(number)["back"])

    def until(self, reached: Callable[[dict[str, list[dict[str, Any]]]], bool], within_s: float = END_S) -> dict[str, list[dict[str, Any]]]:
        """The ledger once it shows what is waited for; a journey that has ended without it says what it said."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            over = all(journey.process.poll() is not None for journey in self.started)
            ledger = self.control.ledger()
            if reached(ledger):
                return ledger
            if self.started and over:
                break
            time.sleep(0.02)
        pytest.fail(f"the ledger never showed it; {[journey.left() for journey in self.started]}")


@pytest.fixture(scope="module")
def open_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    world = process.start(tmp_path_factory.mktemp("hall"), None, "fast")
    assert isinstance(world, process.WorldProcess), world
    hall = Hall(world)
    yield hall
    hall.control.close()
    world.stop()


@pytest.fixture
def hall(open_hall: Hall) -> Iterator[Hall]:
    """Every persona and card as in its file, no fault, full supplies; afterwards no order may be left open."""
    open_hall.control.reset()
    yield open_hall
    while open_hall.started:
        open_hall.started.pop().left()
    assert [row for row in open_hall.control.ledger()["payments"] if row["state"] == "open"] == []


def document_of(journey: Said) -> dict[str, Any]:
    """The journey's document, with every key of the contract and times that add up."""
    document: dict[str, Any] = journey.document
    assert set(document) >= KEYS, document
    parts = sum(document[f"{part}_ms"] for part in ("software", "device", "gateway", "traveller"))
    assert document["wall_ms"] == pytest.approx(parts, abs=0.01)
    assert all({"name", "ms"} <= set(step) for step in document["steps"])
    assert set(document["artifacts"]) == {"card_back", "receipt_pdf", "receipt_image"}
    if document["refusal"] is not None:
        assert set(document["refusal"]) >= {"code", "rule", "text"}
        whole(document["refusal"]["text"])
    assert journey.code == {"completed": 0, "refused": 3}.get(document["outcome"], 4)
    return document


def completed(hall: Hall, journey: Said) -> dict[str, Any]:
    """Printed, paid once, reported, and the card back in the traveller's hand."""
    document = document_of(journey)
    assert (document["outcome"], document["card"], document["refusal"]) == ("completed", "returned", None), document
    case_id = document["case_id"]
    application = hall.rows("authority", case_id)
    assert [row["state"] for row in application] == ["verified"]
    orders = [row for row in hall.rows("payments", case_id) if row["state"] == "paid"]
    assert [(row["order_no"], row["amount_fen"], row["refunded_fen"]) for row in orders] == [
        (document["payment"]["order_no"], document["fee_fen"], 0)
    ]
    assert document["payment"]["state"] == "paid"
    permit = hall.permit(application[0]["permit_number"])
    assert permit["where"] == "traveller"
    asked = [(row["destination"], row["kind"], row["validity"], row["valid_until"]) for row in document["endorsements"]]
    printed = [(row["destination"], row["kind"], row["validity"], row["valid_until"]) for row in permit["back"]]
    assert set(asked) <= set(printed) and all(row["number"] for row in document["endorsements"])
    assert sorted((r["destination"], r["kind"], r["validity"], r["valid_until"]) for r in application[0]["endorsements"]) == sorted(asked)
    return document


def nothing_charged(hall: Hall, document: dict[str, Any]) -> None:
    assert document["payment"] is None or document["payment"]["state"] == "closed"
    assert document["endorsements"] == []
    if document["case_id"] is not None:
        assert [row for row in hall.rows("payments", document["case_id"]) if row["state"] == "paid"] == []
        assert {row["state"] for row in hall.rows("authority", document["case_id"])} <= {"voided", "rejected"}
    assert all(row["where"] == "traveller" for row in hall.control.ledger()["permits"])


NOT_ALIVE = ("face.not_alive", "face.turned", "face.flash_unseen")
"""Why what does not live may be refused: a recording goes its own way, and may look aside for too long or answer no colour at all."""


def refused(hall: Hall, journey: Said) -> tuple[str, str]:
    """Code and rule of the refusal; nothing was charged and no card is kept."""
    document = document_of(journey)
    assert document["outcome"] == "refused", document
    assert document["card"] in ("not_inserted", "returned")
    nothing_charged(hall, document)
    return document["refusal"]["code"], document["refusal"]["rule"]
