"""Bodies with nothing in them: what the view-models show once a traveller has gone. What was written goes with its page (`WritingModel.forget`)."""

from kiosk.view import (
    ActBody,
    Body,
    ChooseBody,
    CompareBody,
    DoneBody,
    FaceBody,
    KeypadBody,
    Message,
    OtherWayBody,
    OutcomeBody,
    PayBody,
    PayMethodBody,
    Picture,
    ReviewBody,
    Tone,
    WorkingBody,
)

_NOTHING = Message("word.plain", {"text": ""})

NOBODYS: tuple[Body, ...] = (
    ActBody(Picture.INSERT_PERMIT, _NOTHING),
    WorkingBody(()),
    FaceBody(_NOTHING, None, None, 0.0),
    OtherWayBody(_NOTHING),
    CompareBody("", _NOTHING),
    ChooseBody((), 0),
    KeypadBody("", 0, _NOTHING),
    ReviewBody((), 0),
    PayMethodBody(0),
    PayBody("", "", 0, ""),
    DoneBody(()),
    OutcomeBody(Tone.NOTICE, _NOTHING, _NOTHING, _NOTHING, _NOTHING, "", ""),
)
