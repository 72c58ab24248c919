"""Signatures of Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks, version `v1`)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

_PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64


class InvalidSecret(ValueError):
    """The message never repeats the secret."""


def read_secret(text: str) -> bytes:
    """The key in a secret as it is handed to partners. Raises InvalidSecret."""
    if not text.startswith(_PREFIX):
        raise InvalidSecret(f"a signing secret begins with {_PREFIX}")
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidSecret(f"what follows {_PREFIX} in a signing secret is base64") from None
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise InvalidSecret(f"a signing secret has {_SHORTEST} to {_LONGEST} bytes")
    return key


def sign(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: one signature a secret, in their order. Raises InvalidSecret."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_mac(read_secret(secret), signed)}" for secret in secrets)


def _mac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
