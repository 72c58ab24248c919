"""Signatures, against the known answer that Standard Webhooks publishes, and which secrets are taken."""

from __future__ import annotations

import base64

import pytest

from services.notify.channels.signing import InvalidSecret, read_secret, sign

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
    assert len(read_secret(secret_of(size))) == size


@pytest.mark.parametrize(
    "secret", ["", "whsec_", secret_of(23), secret_of(65), SECRET.removeprefix("whsec_"), "whsec_не64", SECRET + " "]
)
def test_any_other_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidSecret) as caught:
        read_secret(secret)
    assert len(secret) < 8 or secret[6:20] not in str(caught.value)
