"""BAC and secure messaging against the published worked example (ICAO 9303-11, appendix D), driver and chip emulator alike."""

from datetime import date

import pytest

from drivers.chip import bac, des
from drivers.chip.bac import MutualAuthentication
from drivers.chip.emulator import PermitApplet
from drivers.chip.secure_messaging import SecureChannel
from drivers.chip.tlv import Malformed
from drivers.contract.chip import AccessKey
from tests.golden import golden

KEY_TEXT = "L898902C<369080619406236"
CHIP_CHALLENGE = bytes.fromhex("4608F91988702212")
OWN_CHALLENGE = bytes.fromhex("781723860C06C226")
OWN_KEY = bytes.fromhex("0B795240CB7049B01C19B33E32804F0B")
CHIP_KEY = bytes.fromhex("0B4F80323EB3191CB04970CB4052790B")
COMMAND_DATA = bytes.fromhex("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7")
CHIP_ANSWER = bytes.fromhex("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449")
SESSION_ENC = bytes.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5")
SESSION_MAC = bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8")
SEQUENCE = bytes.fromhex("887022120C06C226")

SELECT_COM = bytes.fromhex("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800")
SELECTED = bytes.fromhex("990290008E08FA855A5D4C50A8ED9000")
READ_HEAD = bytes.fromhex("0CB000000D9701048E08ED6705417E96BA5500")
HEAD = bytes.fromhex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")
READ_REST = bytes.fromhex("0CB000040D9701128E082EA28A70F3C7B53500")
REST = bytes.fromhex("871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000")
EF_COM = bytes.fromhex("60145F0104303130365F36063034303030305C026175")


@pytest.mark.parametrize("name", ["specimen", "invented_card"])
def test_document_keys_are_the_golden_ones(name: str) -> None:
    text = golden("bac", f"{name}.key_text").decode("ascii")
    assert bac.document_keys(text) == (golden("bac", f"{name}.k_enc"), golden("bac", f"{name}.k_mac"))


def test_the_key_text_has_number_birth_and_expiry_with_their_check_digits() -> None:
    assert bac.key_text(AccessKey("CA0000001", date(1990, 3, 7), date(2030, 1, 1))) == golden("bac", "invented_card.key_text").decode()
    assert bac.key_text(AccessKey("L898902C", date(1969, 8, 6), date(1994, 6, 23))) == KEY_TEXT


def the_session() -> SecureChannel:
    mutual = MutualAuthentication(KEY_TEXT, CHIP_CHALLENGE, OWN_CHALLENGE, OWN_KEY)
    assert mutual.command_data() == COMMAND_DATA
    session = mutual.channel(CHIP_ANSWER)
    assert session is not None
    return session


def test_mutual_authentication_gives_the_published_session() -> None:
    session = the_session()
    assert (session.key_enc, session.key_mac, session.send_sequence) == (SESSION_ENC, SESSION_MAC, SEQUENCE)


@pytest.mark.parametrize("position", [0, 31, 32, 39])
def test_an_answer_that_does_not_prove_the_keys_opens_no_session(position: int) -> None:
    forged = bytearray(CHIP_ANSWER)
    forged[position] ^= 0x80
    assert MutualAuthentication(KEY_TEXT, CHIP_CHALLENGE, OWN_CHALLENGE, OWN_KEY).channel(bytes(forged)) is None
    assert MutualAuthentication(KEY_TEXT, CHIP_CHALLENGE, OWN_CHALLENGE, OWN_KEY).channel(CHIP_ANSWER[:-1]) is None


def test_an_answer_to_another_challenge_opens_no_session() -> None:
    assert MutualAuthentication(KEY_TEXT, CHIP_CHALLENGE, bytes(8), OWN_KEY).channel(CHIP_ANSWER) is None
    assert MutualAuthentication(KEY_TEXT, bytes(8), OWN_CHALLENGE, OWN_KEY).channel(CHIP_ANSWER) is None


def test_secure_messaging_reads_ef_com_as_published() -> None:
    session = the_session()
    assert session.protect(0xA4, 0x02, 0x0C, data=b"\x01\x1e") == SELECT_COM
    assert session.open(SELECTED) == (b"", 0x9000)
    assert session.protect(0xB0, 0x00, 0x00, expected=4) == READ_HEAD
    assert session.open(HEAD) == (EF_COM[:4], 0x9000)
    assert session.protect(0xB0, 0x00, 0x04, expected=18) == READ_REST
    assert session.open(REST) == (EF_COM[4:], 0x9000)


@pytest.mark.parametrize("position", range(len(HEAD)))
def test_a_changed_byte_in_an_answer_is_never_believed(position: int) -> None:
    session = the_session()
    session.protect(0xA4, 0x02, 0x0C, data=b"\x01\x1e")
    session.open(SELECTED)
    session.protect(0xB0, 0x00, 0x00, expected=4)
    forged = bytearray(HEAD)
    forged[position] ^= 0x01
    with pytest.raises(Malformed):
        session.open(bytes(forged))


@pytest.mark.parametrize("answer", ["9000", "", "90", "8709019FF0EC34F99226519000", "990290009000", "8E08AD55CC17140B2DED9000"])
def test_an_answer_without_protection_is_never_believed(answer: str) -> None:
    session = the_session()
    session.protect(0xB0, 0x00, 0x00, expected=4)
    with pytest.raises(Malformed):
        session.open(bytes.fromhex(answer))


def test_a_repeated_answer_is_not_believed() -> None:
    session = the_session()
    session.protect(0xA4, 0x02, 0x0C, data=b"\x01\x1e")
    session.open(SELECTED)
    session.protect(0xA4, 0x02, 0x0C, data=b"\x01\x1e")
    with pytest.raises(Malformed):
        session.open(SELECTED)


def test_a_chip_that_ends_the_session_is_heard() -> None:
    session = the_session()
    session.protect(0xB0, 0x00, 0x00, expected=4)
    assert session.open(b"\x69\x88") == (b"", 0x6988)


def test_the_emulated_chip_answers_the_published_bytes() -> None:
    random = iter([CHIP_CHALLENGE, CHIP_KEY])
    chip = PermitApplet(KEY_TEXT, {0x011E: EF_COM}, lambda _: next(random))
    assert chip.transmit(bytes.fromhex("00A4040C07A0000002471001")) == b"\x90\x00"
    assert chip.transmit(bytes.fromhex("0084000008")) == CHIP_CHALLENGE + b"\x90\x00"
    assert chip.transmit(b"\x00\x82\x00\x00\x28" + COMMAND_DATA + b"\x28") == CHIP_ANSWER + b"\x90\x00"
    for command, answer in ((SELECT_COM, SELECTED), (READ_HEAD, HEAD), (READ_REST, REST)):
        assert chip.transmit(command) == answer


def test_padding_that_is_not_there_is_noticed() -> None:
    assert des.unpad(des.pad(b"1234567")) == b"1234567"
    assert des.unpad(des.pad(b"12345678")) == b"12345678"
    assert des.unpad(bytes(8)) is None
    assert des.unpad(b"\x80" + bytes(8)) is None
