"""A move to another address, which waits until both addresses have confirmed it: sealed, for seven days.

Each letter has a link of its own: a random number and which of the two addresses it went to, sealed with our key.

    vestka:move:<random>   a hash: what is to be moved where, sealed; and which of the two have confirmed
"""

from __future__ import annotations

import secrets
from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis

from services.runtime.retention import Retention
from services.subscribers.keyring import Keyring, OtherKey
from services.subscribers.sealing import Seal, as_letters

_RANDOM_BYTES: Final = 16
_PADDED_TO: Final = 384
_LINK: Final = "link"
_WHAT: Final = "move"
_SIDES: Final = ("old", "new")

Side = Literal["old", "new"]


class Move(msgspec.Struct, frozen=True, array_like=True):
    number: int
    channel: str
    old_digest: str
    """Keyed hash of the address that is left: where that is another by now, nothing is moved."""
    target: str
    """A checked address."""
    language: str

    def __repr__(self) -> str:
        return f"Move(channel={self.channel!r})"


class MoveTicket(msgspec.Struct, frozen=True):
    random: str
    side: Side

    @property
    def key(self) -> str:
        return f"vestka:move:{self.random}"


class Moves:
    def __init__(self, redis: Redis, keyring: Keyring) -> None:
        self._redis = redis
        self._links = Seal(keyring, "move link")
        self._seal = Seal(keyring, "move")

    async def put(self, move: Move) -> dict[Side, str]:
        """Keeps it; the token of each side's link."""
        random = secrets.token_hex(_RANDOM_BYTES)
        key = MoveTicket(random, "old").key
        packed = msgspec.msgpack.encode(move)
        sealed = self._seal.close_bytes((len(packed).to_bytes(2) + packed).ljust(_PADDED_TO, b"\0"), key)
        async with self._redis.pipeline() as pipe:
            pipe.hset(key, _WHAT, as_letters(sealed))
            pipe.expire(key, Retention.SIGN_UPS)
            await pipe.execute()
        raw = bytes.fromhex(random)
        old, new = (self._links.close(raw + bytes([place]), _LINK) for place in range(len(_SIDES)))
        return {"old": old, "new": new}

    def ticket(self, token: str) -> MoveTicket | None:
        """None where the token is none of ours."""
        try:
            raw = self._links.open(token, _LINK)
        except OtherKey:
            return None
        return MoveTicket(raw[:_RANDOM_BYTES].hex(), "new" if raw[_RANDOM_BYTES] else "old")

    async def get(self, ticket: MoveTicket) -> Move | None:
        """None where it is done, its time is over, or the key that sealed it is not ours any more."""
        sealed: Any = await self._redis.hget(ticket.key, _WHAT)
        if sealed is None:
            return None
        try:
            raw = self._seal.open(str(sealed), ticket.key)
            return msgspec.msgpack.decode(raw[2 : 2 + int.from_bytes(raw[:2])], type=Move)
        except (OtherKey, msgspec.MsgspecError):
            return None

    async def confirm(self, ticket: MoveTicket) -> bool:
        """Have both confirmed by now?"""
        async with self._redis.pipeline() as pipe:
            pipe.hset(ticket.key, ticket.side, "1")
            pipe.expire(ticket.key, Retention.SIGN_UPS, nx=True)  # one that ended just now must not stay
            pipe.hmget(ticket.key, [_WHAT, *_SIDES])
            found: Any = (await pipe.execute())[-1]
        return None not in found

    async def drop(self, ticket: MoveTicket) -> None:
        await self._redis.delete(ticket.key)
