"""That somebody asked for a letter: an entry of a stream, written by whoever was asked and sent by notify.

All of it is sealed (AES-SIV, RFC 5297) and of one length, whatever it asks for: an entry shows no address, and none
shows whether a letter comes of it. See decision 0067.
"""

from __future__ import annotations

import secrets
from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis

from services.subscribers.keyring import Keyring, OtherKey
from services.subscribers.sealing import Seal

LETTERS_STREAM: Final = "vestka:letters"
_PLACE: Final = "letter"
_SALT_BYTES: Final = 16
_LENGTH: Final = 640
"""Bytes: the longest address, two links and a language have room."""

LetterKind = Literal["join", "manage", "move_new", "move_old", "none"]
"""none: nothing is sent. It is written where a letter would be one too many, so that nobody can tell."""


class LetterRequest(msgspec.Struct, frozen=True, array_like=True):
    kind: LetterKind
    target: str
    """A checked email address."""
    language: str
    token: str = ""
    """Of the link in it, where it is made before; `manage` gets its own when it is sent."""

    def __repr__(self) -> str:
        return f"LetterRequest(kind={self.kind!r})"


class LetterSeal:
    def __init__(self, keyring: Keyring) -> None:
        self._seal = Seal(keyring, "letter")

    def close(self, request: LetterRequest) -> str:
        packed = msgspec.msgpack.encode(request)
        whole = secrets.token_bytes(_SALT_BYTES) + len(packed).to_bytes(2) + packed
        if len(whole) > _LENGTH:
            raise ValueError("a letter's request is longer than any can be")
        return self._seal.close(whole.ljust(_LENGTH, b"\0"), _PLACE)

    def open(self, sealed: str) -> LetterRequest:
        """Raises OtherKey."""
        whole = self._seal.open(sealed, _PLACE)[_SALT_BYTES:]
        try:
            return msgspec.msgpack.decode(whole[2 : 2 + int.from_bytes(whole[:2])], type=LetterRequest)
        except msgspec.MsgspecError:
            raise OtherKey("it was sealed by a version that we do not know") from None


class LetterBox:
    """Where letters are asked for."""

    def __init__(self, redis: Redis, keyring: Keyring) -> None:
        self._redis = redis
        self._seal = LetterSeal(keyring)

    async def ask_for(self, request: LetterRequest) -> None:
        fields: dict[Any, Any] = {"letter": self._seal.close(request)}
        await self._redis.xadd(LETTERS_STREAM, fields)
