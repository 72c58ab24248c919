"""Signatures of Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks).

`v1` is HMAC-SHA256 with a secret shared with the partner; `v1a` is Ed25519, for partners who want to hold no secret.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.forgettable import forgettable

_SHARED: Final = "whsec_"
_PRIVATE: Final = "whsk_"
_SHORTEST, _LONGEST = 24, 64
_SEED: Final = 32
_PAIR: Final = 64


class InvalidSecret(ValueError):
    """The message never repeats the secret."""


Signer = Callable[[bytes], bytes]


@forgettable(4_096)
def read_secret(text: str) -> tuple[str, Signer]:
    """The version of its signatures and what makes them, from a secret as it is handed out. Raises InvalidSecret.

    `whsec_` and base64 of 24 to 64 bytes: v1. `whsk_` and base64 of an Ed25519 seed (32 bytes), or of the seed and the
    public key (64): v1a.
    """
    if text.startswith(_SHARED):
        return "v1", _shared(_bytes(text, _SHARED))
    if text.startswith(_PRIVATE):
        return "v1a", _private(_bytes(text, _PRIVATE))
    raise InvalidSecret(f"a signing secret begins with {_SHARED}, a private signing key with {_PRIVATE}")


def check_secrets(secrets: Iterable[str]) -> None:
    """An endpoint has a shared secret at least, since every receiver can verify v1. Raises InvalidSecret."""
    if "v1" not in {read_secret(secret)[0] for secret in secrets}:
        raise InvalidSecret(f"an endpoint has a signing secret, which begins with {_SHARED}")


def sign(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: one signature a secret, v1 before v1a. Raises InvalidSecret."""
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    signatures = [f"{version},{_base64(make(signed))}" for version, make in map(read_secret, secrets)]
    if len(signatures) > 1:
        signatures.sort(key=_version)
    return " ".join(signatures)


def _version(signature: str) -> str:
    return signature.partition(",")[0]


def _base64(signature: bytes) -> str:
    return binascii.b2a_base64(signature, newline=False).decode("ascii")


def _bytes(text: str, prefix: str) -> bytes:
    try:
        return binascii.a2b_base64(text[len(prefix) :], strict_mode=True)
    except ValueError:  # binascii's is one
        raise InvalidSecret(f"what follows {prefix} in a signing secret is base64") from None


def _shared(key: bytes) -> Signer:
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise InvalidSecret(f"a signing secret has {_SHORTEST} to {_LONGEST} bytes")
    return lambda signed: hmac.digest(key, signed, hashlib.sha256)


def _private(key: bytes) -> Signer:
    if len(key) not in (_SEED, _PAIR):
        raise InvalidSecret(f"a private signing key has {_SEED} bytes, or {_PAIR} with its public key")
    return _signing_with(key[:_SEED])


@forgettable(1_000)
def _signing_with(seed: bytes) -> Signer:
    # Its public key is computed anew each time that one is made, which costs as much as a signature.
    return Ed25519PrivateKey.from_private_bytes(seed).sign
