"""Updates by asking for them (https://core.telegram.org/bots/api#getupdates): one process of ours asks at a time.

What was given is confirmed by the next question, once all of it is done; after a crash it is given again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from msgspec import Raw
from redis.exceptions import RedisError

from services.egress import EgressError
from services.portal.bot.bot_api import BotApi, BotApiRefused
from services.portal.bot.bot_updates import ALLOWED, read_update
from services.portal.bot.presenting import present
from services.portal.bot.update_handler import UpdateHandler
from services.runtime.lease import Lease

log = structlog.get_logger(__name__)

_WAIT: Final = 25
"""Seconds Telegram waits for something to tell."""
_HOLD_ON: Final = 3.0
"""Seconds between two takings of the lease, which lasts three times as long."""
LEASE_LASTS: Final = 9.0
_COME_AGAIN: Final = 3.0
"""Seconds after which we ask again; twice as many after each time that it came to nothing, up to these."""
_WHERE_REFUSED: Final = 300.0
_WHERE_UNREACHABLE: Final = 30.0


@dataclass(slots=True)
class Polling:
    api: BotApi
    handler: UpdateHandler
    lease: Lease
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    wait: int = _WAIT
    _offset: int | None = None
    _is_presented: bool = field(default=False, init=False)
    _in_vain: int = field(default=0, init=False)
    """How often it came to nothing, one time after another."""

    async def run(self) -> None:
        """For ever."""
        while True:
            wait = _COME_AGAIN
            try:
                if await self.lease.take():
                    await self._while_ours()
            except ValueError:
                log.error("bot_api_refused", method="getUpdates", code="unread")
                wait = self._longer(_WHERE_REFUSED)
            except BotApiRefused as refused:
                log.error("bot_api_refused", method=refused.method, code=refused.code)
                wait = max(refused.retry_after or 0.0, self._longer(_WHERE_REFUSED))
            except (EgressError, RedisError) as error:
                log.warning("bot_waits", error=type(error).__name__)
                wait = self._longer(_WHERE_UNREACHABLE)
            await self.sleep(wait)

    def _longer(self, most: float) -> float:
        self._in_vain += 1
        return float(min(most, _COME_AGAIN * 2 ** min(self._in_vain - 1, 10)))

    async def _while_ours(self) -> None:
        async with self._held():
            if not self._is_presented:  # else a refusal of what follows would tell all of it again, each time
                self.handler.our_name = await present(self.api, self.handler.desk.house.languages)
                self._is_presented = True
            await self.api.delete_webhook()  # set by an earlier setting, it would keep everything from us
            self._offset = None
            while await self.lease.take():
                await self._once()

    async def _once(self) -> None:
        raws = await self.api.updates(self._offset, self.wait, ALLOWED)
        by_chat, last = defaultdict[int | None, list[Raw]](list), self._offset
        for raw in raws:
            update = read_update(raw)  # each has a number: it is Telegram's own answer
            by_chat[update.chat_id].append(raw)
            last = update.update_id + 1
        ended = await asyncio.gather(*map(self._in_order, by_chat.values()), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        self._offset, self._in_vain = last, 0

    async def _in_order(self, raws: list[Raw]) -> None:
        for raw in raws:
            await self.handler.take(raw)

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        async def hold_on() -> None:
            while True:
                await asyncio.sleep(_HOLD_ON)
                with suppress(RedisError):
                    await self.lease.take()

        task = asyncio.create_task(hold_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, RedisError):
                await task
            with suppress(RedisError):
                await self.lease.give_back()
