"""Opens the store of subscribers: with the keys that belong to it, in the form that we know, or not at all."""

from __future__ import annotations

import secrets
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import WatchError

from services.subscribers.key_files import KeyFolder, StoreKeys, WrappingKey
from services.subscribers.lookups import Lookups
from services.subscribers.persistence import mark_stale
from services.subscribers.plain_store import is_plain, seal_plain_store
from services.subscribers.record_seal import RecordSeal
from services.subscribers.redis_keys import NOT_SETTLED, SHARDS, SHARDS_KNOWN, STORE, TOPICS_KNOWN, WRAPPING, RedisKeys
from services.subscribers.sealed_store import SealedStore
from services.subscribers.store_faults import UnusableKeys, UnusableStore
from services.subscribers.topic_learning import topics_mark

log = structlog.get_logger(__name__)

FORM: Final = 2
"""Of the store. The first was plain and bore no number."""


async def open_store(redis: Redis, folder: KeyFolder, shards: int = SHARDS, *, found: bool) -> SealedStore | None:
    """`found`: a new store may be founded, and its keys made; else None where there is none.

    A store of the plain form is sealed; then `NOT_SETTLED` stands. Raises StoreFault.
    """
    if not await redis.exists(STORE):
        plain = await is_plain(redis)
        if folder.read() is None and not found:
            if plain:
                raise UnusableKeys(
                    "the subscribers are kept in the plain form of an earlier version, and no key is there to seal "
                    "them with: 'vestka keys create' makes it where VESTKA_KEYS_DIR says; notify does so as it starts"
                )
            return None
        await _found(redis, _keys_for_a_new_store(folder), shards)
    store = SealedStore(RedisKeys(shards), Lookups((await _checked(redis, folder, shards)).lookup), _seal(folder))
    if await is_plain(redis):
        await mark_stale(redis)
        await redis.hset(STORE, NOT_SETTLED, "1")
        log.warning("subscribers_sealed", count=await seal_plain_store(redis, store))
    return store


def nobody_there(shards: int = SHARDS) -> SealedStore:
    """For reading a store that was never founded: it finds nobody."""
    keys = StoreKeys(secrets.token_bytes(32), (WrappingKey(1, secrets.token_bytes(32)),))
    return SealedStore(RedisKeys(shards), Lookups(keys.lookup), RecordSeal(lambda: keys))


def _seal(folder: KeyFolder) -> RecordSeal:
    return RecordSeal(folder.now)


def _keys_for_a_new_store(folder: KeyFolder) -> StoreKeys:
    known = folder.read()
    if known is not None:
        return known
    made = folder.make()
    log.warning("keys_made", folder=str(folder.folder), todo="keep a copy of them: without them no subscriber is read")
    return made


async def _found(redis: Redis, keys: StoreKeys, shards: int) -> None:
    """Of two who do so at once, one's is taken; the other is checked against it."""
    async with redis.pipeline() as pipe:
        try:
            await pipe.watch(STORE)
            if await pipe.exists(STORE):
                return
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.hset(STORE, mapping={"form": FORM, "shards": shards, SHARDS_KNOWN: "1", TOPICS_KNOWN: topics_mark()})
            pipe.hset(STORE, mapping={"lookup": keys.lookup_mark, WRAPPING: keys.current.id.hex()})
            await pipe.execute()
        except WatchError:
            return


async def _checked(redis: Redis, folder: KeyFolder, shards: int) -> StoreKeys:
    noted: Any = await redis.hgetall(STORE)
    form, of_shards = int(noted.get("form", 0)), int(noted.get("shards", 0))
    if form != FORM:
        raise UnusableStore(
            f"the subscribers are kept in form {form} by a later version, and this one knows form {FORM}: run that one"
        )
    if of_shards != shards:
        raise UnusableStore(
            f"VESTKA_SHARDS: the subscribers are kept in {of_shards} shards, which was settled when the store was "
            f"first used, and {shards} are asked for: set VESTKA_SHARDS={of_shards}"
        )
    keys = folder.read()
    if keys is None:
        raise UnusableKeys(
            f"VESTKA_KEYS_DIR: {folder.folder} holds no keys, and the subscribers are sealed with some: put them "
            "back there, or name the folder that has them"
        )
    if keys.lookup_mark != noted.get("lookup"):
        raise UnusableKeys(
            f"VESTKA_KEYS_DIR: the lookup key in {folder.folder} is not the one of this store ({noted.get('lookup')}): "
            "name the folder that has its keys, or the server that these keys belong to"
        )
    if keys.by_id(bytes.fromhex(noted.get(WRAPPING, ""))) is None:
        raise UnusableKeys(
            f"VESTKA_KEYS_DIR: the wrapping key {noted.get('wrapping')} is not in {folder.folder}, and subscribers are "
            "sealed with it: put its file back there"
        )
    return keys
