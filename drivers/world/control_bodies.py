"""The bodies of the control API, validated before anything is done; unknown keys are refused."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PersonaId = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[str, Field(min_length=1, max_length=20)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class IdCardBody(Body):
    """`place` needs a persona; `lift` takes whatever lies on the reader."""

    persona: PersonaId | None = None
    action: Literal["place", "lift"]


class PermitBody(Body):
    """`insert` needs a persona, and a number where the persona holds two permits. `take` and `pull` act on the card at the gate."""

    persona: PersonaId | None = None
    number: Number | None = None
    action: Literal["insert", "take", "pull"]


class SceneBody(Body):
    """Who stands before the face camera; without a persona, the one whose ID card was placed last."""

    name: Literal["live", "print", "replay", "nobody", "two", "other", "injected", "bent", "cut_eyes", "mask"]
    persona: PersonaId | None = None


class GestureBody(Body):
    """What the machine asked the person before the camera to do. Left and right are the person's own."""

    action: Literal["turn_left", "turn_right", "face_front", "blink"]


class PhoneBody(Body):
    """What the traveller's phone does with the payment code shown last."""

    action: Literal["pay", "decline", "nothing"]
    method: Literal["wechat", "alipay"] = "wechat"


class ClockBody(Body):
    """Seconds to let pass; time never goes back."""

    advance_s: Annotated[float, Field(ge=0, le=3.2e8, allow_inf_nan=False, strict=False)]


class AsOfBody(Body):
    """The date in force, null for today's."""

    date: Annotated[date | None, Field(strict=False)]


class FaultBody(Body):
    """times 0: until deleted. The kinds of each device and moment are listed by GET /faults."""

    kind: Annotated[str, Field(min_length=1, max_length=40)]
    times: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    parameters: dict[str, str | int] = {}


class SuppliesBody(BaseModel):
    """receipt_printer: paper_mm, cover_open · card_module: empty_bin, bin_capacity · card_printer: cover_open."""

    model_config = ConfigDict(extra="forbid", strict=True)

    device: str
    paper_mm: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    cover_open: bool | None = None
    empty_bin: bool | None = None
    bin_capacity: Annotated[int, Field(ge=0, le=1000)] | None = None


class ResetBody(Body):
    """Nothing to say."""
