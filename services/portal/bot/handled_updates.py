"""Which updates are done, so that one that comes again (after a crash, or by a webhook twice) is done once.

Telegram keeps an update for a day (https://core.telegram.org/bots/api#getting-updates); after a quiet week its number
begins anew by chance, so each is remembered by itself, as a keyed hash, and no highest number is.

    vestka:bot:done:<keyed hash>   there while such an update may come again: that it is done; or what was meant when it
                                   was first looked at, where it names that by its place in a list
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from redis.asyncio import Redis

from services.runtime.retention import Retention

_DONE: Final = "1"


class HandledUpdates:
    """Raises RedisError."""

    def __init__(self, redis: Redis, key: bytes) -> None:
        self._redis = redis
        self._key = key

    async def is_done(self, update_id: int) -> bool:
        return bool(await self._redis.get(self._place(update_id)) == _DONE)

    async def meant(self, update_id: int, word: str) -> str | None:
        """What was meant when it was first looked at, which is `word` where it is now; None where it is done."""
        place = self._place(update_id)
        if await self._redis.set(place, word, ex=Retention.BOT_UPDATES, nx=True):
            return word
        before = await self._redis.get(place)
        return None if before == _DONE else str(before or word)

    async def note(self, update_id: int, *, of_a_stranger: bool) -> None:
        seconds = Retention.BOT_UPDATES_OF_STRANGERS if of_a_stranger else Retention.BOT_UPDATES
        await self._redis.set(self._place(update_id), _DONE, ex=seconds)

    def _place(self, update_id: int) -> str:
        digest = hmac.digest(self._key, str(update_id).encode(), hashlib.sha256)
        return f"vestka:bot:done:{digest[:12].hex()}"
