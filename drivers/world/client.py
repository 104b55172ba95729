"""The hall's control API as methods: for the scripted traveller, the command line and the tests.

Every method blocks for one HTTP exchange on loopback and raises ControlRefused where the hall answers with an error.
"""

from collections.abc import Mapping
from typing import Any

import httpx


class ControlRefused(Exception):
    """The hall refused a call. code: stable (`persona.unknown`, `control.bad_request`); detail: its parameters."""

    def __init__(self, status: int, code: str, detail: Mapping[str, str]) -> None:
        super().__init__(f"{status} {code} {dict(detail)}")
        self.status = status
        self.code = code
        self.detail = detail


class WorldClient:
    """One connection to the control API at `control_url`; thread-safe as httpx.Client is."""

    def __init__(self, control_url: str, timeout_s: float = 10.0) -> None:
        self._http = httpx.Client(base_url=control_url, timeout=timeout_s, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def place_id_card(self, persona: str) -> None:
        self._send("POST", "/id-card", {"persona": persona, "action": "place"})

    def lift_id_card(self, persona: str | None = None) -> None:
        self._send("POST", "/id-card", {"persona": persona, "action": "lift"})

    def insert_permit(self, persona: str, number: str | None = None) -> bool:
        """False where the gate refuses it; without a number the persona's only permit. Refused with 409 where a card lies inside."""
        return bool(self._send("POST", "/permit", {"persona": persona, "number": number, "action": "insert"})["accepted"])

    def take_permit(self) -> str | None:
        """The number of the permit taken at the gate, None where none lies there."""
        number = self._send("POST", "/permit", {"persona": None, "number": None, "action": "take"})["number"]
        return None if number is None else str(number)

    def pull_permit(self) -> str | None:
        """Yanks a card that is entering or lies in the gate."""
        number = self._send("POST", "/permit", {"persona": None, "number": None, "action": "pull"})["number"]
        return None if number is None else str(number)

    def scene(self, name: str, persona: str | None = None) -> None:
        self._send("POST", "/scene", {"name": name, "persona": persona})

    def gesture(self, action: str) -> None:
        """turn_left, turn_right (the person's own), face_front or blink."""
        self._send("POST", "/gesture", {"action": action})

    def phone(self, action: str, method: str = "wechat") -> str | None:
        """The order that was paid or declined, None where none is open."""
        order_no = self._send("POST", "/phone", {"action": action, "method": method})["order_no"]
        return None if order_no is None else str(order_no)

    def clock(self, advance_s: float) -> None:
        self._send("POST", "/clock", {"advance_s": advance_s})

    def as_of(self, day: str | None) -> None:
        self._send("POST", "/as-of", {"date": day})

    def reset(self) -> None:
        self._send("POST", "/reset", {})

    def supplies(self, device: str, **levels: int | bool) -> None:
        self._send("POST", "/supplies", {"device": device, **levels})

    def put_fault(self, device: str, moment: str, kind: str, times: int = 1, **parameters: str | int) -> None:
        self._send("PUT", f"/faults/{device}/{moment}", {"kind": kind, "times": times, "parameters": parameters})

    def delete_fault(self, device: str, moment: str) -> None:
        self._send("DELETE", f"/faults/{device}/{moment}")

    def faults(self) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self._send("GET", "/faults")["faults"]
        return answer

    def ledger(self) -> dict[str, list[dict[str, Any]]]:
        answer: dict[str, list[dict[str, Any]]] = self._send("GET", "/ledger")
        return answer

    def devices(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._send("GET", "/devices")
        return answer

    def personas(self) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self._send("GET", "/personas")["personas"]
        return answer

    def back_png(self, number: str) -> bytes:
        """The card's back as burned or as in the persona's file."""
        return self._get(f"/permits/{number}/back.png").content

    def papers(self) -> list[str]:
        answer: list[str] = self._send("GET", "/papers")["papers"]
        return answer

    def latest_paper_png(self) -> bytes | None:
        """The newest cut paper, None where none was ever printed; papers outlive a reset."""
        try:
            return self._get("/papers/latest.png").content
        except ControlRefused as refused:
            if refused.status == 404:
                return None
            raise

    def _get(self, path: str) -> httpx.Response:
        return _checked(self._http.get(path))

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        response = _checked(self._http.request(method, path, json=body))
        return response.json() if response.content else None


def _checked(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    try:
        error = response.json()["error"]
        raise ControlRefused(response.status_code, str(error["code"]), error.get("detail", {}))
    except (ValueError, KeyError, TypeError):
        raise ControlRefused(response.status_code, "control.no_answer", {}) from None
