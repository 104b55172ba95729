"""The chip reader against chips made by the test authority: whole, forged, broken and silent ones."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.chip import issuer, lds, passive_authentication, tlv
from drivers.chip.emulator import FILES, PermitApplet
from drivers.chip.icao import IcaoChipReader
from drivers.chip.issuer import TestAuthority
from drivers.contract.chip import AccessKey, ChipReader, PermitChip
from drivers.contract.failure import Failure
from drivers.world.faults import Fault, FaultBoard

FACE = bytes.fromhex("0000000C6A5020200D0A870A") + bytes(range(256)) * 8
KEY = AccessKey("CA0000001", date(1990, 3, 7), date(2030, 1, 1))
OTHER = AccessKey("CA0000002", date(1990, 3, 7), date(2030, 1, 1))


class Channel:
    """Straight to the chip, without a card module."""

    def __init__(self, chip: PermitApplet) -> None:
        self.chip = chip
        self.active = False
        self.sent: list[bytes] = []

    def activate(self) -> Failure | None:
        self.chip.power_on()
        self.active = True
        return None

    def transmit(self, apdu: bytes) -> bytes | Failure:
        self.sent.append(apdu)
        return self.chip.transmit(apdu) or Failure("chip.no_answer", 0x68)

    def deactivate(self) -> Failure | None:
        self.active = False
        return None


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority.at(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def trust(authority: TestAuthority, tmp_path: Path) -> Path:
    path = tmp_path / "csca.pem"
    path.write_bytes(authority.authority.certificate.public_bytes(serialization.Encoding.PEM))
    return path


def make(authority: TestAuthority, **changed: object) -> PermitApplet:
    given: dict[str, object] = {
        "document_type": "CS",
        "number": "CA0000001",
        "birth": date(1990, 3, 7),
        "expires_on": date(2030, 1, 1),
        "sex": "F",
        "name": "欧阳小明",
        "pinyin": "OUYANG,XIAOMING",
        "personal_number": "440301199003070019",
        "issuer": "公安部出入境管理局",
        "issued_on": date(2020, 1, 2),
        "face_jpeg2000": FACE,
    }
    return authority.personalise(**(given | changed))  # type: ignore[arg-type]


def read(chip: PermitApplet, trust: Path, *keys: AccessKey) -> tuple[int, PermitChip] | Failure:
    channel = Channel(chip)
    result = IcaoChipReader(channel, trust).open_with(keys or (KEY,))
    assert not channel.active, "the field is always switched off again"
    assert all(len(apdu) <= 261 for apdu in channel.sent)
    return result


def test_a_chip_is_read_whole(authority: TestAuthority, trust: Path) -> None:
    result = read(make(authority), trust)
    assert isinstance(result, tuple)
    index, permit = result
    assert index == 0
    assert permit == PermitChip(
        document_type="CS",
        document_number="CA0000001",
        birth=date(1990, 3, 7),
        expires_on=date(2030, 1, 1),
        sex="F",
        name="欧阳小明",
        pinyin="OUYANG,XIAOMING",
        personal_number="440301199003070019",
        issuer="公安部出入境管理局",
        issued_on=date(2020, 1, 2),
        face_image=FACE,
        blocks=permit.blocks,
    )
    assert repr(permit) == "PermitChip(***)"


def test_a_taiwan_permit_is_read(authority: TestAuthority, trust: Path) -> None:
    key = AccessKey("L00000001", date(2001, 12, 31), date(2031, 6, 30))
    chip = make(authority, document_type="CD", number="L00000001", birth=key.birth, expires_on=key.expires_on, sex="M")
    result = read(chip, trust, key)
    assert isinstance(result, tuple)
    assert (result[1].document_type, result[1].document_number, result[1].sex) == ("CD", "L00000001", "M")


def test_the_reader_is_what_the_contract_wants(authority: TestAuthority, trust: Path) -> None:
    reader: ChipReader = IcaoChipReader(Channel(make(authority)), trust)
    assert reader.open_with([]) == Failure("chip.no_key_fits")


def test_the_key_that_fits_is_found_and_named(authority: TestAuthority, trust: Path) -> None:
    result = read(make(authority), trust, OTHER, AccessKey("CA0000001", date(1990, 3, 8), KEY.expires_on), KEY)
    assert isinstance(result, tuple)
    assert result[0] == 2


def test_somebody_else_s_permit_opens_with_no_key(authority: TestAuthority, trust: Path) -> None:
    assert read(make(authority), trust, OTHER, OTHER) == Failure("chip.no_key_fits")


def test_a_hundred_year_old_keeps_the_century(authority: TestAuthority, trust: Path) -> None:
    key = AccessKey("CA0000001", date(1921, 5, 6), date(2030, 1, 1))
    result = read(make(authority, birth=key.birth), trust, key)
    assert isinstance(result, tuple)
    assert result[1].birth == date(1921, 5, 6)


@pytest.mark.parametrize("name", ["DG1", "DG2", "DG11", "DG12"])
def test_one_changed_bit_in_a_data_group_is_an_altered_chip(authority: TestAuthority, trust: Path, name: str) -> None:
    chip = make(authority)
    chip.alter(name)
    assert read(chip, trust) == Failure("chip.altered", detail={"file": name})


def test_a_changed_signature_is_an_altered_chip(authority: TestAuthority, trust: Path) -> None:
    chip = make(authority)
    chip.alter("SOD")
    assert read(chip, trust) == Failure("chip.altered")
    assert read(make(authority, defect="wrong_signature"), trust) == Failure("chip.altered")


def test_an_exchanged_list_of_hashes_is_an_altered_chip(authority: TestAuthority, trust: Path) -> None:
    """The forger keeps signature and attributes and changes only what they vouch for."""
    chip = make(authority)
    listed = passive_authentication._parse(chip.files[FILES["SOD"]]).hashes.digests[1]
    sod = chip.files[FILES["SOD"]]
    assert sod.count(listed) == 1
    chip.files[FILES["SOD"]] = sod.replace(listed, bytes(32))
    assert read(chip, trust) == Failure("chip.altered")


def test_a_hidden_data_group_is_an_altered_chip(authority: TestAuthority, trust: Path) -> None:
    chip = make(authority)
    chip.files[FILES["COM"]] = chip.files[FILES["COM"]].replace(bytes.fromhex("5C0461756B6C"), bytes.fromhex("5C0461756C6C"))
    chip.remove("DG11")
    assert read(chip, trust) == Failure("chip.altered")


def test_a_signer_of_another_authority_of_the_same_name_is_not_trusted(authority: TestAuthority, trust: Path) -> None:
    assert read(make(authority, defect="untrusted"), trust) == Failure("chip.untrusted")


def test_a_signer_that_has_run_out_is_not_trusted(authority: TestAuthority, trust: Path) -> None:
    assert read(make(authority, defect="expired"), trust) == Failure("chip.untrusted")


def test_validity_is_asked_at_the_moment_of_reading(authority: TestAuthority) -> None:
    sod = make(authority).files[FILES["SOD"]]
    trusted = [authority.authority.certificate]
    now = datetime.now(UTC)
    assert isinstance(passive_authentication.verify(sod, trusted, now), passive_authentication.SignedHashes)
    signer, authority_end = authority.signer.certificate.not_valid_after_utc, authority.authority.certificate.not_valid_after_utc
    assert passive_authentication.verify(sod, trusted, signer + timedelta(days=1)) == Failure("chip.untrusted")
    assert passive_authentication.verify(sod, trusted, authority_end + timedelta(days=1)) == Failure("chip.untrusted")
    assert passive_authentication.verify(sod, [], now) == Failure("chip.untrusted")


def test_a_document_signer_is_no_authority(authority: TestAuthority) -> None:
    sod = make(authority).files[FILES["SOD"]]
    assert passive_authentication.verify(sod, [authority.signer.certificate], datetime.now(UTC)) == Failure("chip.untrusted")


def test_who_was_signed_by_a_document_signer_is_not_trusted(authority: TestAuthority) -> None:
    now = datetime.now(UTC)
    below = issuer._signer(authority.signer, ec.generate_private_key(ec.SECP256R1()), now, 100)
    sod = make(TestAuthority(authority.authority, below)).files[FILES["SOD"]]
    assert passive_authentication.verify(sod, [authority.signer.certificate], now) == Failure("chip.untrusted")


def test_a_certificate_that_is_not_made_for_signing_is_not_trusted(authority: TestAuthority) -> None:
    sod = make(TestAuthority(authority.authority, authority.authority)).files[FILES["SOD"]]
    assert passive_authentication.verify(sod, [authority.authority.certificate], datetime.now(UTC)) == Failure("chip.untrusted")


def test_an_authority_that_has_run_out_is_not_trusted() -> None:
    now, key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    old = issuer.Signer(key, issuer._certificate("Test CSCA", key, None, now - timedelta(days=900), now - timedelta(days=1)))
    young = issuer._signer(old, ec.generate_private_key(ec.SECP256R1()), now, 100)
    sod = make(TestAuthority(old, young)).files[FILES["SOD"]]
    assert passive_authentication.verify(sod, [old.certificate], now) == Failure("chip.untrusted")
    earlier = passive_authentication.verify(sod, [old.certificate], now - timedelta(days=50))
    assert isinstance(earlier, passive_authentication.SignedHashes)


def test_a_signature_made_for_another_purpose_is_an_altered_chip(authority: TestAuthority, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = cms.CMSAttributes

    def for_plain_data(attributes: list[dict[str, object]]) -> object:
        return genuine([{"type": "content_type", "values": ["data"]}, *attributes[1:]])

    monkeypatch.setattr(cms, "CMSAttributes", for_plain_data)
    sod = make(authority).files[FILES["SOD"]]
    monkeypatch.undo()
    assert passive_authentication.verify(sod, [authority.authority.certificate], datetime.now(UTC)) == Failure("chip.altered")


@pytest.mark.parametrize("left_out", [1, 2])
def test_a_chip_whose_signer_vouches_for_too_little_is_altered(authority: TestAuthority, trust: Path, left_out: int) -> None:
    chip = make(authority)
    groups = {group: chip.files[FILES[f"DG{group}"]] for group in (1, 2, 11, 12) if group != left_out}
    chip.files[FILES["SOD"]] = authority._security_object(groups, None, False)
    tag = {1: "61", 2: "75"}[left_out]
    chip.files[FILES["COM"]] = chip.files[FILES["COM"]].replace(bytes.fromhex("61756B6C"), bytes.fromhex("61756B6C".replace(tag, "63")))
    assert read(chip, trust) == Failure("chip.altered")


@pytest.mark.parametrize("pss", [False, True])
def test_rsa_signers_are_understood(pss: bool) -> None:
    authority = TestAuthority.fresh(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    trusted = [authority.authority.certificate]
    signed = passive_authentication.verify(make(authority, pss=pss).files[FILES["SOD"]], trusted, datetime.now(UTC))
    assert isinstance(signed, passive_authentication.SignedHashes)
    forged = make(authority, pss=pss, defect="wrong_signature").files[FILES["SOD"]]
    assert passive_authentication.verify(forged, trusted, datetime.now(UTC)) == Failure("chip.altered")


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_missing_or_broken_trusted_certificate_is_a_coded_failure(authority: TestAuthority, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "csca.pem"
    if content is not None:
        path.write_bytes(content)
    assert read(make(authority), path) == Failure("chip.trust_missing", detail={"file": "csca.pem"})


@pytest.mark.parametrize("name", list(FILES))
def test_a_broken_file_head_is_unreadable(authority: TestAuthority, trust: Path, name: str) -> None:
    chip = make(authority)
    chip.spoil(name)
    result = read(chip, trust)
    assert isinstance(result, Failure)
    assert result.code == "chip.unreadable"


@pytest.mark.parametrize("head", ["6183FFFFFF", "6184FFFFFFFF", "6180", "6182FFFF", "6182007F", "7F61", ""])
def test_a_forged_length_ends_the_reading_soon(authority: TestAuthority, trust: Path, head: str) -> None:
    chip = make(authority)
    chip.files[FILES["DG1"]] = bytes.fromhex(head) + bytes(64 if head else 0)
    channel = Channel(chip)
    result = IcaoChipReader(channel, trust).open_with([KEY])
    assert isinstance(result, Failure)
    assert result.code == "chip.unreadable"
    assert len(channel.sent) < 40


def test_a_file_that_read_binary_cannot_address_is_not_begun(authority: TestAuthority, trust: Path) -> None:
    chip = make(authority)
    chip.files[FILES["DG1"]] = issuer.item("61", bytes(50000))
    channel = Channel(chip)
    assert IcaoChipReader(channel, trust).open_with([KEY]) == Failure("chip.unreadable")
    assert len(channel.sent) < 40


@pytest.mark.parametrize("name", list(FILES))
def test_a_missing_file_is_unreadable(authority: TestAuthority, trust: Path, name: str) -> None:
    chip = make(authority)
    chip.remove(name)
    assert read(chip, trust) == Failure("chip.unreadable", detail={"status_word": "6A82"})


def test_another_kind_of_chip_is_the_wrong_card(authority: TestAuthority, trust: Path) -> None:
    class BankCard(PermitApplet):
        def transmit(self, apdu: bytes) -> bytes:
            return b"\x6a\x82"

    assert read(BankCard("0" * 24, {}), trust) == Failure("chip.wrong_card")


@pytest.mark.parametrize(
    ("moment", "kind", "code"),
    [
        ("select", "silence", "chip.no_answer"),
        ("select", "wrong_sw", "chip.unreadable"),
        ("bac", "silence", "chip.no_answer"),
        ("bac", "wrong_sw", "chip.unreadable"),
        ("bac", "unreadable", "chip.unreadable"),
        ("bac", "altered", "chip.unreadable"),
        ("read", "silence", "chip.no_answer"),
        ("read", "wrong_sw", "chip.unreadable"),
        ("read", "unreadable", "chip.unreadable"),
        ("read", "altered", "chip.altered"),
    ],
)
def test_scripted_faults_of_the_chip_are_coded_failures(authority: TestAuthority, trust: Path, moment: str, kind: str, code: str) -> None:
    chip = make(authority)
    chip.faults = FaultBoard()
    chip.faults.put("chip", moment, Fault(kind))
    result = read(chip, trust)
    assert isinstance(result, Failure)
    assert result.code == code
    assert isinstance(read(chip, trust), tuple), "the fault was used up"


def test_a_chip_that_gives_endless_empty_answers_is_unreadable(authority: TestAuthority, trust: Path) -> None:
    class Empty(PermitApplet):
        def _obey(self, instruction: int, p1: int, p2: int, data: bytes, expected: int) -> tuple[Fault | None, bytes, bytes]:
            fault, plain, status = super()._obey(instruction, p1, p2, data, expected)
            return fault, b"" if p1 | p2 and instruction == 0xB0 else plain, status

    whole = make(authority)
    empty = Empty(issuer.with_check("CA0000001") + issuer.with_check("900307") + issuer.with_check("300101"), whole.files)
    assert read(empty, trust) == Failure("chip.unreadable")


def test_shorter_blocks_than_asked_are_put_together(authority: TestAuthority, trust: Path) -> None:
    class Sparing(PermitApplet):
        def _obey(self, instruction: int, p1: int, p2: int, data: bytes, expected: int) -> tuple[Fault | None, bytes, bytes]:
            fault, plain, _ = super()._obey(instruction, p1, p2, data, min(expected, 50))
            return fault, plain, b"\x90\x00"

    whole = make(authority)
    sparing = Sparing(issuer.with_check("CA0000001") + issuer.with_check("900307") + issuer.with_check("300101"), whole.files)
    result = read(sparing, trust)
    assert isinstance(result, tuple)
    assert result[1].face_image == FACE


# ---- the files


def test_dg1_is_laid_out_as_documented(authority: TestAuthority) -> None:
    text = make(authority, name="证件样").files[FILES["DG1"]][5:].decode("ascii")
    assert len(text) == 90
    assert text[:30] == "CSCA00000015<3001019<9003071<0"
    assert text[30:42] == "NGKELMPONBPJ"
    assert text[42:60] == "OUYANG<<XIAOMING<<"
    assert text[60] == "F"


@pytest.mark.parametrize("specimen", ["CSC000000004<2404200<8108038<6", "CDL000000007<2508197<8208031<6"])
def test_both_sides_agree_on_the_specimen_lines(specimen: str) -> None:
    birth, expiry = (datetime.strptime("19" + specimen[21:27], "%Y%m%d").date(), datetime.strptime("20" + specimen[13:19], "%Y%m%d").date())
    assert issuer.machine_line(specimen[:2], specimen[2:11], birth, expiry) == specimen
    line = lds.machine_line(issuer.data_group_1(specimen, "样", "YANG,BEN", "M"), AccessKey("", date(2000, 1, 1), date(2000, 1, 1)))
    assert (line.document_number, line.birth, line.expires_on, line.name, line.pinyin) == (specimen[2:11], birth, expiry, "样", "YANG,BEN")


@pytest.mark.parametrize("position", [2, 11, 13, 19, 21, 27, 29])
def test_a_wrong_check_digit_in_dg1_is_malformed(position: int) -> None:
    line = list("CSCA00000015<3001019<9003071<0")
    line[position] = "8" if line[position] != "8" else "7"
    with pytest.raises(tlv.Malformed):
        lds.machine_line(issuer.data_group_1("".join(line), "样", "YANG", "M"), KEY)


def test_a_face_record_with_feature_points_is_read() -> None:
    whole = issuer.data_group_2(FACE, "F")
    block = whole[whole.index(b"FAC\0") :]
    pointed = block[:14] + (int.from_bytes(block[14:18], "big") + 16).to_bytes(4, "big") + b"\x00\x02" + block[20:34] + bytes(16) + block[34:]
    group = issuer.item("75", issuer.item("7F61", issuer.item("7F60", issuer.item("7F2E", pointed))))
    assert lds.face_image(group) == FACE


@pytest.mark.parametrize("by", [1, 5000, -len(FACE)])
def test_a_face_record_of_another_length_than_it_says_is_malformed(by: int) -> None:
    whole = issuer.data_group_2(FACE, "F")
    at = whole.index(b"FAC\0") + 14
    with pytest.raises(tlv.Malformed):
        lds.face_image(whole[:at] + (int.from_bytes(whole[at : at + 4], "big") + by).to_bytes(4, "big") + whole[at + 4 :])


@pytest.mark.parametrize("image", [b"\xff\xd8\xff\xe0 jpeg", bytes.fromhex("FF4FFF51") + b"codestream"])
def test_jpeg_and_bare_codestreams_are_faces_too(image: bytes) -> None:
    assert lds.face_image(issuer.data_group_2(image, "M")) == image


def test_anything_else_is_no_face() -> None:
    with pytest.raises(tlv.Malformed):
        lds.face_image(issuer.data_group_2(b"GIF89a", "M"))


def test_a_face_too_large_for_a_chip_is_refused_by_the_issuer() -> None:
    with pytest.raises(ValueError):
        issuer.data_group_2(FACE[:12] + bytes(40000), "M")


@pytest.mark.parametrize(("raw", "day"), [(b"20200102", date(2020, 1, 2)), (bytes.fromhex("20200102"), date(2020, 1, 2))])
def test_the_date_of_issue_may_be_text_or_packed(raw: bytes, day: date) -> None:
    assert lds.document_details(issuer.item("6C", issuer.item("5F26", raw))) == (None, day)


# ---- forged bytes

PARSERS: list[Callable[[bytes], object]] = [
    lambda data: list(tlv.items(data)),
    tlv.head,
    lds.listed_groups,
    lambda data: lds.machine_line(data, KEY),
    lds.face_image,
    lds.personal_details,
    lds.document_details,
]


WRAPPED = st.binary(max_size=120).map(lambda value: issuer.item("61", issuer.item("5F1F", value)))


@given(st.sampled_from(PARSERS), st.one_of(st.binary(max_size=200), WRAPPED))
def test_no_bytes_upset_the_file_parsers(parser: Callable[[bytes], object], data: bytes) -> None:
    try:
        parser(data)
    except tlv.Malformed:
        pass


@given(st.text(alphabet="0123456789ABC<", min_size=90, max_size=90), st.integers(0, 60))
def test_no_characters_upset_the_machine_line(text: str, at: int) -> None:
    mixed = text[:at] + "CSCA00000015<3001019<9003071<0"[: 90 - at] + text[at + 30 :]
    try:
        lds.machine_line(issuer.item("61", issuer.item("5F1F", mixed[:90].encode())), KEY)
    except tlv.Malformed:
        pass


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_forged_sod_raises_or_is_believed(authority: TestAuthority, data: st.DataObject) -> None:
    whole = make_once(authority)
    forged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        forged[data.draw(st.integers(0, len(forged) - 1))] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(forged))))
    trusted = [authority.authority.certificate]
    result = passive_authentication.verify(bytes(forged[:cut]), trusted, datetime.now(UTC))
    honest = passive_authentication.verify(whole, trusted, datetime.now(UTC))
    if isinstance(result, Failure):
        assert result.code in ("chip.unreadable", "chip.altered", "chip.untrusted")
    else:
        assert result == honest, "a change outside what is signed (a version number) may pass, but never other hashes"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_upset_the_sod_parser(data: bytes) -> None:
    for sod in (data, issuer.item("77", data), issuer.item("77", issuer.item("30", data))):
        assert isinstance(passive_authentication.verify(sod, [], datetime.now(UTC)), Failure)


@settings(max_examples=60, deadline=None)
@given(answers=st.lists(st.binary(min_size=0, max_size=60), min_size=1, max_size=8))
def test_no_answers_of_a_chip_upset_the_reader(authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory, answers: list[bytes]) -> None:
    trust = tmp_path_factory.getbasetemp() / "fuzz-csca.pem"
    if not trust.exists():
        trust.write_bytes(authority.authority.certificate.public_bytes(serialization.Encoding.PEM))

    class Babbler(PermitApplet):
        heard = 0

        def transmit(self, apdu: bytes) -> bytes:
            self.heard += 1
            return answers[self.heard % len(answers)] if self.heard > len(answers) else super().transmit(apdu)

    whole = make_once_chip(authority)
    babbler = Babbler(issuer.with_check("CA0000001") + issuer.with_check("900307") + issuer.with_check("300101"), whole.files)
    result = IcaoChipReader(Channel(babbler), trust).open_with([KEY, OTHER])
    assert isinstance(result, Failure)
    assert result.code.startswith("chip.")


_made: dict[int, PermitApplet] = {}


def make_once_chip(authority: TestAuthority) -> PermitApplet:
    return _made.setdefault(id(authority), make(authority))


def make_once(authority: TestAuthority) -> bytes:
    return make_once_chip(authority).files[FILES["SOD"]]


# ---- the authority's own files


def test_the_authority_is_kept_and_its_keys_are_private(tmp_path: Path) -> None:
    made = TestAuthority.at(tmp_path)
    again = TestAuthority.at(tmp_path)
    assert again.authority.certificate == made.authority.certificate
    assert again.signer.certificate == made.signer.certificate
    for name in ("csca", "document_signer"):
        assert (tmp_path / f"{name}.key.pem").stat().st_mode & 0o077 == 0
    assert isinstance(read(make(again), tmp_path / "csca.pem"), tuple)
