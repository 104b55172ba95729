"""The chip of a card permit over an APDU channel, by ICAO 9303: BAC, secure messaging, passive authentication.

Which access protocol production cards want is not public: they may ask for PACE, which is not here yet. A chip that refuses
GET CHALLENGE ends as `chip.unreadable`.
"""

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from drivers.chip import lds, tlv
from drivers.chip.bac import CHALLENGE_BYTES, KEY_BYTES, MutualAuthentication, key_text
from drivers.chip.passive_authentication import SignedHashes, load_trust, verify
from drivers.chip.secure_messaging import SecureChannel
from drivers.chip.tlv import Malformed
from drivers.contract.card_module import ApduChannel
from drivers.contract.chip import AccessKey, PermitChip
from drivers.contract.failure import Failure

APPLICATION = bytes.fromhex("A0000002471001")
BLOCK_BYTES = 0xDF
"""One READ BINARY. The module allows E0; padding makes 223 the most that fits 224 encrypted bytes."""

HEAD_BYTES = 4
LONGEST_FILE = 0x7FFF
"""READ BINARY B0 addresses no more. A longer file is forged, or wants the B1 form, which is not here."""

WHOLE_READING_S = 60.0
KEY_REFUSED = (0x6300, 0x6982, 0x6985, 0x6988, 0x6A80, 0x6A88)
"""Status words with which chips refuse a wrong BAC key (and 63 Cx)."""

NOT_FOUND = (0x6A82, 0x6A81, 0x6D00, 0x6E00, 0x6999)


class _Stop(Exception):
    """Carries a failure up to `open_with`, where it becomes the value."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure


class IcaoChipReader:
    """`drivers.contract.chip.ChipReader`. Blocking; one thread at a time. `apdus`: how many the last reading took."""

    def __init__(self, channel: ApduChannel, trust: Path, randomness: Callable[[int], bytes] = os.urandom) -> None:
        """trust: PEM file of the CSCA certificates. randomness: bytes for challenge and key, injected by the worked-example test."""
        self._channel = channel
        self._trust = trust
        self._randomness = randomness
        self._deadline = 0.0
        self._blocks = 0
        self.apdus = 0

    def open_with(self, keys: Sequence[AccessKey]) -> tuple[int, PermitChip] | Failure:
        trusted = load_trust(self._trust)
        if isinstance(trusted, Failure):
            return trusted
        self._deadline = time.monotonic() + WHOLE_READING_S
        self._blocks = self.apdus = 0
        try:
            for index, key in enumerate(keys):
                session = self._authenticate(key)
                if session is not None:
                    return index, self._read(session, key, trusted)
            return Failure("chip.no_key_fits")
        except _Stop as stop:
            return stop.failure
        except Malformed:
            return Failure("chip.unreadable")
        finally:
            self._channel.deactivate()

    def _authenticate(self, key: AccessKey) -> SecureChannel | None:
        """One try of BAC on a freshly activated chip; None where the chip refuses the key."""
        failure = self._channel.activate()
        if failure:
            raise _Stop(failure)
        _, status = self._plain(bytes((0x00, 0xA4, 0x04, 0x0C, len(APPLICATION))) + APPLICATION)
        if status in NOT_FOUND:
            raise _Stop(Failure("chip.wrong_card"))
        _all_well(status)
        challenge, status = self._plain(bytes((0x00, 0x84, 0x00, 0x00, CHALLENGE_BYTES)))
        _all_well(status)
        if len(challenge) != CHALLENGE_BYTES:
            raise Malformed("challenge")
        mutual = MutualAuthentication(key_text(key), challenge, self._randomness(CHALLENGE_BYTES), self._randomness(KEY_BYTES))
        data = mutual.command_data()
        answer, status = self._plain(bytes((0x00, 0x82, 0x00, 0x00, len(data))) + data + bytes((len(data),)))
        if status in KEY_REFUSED or status & 0xFFF0 == 0x63C0:
            return None
        _all_well(status)
        session = mutual.channel(answer)
        if session is None:
            raise Malformed("the chip does not know the key it accepted")
        return session

    def _read(self, session: SecureChannel, key: AccessKey, trusted: Sequence[x509.Certificate]) -> PermitChip:
        """The signed list comes first, so that a forged chip is known before its picture is carried over the wire."""
        listed = lds.listed_groups(self._file(session, lds.COM))
        signed = verify(self._file(session, lds.SOD), trusted, datetime.now(UTC))
        if isinstance(signed, Failure):
            raise _Stop(signed)
        wanted = [group for group in lds.DATA_GROUPS if group in signed.digests]
        if {1, 2} - set(wanted) or set(wanted) != listed & set(lds.DATA_GROUPS):
            raise _Stop(Failure("chip.altered"))
        groups = {group: self._group(session, group, signed) for group in wanted}
        line = lds.machine_line(groups[1], key)
        name, personal_number = lds.personal_details(groups[11]) if 11 in groups else (None, None)
        issuer, issued_on = lds.document_details(groups[12]) if 12 in groups else (None, None)
        return PermitChip(
            document_type=line.document_type,
            document_number=line.document_number,
            birth=line.birth,
            expires_on=line.expires_on,
            sex=line.sex,
            name=name or line.name,
            pinyin=line.pinyin,
            personal_number=personal_number,
            issuer=issuer,
            issued_on=issued_on,
            face_image=lds.face_image(groups[2]),
            blocks=self._blocks,
        )

    def _group(self, session: SecureChannel, group: int, signed: SignedHashes) -> bytes:
        content = self._file(session, lds.DATA_GROUPS[group])
        if not signed.fits(group, content):
            raise _Stop(Failure("chip.altered", detail={"file": f"DG{group}"}))
        return content

    def _file(self, session: SecureChannel, identifier: int) -> bytes:
        """One elementary file: its head tells its length, the rest follows in blocks."""
        self._secure(session, 0xA4, 0x02, 0x0C, data=identifier.to_bytes(2, "big"))
        content = self._block(session, 0, HEAD_BYTES)
        tag, length, start = tlv.head(content)
        if tag != lds.FILE_TAGS[identifier] or start + length > LONGEST_FILE:
            raise Malformed("file head")
        while len(content) < start + length:
            content += self._block(session, len(content), min(BLOCK_BYTES, start + length - len(content)))
        return content

    def _block(self, session: SecureChannel, offset: int, size: int) -> bytes:
        block = self._secure(session, 0xB0, offset >> 8, offset & 0xFF, expected=size)
        self._blocks += 1
        if not 0 < len(block) <= size:
            raise Malformed("block length")
        return block

    def _secure(self, session: SecureChannel, instruction: int, p1: int, p2: int, data: bytes = b"", expected: int | None = None) -> bytes:
        plain, status = session.open(self._transmit(session.protect(instruction, p1, p2, data, expected)))
        _all_well(status)
        return plain

    def _plain(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self._transmit(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def _transmit(self, apdu: bytes) -> bytes:
        if time.monotonic() > self._deadline:
            raise _Stop(Failure("chip.no_answer"))
        self.apdus += 1
        answer = self._channel.transmit(apdu)
        if isinstance(answer, Failure):
            raise _Stop(answer)
        if len(answer) < 2:
            raise Malformed("no status word")
        return answer


def _all_well(status: int) -> None:
    if status != 0x9000:
        raise _Stop(Failure("chip.unreadable", detail={"status_word": f"{status:04X}"}))
