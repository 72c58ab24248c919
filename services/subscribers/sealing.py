"""Short texts, sealed (AES-SIV, RFC 5297) for one purpose and place, and written in small letters and digits."""

from __future__ import annotations

import re
from base64 import b32decode
from contextlib import suppress
from struct import Struct
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from services.subscribers.keyring import Keyring, OtherKey, derived

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = [one + other for one in _LETTERS for other in _LETTERS]
_FIVE: Final = Struct(">IB")
"""Five bytes are eight letters."""
_SEALED: Final = re.compile(r"[a-z2-7]{26,}")


class Seal:
    """Seals short texts for one purpose. The same text in the same place is sealed the same, elsewhere otherwise."""

    def __init__(self, keyring: Keyring, purpose: str) -> None:
        self._keys = [AESSIV(derived(secret, purpose)) for secret in keyring.every]

    def close(self, text: bytes, place: str) -> str:
        return as_letters(self._keys[0].encrypt(text, [place.encode()]))

    def close_bytes(self, text: bytes, place: str) -> bytes:
        """As bytes, where nobody has to read them."""
        return self._keys[0].encrypt(text, [place.encode()])

    def open_bytes(self, raw: bytes, place: str) -> bytes:
        """Raises OtherKey, as `open`."""
        for key in self._keys:
            with suppress(InvalidTag):
                return key.decrypt(raw, [place.encode()])
        raise OtherKey("it was sealed with another key: name that in VESTKA_LINK_KEYS_BEFORE")

    def open(self, sealed: str, place: str) -> bytes:
        """Raises OtherKey: sealed with a key that we do not hold, or for another place."""
        return self.open_bytes(_from_letters(sealed), place)


def is_sealed(text: str) -> bool:
    return bool(_SEALED.fullmatch(text))


def as_letters(raw: bytes) -> str:
    """Base32 (RFC 4648) without its padding; five bytes at a time, since the library's own goes byte by byte."""
    fives = _FIVE.iter_unpack(raw + bytes(-len(raw) % _FIVE.size))
    text = "".join(
        [_PAIRS[a >> 22] + _PAIRS[a >> 12 & 1023] + _PAIRS[a >> 2 & 1023] + _PAIRS[(a & 3) << 8 | b] for a, b in fives]
    )
    return text[: -(-len(raw) * 8 // 5)]


def _from_letters(text: str) -> bytes:
    """Raises OtherKey where these are no letters of ours."""
    try:
        raw = b32decode(text.upper() + "=" * (-len(text) % 8)) if is_sealed(text) else b""
    except ValueError:
        raw = b""
    if len(raw) < 16 or as_letters(raw) != text:
        raise OtherKey("it is nothing that we sealed")
    return raw
