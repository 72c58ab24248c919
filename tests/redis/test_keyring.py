"""Which secret is in use, which are still known, and who notices that they differ."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from services.subscribers.keyring import Keyring, OtherKey, check_in_use, open_keyring, take_into_use
from tests.store import everything_in, key_folder


async def opened(redis: Redis, given: str | None = None, before: str | None = None, *, move: bool = False) -> Keyring:
    secrets = [None if one is None else SecretStr(one) for one in (given, before)]
    return await open_keyring(redis, *secrets, folder=key_folder().folder, move=move)


async def test_a_secret_is_made_up_once_and_shared(redis: Redis) -> None:
    rings = await asyncio.gather(*(opened(redis) for _ in range(5)))
    assert len({ring.current for ring in rings}) == 1
    assert len(rings[0].current) >= 32
    assert await opened(redis, "") == rings[0], "an empty setting is none"


async def test_a_secret_that_is_given_is_used_and_none_is_made_up(redis: Redis) -> None:
    assert await opened(redis, "given") == Keyring(b"given")
    assert [key async for key in redis.scan_iter()] == []


async def test_the_one_made_up_and_those_of_before_are_still_known(redis: Redis) -> None:
    made_up = (await opened(redis)).current
    ring = await opened(redis, "new", " old\nolder new ")
    assert ring == Keyring(b"new", (made_up, b"old", b"older"))


async def test_one_that_stood_in_redis_moves_to_the_keys_when_notify_says_so(redis: Redis) -> None:
    await redis.set("vestka:link-key", "made up by an earlier version")
    assert (await opened(redis)).current == b"made up by an earlier version"
    assert await redis.exists("vestka:link-key"), "a command takes it from nobody"
    moved = await opened(redis, move=True)
    assert moved == await opened(redis) == Keyring(b"made up by an earlier version")
    assert "earlier version" not in await everything_in(redis)
    assert (key_folder().folder / "link.key").stat().st_mode & 0o777 == 0o600


async def test_of_two_made_up_secrets_both_are_known(redis: Redis) -> None:
    ours = (await opened(redis)).current
    await redis.set("vestka:link-key", "theirs")
    assert await opened(redis, move=True) == await opened(redis) == Keyring(ours, (b"theirs",))


async def test_a_command_with_another_secret_than_notify_is_told_so(redis: Redis) -> None:
    await check_in_use(redis, Keyring(b"any"))
    await take_into_use(redis, Keyring(b"notify's"))
    await check_in_use(redis, Keyring(b"notify's"))
    with pytest.raises(OtherKey, match="VESTKA_LINK_KEY"):
        await check_in_use(redis, Keyring(b"another", (b"notify's",)))


async def test_a_secret_that_changed_without_the_one_before_is_noticed(redis: Redis) -> None:
    assert await take_into_use(redis, Keyring(b"first"))
    assert await take_into_use(redis, Keyring(b"first"))
    assert await take_into_use(redis, Keyring(b"second", (b"first",)))
    assert not await take_into_use(redis, Keyring(b"third", (b"first",)))


async def test_no_secret_is_shown(redis: Redis) -> None:
    ring = Keyring(b"the secret", (b"an old one",))
    await take_into_use(redis, ring)
    assert "secret" not in repr(ring)
    assert "old" not in repr(ring)
    held = await everything_in(redis)
    assert ring.mark in held
    assert "secret" not in held
