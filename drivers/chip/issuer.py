"""Who makes the simulated permits: a test country authority (CSCA), its document signer, and the files of one chip.

The simulator's side: its own TLV, check digits and layouts, apart from the driver's. Test keys only; nothing here can make a real document.
DG1's 90 characters: machine line 30, Chinese name 12 (GBK nibbles as A–P), pinyin 18, sex 1, flags 2, place of birth 3, `<` 24.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from asn1crypto import algos, cms, core  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from drivers.chip.emulator import FILES, PermitApplet

SECURITY_OBJECT = "2.23.136.1.1.1"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

DEFECTS = ("untrusted", "expired", "wrong_signature")
"""What `personalise` can do wrong on purpose: the signer of another authority of the same name, a signer that has run out, a bad signature."""


def item(tag: str, value: bytes) -> bytes:
    """tag in hexadecimal, then the shortest length, then the value."""
    size = len(value)
    if size < 128:
        length = bytes([size])
    else:
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([128 + len(octets)]) + octets
    return bytes.fromhex(tag) + length + value


def check(text: str) -> str:
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    worth = {letter: value for value, letter in enumerate(alphabet)} | {"<": 0}
    return str(sum(worth[letter] * [7, 3, 1][index % 3] for index, letter in enumerate(text)) % 10)


def with_check(text: str) -> str:
    return text + check(text)


def machine_line(document_type: str, number: str, birth: date, expires_on: date) -> str:
    """The 30 printed characters: `CSCA00000015<3001019<9003071<0`."""
    parts = [with_check(f"{number:<<9}"), with_check(expires_on.strftime("%y%m%d")), with_check(birth.strftime("%y%m%d"))]
    return document_type + "<".join(parts) + "<" + check("".join(parts))


def chinese_letters(name: str) -> str:
    """证件样 → `NGKELMPONBPJ`; at most three characters fit."""
    coded = "".join(chr(65 + (octet >> 4)) + chr(65 + (octet & 15)) for octet in name[:3].encode("gbk", "ignore"))
    return f"{coded:<<12}"[:12]


def data_group_1(line: str, name: str, pinyin: str, sex: str) -> bytes:
    spelled = pinyin.upper().replace(",", "<<").replace(" ", "<")
    text = line + chinese_letters(name) + f"{spelled:<<18}"[:18] + sex + "<<" + "CHN" + "<" * 24
    return item("61", item("5F1F", text.encode("ascii")))


def data_group_2(face: bytes, sex: str) -> bytes:
    """One face in an ISO 19794-5 record inside the ICAO template. Raises ValueError where READ BINARY could not address the whole file."""
    gender = b"\x01" if sex == "M" else b"\x02"
    image_type = b"\x01" if face.startswith((b"\0\0\0\x0cjP  ", b"\xffO\xffQ")) else b"\x00"
    feature_head = b"\0\0" + gender + b"\0\0" + b"\0\0\0" + b"\0\0" + b"\0\0\0" + b"\0\0\0"
    image_head = b"\x01" + image_type + (0).to_bytes(2, "big") * 2 + b"\x01" + b"\x02" + b"\0\0" + b"\0\0"
    record_size = 4 + len(feature_head) + len(image_head) + len(face)
    record = record_size.to_bytes(4, "big") + feature_head + image_head + face
    block = b"FAC\x00" + b"010\x00" + (14 + len(record)).to_bytes(4, "big") + b"\x00\x01" + record
    header = item("A1", item("80", b"\x01\x01") + item("81", b"\x02") + item("87", b"\x01\x01") + item("88", b"\x00\x08"))
    group = item("75", item("7F61", item("02", b"\x01") + item("7F60", header + item("5F2E", block))))
    if len(group) > 0x7FFF:
        raise ValueError("the face image is too large for a chip file of 32767 bytes")
    return group


@dataclass(frozen=True)
class Signer:
    key: PrivateKey
    certificate: x509.Certificate


def _certificate(
    name: str, key: PrivateKey, issuer: "Signer | None", not_before: datetime, not_after: datetime, issuer_name: str | None = None
) -> x509.Certificate:
    """Self-signed where there is no issuer; a document signer otherwise."""

    def called(common: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Simulated exit-entry administration"),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )

    signing = issuer.key if issuer else key
    return (
        x509.CertificateBuilder()
        .subject_name(called(name))
        .issuer_name(issuer.certificate.subject if issuer else called(issuer_name or name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=0 if issuer is None else None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=issuer is not None,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=issuer is None,
                crl_sign=issuer is None,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(signing, hashes.SHA256())
    )


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _save(directory: Path, name: str, signer: Signer) -> None:
    """The key is for its owner's eyes only, from its first byte on. The certificate comes last: it says that the pair is whole."""
    key = signer.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(directory / f"{name}.key.pem", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    fresh = directory / f"{name}.pem.new"
    fresh.write_bytes(signer.certificate.public_bytes(serialization.Encoding.PEM))
    os.replace(fresh, directory / f"{name}.pem")


def _load(directory: Path, name: str) -> Signer:
    key = serialization.load_pem_private_key((directory / f"{name}.key.pem").read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError(f"{name}.key.pem holds neither an RSA nor an EC key")
    return Signer(key, x509.load_pem_x509_certificate((directory / f"{name}.pem").read_bytes()))


class TestAuthority:
    """A CSCA (RSA 2048) and one document signer (ECDSA P-256), kept as `csca.pem`, `document_signer.pem` and their keys in one directory."""

    __test__ = False  # the name is its trade: pytest must not collect it

    def __init__(self, authority: Signer, signer: Signer) -> None:
        self.authority = authority
        self.signer = signer

    @classmethod
    def at(cls, directory: Path) -> "TestAuthority":
        """Loads it, or makes it where it is not yet."""
        if (directory / "document_signer.pem").exists():
            return cls(_load(directory, "csca"), _load(directory, "document_signer"))
        directory.mkdir(parents=True, exist_ok=True)
        made = cls.fresh()
        _save(directory, "csca", made.authority)
        _save(directory, "document_signer", made.signer)
        return made

    @classmethod
    def fresh(cls, signer_key: PrivateKey | None = None) -> "TestAuthority":
        """signer_key: another key for the document signer than a new P-256 one."""
        now = datetime.now(UTC)
        key = _rsa()
        certificate = _certificate("Test CSCA", key, None, now - timedelta(days=3650), now + timedelta(days=7300))
        authority = Signer(key, certificate)
        return cls(authority, _signer(authority, signer_key or ec.generate_private_key(ec.SECP256R1()), now, 5475))

    def personalise(
        self,
        document_type: str,
        number: str,
        birth: date,
        expires_on: date,
        sex: str,
        name: str,
        pinyin: str,
        personal_number: str,
        issuer: str,
        issued_on: date,
        face_jpeg2000: bytes,
        defect: str | None = None,
        pss: bool = False,
    ) -> PermitApplet:
        """One chip. pinyin: `SURNAME,GIVEN`. defect: one of DEFECTS. pss: RSA signers sign with PSS. Raises ValueError for a face beyond 32 KB."""
        if defect not in (None, *DEFECTS):
            raise ValueError(f"defect is one of {DEFECTS}")
        line = machine_line(document_type, number, birth, expires_on)
        details = item("5F0E", name.encode()) + item("5F10", personal_number.encode())
        document = item("5F19", issuer.encode()) + item("5F26", issued_on.strftime("%Y%m%d").encode())
        groups = {
            1: data_group_1(line, name, pinyin, sex),
            2: data_group_2(face_jpeg2000, sex),
            11: item("6B", item("5C", bytes.fromhex("5F0E5F10")) + details),
            12: item("6C", item("5C", bytes.fromhex("5F195F26")) + document),
        }
        listing = item("60", item("5F01", b"0107") + item("5F36", b"040000") + item("5C", bytes.fromhex("61756B6C")))
        files = {FILES["COM"]: listing, FILES["SOD"]: self._security_object(groups, defect, pss)}
        files |= {FILES[f"DG{group}"]: content for group, content in groups.items()}
        key_text = with_check(f"{number:<<9}") + with_check(birth.strftime("%y%m%d")) + with_check(expires_on.strftime("%y%m%d"))
        return PermitApplet(key_text, files)

    def _security_object(self, groups: dict[int, bytes], defect: str | None, pss: bool) -> bytes:
        signer = self.signer
        now = datetime.now(UTC)
        if defect == "untrusted":
            signer = TestAuthority.fresh().signer
        if defect == "expired":
            signer = _signer(self.authority, ec.generate_private_key(ec.SECP256R1()), now - timedelta(days=3000), 10)
        listed = b"".join(
            item("30", core.Integer(number).dump() + item("04", hashlib.sha256(content).digest())) for number, content in sorted(groups.items())
        )
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        listing = item("30", item("02", b"\0") + sha256.dump() + item("30", listed))
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": [SECURITY_OBJECT]},
                {"type": "message_digest", "values": [hashlib.sha256(listing).digest()]},
            ]
        )
        signature, algorithm = _sign(signer.key, attributes.dump(), pss)
        if defect == "wrong_signature":
            signature, _ = _sign(signer.key, attributes.dump() + b"\0", pss)
        certificate = asn1_x509.Certificate.load(signer.certificate.public_bytes(serialization.Encoding.DER))
        named = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
        info = {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", named),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": algorithm,
            "signature": signature,
        }
        content = {"content_type": SECURITY_OBJECT, "content": core.ParsableOctetString(listing)}
        signed = {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": content,
            "certificates": [certificate],
            "signer_infos": [info],
        }
        whole = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})
        return item("77", whole.dump())


def _signer(authority: Signer, key: PrivateKey, now: datetime, days: int) -> Signer:
    certificate = _certificate("Test document signer", key, authority, now - timedelta(days=days), now + timedelta(days=days))
    return Signer(key, certificate)


def _sign(key: PrivateKey, message: bytes, pss: bool) -> tuple[bytes, algos.SignedDigestAlgorithm]:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256())), algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    if not pss:
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256()), algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    parameters = {
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        "salt_length": 32,
    }
    signature = key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    return signature, algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
