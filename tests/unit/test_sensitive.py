"""Personal data wrapped: it shows itself to nobody who does not ask for it by name."""

import json
import logging
import traceback
from dataclasses import dataclass

import pytest

from kiosk.case.casefile import Case
from kiosk.domain.sensitive import Sensitive, masked_name, masked_number
from tests.case.small_world import FILE, ID_NUMBER, NAME, PHONE, TODAY

SECRET = Sensitive(ID_NUMBER)


@dataclass
class Holder:
    number: Sensitive[str]


def test_no_way_of_writing_it_down_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    written = [
        repr(SECRET),
        str(SECRET),
        f"{SECRET}",
        f"{SECRET!s:>40}",
        "%s %r" % (SECRET, SECRET),  # noqa: UP031
        "{}".format(SECRET),  # noqa: UP032
        repr([SECRET]),
        repr({"id": SECRET}),
        repr(Holder(SECRET)),
    ]
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("kiosk").warning("read %s", SECRET)
        logging.getLogger("kiosk").debug(SECRET)
    written.append(caplog.text)
    for text in written:
        assert ID_NUMBER not in text and "***" in text


def test_it_cannot_be_turned_into_json_or_seen_in_a_traceback() -> None:
    with pytest.raises(TypeError) as caught:
        json.dumps({"id": SECRET})
    assert ID_NUMBER not in "".join(traceback.format_exception(caught.value))
    assert not hasattr(SECRET, "__dict__")


def test_only_reveal_gives_it_out_and_equality_looks_inside() -> None:
    assert SECRET.reveal() == ID_NUMBER
    assert Sensitive(ID_NUMBER) == SECRET and Sensitive("other") != SECRET and SECRET != ID_NUMBER
    assert len({Sensitive("a"), Sensitive("a"), Sensitive("b")}) == 2


def test_a_case_does_not_show_its_file() -> None:
    from kiosk.case.moves import Standing

    text = repr(Case("2611221015ABCDEF", TODAY, Standing(), FILE))
    assert all(personal not in text for personal in (NAME, ID_NUMBER, PHONE))


@pytest.mark.parametrize(("name", "shown"), [("张三", "*三"), ("欧阳小明", "***明"), ("王", "*"), ("", "*")])
def test_a_masked_name_keeps_its_last_character(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(ID_NUMBER, "440***********123X"[:3] + "*" * 11 + ID_NUMBER[-4:]), ("C88888888", "C8*****88"), ("ABCD", "AB*CD")]
)
def test_a_masked_number_keeps_its_ends(number: str, shown: str) -> None:
    assert masked_number(number) == shown
