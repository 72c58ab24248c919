"""Signatures, against the known answer that Standard Webhooks publishes, and which secrets are taken."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.egress.signing import InvalidSecret, check_secrets, read_secret, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def secret_of(size: int) -> str:
    return "whsec_" + base64.b64encode(bytes(range(size))).decode()


def test_the_signature_is_the_published_one() -> None:
    signature = sign([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_secret_signs_in_turn() -> None:
    both = sign([SECRET, secret_of(32)], "a", 1, b"x").split(" ")
    assert both == [sign([SECRET], "a", 1, b"x"), sign([secret_of(32)], "a", 1, b"x")]


@pytest.mark.parametrize("size", [24, 32, 64])
def test_a_secret_of_24_to_64_bytes_is_taken(size: int) -> None:
    assert read_secret(secret_of(size))[0] == "v1"


@pytest.mark.parametrize(
    "secret", ["", "whsec_", secret_of(23), secret_of(65), SECRET.removeprefix("whsec_"), "whsec_не64", SECRET + " "]
)
def test_any_other_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidSecret) as caught:
        read_secret(secret)
    assert len(secret) < 8 or secret[6:20] not in str(caught.value)


SEED = bytes(range(32))
PAIR = SEED + Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()


def private_key(raw: bytes) -> str:
    return "whsk_" + base64.b64encode(raw).decode()


@pytest.mark.parametrize("raw", [SEED, PAIR])
def test_a_private_key_signs_after_the_shared_secret_and_its_public_key_verifies(raw: bytes) -> None:
    shared, own = sign([private_key(raw), SECRET], "a", 1, b"x").split(" ")
    assert shared == sign([SECRET], "a", 1, b"x")
    version, _, signature = own.partition(",")
    assert version == "v1a"
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    public.verify(base64.b64decode(signature), b"a.1.x")  # raises where it does not


@pytest.mark.parametrize("secrets", [(), (private_key(SEED),)])
def test_an_endpoint_without_a_shared_secret_is_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(InvalidSecret, match="whsec_"):
        check_secrets(secrets)


@pytest.mark.parametrize("size", [0, 31, 33, 63, 65])
def test_a_private_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(InvalidSecret, match="32 bytes"):
        read_secret(private_key(bytes(size)))
