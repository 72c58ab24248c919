"""Sign-ups that wait for their confirmation: sealed, for seven days, and found by nothing but the link in a letter.

A link bears the keyed hash of the address and a random number, sealed with our key (AES-SIV, RFC 5297). So a link that
we did not make is told from ours without asking the store, and who has the store cannot make one. What was chosen lies
in the store under the two, sealed for that place; it goes when it is confirmed, when its time is over, or when whoever
has the address is erased.

    vestka:signup:<keyed hash of the address>:<random>   what was chosen, sealed
    vestka:signups-of:<keyed hash of the address>        the random numbers of those that wait
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.runtime.retention import Retention
from services.subscribers.address import Address, Bot, Mode
from services.subscribers.habits import Cover, Quiet
from services.subscribers.keyring import Keyring, OtherKey
from services.subscribers.records import RAW
from services.subscribers.sealing import Seal
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest

_DIGEST_BYTES: Final = 16
_RANDOM_BYTES: Final = 16
_PADDED_TO: Final = 256
_LINK: Final = "link"


class Choices(msgspec.Struct, frozen=True, array_like=True):
    """What somebody chose on the page. A field that is added later stands last and has a default."""

    language: str
    mode: Mode
    updates: bool
    interests: tuple[Interest, ...]
    zone: str | None = None
    quiet: Quiet | None = None
    urgent: bool = False
    silent: bool = False
    cover: Cover = "fold"
    code_word: str | None = None

    def __repr__(self) -> str:
        return "Choices()"


def keeping(choices: Choices, known: Subscriber) -> Choices:
    """With the habits that somebody has, for a page that does not ask for them."""
    return msgspec.structs.replace(
        choices,
        zone=known.zone,
        quiet=known.quiet,
        urgent=known.urgent,
        silent=known.silent,
        cover=known.cover,
        code_word=known.code_word,
    )


def chosen(subscriber: Subscriber, choices: Choices) -> Subscriber:
    return msgspec.structs.replace(
        subscriber,
        language=choices.language,
        mode=choices.mode,
        updates=choices.updates,
        interests=choices.interests,
        zone=choices.zone,
        quiet=choices.quiet,
        urgent=choices.urgent,
        silent=choices.silent,
        cover=choices.cover,
        code_word=choices.code_word,
    )


class Signup(msgspec.Struct, frozen=True, array_like=True):
    """Somebody, perhaps the one whose address it is, asked for this."""

    channel: str
    target: str
    choices: Choices
    names: tuple[str, ...] = ()
    """Of people, as they were typed: shown once more before it is confirmed, and kept no longer than that."""
    bot: Bot | None = None
    """See `StoredAddress.bot`."""

    def __repr__(self) -> str:
        return f"Signup(channel={self.channel!r})"

    @property
    def address(self) -> Address:
        return Address(self.channel, self.target)


class Ticket(msgspec.Struct, frozen=True):
    """What a link of ours leads to."""

    digest: str
    """Keyed hash of the address, as `Lookups.address` has it."""
    random: str

    @property
    def key(self) -> str:
        return f"vestka:signup:{self.digest}:{self.random}"


class Signups:
    """`digest` is always the keyed hash of the address, as the vault has it."""

    def __init__(self, redis: Redis, keyring: Keyring) -> None:
        self._redis = redis
        self._links = Seal(keyring, "sign-up link")
        self._seal = Seal(keyring, "sign-up")

    async def put(self, signup: Signup, digest: str) -> str:
        """Keeps it; the token of its link."""
        ticket = Ticket(digest, secrets.token_hex(_RANDOM_BYTES))
        packed = msgspec.msgpack.encode(signup)
        whole = len(packed).to_bytes(4) + packed
        sealed = self._seal.close_bytes(whole + bytes(-len(whole) % _PADDED_TO), ticket.key)
        index = _index(digest)
        async with self._redis.pipeline() as pipe:
            pipe.set(ticket.key, sealed, ex=Retention.SIGN_UPS)
            pipe.sadd(index, ticket.random)
            pipe.expire(index, Retention.SIGN_UPS)
            await pipe.execute()
        return self._links.close(bytes.fromhex(ticket.digest + ticket.random), _LINK)

    def ticket(self, token: str) -> Ticket | None:
        """None where the token is none of ours."""
        try:
            raw = self._links.open(token, _LINK)
        except OtherKey:
            return None
        return Ticket(raw[:_DIGEST_BYTES].hex(), raw[_DIGEST_BYTES:].hex())

    async def get(self, ticket: Ticket) -> Signup | None:
        """None where it was used, its time is over, or the key that sealed it is not ours any more."""
        sealed: Any = await self._redis.execute_command("GET", ticket.key, **RAW)  # type: ignore[no-untyped-call]
        if sealed is None:
            return None
        try:
            whole = self._seal.open_bytes(sealed, ticket.key)
            return msgspec.msgpack.decode(whole[4 : 4 + int.from_bytes(whole[:4])], type=Signup)
        except (OtherKey, msgspec.MsgspecError):
            return None

    async def drop(self, ticket: Ticket) -> None:
        async with self._redis.pipeline() as pipe:
            pipe.delete(ticket.key)
            pipe.srem(_index(ticket.digest), ticket.random)
            await pipe.execute()


async def drop_signups(redis: Redis, digests: Iterable[str | None]) -> None:
    """All that wait for the addresses."""
    for digest in digests:
        if digest is None:
            continue
        waiting: Any = await redis.smembers(_index(digest))
        await redis.delete(*(Ticket(digest, one).key for one in waiting), _index(digest))


def _index(digest: str) -> str:
    return f"vestka:signups-of:{digest}"
