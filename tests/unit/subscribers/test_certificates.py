"""A certificate is taken where letters can be encrypted to it, said to be what it is where not, and kept small."""

from __future__ import annotations

import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace

import pysequoia
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysequoia.packet import PacketPile, Tag

from services.subscribers import certificates
from services.subscribers.certificates import MOST_GIVEN, UnfitCertificate, encrypted_to, named, read_certificate
from tests.openpgp import GPG, NO_GPG, Gpg, certificate_of, decrypted, gpg_home, new_key

NOW = time.time()
DAY = 86_400.0
KEY = new_key()
CERTIFICATE = KEY.extract_certificate()


@pytest.fixture(scope="module")
def gpg() -> Iterator[Gpg]:
    if GPG is None:
        pytest.skip(NO_GPG)
    with gpg_home() as home:
        yield home


def unfitness(given: bytes, now: float = NOW) -> str | None:
    try:
        read_certificate(given, now)
    except UnfitCertificate as error:
        return error.slug
    return None


@pytest.mark.parametrize(
    "given",
    [
        bytes(CERTIFICATE),
        str(CERTIFICATE).encode(),
        b64encode(bytes(CERTIFICATE)),
        b"From a letter:\r\n\r\n" + str(CERTIFICATE).replace("\n", "\r\n").encode(),
    ],
    ids=["binary", "armored", "as an export has it", "armored, with words before it"],
)
def test_a_certificate_is_read_in_each_form_in_which_it_comes(given: bytes) -> None:
    kept = read_certificate(given, NOW)
    assert read_certificate(kept.encode(), NOW) == kept
    assert decrypted(encrypted_to(kept, b"tidings", NOW), KEY) == b"tidings"
    assert named(kept)[0].replace(" ", "").lower() == CERTIFICATE.fingerprint


@pytest.mark.parametrize("suite", ["Cv25519", "Cv448", "P256", "P384", "P521", "RSA2k"])
@pytest.mark.parametrize("profile", [pysequoia.Profile.RFC4880, pysequoia.Profile.RFC9580])
def test_keys_of_every_usual_kind_will_do(suite: str, profile: pysequoia.Profile) -> None:
    key = new_key(cipher_suite=getattr(pysequoia.CipherSuite, suite), profile=profile)
    assert decrypted(encrypted_to(read_certificate(certificate_of(key), NOW), b"tidings", NOW), key) == b"tidings"


def test_what_will_not_do_is_said_to_be_what_it_is() -> None:
    ends = CERTIFICATE.set_expiration(datetime.now(UTC) + timedelta(days=1), KEY.certifier())
    revoked = bytes(CERTIFICATE) + bytes(CERTIFICATE.revoke(KEY.certifier()))
    found = {
        "secret": [bytes(KEY), str(KEY).encode(), b64encode(bytes(KEY))],
        "several": [bytes(CERTIFICATE) + certificate_of(new_key())],
        "revoked": [revoked],
        "too_large": [b"x" * (MOST_GIVEN + 1)],
        "unreadable": [b"", b" \n", b"x", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxyz\n", bytes(CERTIFICATE)[:40]],
    }
    for slug, all_given in found.items():
        assert [unfitness(one) for one in all_given] == [slug] * len(all_given)
    assert unfitness(bytes(ends)) is None
    assert unfitness(bytes(ends), NOW + 2 * DAY) == "expired"


def test_a_certificate_that_has_ended_since_it_was_given_encrypts_nothing() -> None:
    kept = read_certificate(
        bytes(CERTIFICATE.set_expiration(datetime.now(UTC) + timedelta(days=1), KEY.certifier())), NOW
    )
    assert encrypted_to(kept, b"tidings", NOW)
    with pytest.raises(UnfitCertificate) as refused:
        encrypted_to(kept, b"tidings", NOW + 2 * DAY)
    assert refused.value.slug == "expired"


def packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4) + body


def packed(raw: bytes) -> bytes:
    work = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packet(8, b"\x01" + work.compress(raw) + work.flush())


@cache
def bomb() -> bytes:
    """Some hundred bytes that are fifty million."""
    return packed(packed(packet(11, b"b\0" + bytes(4) + bytes(50_000_000))))


@pytest.mark.parametrize(
    "given",
    [bomb(), bytes(CERTIFICATE) + bomb(), packet(8, b"\x00" + bytes(CERTIFICATE)), bytes([0xA3]) + bomb()[6:]],
    ids=["alone", "behind a certificate", "a certificate within", "without a length"],
)
@pytest.mark.parametrize("form", [bytes, b64encode, lambda raw: pysequoia.armor(raw, pysequoia.ArmorKind.PublicKey)])
def test_what_is_packed_is_refused_before_anything_could_unpack_it(
    given: bytes, form: Callable[[bytes], bytes | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []
    library = SimpleNamespace(from_bytes=asked.append, split_bytes=asked.append)
    monkeypatch.setattr(certificates, "PacketPile", library)
    monkeypatch.setattr(pysequoia, "Cert", library)
    sent = form(given)
    assert len(sent) < 10_000
    assert unfitness(sent.encode() if isinstance(sent, str) else bytes(sent)) == "unreadable"
    assert asked == []


@pytest.mark.parametrize("algorithm", [16, 17, 20])
@pytest.mark.parametrize("tag", [6, 14])
@pytest.mark.parametrize("version", [4, 6])
def test_no_number_of_somebody_elses_choice_is_reckoned_with_for_minutes(
    algorithm: int, tag: int, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A DSA key of 8,192 bits costs half a second for each signature, and one of 64 KiB a thousand times that."""
    asked: list[bytes] = []
    library = SimpleNamespace(from_bytes=asked.append, split_bytes=asked.append)
    monkeypatch.setattr(certificates, "PacketPile", library)
    monkeypatch.setattr(pysequoia, "Cert", library)
    key = packet(tag, bytes([version]) + bytes(4) + bytes([algorithm]) + b"\xff" * 9_000)
    for given_ in (key, bytes(CERTIFICATE) + key):
        assert unfitness(given_) == "no_encryption"
    assert asked == []


def test_a_secret_key_is_seen_wherever_it_stands() -> None:
    for given_ in (str(CERTIFICATE) + str(KEY), str(KEY) + str(CERTIFICATE), "\ufeff" + str(KEY)):
        assert unfitness(given_.encode()) == "secret"
    assert unfitness((str(CERTIFICATE) + str(new_key().extract_certificate())).encode()) == "several"


@pytest.mark.parametrize("damaged", ["", "x", "AAAA", b64encode(b"tidings").decode(), "\u00e9"])
def test_what_was_damaged_in_the_store_encrypts_nothing(damaged: str) -> None:
    with pytest.raises(UnfitCertificate):
        encrypted_to(damaged, b"tidings", NOW)


def test_gpgs_own_keys_are_judged_as_gpg_means_them(gpg: Gpg) -> None:
    assert unfitness(gpg.make("usual@example.org", "future-default", "default", "1y")) is None
    assert unfitness(gpg.make("both@example.org", "rsa2048", "sign,encrypt", "1y")) is None
    assert unfitness(gpg.make("sign@example.org", "ed25519", "sign", "1y")) == "no_encryption"
    ends = NOW + 300 * DAY
    gpg.make("early@example.org", "ed25519", "sign", "2y")
    early = read_certificate(gpg.add("early@example.org", "cv25519", "encr", "1y"), NOW)
    until = named(early)[1]
    assert until is not None
    assert ends < until.timestamp() < NOW + 400 * DAY, "the key that encrypts ends before its certificate"
    gpg.make("sub@example.org", "ed25519", "sign", "never", at="20200101T000000")
    assert unfitness(gpg.add("sub@example.org", "cv25519", "encr", "1y", at="20200101T000000")) == "expired"
    renewed = gpg.add("sub@example.org", "cv25519", "encr", "1y")
    assert unfitness(renewed) is None
    assert gpg.decrypt(encrypted_to(read_certificate(renewed, NOW), b"tidings", NOW)) == b"tidings"


def test_what_others_say_of_a_reader_is_not_kept(gpg: Gpg) -> None:
    gpg.make("known@example.org", "future-default", "default", "1y")
    gpg.make("friend@example.org", "future-default", "default", "1y")
    by_friend = ("--default-key", "friend@example.org", "--yes")
    gpg.run(*by_friend, "--quick-sign-key", gpg.fingerprint("known@example.org"))
    given = gpg.certificate("known@example.org")
    friend = gpg.fingerprint("friend@example.org").lower()
    assert friend in _signers(given)
    kept = b64decode(read_certificate(given, NOW))
    assert _signers(kept) == {gpg.fingerprint("known@example.org").lower()}
    assert len(kept) < len(given)


def _signers(raw: bytes) -> set[str | None]:
    return {packet.issuer_fingerprint for packet in PacketPile.from_bytes(raw) if packet.tag == Tag.Signature}


@given(st.binary(max_size=300), st.integers(0, len(bytes(CERTIFICATE))), st.integers(0, 40))
def test_whatever_is_handed_in_is_a_certificate_or_is_refused(noise: bytes, at: int, cut: int) -> None:
    whole = bytes(CERTIFICATE)
    for given_ in (noise, whole[:at] + noise + whole[at + cut :], b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + noise):
        unfitness(given_)


def test_no_refusal_repeats_anything_of_what_was_given() -> None:
    for given_ in (bytes(KEY), bytes(CERTIFICATE)[:200], certificate_of(KEY)[:-3]):
        with pytest.raises(UnfitCertificate) as refused:
            read_certificate(given_, NOW)
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
        assert "reader" not in str(refused.value)
