"""The hall's control API and its page of buttons: HTTP + JSON on loopback, no credentials.

Errors are `{"error": {"code", "detail"}}`: 404 for what is not there, 409 for what cannot be now, 422 for a body or a fault that may not be.
"""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from drivers.contract.failure import Failure
from drivers.world import fault_table
from drivers.world.control_bodies import (
    AsOfBody,
    ClockBody,
    FaultBody,
    GestureBody,
    IdCardBody,
    PermitBody,
    PhoneBody,
    ResetBody,
    SceneBody,
    SuppliesBody,
)
from drivers.world.hall import Hall

_STATUS = {"persona.unknown": 404, "permit.unknown": 404, "permit.not_with_traveller": 409, "persona.no_face": 409}
_PAGE = Path(__file__).with_name("page.html")


class Refusal(Exception):
    """Carries a failure of the hall to the answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


def control_app(hall: Hall) -> FastAPI:
    app = FastAPI(title="The simulated hall", version="1", docs_url=None, redoc_url=None)
    _errors(app)
    _people(app, hall)
    _hall(app, hall)
    _views(app, hall)
    return app


def _done(outcome: Any) -> Any:
    if isinstance(outcome, Failure):
        raise Refusal(outcome)
    return outcome


def _people(app: FastAPI, hall: Hall) -> None:
    @app.post("/id-card")
    def id_card(body: IdCardBody) -> dict[str, Any]:
        if body.action == "lift":
            hall.lift_id_card()
        else:
            _done(hall.place_id_card(_needed(body.persona, "persona")))
        return {"placed": hall.id_reader.placed}

    @app.post("/permit")
    def permit(body: PermitBody) -> dict[str, Any]:
        """`accepted`: for insert, whether the gate let the card in; a shut gate is tried for two seconds.

        `number`: the card that moved, null where none did.
        """
        if body.action == "insert":
            held = _done(hall.insert_permit(_needed(body.persona, "persona"), body.number))
            return {"accepted": held is not None, "number": held.key[1] if held else None}
        card = hall.take_permit() if body.action == "take" else hall.pull_permit()
        return {"accepted": card is not None, "number": card.number if card else None}

    @app.post("/scene")
    def scene(body: SceneBody) -> dict[str, Any]:
        _done(hall.stand_before_camera(body.name, body.persona))
        return {"name": hall.face.name}

    @app.post("/gesture")
    def gesture(body: GestureBody) -> dict[str, Any]:
        """`name`: who was asked. A picture that is held, or played, does not become a living face by being asked."""
        hall.gesture(body.action)
        return {"name": hall.face.name}

    @app.post("/phone")
    def phone(body: PhoneBody) -> dict[str, Any]:
        """`order_no`: the order paid or declined, null where none was open: nothing is remembered for an order that opens later."""
        return {"order_no": hall.use_phone(body.action, body.method)}


def _hall(app: FastAPI, hall: Hall) -> None:
    @app.post("/clock")
    def clock(body: ClockBody) -> dict[str, Any]:
        """`advance_s`: what was advanced altogether since the hall started."""
        return {"advance_s": hall.clock.advance(body.advance_s)}

    @app.post("/as-of")
    def as_of(body: AsOfBody) -> dict[str, Any]:
        hall.set_as_of(body.date)
        return {"date": hall.clock.today().isoformat()}

    @app.post("/reset")
    def reset(body: ResetBody | None = None) -> dict[str, Any]:
        """Personas and cards as in their files, no faults, slot and bin empty, supplies full; both ledgers stay, and so does the clock."""
        hall.reset()
        return {"reset": True}

    @app.put("/faults/{device}/{moment}")
    def put_fault(device: str, moment: str, body: FaultBody) -> dict[str, Any]:
        _done(hall.put_fault(device, moment, body.kind, body.times, body.parameters))
        return {"faults": hall.faults.listed()}

    @app.delete("/faults/{device}/{moment}")
    def delete_fault(device: str, moment: str) -> dict[str, Any]:
        """`deleted`: false where none was set, or it was used up."""
        return {"deleted": _done(hall.delete_fault(device, moment)), "faults": hall.faults.listed()}

    @app.post("/supplies")
    def supplies(body: SuppliesBody) -> dict[str, Any]:
        _done(hall.supply(body.device, body.model_dump(exclude={"device"}, exclude_none=True)))
        return hall.devices()


def _views(app: FastAPI, hall: Hall) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_PAGE, media_type="text/html; charset=utf-8")

    @app.get("/ledger")
    def ledger() -> dict[str, Any]:
        return hall.ledgers()

    @app.get("/devices")
    def devices() -> dict[str, Any]:
        return hall.devices()

    @app.get("/personas")
    def personas() -> dict[str, Any]:
        malformed = [{"id": name, "detail": dict(failure.detail)} for name, failure in hall.malformed.items()]
        return {"personas": hall.people(), "malformed": malformed}

    @app.get("/faults")
    def faults() -> dict[str, Any]:
        """`faults`: those set now. `allowed`: device → moment → kinds."""
        return {"faults": hall.faults.listed(), "allowed": fault_table.DEVICES}

    @app.get("/permits/{number}/back.png", response_class=Response)
    def back(number: str) -> Response:
        picture = hall.back_png(number)
        if picture is None:
            raise HTTPException(404)
        return Response(picture, media_type="image/png")

    @app.get("/papers")
    def papers() -> dict[str, Any]:
        """Names of the cut papers, oldest first; each is at /papers/NAME."""
        return {"papers": [file.name for file in hall.receipt_printer.papers()]}

    @app.get("/papers/{name}", response_class=Response)
    def paper(name: str) -> Response:
        files = {file.name: file for file in hall.receipt_printer.papers()}
        file = list(files.values())[-1] if name == "latest.png" and files else files.get(name)
        if file is None:
            raise HTTPException(404)
        return Response(file.read_bytes(), media_type="image/png")


def _needed(value: str | None, key: str) -> str:
    if value is None:
        raise Refusal(Failure("control.bad_request", None, {"key": key, "allowed": "required for this action"}))
    return value


def _errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    def refused(_: Request, refusal: Refusal) -> JSONResponse:
        failure = refusal.failure
        return _error(_STATUS.get(failure.code, 422), failure.code, dict(failure.detail))

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"][1:]) or "body"
        return _error(422, "control.bad_request", {"key": key, "allowed": str(first["msg"])})

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> JSONResponse:
        code = {404: "control.not_found", 405: "control.method"}.get(error.status_code, "control.bad_request")
        return _error(error.status_code, code, {})


def _error(status: int, code: str, detail: dict[str, str]) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "detail": detail}}, status)
