"""What stands for a delivery outside the store, so that neither a phone nor a log nor a stream leads to its reader.

on phones          the id of a letter: a keyed hash, nobody else can compute it (HMAC, RFC 2104)
streams, letters   the subscriber's number, sealed (AES-SIV, RFC 5297) for the one place where it stands
the log            a short tag that tells one delivery's attempts from another's, and dies with the process
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32decode, b32encode
from contextlib import suppress
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from services.notify.keyring import Keyring, OtherKey, derived

_ID_BYTES: Final = 20
_TAG_BYTES: Final = 5
_SEALED: Final = re.compile(r"[a-z2-7]{26,}")


class Seal:
    """Seals short texts for one purpose. The same text in the same place is sealed the same, elsewhere otherwise."""

    def __init__(self, keyring: Keyring, purpose: str) -> None:
        self._keys = [AESSIV(derived(secret, purpose)) for secret in keyring.every]

    def close(self, text: bytes, place: str) -> str:
        return as_letters(self._keys[0].encrypt(text, [place.encode()]))

    def open(self, sealed: str, place: str) -> bytes:
        """Raises OtherKey: sealed with a key that we do not hold, or for another place."""
        raw = _from_letters(sealed)
        for key in self._keys:
            with suppress(InvalidTag):
                return key.decrypt(raw, [place.encode()])
        raise OtherKey("it was sealed with another key: name that in VESTKA_LINK_KEYS_BEFORE")


class References:
    """`log_key` is made anew for every process and kept nowhere."""

    def __init__(self, keyring: Keyring, log_key: bytes | None = None) -> None:
        self._message_key = derived(keyring.current, "message id")
        self._endpoint_key = derived(keyring.current, "endpoint tag")
        self._seal = Seal(keyring, "delivery")
        self._log_key = log_key or secrets.token_bytes(32)

    def message_id(self, channel: str, event_id: str, number: int) -> str:
        """The same for every attempt, and for a revision that answers to it."""
        text = f"{channel}\0{event_id}\0{number}".encode()
        return as_letters(hmac.digest(self._message_key, text, "sha256")[:_ID_BYTES])

    def seal(self, text: str, *place: str) -> str:
        return self._seal.close(text.encode(), "\0".join(place))

    def open(self, sealed: str, *place: str) -> str:
        """Raises OtherKey."""
        return self._seal.open(sealed, "\0".join(place)).decode()

    def letter(self, channel: str, event_id: str, number: int) -> str:
        """What stands in a dead letter for whose delivery it was."""
        return self.seal(f"{number:016}", "dead letter", channel, event_id)

    def subscriber(self, letter: str, channel: str, event_id: str) -> int:
        """The number that `letter` sealed. Raises OtherKey."""
        return int(self.open(letter, "dead letter", channel, event_id))

    def endpoint_tag(self, channel: str, number: int) -> str:
        """What an endpoint without a label is called before operators: always the same, nobody's without the key."""
        text = f"{channel}\0{number}".encode()
        return f"{channel}-{as_letters(hmac.digest(self._endpoint_key, text, 'sha256')[:_TAG_BYTES])}"

    def log_tag(self, channel: str, event_id: str, number: int) -> str:
        text = f"{channel}\0{event_id}\0{number}".encode()
        return as_letters(hmac.digest(self._log_key, text, "sha256")[:_TAG_BYTES])


def is_sealed(text: str) -> bool:
    return bool(_SEALED.fullmatch(text))


def as_letters(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()


def _from_letters(text: str) -> bytes:
    """Raises OtherKey where these are no letters of ours."""
    try:
        raw = b32decode(text.upper() + "=" * (-len(text) % 8)) if is_sealed(text) else b""
    except ValueError:
        raw = b""
    if len(raw) < 16 or as_letters(raw) != text:
        raise OtherKey("it is nothing that we sealed")
    return raw
