"""Basic access control: the keys that the printed document opens the chip with. Source: ICAO 9303-11, §4.3 and §9.7."""

import hmac
from hashlib import sha1

from drivers.chip import des
from drivers.chip.secure_messaging import SecureChannel
from drivers.contract.chip import AccessKey

CHALLENGE_BYTES = 8
KEY_BYTES = 16
ANSWER_BYTES = 40


def check_digit(text: str) -> str:
    """Weights 7-3-1; digits count as themselves, A–Z as 10–35, `<` as 0. Raises ValueError for another character."""
    total = 0
    for position, character in enumerate(text):
        value = 0 if character == "<" else int(character, 36)
        total += value * (7, 3, 1)[position % 3]
    return str(total % 10)


def key_text(key: AccessKey) -> str:
    """Number, birth and expiry, each with its check digit: the 24 characters that the keys are derived from."""
    parts = (key.document_number.ljust(9, "<"), f"{key.birth:%y%m%d}", f"{key.expires_on:%y%m%d}")
    return "".join(part + check_digit(part) for part in parts)


def derive(seed: bytes, counter: int) -> bytes:
    """A two-key 3DES key (16 bytes, odd parity); counter 1 encrypts, 2 authenticates."""
    return des.with_odd_parity(sha1(seed + counter.to_bytes(4, "big")).digest()[:KEY_BYTES])


def document_keys(text: str) -> tuple[bytes, bytes]:
    """K_enc and K_mac of the document."""
    seed = sha1(text.encode("ascii")).digest()[:KEY_BYTES]
    return derive(seed, 1), derive(seed, 2)


class MutualAuthentication:
    """One run of the three-pass exchange: `command_data` goes into EXTERNAL AUTHENTICATE, its answer into `channel`."""

    def __init__(self, text: str, chip_challenge: bytes, own_challenge: bytes, own_key: bytes) -> None:
        self._enc, self._mac = document_keys(text)
        self._chip_challenge = chip_challenge
        self._own_challenge = own_challenge
        self._own_key = own_key

    def command_data(self) -> bytes:
        cryptogram = des.encrypt(self._enc, self._own_challenge + self._chip_challenge + self._own_key)
        return cryptogram + des.retail_mac(self._mac, des.pad(cryptogram))

    def channel(self, answer: bytes) -> SecureChannel | None:
        """The session, or None where the answer does not prove that the chip knows the same keys."""
        if len(answer) != ANSWER_BYTES:
            return None
        cryptogram, mac = answer[:32], answer[32:]
        if not hmac.compare_digest(des.retail_mac(self._mac, des.pad(cryptogram)), mac):
            return None
        plain = des.decrypt(self._enc, cryptogram)
        if plain[:8] != self._chip_challenge or plain[8:16] != self._own_challenge:
            return None
        seed = bytes(own ^ other for own, other in zip(self._own_key, plain[16:], strict=True))
        return SecureChannel(derive(seed, 1), derive(seed, 2), self._chip_challenge[4:] + self._own_challenge[4:])
