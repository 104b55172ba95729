"""Passive authentication: the chip's files are as their issuer signed them, and the issuer is one we trust. Source: ICAO 9303-11 §5.1, 9303-12.

EF.SOD is a CMS SignedData over the list of data-group hashes, signed by a document signer whose certificate the CSCA issued. RSA (PKCS 1 v1.5
and PSS) and ECDSA with SHA-2 are known; SM2, which production cards may use, is not and ends as `chip.untrusted`.
It does not tell a copied chip from the original: that is active or chip authentication, which this reader does not do.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, core  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from drivers.chip import tlv
from drivers.contract.failure import Failure

SECURITY_OBJECT = "2.23.136.1.1.1"
HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class _GroupHash(core.Sequence):  # type: ignore[misc]
    _fields = [("number", core.Integer), ("digest", core.OctetString)]  # noqa: RUF012 (asn1crypto's own way)


class _GroupHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupHash


class _SecurityObject(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("hash_algorithm", cms.DigestAlgorithm),
        ("groups", _GroupHashes),
        ("lds_version", core.Any, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True)
class SignedHashes:
    """What a trusted signer vouches for."""

    algorithm: str
    digests: Mapping[int, bytes]

    def fits(self, group: int, content: bytes) -> bool:
        return self.digests.get(group) == hashlib.new(self.algorithm, content).digest()


@dataclass(frozen=True, slots=True)
class _Parts:
    """EF.SOD taken apart; nothing of it is believed yet."""

    hashes: SignedHashes
    content: bytes
    attributes: bytes
    attributes_name_type: bool
    attributes_digest: bytes
    digest_name: str
    scheme: str
    scheme_parameters: Any
    signature: bytes
    signer: bytes


def load_trust(path: Path) -> list[x509.Certificate] | Failure:
    """The CSCA certificates of one PEM file, one or several."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return Failure("chip.trust_missing", detail={"file": path.name})


def verify(sod: bytes, trusted: Sequence[x509.Certificate], now: datetime) -> SignedHashes | Failure:
    """The hashes that EF.SOD vouches for. Never raises on forged data.

    now: with time zone; real time, not the date of rules. `chip.unreadable` for broken data, `chip.altered` where hash or signature do not
    hold, `chip.untrusted` where no trusted CSCA stands behind the signer now.
    """
    try:
        parts = _parse(sod)
        signer = x509.load_der_x509_certificate(parts.signer)
        key = signer.public_key()
    except UnsupportedAlgorithm:
        return Failure("chip.untrusted")
    except Exception:  # the ASN.1 libraries raise whatever forged bytes lead them to; all of it means the same
        return Failure("chip.unreadable")
    if parts.digest_name not in HASHES or parts.hashes.algorithm not in HASHES:
        return Failure("chip.untrusted")
    if not parts.attributes_name_type or hashlib.new(parts.digest_name, parts.content).digest() != parts.attributes_digest:
        return Failure("chip.altered")
    try:
        _check_signature(key, parts)
    except InvalidSignature:
        return Failure("chip.altered")
    except (UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return Failure("chip.untrusted")
    return parts.hashes if _trusted(signer, trusted, now) else Failure("chip.untrusted")


def _parse(sod: bytes) -> _Parts:
    info = cms.ContentInfo.load(tlv.only(sod, 0x77), strict=True)
    if info["content_type"].native != "signed_data":
        raise tlv.Malformed("no SignedData")
    signed = info["content"]
    encapsulated = signed["encap_content_info"]
    if encapsulated["content_type"].dotted != SECURITY_OBJECT or len(signed["signer_infos"]) != 1:
        raise tlv.Malformed("no security object with one signer")
    content = bytes(encapsulated["content"])
    listed = _SecurityObject.load(content, strict=True)
    digests = {group["number"].native: group["digest"].native for group in listed["groups"]}
    signer = signed["signer_infos"][0]
    attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    scheme, scheme_parameters = _scheme(signer["signature_algorithm"])
    return _Parts(
        hashes=SignedHashes(listed["hash_algorithm"]["algorithm"].native, digests),
        content=content,
        attributes=signer["signed_attrs"].untag().dump(),
        attributes_name_type=[value.dotted for value in attributes["content_type"]] == [SECURITY_OBJECT],
        attributes_digest=attributes["message_digest"][0].native,
        digest_name=signer["digest_algorithm"]["algorithm"].native,
        scheme=scheme,
        scheme_parameters=scheme_parameters,
        signature=signer["signature"].native,
        signer=_signer_certificate(signed, signer),
    )


def _scheme(algorithm: Any) -> tuple[str, Any]:
    name = algorithm["algorithm"].native
    if name == "rsassa_pss":
        return name, (algorithm["parameters"]["hash_algorithm"]["algorithm"].native, algorithm["parameters"]["salt_length"].native)
    return name, None


def _signer_certificate(signed: Any, signer: Any) -> bytes:
    """The certificate that the signer info names, by issuer and serial number or by key identifier."""
    name = signer["sid"]
    for choice in signed["certificates"]:
        certificate = choice.chosen
        if name.name == "issuer_and_serial_number":
            fits = certificate.issuer == name.chosen["issuer"] and certificate.serial_number == name.chosen["serial_number"].native
        else:
            fits = certificate.key_identifier == name.chosen.native
        if fits:
            dumped: bytes = certificate.dump()
            return dumped
    raise tlv.Malformed("the signer's certificate is not there")


def _check_signature(key: object, parts: _Parts) -> None:
    """Raises InvalidSignature where it does not hold, KeyError or TypeError for an algorithm that is not known here."""
    algorithm = HASHES[parts.digest_name]
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(parts.signature, parts.attributes, ec.ECDSA(_named_hash(parts.scheme, "_ecdsa", algorithm)))
    elif isinstance(key, rsa.RSAPublicKey) and parts.scheme == "rsassa_pss":
        hash_name, salt_bytes = parts.scheme_parameters
        chosen = HASHES[hash_name]
        key.verify(parts.signature, parts.attributes, padding.PSS(padding.MGF1(chosen), salt_bytes), chosen)
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(parts.signature, parts.attributes, padding.PKCS1v15(), _named_hash(parts.scheme, "_rsa", algorithm))
    else:
        raise TypeError("signature algorithm")


def _named_hash(scheme: str, ending: str, otherwise: hashes.HashAlgorithm) -> hashes.HashAlgorithm:
    """`sha256_ecdsa` names its hash; plain `rsassa_pkcs1v15` leaves it to the digest algorithm. KeyError for a weak one."""
    if scheme == "rsassa_pkcs1v15" and ending == "_rsa":
        return otherwise
    if not scheme.endswith(ending):
        raise TypeError("key and signature algorithm differ")
    return HASHES[scheme.removesuffix(ending)]


def _trusted(signer: x509.Certificate, trusted: Sequence[x509.Certificate], now: datetime) -> bool:
    """Issued by a trusted CSCA, made for signing, both valid now."""
    try:
        if not signer.not_valid_before_utc <= now <= signer.not_valid_after_utc:
            return False
        if not signer.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            return False
    except (x509.ExtensionNotFound, ValueError):
        return False
    return any(_issued(signer, authority, now) for authority in trusted)


def _issued(signer: x509.Certificate, authority: x509.Certificate, now: datetime) -> bool:
    try:
        if not authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        signer.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False
    return authority.not_valid_before_utc <= now <= authority.not_valid_after_utc
