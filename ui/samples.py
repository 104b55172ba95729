"""A sample page of every kind, with invented people: for `kiosk screens` and for the tests of the screen."""

import time
import tomllib
from dataclasses import replace
from pathlib import Path

from kiosk.i18n import Catalogue
from kiosk.view import (
    ActBody,
    Answer,
    Body,
    Choice,
    ChoiceGroup,
    ChooseBody,
    Comfort,
    CompareBody,
    Deadline,
    DoneBody,
    FaceBody,
    KeypadBody,
    Message,
    NoticeBody,
    OtherWayBody,
    OutcomeBody,
    OutOfServiceBody,
    PayBody,
    PayMethodBody,
    Picture,
    Preview,
    ReviewBody,
    Role,
    StageState,
    TextBody,
    TextField,
    Tone,
    View,
    WelcomeBody,
    WorkingBody,
)

STEPS = 8
HOURS = "Mon-Fri 09:00-17:00"
PERSON = "张*  440***********1234"
CODE = "weixin://wxpay/bizpayurl?pr=NwY5Mz9zz"
ADDRESS = "广东省广州市天河区体育西路一百零九号天河城北塔写字楼二十八层二八零一室出入境证件代收处转交陈明远先生本人亲启收件"
FOOTER = ("back", "cancel", "help", "language", "text_size", "contrast", "voice", "staff")
WAITING, RUNNING, DONE = StageState.WAITING, StageState.RUNNING, StageState.DONE


def sample_catalogue(texts: Path) -> Catalogue:
    """The samples' words beside those of `texts` (assets/i18n)."""
    files = [*sorted(texts.glob("*.toml")), Path(__file__).parent / "samples.toml"]
    return Catalogue({key: words for file in files for key, words in tomllib.loads(file.read_text(encoding="utf-8")).items()})


def say(key: str, **params: str | int) -> Message:
    return Message(f"sample.{key}", params)


def value(text: str) -> Message:
    return say("value", value=text)


def _footer(*without: str) -> tuple[Answer, ...]:
    return tuple(Answer(f"footer.{name}", Message(f"footer.{name}"), Role.FOOTER, name not in without) for name in FOOTER)


def _voice_keys() -> tuple[Answer, ...]:
    """At their widest: the slowest speech, so that one key cannot be had."""
    names = ("repeat", "pause", "slower", "faster", "quieter", "louder", "off", "close")
    return tuple(Answer(f"voice.{name}", Message(f"voice.key.{name}"), Role.VOICE, name != "slower") for name in names)


def _primary(answer: str, key: str, enabled: bool = True) -> Answer:
    return Answer(answer, say(key), Role.PRIMARY, enabled)


def _secondary(answer: str, key: str) -> Answer:
    return Answer(answer, say(key), Role.SECONDARY)


def written(limit: int) -> tuple[Answer, ...]:
    """The answers of a page with a line to write."""
    return (Answer("next", say("continue"), Role.PRIMARY, text_limit=limit), _secondary("skip", "phone.skip"))


def _choices(*pairs: tuple[str, str]) -> tuple[Answer, ...]:
    return tuple(Answer(answer, say(key), Role.CHOICE) for answer, key in pairs)


def _view(step: str, place: int | None, body: Body, *answers: Answer, title: str = "", **more: object) -> View:
    offered = answers + (() if any(answer.role is Role.FOOTER for answer in answers) else _footer())
    view = View(0, step, (place, STEPS) if place else None, say(f"{title or step}.title"), body, offered, Comfort(), simulated=True)
    return replace(view, **more)  # type: ignore[arg-type]


def _choose(many: bool) -> ChooseBody:
    def group(code: str, chosen: str, refused: tuple[str, ...]) -> ChoiceGroup:
        options = ("once_3m", "twice_3m", "once_1y", "twice_1y", "many_1y") if many else ("once_3m", "once_1y", "many_1y")
        choices = []
        for option in options:
            why_not = say("choose.not_resident") if option in refused else None
            fee = 1500 if option.startswith("once") else 3000 if option.startswith("twice") else 8000
            title = say("choose.individual")
            choices.append(Choice(f"choose.{code}:G:{option}", title, say(f"choose.{option}"), fee, option == chosen, why_not))
        still_valid = say("choose.still_valid")
        choices.append(Choice(f"choose.{code}:L:once_3m", say("choose.group"), say("choose.once_3m"), 1500, False, still_valid))
        return ChoiceGroup(code, say(f"destination.{code.lower()}"), tuple(choices), (say("choose.window"),) if code == "MAC" else ())

    return ChooseBody((group("HKG", "once_1y", ("many_1y",)), group("MAC", "once_1y", ("many_1y", "twice_1y"))), 3000)


def _chosen_answers(body: ChooseBody) -> tuple[Answer, ...]:
    return tuple(Answer(each.answer, each.title, Role.CHOICE) for group in body.groups for each in group.choices if each.why_not is None)


def _outcome(step: str, tone: Tone, money: str, card: str, following: str, number: str = "GZ-20260220-0042") -> OutcomeBody:
    return OutcomeBody(tone, say(f"{step}.happened"), say(money), say(card), say(following), number, HOURS)


def sample_views() -> dict[str, View]:
    """Name -> view; a name is the journey's state, or that state and what is special about it."""
    go = _primary("continue", "continue")
    keys = tuple(Answer(f"digit:{digit}", say("digit", digit=digit), Role.CHOICE) for digit in "123456789")
    last_row = (
        Answer("clear", say("phone.clear"), Role.CHOICE),
        Answer("digit:0", say("digit", digit="0"), Role.CHOICE),
        Answer("erase", say("phone.delete"), Role.CHOICE),
    )
    few, many = _choose(False), _choose(True)
    lines = (
        (say("review.name"), value("张*")),
        (say("review.permit"), value("C*****678")),
        (say("review.endorsement"), say("review.hkg_g")),
        (say("review.validity"), value("2027-02-20")),
        (say("review.endorsement"), say("review.mac_g")),
        (say("review.validity"), value("2027-02-20")),
    )
    destinations = ("HKG", "destination.hkg"), ("MAC", "destination.mac"), ("HKG+MAC", "destination.both"), ("TWN", "destination.twn")
    paragraphs = tuple((say(f"notice.{name}.heading"), say(f"notice.{name}.words")) for name in ("what", "bring", "data"))
    printing = (
        (say("issuing.paid"), DONE),
        (say("issuing.issue"), DONE),
        (say("issuing.print"), RUNNING),
        (say("issuing.inspect"), WAITING),
    )
    checking = ((say("permit_check.chip"), DONE), (say("permit_check.signature"), RUNNING), (say("permit_check.holder"), WAITING))
    permit = ActBody(Picture.INSERT_PERMIT, say("permit.sentence"), say("permit.hint"), PERSON)
    methods = ("wechat", "alipay")
    busy = _footer("back")
    still = Deadline(time.monotonic() + 25, 30, asked=True, told_s=30)
    id_card = ActBody(Picture.PLACE_ID_CARD, say("id_card.sentence"), say("id_card.hint"))
    receipts = ("paper", "code", "none")
    more_time = Answer("more_time", say("continue"), Role.CHOICE)
    start = _footer("back", "cancel")
    return {
        "attract": _view(
            "attract", None, WelcomeBody(say("hall"), HOURS), *_choices(*((f"destination.{code}", key) for code, key in destinations)), *start
        ),
        "notice": _view(
            "notice",
            1,
            NoticeBody(paragraphs),
            _primary("agree", "notice.agree"),
            _secondary("decline", "notice.decline"),
            _secondary("agree_no_face", "notice.agree_no_face"),
        ),
        "id_card": _view("id_card", 2, id_card),
        "id_card-problem": _view("id_card", 2, id_card, problem=say("id_card.problem"), deadline=Deadline(time.monotonic() + 25, 30)),
        "id_card-asked": _view("id_card", 2, id_card, more_time, *_footer(), deadline=still),
        "id_card-voice": _view("id_card", 2, id_card, *_footer(), *_voice_keys(), comfort=Comfort(voice=True, rate=50)),
        "lift": _view("lift", 2, ActBody(Picture.LIFT_ID_CARD, say("lift.sentence"), None, PERSON)),
        "registry": _view("registry", 2, WorkingBody(((say("registry.read"), DONE), (say("registry.query"), RUNNING))), *busy),
        "permit": _view("permit", 3, permit),
        "permit_check": _view("permit_check", 3, WorkingBody(checking, None, say("issuing.sentence")), *busy),
        "face": _view("face", 4, FaceBody(say("face.guidance"), None, None, 0.4), _secondary("other_way", "face.other_way")),
        "face-turn": _view("face", 4, FaceBody(say("face.turn"), "left", None, 0.4), _secondary("other_way", "face.other_way"), title="face"),
        "face-colour": _view("face", 4, FaceBody(say("face.colours"), None, "#00FFFF", 0.7), _secondary("other_way", "face.other_way"), title="face"),
        "other_way": _view(
            "other_way", 4, OtherWayBody(say("other_way.sentence")), *_choices(*((way, f"other_way.{way}") for way in ("staff", "ticket", "camera")))
        ),
        "compare": _view(
            "staff_compare",
            4,
            CompareBody("**明", say("compare.sentence")),
            _secondary("not_holder", "compare.not_holder"),
            _primary("holder", "compare.holder"),
            title="compare",
        ),
        "choose": _view("choose", 5, few, *_chosen_answers(few), go),
        "choose-many": _view("choose", 5, many, *_chosen_answers(many), go),
        "phone": _view(
            "phone",
            5,
            KeypadBody("138****12", 11, say("phone.sentence")),
            *keys,
            *last_row,
            _primary("continue", "continue", False),
            _secondary("skip", "phone.skip"),
        ),
        "review": _view(
            "review",
            6,
            ReviewBody((*lines, (say("review.phone"), value("138****1234"))), 3000),
            _primary("confirm", "review.confirm"),
            _secondary("change", "review.change"),
        ),
        "contact-name": _view("contact", 5, TextBody(TextField.NAME, "", say("contact.sentence")), *written(30)),
        "contact-address": _view("contact", 5, TextBody(TextField.ADDRESS, ADDRESS, say("contact.sentence")), *written(60)),
        "approval": _view(
            "approval", 6, WorkingBody(((say("approval.submitted"), DONE), (say("approval.running"), RUNNING)), None, say("issuing.sentence")), *busy
        ),
        "pay_method": _view("pay_method", 7, PayMethodBody(3000), *_choices(*((f"pay.{name}", f"pay_method.{name}") for name in methods))),
        "pay": _view("pay", 7, PayBody("wechat", CODE, 3000, "0042"), _secondary("another", "pay.another")),
        "issuing": _view("issuing", 8, WorkingBody(printing, 0.62, say("issuing.sentence")), *_footer("back", "cancel")),
        "take_card": _view(
            "take_card",
            8,
            ActBody(Picture.TAKE_PERMIT, say("take_card.sentence"), say("take_card.hint")),
            *_footer("back", "cancel"),
            deadline=Deadline(time.monotonic() + 25, 30),
        ),
        "receipt": _view("receipt", 8, DoneBody(lines[2:]), *_choices(*((f"receipt.{name}", f"receipt.{name}") for name in receipts))),
        "receipt-code": _view(
            "receipt", 8, DoneBody(lines[2:], "https://example.invalid/r/GZ-20260220-0042"), _primary("finish", "finish"), title="receipt.scan"
        ),
        "take_paper": _view("take_paper", 8, ActBody(Picture.TAKE_PAPER, say("take_paper.sentence"))),
        "goodbye": _view(
            "goodbye", None, _outcome("goodbye", Tone.DONE, "goodbye.money", "goodbye.card", "goodbye.next"), _primary("finish", "finish")
        ),
        "refused": _view(
            "refused", None, _outcome("refused", Tone.NOTICE, "refused.money", "refused.card", "refused.next"), _primary("finish", "finish")
        ),
        "problem": _view(
            "problem", None, _outcome("problem", Tone.TROUBLE, "problem.money", "refused.card", "refused.next"), _primary("finish", "finish")
        ),
        "staff": _view("staff", None, _outcome("staff", Tone.NOTICE, "refused.money", "refused.card", "goodbye.next"), _primary("finish", "finish")),
        "giving_back": _view("giving_back", None, WorkingBody(((say("giving_back.void"), DONE), (say("giving_back.move"), RUNNING))), *busy),
        "out_of_service": _view("out_of_service", None, OutOfServiceBody(say("out_of_service.reason"), HOURS), *start),
    }


def sample_preview() -> Preview:
    """One still frame: a plain head and shoulders before a wall, 640 x 480."""
    preview = Preview()
    width, height = 640, 480
    rows = bytearray()
    for y in range(height):
        for x in range(width):
            head = ((x - 320) / 95) ** 2 + ((y - 205) / 125) ** 2 < 1
            body = ((x - 320) / 210) ** 2 + ((y - 480) / 150) ** 2 < 1
            rows += b"\x8c\xa6\xc8" if head else b"\x6b\x4b\x36" if body else b"\xd9\xd2\xcb"
    preview.put(width, height, bytes(rows))
    return preview
