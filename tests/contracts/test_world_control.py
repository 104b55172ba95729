"""The control API against a real hall process: every endpoint, bad bodies, reset, and what the ledger tells of cards."""

import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_type_hints

import httpx
import pytest

from drivers.camera import scenes
from drivers.card_module.crt591m import Crt591m
from drivers.card_printer.tcp300ii import Tcp300ii
from drivers.chip.icao import IcaoChipReader
from drivers.contract.bitmap import Bitmap
from drivers.contract.card_module import CardPosition
from drivers.contract.chip import AccessKey
from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.id_reader import IdCard
from drivers.id_reader.samv import SamvReader
from drivers.lights.modbus import ModbusLights
from drivers.world.backs import HEIGHT, WIDTH, initial_back
from drivers.world.client import ControlRefused, WorldClient
from drivers.world.control_bodies import SceneBody
from drivers.world.payments import PaymentsBook
from drivers.world.persona_fields import FACES
from drivers.world.personas import DIRECTORY, HeldEndorsement
from drivers.world.portraits import chip_picture
from drivers.world.process import WorldProcess, start
from kiosk.commands import words

NUMBER = "C10200311"  # of the persona `ordinary`


@pytest.fixture(scope="module")
def personas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped people, a twin of one of them, one with a mistake and one without a face."""
    directory = tmp_path_factory.mktemp("personas")
    for name in ("ordinary", "both-permits", "impostor"):
        (directory / f"{name}.toml").write_bytes((DIRECTORY / f"{name}.toml").read_bytes())
    ordinary = (DIRECTORY / "ordinary.toml").read_text("utf-8")
    (directory / "twin.toml").write_text(ordinary.replace('hukou = "440106"', 'hukou = "430200"'), "utf-8")
    (directory / "wrong.toml").write_text(ordinary.replace('sex = "M"', 'sex = "?"'), "utf-8")
    (directory / "faceless.toml").write_text(ordinary.split("[face]")[0], "utf-8")
    return directory


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, personas: Path) -> Iterator[WorldProcess]:
    process = start(tmp_path_factory.mktemp("hall"), personas=personas, speed="fast")
    assert isinstance(process, WorldProcess), process
    yield process
    process.stop()


@pytest.fixture
def hall(world: WorldProcess) -> Iterator[WorldClient]:
    client = WorldClient(world.control_url)
    client.reset()
    client.as_of(None)
    yield client
    client.close()


@pytest.fixture
def module(world: WorldProcess) -> Iterator[Crt591m]:
    device = Crt591m(device_port(world, "card_module"))
    assert device.open() is None
    yield device
    device.close()


@pytest.fixture
def authority(world: WorldProcess) -> Iterator[httpx.Client]:
    entry = profile_of(world)["authority"]
    token = (world.profile.parent / entry["token_file"]).read_text()
    with httpx.Client(base_url=entry["url"], headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        yield client


def profile_of(world: WorldProcess) -> dict[str, Any]:
    return tomllib.loads(world.profile.read_text("utf-8"))


def device_port(world: WorldProcess, name: str) -> str:
    return str(world.profile.parent / profile_of(world)["devices"][name]["port"])


def until(happened: Callable[[], object], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def card(hall: WorldClient, number: str = NUMBER) -> dict[str, Any]:
    return next(row for row in hall.ledger()["permits"] if row["number"] == number)


def refusal(act: Callable[[], object]) -> ControlRefused:
    with pytest.raises(ControlRefused) as caught:
        act()
    return caught.value


def id_number() -> str:
    return str(tomllib.loads((DIRECTORY / "ordinary.toml").read_text("utf-8"))["person"]["id_number"])


def application(valid_until: str, destination: str = "HKG", permit: str = NUMBER) -> dict[str, Any]:
    row = {"destination": destination, "kind": "G", "validity": "1Y1", "valid_until": valid_until}
    return {"permit_number": permit, "id_number": id_number(), "phone": None, "contact": None, "endorsements": [row]}


# ---- the API itself


def test_the_openapi_document_and_the_page_name_every_endpoint(world: WorldProcess) -> None:
    paths = httpx.get(world.control_url + "/openapi.json", trust_env=False).json()["paths"]
    wanted = {"/id-card", "/permit", "/scene", "/gesture", "/phone", "/clock", "/reset", "/faults/{device}/{moment}", "/ledger", "/devices"}
    assert wanted | {"/personas"} <= set(paths)
    assert set(paths["/faults/{device}/{moment}"]) == {"put", "delete"}
    page = httpx.get(world.control_url + "/", trust_env=False)
    assert page.headers["content-type"].startswith("text/html")
    for path in ("/id-card", "/permit", "/scene", "/gesture", "/phone", "/clock", "/reset", "/faults/", "/ledger", "/devices", "/personas"):
        assert path in page.text


@pytest.mark.parametrize(
    ("method", "path", "body", "key"),
    [
        ("POST", "/id-card", {"persona": "ordinary", "action": "throw"}, "action"),
        ("POST", "/id-card", {"action": "place"}, "persona"),
        ("POST", "/id-card", {"persona": "ordinary", "action": "lift", "hand": "left"}, "hand"),
        ("POST", "/id-card", ["ordinary"], "body"),
        ("POST", "/permit", {"persona": 3, "number": NUMBER, "action": "insert"}, "persona"),
        ("POST", "/permit", {"number": NUMBER, "action": "insert"}, "persona"),
        ("POST", "/scene", {"name": "dance", "persona": "ordinary"}, "name"),
        ("POST", "/gesture", {"action": "jump"}, "action"),
        ("POST", "/gesture", {}, "action"),
        ("POST", "/gesture", {"action": "blink", "eye": "left"}, "eye"),
        ("POST", "/gesture", {"action": 1}, "action"),
        ("POST", "/phone", {"action": "pay", "method": "cash"}, "method"),
        ("POST", "/clock", {"advance_s": -1}, "advance_s"),
        ("POST", "/clock", {"advance_s": "soon"}, "advance_s"),
        ("POST", "/clock", {}, "advance_s"),
        ("POST", "/as-of", {"date": "2026-02-30"}, "date"),
        ("PUT", "/faults/authority/submit", {"times": 1}, "kind"),
        ("PUT", "/faults/authority/submit", {"kind": "refuse", "times": -1}, "times"),
        ("POST", "/supplies", {"device": "receipt_printer", "paper_mm": -1}, "paper_mm"),
    ],
)
def test_a_bad_body_is_refused_with_its_key(world: WorldProcess, method: str, path: str, body: object, key: str) -> None:
    answer = httpx.request(method, world.control_url + path, json=body, trust_env=False)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "control.bad_request"
    assert key in error["detail"]["key"]


def test_what_is_no_json_and_what_is_not_there_are_refused_in_json(world: WorldProcess) -> None:
    with httpx.Client(base_url=world.control_url, trust_env=False) as client:
        assert client.post("/clock", content=b"{advance", headers={"Content-Type": "application/json"}).status_code == 422
        assert client.get("/nowhere").json()["error"]["code"] == "control.not_found"
        assert client.get("/reset").json()["error"]["code"] == "control.method"
        assert client.get("/permits/C99999999/back.png").status_code == 404
        assert client.get("/papers/..%2Fworld.json").status_code == 404


def test_unknown_malformed_and_faceless_personas_are_told_apart(hall: WorldClient) -> None:
    for act in (lambda: hall.place_id_card("nobody"), lambda: hall.insert_permit("nobody", NUMBER), lambda: hall.scene("live", "nobody")):
        unknown = refusal(act)
        assert (unknown.status, unknown.code) == (404, "persona.unknown")
        assert "ordinary" in unknown.detail["allowed"]
    wrong = refusal(lambda: hall.place_id_card("wrong"))
    assert (wrong.status, wrong.code, wrong.detail["key"]) == (422, "persona.malformed", "person.sex")
    assert refusal(lambda: hall.place_id_card("faceless")).code == "persona.no_face"


def test_personas_are_listed_with_their_permits(hall: WorldClient) -> None:
    people = {person["id"]: person for person in hall.personas()}
    assert set(people) == {"ordinary", "both-permits", "impostor", "twin", "faceless"}
    assert [permit["kind"] for permit in people["both-permits"]["permits"]] == ["hkmo", "taiwan"]


def test_faults_must_be_known_and_can_be_taken_back(hall: WorldClient) -> None:
    assert "card_module" in refusal(lambda: hall.put_fault("toaster", "status", "jam")).detail["allowed"]
    assert "move" in refusal(lambda: hall.put_fault("card_module", "moment", "jam")).detail["allowed"]
    assert "jam" in refusal(lambda: hall.put_fault("card_module", "move", "melt")).detail["allowed"]
    hall.put_fault("card_module", "move", "jam", times=2, code="10")
    listed = {"device": "card_module", "moment": "move", "kind": "jam", "times": 2, "parameters": {"code": "10"}}
    assert hall.faults() == [listed]
    hall.delete_fault("card_module", "move")
    assert hall.faults() == []
    hall.delete_fault("card_module", "move")
    assert refusal(lambda: hall.delete_fault("card_module", "never")).code == "fault.unknown"


def test_an_unplugged_port_comes_back_at_the_same_place(hall: WorldClient, world: WorldProcess) -> None:
    link = world.profile.parent / "ports" / "id_reader"
    hall.put_fault("id_reader", "port", "unplug")
    assert not link.is_symlink() and hall.devices()["plugged"]["id_reader"] is False
    hall.delete_fault("id_reader", "port")
    assert link.is_char_device()
    hall.put_fault("id_reader", "port", "unplug")
    hall.reset()
    assert link.is_char_device() and hall.faults() == []


def test_the_clock_file_follows(hall: WorldClient, world: WorldProcess) -> None:
    file = world.profile.parent / "clock.json"
    before = httpx.get(world.control_url + "/devices", trust_env=False).json()["clock"]["advance_s"]
    hall.clock(90.5)
    hall.as_of("2024-05-06")
    assert file.read_text() == f'{{"advance_s": {before + 90.5}, "as_of": "2024-05-06"}}'
    hall.as_of(None)
    assert file.read_text().endswith('"as_of": null}')


def test_relative_dates_follow_the_date_in_force(hall: WorldClient, authority: httpx.Client) -> None:
    hall.as_of("2024-05-06")
    person = authority.post("/registry/query", json={"id_number": id_number()}).json()["person"]
    assert person["permits"][0]["issued_on"] == "2020-07-06"  # 1400 days before
    assert {row["valid_until"] for row in card(hall)["back"]} == {"2023-04-06", "2023-03-03"}


# ---- cards


def test_the_id_card_is_read_by_the_real_driver(hall: WorldClient, world: WorldProcess) -> None:
    hall.place_id_card("ordinary")
    assert hall.devices()["id_reader"] == {"card_placed": True, "persona": "ordinary"}
    reader = SamvReader(device_port(world, "id_reader"))
    assert reader.open() is None
    read = reader.read(5)
    reader.close()
    assert isinstance(read, IdCard), read
    assert (read.name, read.id_number, read.fingerprints) == ("陈志远", id_number(), 1024)
    hall.lift_id_card()
    assert hall.devices()["id_reader"]["card_placed"] is False


def test_a_permit_goes_in_only_when_the_gate_is_open(hall: WorldClient, module: Crt591m) -> None:
    assert module.refuse_entry() is None
    assert hall.insert_permit("ordinary", NUMBER) is False
    assert card(hall)["where"] == "traveller"
    assert module.allow_entry() is None
    assert hall.insert_permit("ordinary", NUMBER) is True
    assert card(hall)["where"] == "in_machine"
    until(lambda: hall.devices()["card_module"]["place"] == "reader")
    twice = refusal(lambda: hall.insert_permit("ordinary", NUMBER))
    assert (twice.status, twice.code) == (409, "permit.not_with_traveller")
    assert hall.insert_permit("both-permits", "L07340018") is False
    assert hall.take_permit() is None
    assert module.eject() is None
    assert hall.take_permit() == NUMBER
    assert card(hall)["where"] == "traveller"


def test_a_card_held_at_the_gate_goes_in_when_it_opens_a_moment_later(hall: WorldClient, module: Crt591m) -> None:
    assert module.refuse_entry() is None
    opening = threading.Timer(0.3, module.allow_entry)
    opening.start()
    assert hall.insert_permit("ordinary", NUMBER) is True
    opening.join()


def test_a_permit_must_be_one_of_the_personas_own(hall: WorldClient) -> None:
    foreign = refusal(lambda: hall.insert_permit("both-permits", NUMBER))
    assert (foreign.status, foreign.code) == (404, "permit.unknown")
    assert "L07340018" in foreign.detail["allowed"]
    assert refusal(lambda: hall.insert_permit("both-permits")).code == "permit.unknown"


def test_a_retained_permit_stays_retained_until_reset(hall: WorldClient, module: Crt591m) -> None:
    inserted(hall, module)
    assert module.retain() is None
    assert (card(hall)["where"], hall.devices()["card_module"]["bin"]) == ("retained", 1)
    hall.supplies("card_module", empty_bin=True)
    assert (card(hall)["where"], hall.devices()["card_module"]["bin"]) == ("retained", 0)
    assert refusal(lambda: hall.insert_permit("ordinary")).code == "permit.not_with_traveller"
    hall.reset()
    assert card(hall)["where"] == "traveller"


def test_the_back_is_read_from_the_burned_dots_and_a_reset_restores_it(hall: WorldClient, module: Crt591m, world: WorldProcess) -> None:
    untouched = card(hall)
    assert [row["destination"] for row in untouched["back"]] == ["HKG", "MAC"]
    before = hall.back_png(NUMBER)
    inserted(hall, module)
    burn(world, module, "MAC", "2027-11-21")
    burned = card(hall)
    assert burned["back"] == [{"destination": "MAC", "kind": "L", "validity": "1Y1", "valid_until": "2027-11-21"}]
    assert burned["rewrites"] == untouched["rewrites"] + 1
    assert hall.back_png(NUMBER) != before
    hall.reset()
    assert card(hall) == untouched
    assert hall.back_png(NUMBER) == before


def test_the_chip_opens_with_what_the_registry_says_and_holds_the_enrolled_face(
    hall: WorldClient, module: Crt591m, world: WorldProcess, authority: httpx.Client
) -> None:
    inserted(hall, module)
    person = registry(authority)
    permit = person["permits"][0]
    key = AccessKey(permit["number"], date.fromisoformat(person["birth"]), date.fromisoformat(permit["expires_on"]))
    reader = IcaoChipReader(module.apdu_channel(), world.profile.parent / profile_of(world)["devices"]["chip"]["trust"])
    opened = reader.open_with([AccessKey("C99999999", key.birth, key.expires_on), key])
    assert isinstance(opened, tuple), opened
    which, chip = opened
    assert (which, chip.document_type, chip.document_number, chip.name, chip.personal_number) == (1, "CS", NUMBER, "陈志远", id_number())
    assert chip.face_image == chip_picture(FACES / "obama.jpg")
    assert 8_000 < len(chip.face_image) < 16_000


def inserted(hall: WorldClient, module: Crt591m) -> None:
    assert module.allow_entry() is None
    assert hall.insert_permit("ordinary", NUMBER) is True
    until(lambda: hall.devices()["card_module"]["place"] == "reader")


def burn(world: WorldProcess, module: Crt591m, destination: str, valid_until: str) -> None:
    day = date.fromisoformat(valid_until)
    dots = initial_back([HeldEndorsement(destination, "L", "1Y1", day, day, 0, "E00000001")]).dots
    bits = "".join("1" if dot else "0" for dot in dots)
    picture = Bitmap(WIDTH, HEIGHT, int(bits, 2).to_bytes(WIDTH * HEIGHT // 8, "big"))
    printer = Tcp300ii(device_port(world, "card_printer"))
    assert printer.open() is None
    assert printer.load(picture) is None and printer.arm() is None
    assert module.hand_over() is None
    assert printer.finish(20) is None
    printer.close()
    assert module.move_to_reader(fetch=True) is None
    position = module.sense()
    assert getattr(position, "position", None) is CardPosition.READER


# ---- the authority


def test_the_authority_wants_its_token(world: WorldProcess) -> None:
    url = profile_of(world)["authority"]["url"] + "/registry/query"
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert httpx.post(url, json={"id_number": id_number()}, headers=headers, trust_env=False).status_code == 401


def test_a_verified_endorsement_shows_in_the_registry_until_reset(hall: WorldClient, authority: httpx.Client) -> None:
    hall.as_of("2026-11-22")
    case = f"case-{time.monotonic_ns()}"
    states = [authority.put(f"/applications/{case}", json=application("2027-11-21")).json()["state"]]
    issued = authority.post(f"/applications/{case}/issue").json()
    assert authority.post(f"/applications/{case}/issue").json() == issued
    states += [issued["state"], authority.post(f"/applications/{case}/verified").json()["state"]]
    assert states == ["approved", "issued", "verified"]
    row = issued["endorsements"][0]
    assert (row["issued_on"], row["issuer"], len(row["number"])) == ("2026-11-22", "广东", 9)
    assert authority.post(f"/applications/{case}/void").status_code == 409

    shown = {each["destination"]: each for each in registry(authority)["permits"][0]["endorsements"]}
    assert (shown["HKG"]["number"], shown["HKG"]["valid_until"], shown["HKG"]["used"]) == (row["number"], "2027-11-21", 0)
    assert shown["MAC"]["number"] == "D70000011"
    hall.reset()
    assert {each["number"] for each in registry(authority)["permits"][0]["endorsements"]} == {"D70000010", "D70000011"}
    kept = next(each for each in hall.ledger()["authority"] if each["case_id"] == case)
    assert kept == {
        "case_id": case,
        "permit_number": NUMBER,
        "state": "verified",
        "endorsements": [{"destination": "HKG", "kind": "G", "validity": "1Y1", "valid_until": "2027-11-21"}],
    }


def test_a_case_is_one_application_and_a_void_is_final(hall: WorldClient, authority: httpx.Client) -> None:
    hall.as_of("2026-11-22")
    case = f"case-{time.monotonic_ns()}"
    assert authority.get(f"/applications/{case}").status_code == 404
    first = authority.put(f"/applications/{case}", json=application("2027-11-21")).json()
    assert authority.put(f"/applications/{case}", json=application("2027-11-21")).json() == first
    other = authority.put(f"/applications/{case}", json=application("2027-11-20"))
    assert (other.status_code, other.json()["error"]["code"]) == (409, "case_conflict")
    assert authority.post(f"/applications/{case}/verified").status_code == 409
    assert [authority.post(f"/applications/{case}/void").json()["state"] for _ in range(2)] == ["voided", "voided"]
    assert authority.post(f"/applications/{case}/issue").status_code == 409
    assert authority.put(f"/applications/{case}", json=application("2027-11-21")).json()["state"] == "voided"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (application("2027-11-21", permit="L07340018"), "permit_not_of_person"),
        (application("2027-11-21", destination="TWN"), "destination_not_of_permit"),
        (application("2099-11-21"), "valid_until_beyond_permit"),
        (application("2020-11-21"), "valid_until_beyond_permit"),
    ],
)
def test_an_application_that_cannot_be_is_rejected(hall: WorldClient, authority: httpx.Client, body: dict[str, Any], reason: str) -> None:
    hall.as_of("2026-11-22")
    case = f"case-{time.monotonic_ns()}"
    answer = authority.put(f"/applications/{case}", json=body).json()
    assert (answer["state"], answer["reason"]) == ("rejected", reason)
    assert authority.post(f"/applications/{case}/issue").status_code == 409


def test_malformed_applications_leave_no_case(hall: WorldClient, authority: httpx.Client) -> None:
    before = len(hall.ledger()["authority"])
    good = application("2027-11-21")
    someday = {**good["endorsements"][0], "valid_until": "soon"}
    for body in ([], {}, {**good, "extra": 1}, {**good, "endorsements": []}, {**good, "endorsements": [someday]}):
        assert authority.put("/applications/case-x", json=body).status_code == 400
    assert authority.put("/applications/case-x", content=b"{").status_code == 400
    assert len(hall.ledger()["authority"]) == before


def test_scripted_troubles_of_the_authority(hall: WorldClient, authority: httpx.Client) -> None:
    hall.as_of("2026-11-22")
    case = f"/applications/case-{time.monotonic_ns()}"
    hall.put_fault("authority", "submit", "refuse")
    assert authority.put(case, json=application("2027-11-21")).status_code == 500
    assert authority.get(case).status_code == 404
    hall.put_fault("authority", "submit", "lost_answer")
    with pytest.raises(httpx.RemoteProtocolError):
        authority.put(case, json=application("2027-11-21"))
    assert authority.get(case).json()["state"] == "approved"
    slow = f"{case}-slow"
    hall.put_fault("authority", "submit", "pending")
    hall.put_fault("authority", "query", "pending")
    assert authority.put(slow, json=application("2027-11-21")).json()["state"] == "submitted"
    assert [authority.get(slow).json()["state"] for _ in range(2)] == ["submitted", "approved"]
    hall.put_fault("authority", "submit", "reject")
    assert authority.put(f"{case}-no", json=application("2027-11-21")).json()["state"] == "rejected"


def test_of_two_copies_of_a_file_the_registry_means_the_one_at_the_machine(hall: WorldClient, authority: httpx.Client) -> None:
    hall.place_id_card("twin")
    assert registry(authority)["hukou"] == "430200"
    hall.place_id_card("ordinary")
    assert registry(authority)["hukou"] == "440106"
    assert authority.post("/registry/query", json={"id_number": "11010519491231002X"}).status_code == 404


def registry(authority: httpx.Client) -> dict[str, Any]:
    person: dict[str, Any] = authority.post("/registry/query", json={"id_number": id_number()}).json()["person"]
    return person


# ---- camera, lights, phone, supplies


def test_the_fill_light_shows_the_colour_that_the_machine_switched(hall: WorldClient, world: WorldProcess) -> None:
    lights = ModbusLights(device_port(world, "lights"))
    assert lights.open() is None
    assert hall.devices()["lights"] == {"colour": "#000000"}
    assert lights.fill(True, False, True) is None
    assert hall.devices()["lights"] == {"colour": "#FF00FF"}
    hall.put_fault("lights", "write", "exception", code=3)
    assert lights.fill(True, True, True) == DeviceFailure("lights.exception", 3)
    hall.put_fault("lights", "port", "unplug")
    assert hall.devices()["plugged"]["lights"] is False
    hall.reset()
    lights.close()
    assert lights.open() is None
    assert hall.devices()["lights"] == {"colour": "#000000"}
    lights.close()


def test_the_camera_shows_whoever_stands_there(hall: WorldClient, world: WorldProcess) -> None:
    for name, persona in (
        ("nobody", None),
        ("live", "ordinary"),
        ("other", "ordinary"),
        ("two", "ordinary"),
        ("cut_eyes", "ordinary"),
        ("live", "impostor"),
    ):
        hall.scene(name, persona)
        assert hall.devices()["face_camera"]["scene"] == name
        with httpx.stream("GET", profile_of(world)["devices"]["face_camera"]["port"], trust_env=False) as stream:
            assert stream.status_code == 200
            first = next(stream.iter_bytes(65536))
        assert b"\xff\xd8" in first
    hall.reset()
    assert refusal(lambda: hall.scene("live")).code == "persona.unknown"


def test_whoever_stands_there_is_asked_for_a_gesture(hall: WorldClient, world: WorldProcess) -> None:
    for name in ("nobody", "bent", "live"):
        hall.scene(name, "ordinary")
        for action in ("turn_left", "turn_right", "face_front", "blink"):
            hall.gesture(action)
        answer = httpx.post(world.control_url + "/gesture", json={"action": "blink"}, trust_env=False)
        assert (answer.status_code, answer.json()) == (200, {"name": name})
    assert refusal(lambda: hall.gesture("jump")).code == "control.bad_request"


def test_light_faults_belong_to_the_face_camera_alone(hall: WorldClient) -> None:
    for kind in ("bright_room", "auto_exposure"):
        hall.put_fault("face_camera", "frame", kind)
        with pytest.raises(ControlRefused) as refused:
            hall.put_fault("back_camera", "frame", kind)
        assert refused.value.code == "fault.unknown"
    hall.delete_fault("face_camera", "frame")


def test_the_phone_has_nothing_to_pay_where_no_order_is_open(hall: WorldClient) -> None:
    assert hall.phone("pay", "wechat") is None
    assert hall.phone("decline", "alipay") is None
    assert hall.phone("nothing") is None


def test_the_phone_pays_the_newest_open_order_and_the_ledger_shows_it_after_a_reset(hall: WorldClient, world: WorldProcess) -> None:
    book = PaymentsBook(world.profile.parent / "ledger.sqlite")
    for number in ("ORDER-1", "ORDER-2"):
        book.open_order("wechat", number, "case-9", 1500, "{}", time.time() + 300, "weixin://x")
    book.close_book()
    assert hall.phone("nothing") is None
    assert hall.phone("decline", "wechat") == "ORDER-2"
    assert hall.phone("pay", "alipay") is None
    assert hall.phone("pay", "wechat") == "ORDER-2"
    hall.reset()
    row = {"case_id": "case-9", "amount_fen": 1500, "refunded_fen": 0}
    assert hall.ledger()["payments"] == [{"order_no": "ORDER-1", "state": "open"} | row, {"order_no": "ORDER-2", "state": "paid"} | row]


def test_supplies_can_be_used_up_and_are_refilled_by_a_reset(hall: WorldClient) -> None:
    hall.supplies("receipt_printer", paper_mm=0)
    assert hall.devices()["receipt_printer"]["paper_mm"] == 0
    assert "paper_mm" in refusal(lambda: hall.supplies("receipt_printer", bin_capacity=1)).detail["allowed"]
    assert refusal(lambda: hall.supplies("toaster", paper_mm=1)).code == "supplies.unknown"
    hall.reset()
    assert hall.devices()["receipt_printer"]["paper_mm"] > 1000
    assert hall.latest_paper_png() is None


def test_every_list_of_scenes_is_the_same() -> None:
    told = get_args(get_type_hints(SceneBody)["name"])
    assert set(told) == set(words.SCENES) == set(scenes.SCENES)
    page = (Path(scenes.__file__).parents[1] / "world/page.html").read_text("utf-8")
    assert all(f"<option>{name}</option>" in page for name in told)
