"""The board to write with, as a hand uses it."""

from kiosk.view import Comfort
from tests.ui.conftest import Stage
from ui.bridge.writing import WritingModel
from ui.press import control_of, controls, press_control

NAME, ADDRESS, ENGLISH = "contact-name", "contact-address", Comfort("en")


def press(stage: Stage, *names: str) -> None:
    for name in names:
        if not name.startswith("type:"):
            stage.window.quick_window.grabWindow()  # a hand touches what is drawn; before, new keys are not laid out
        control = control_of(stage.window.quick_window, name)
        assert control is not None, name
        assert press_control(stage.window.quick_window, control)
        stage.pump()


def types(stage: Stage, letters: str) -> None:
    press(stage, *(f"type:{letter}" for letter in letters))


def writing(stage: Stage) -> WritingModel:
    model = stage.window.page.writing
    assert isinstance(model, WritingModel)
    return model


def label(stage: Stage, name: str) -> str:
    control = control_of(stage.window.quick_window, name)
    return str(control.property("label")) if control is not None else ""


def names(stage: Stage, beginning: str) -> list[str]:
    return [each.objectName() for each in controls(stage.window.quick_window) if each.objectName().startswith(beginning)]
