"""What a reader gave for their letters to be encrypted to: an OpenPGP certificate (RFC 9580), read, checked and used.

It comes by upload only, and is never looked for elsewhere: who asks a key server tells it who reads us. Of what was
given only what encryption needs is kept: no signatures of other people, which name who knows whom, and no pictures.
No error repeats anything of it, and nothing that pysequoia says goes on, since it quotes the certificate.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar, get_args

import pysequoia
from pysequoia.packet import Packet, PacketPile, SignatureType, Tag

from services.subscribers.openpgp_packets import bare, has_secret, is_slow

MOST_GIVEN: Final = 65_536
"""Bytes of what somebody hands in; whatever is longer is a key ring."""
_MOST_KEPT: Final = 24_576
"""Bytes: it is read whenever its reader's record is. Post-quantum keys have some 4,000, RSA-4096 has 5,000."""
_SAMPLE: Final = b"to be read by nobody"

Unfitness = Literal["unreadable", "secret", "several", "too_large", "revoked", "expired", "no_encryption"]
UNFITNESSES: Final[tuple[Unfitness, ...]] = get_args(Unfitness)

_SAID: Final[dict[Unfitness, str]] = {
    "unreadable": "it is no OpenPGP certificate; export the public key, as text that begins with -----BEGIN PGP PUBLIC",
    "secret": "it is a secret key, which nobody else may have; export the public one",
    "several": "there are several certificates; export one",
    "too_large": "it is larger than a certificate need be; export it again without other people's signatures",
    "revoked": "it was revoked; give another",
    "expired": "it has expired; prolong it or make another, and export that",
    "no_encryption": "it has no key that letters can be encrypted to",
}
_ABOUT_THE_WHOLE: Final = (
    SignatureType.DirectKey,
    SignatureType.GenericCertification,
    SignatureType.PersonaCertification,
    SignatureType.CasualCertification,
    SignatureType.PositiveCertification,
)


class UnfitCertificate(ValueError):
    """`slug`: a key of `door.openpgp.problem`. The text says what to do and repeats nothing."""

    def __init__(self, slug: Unfitness) -> None:
        super().__init__(_SAID[slug])
        self.slug = slug


@dataclass(slots=True)
class _Component:
    """A key or a user ID, and what the certificate's own key says of it."""

    packet: Packet = field(repr=False)
    signatures: list[Packet] = field(default_factory=list, repr=False)

    def newest(self, *kinds: Any) -> Packet | None:
        found = [one for one in self.signatures if one.signature_type in kinds and one.signature_created is not None]
        return max(found, key=lambda one: one.signature_created or datetime.min.replace(tzinfo=UTC), default=None)


def read_certificate(given: bytes, now: float, *, on_expired: Callable[[], None] | None = None) -> str:
    """As it is kept, in base64. `given`: binary, armored, or the base64 of an export. `now`: Unix seconds.
    `on_expired`: called for one that was fit before its time was over, which is then taken: nothing goes out under it
    but that it is over.

    Raises UnfitCertificate.
    """
    if len(given) > MOST_GIVEN:
        raise UnfitCertificate("too_large")
    raw = _asked(lambda: bare(given), "unreadable")
    if has_secret(raw):
        raise UnfitCertificate("secret")
    if is_slow(raw):
        raise UnfitCertificate("no_encryption")
    if (found := len(_asked(lambda: pysequoia.Cert.split_bytes(raw), "unreadable"))) != 1:
        raise UnfitCertificate("several" if found else "unreadable")
    kept = _asked(lambda: _without_others(raw), "unreadable")
    if len(kept) > _MOST_KEPT:
        raise UnfitCertificate("too_large")
    text = b64encode(kept).decode()
    try:
        encrypted_to(text, _SAMPLE, now)
    except UnfitCertificate as error:
        if error.slug != "expired" or on_expired is None:
            raise
        on_expired()
    return text


def encrypted_to(openpgp: str, clear: bytes, now: float) -> bytes:
    """An armored OpenPGP message to the certificate, as `read_certificate` gave it. Some 0.3 to 1 ms of CPU.

    Raises UnfitCertificate: then nothing may go out that was to be encrypted.
    """
    certificate = _fit(openpgp, datetime.fromtimestamp(now, UTC))
    return bytes(_asked(lambda: pysequoia.encrypt(recipients=[certificate], bytes=clear), "no_encryption"))


def named(openpgp: str) -> tuple[str, datetime | None]:
    """The fingerprint, in the groups of four in which people compare them, and until when it may be used.

    Raises UnfitCertificate, where it cannot be read.
    """
    certificate = _certificate(openpgp)
    digits = _asked(lambda: certificate.fingerprint.upper(), "unreadable")
    fours = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    return fours, _usable_until(certificate, openpgp)


def _fit(openpgp: str, now: datetime) -> pysequoia.Cert:
    """pysequoia would take an expired key where there is no other, so that is asked here."""
    certificate = _certificate(openpgp)
    if _asked(lambda: certificate.is_revoked, "unreadable"):
        raise UnfitCertificate("revoked")
    until = _usable_until(certificate, openpgp)
    if until is not None and until <= now:
        raise UnfitCertificate("expired")
    return certificate


def _usable_until(certificate: pysequoia.Cert, openpgp: str) -> datetime | None:
    """None: without end. Until the certificate ends, or the last of its keys that encrypt does. Raises
    UnfitCertificate."""
    expires = _asked(lambda: certificate.expiration, "no_encryption")
    ends = _asked(lambda: list(map(_ends, _encrypting(list(_components(b64decode(openpgp)))))), "unreadable")
    if not ends:
        raise UnfitCertificate("no_encryption")
    last = None if None in ends else max(end for end in ends if end is not None)
    return min((one for one in (expires, last) if one is not None), default=None)


def _without_others(raw: bytes) -> bytes:
    return b"".join(map(bytes, _needed(list(_components(bytes(pysequoia.Cert.from_bytes(raw)))))))


def _certificate(openpgp: str) -> pysequoia.Cert:
    return _asked(lambda: pysequoia.Cert.from_bytes(b64decode(openpgp, validate=True)), "unreadable")


def _components(raw: bytes) -> Iterator[_Component]:
    """The primary key first. Only what that one has signed counts."""
    primary: Packet | None = None
    found: _Component | None = None
    for packet in PacketPile.from_bytes(raw):
        if packet.tag == Tag.Signature:
            if found is not None and primary is not None and _is_by(packet, primary):
                found.signatures.append(packet)
            continue
        if found is not None:
            yield found
        primary = primary or packet
        found = _Component(packet)
    if found is not None:
        yield found


def _is_by(signature: Packet, key: Packet) -> bool:
    if signature.issuer_fingerprint is not None:
        return signature.issuer_fingerprint == key.fingerprint
    return signature.issuer_key_id == key.key_id


def _needed(components: list[_Component]) -> Iterator[Packet]:
    encrypting = {one.packet.fingerprint for one in _encrypting(components)}
    for one in components:
        if one.packet.tag == Tag.PublicKey or one.packet.tag == Tag.UserID or one.packet.fingerprint in encrypting:
            yield one.packet
            yield from one.signatures


def _encrypting(components: list[_Component]) -> Iterator[_Component]:
    """What is said of the primary key stands with it, or with a user ID."""
    of_all = [signature for one in components if one.packet.tag == Tag.UserID for signature in one.signatures]
    for one in components:
        whole = _Component(one.packet, one.signatures + of_all) if one.packet.tag == Tag.PublicKey else one
        if _encrypts(whole):
            yield whole


def _encrypts(component: _Component) -> bool:
    if component.packet.tag != Tag.PublicSubkey and component.packet.tag != Tag.PublicKey:
        return False
    if component.newest(SignatureType.SubkeyRevocation) is not None:
        return False
    said = _said_of(component)
    flags = None if said is None else said.key_flags
    return flags is not None and (flags.transport_encryption or flags.storage_encryption)


def _ends(component: _Component) -> datetime | None:
    said, made = _said_of(component), component.packet.key_created
    period = None if said is None else said.key_validity_period
    return None if period is None or made is None or not period else made + period


def _said_of(component: _Component) -> Packet | None:
    return component.newest(SignatureType.SubkeyBinding, *_ABOUT_THE_WHOLE)


T = TypeVar("T")


def _asked(work: Callable[[], T], slug: Unfitness) -> T:
    """What pysequoia has to say. A panic of Rust is no Exception, and says the same: it cannot be read.

    Raises UnfitCertificate.
    """
    try:
        return work()
    except UnfitCertificate:
        raise
    except Exception:
        raise UnfitCertificate(slug) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnfitCertificate(slug) from None
