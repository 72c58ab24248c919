"""What an answer about one chat says of the others: a flood is one chat's or all of ours, a chat is gone or our bot is.

Telegram's words are the same in both cases, so it is judged by what became of the others, see `standing`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from services.notify.channels.base import Outcome, Reason, Retry, Sent
from services.notify.channels.far_side_standing import Standing, Whose
from services.notify.channels.telegram.bot_answers import BotAnswer, Flooded, NoSuchChat, PutOff, Unparsable
from services.notify.throttle.send_rate import SendRateLimit

LONGEST_PAUSE: Final = 86_400.0

FIRST_HOLD_SECONDS: Final = 10.0
"""How long the whole channel rests at first; then twice as long each time, and never longer than Telegram asked for. So
three groups that flood at the same moment cannot silence everybody for the hour which they were given."""

_FOR_A_WITNESS: Final = 2.0
"""Seconds in which somebody else's message may show that our bot is known."""


class Verdicts:
    """`clock` counts seconds and never goes back."""

    def __init__(self, rate_limit: SendRateLimit, clock: Callable[[], float]) -> None:
        self._rate_limit, self._clock = rate_limit, clock
        self._floods, self._strangers, self._put_off = Standing(clock), Standing(clock), Standing(clock)
        self._somebody_was_reached = asyncio.Event()
        self._hold, self._held_until = FIRST_HOLD_SECONDS, float("-inf")

    async def of(self, said: BotAnswer, number: int, began: float, end: float) -> Outcome | Unparsable:
        """`began`: when the message left, and `end`: until when to be done, on our clock."""
        match said:
            case Sent():
                self._reached(number, began)
            case Retry(reason=Reason.MISCONFIGURED, after=float(after)):
                await self._rate_limit.hold(after)  # whoever stands in line has the same token
            case Flooded(after):
                return await self._flooded(number, min(after, LONGEST_PAUSE))
            case PutOff():
                return self._put_off.put_off(number, Retry(Reason.SERVER_ERROR))
            case NoSuchChat(meaning):
                return meaning if await self._our_bot_is_known(end) else self._unknown(number)
        return said

    def _reached(self, number: int, began: float) -> None:
        self._floods.taken(number, began)
        self._put_off.taken(number, began)
        self._somebody_was_reached.set()
        if began >= self._held_until:
            self._hold = FIRST_HOLD_SECONDS

    async def _flooded(self, number: int, after: float) -> Retry:
        await self._rate_limit.pause(number, after)
        if self._floods.refused(number) is not Whose.EVERYBODYS:
            return Retry(Reason.RATE_LIMITED, after=after)
        seconds = self._silence(after)
        await self._rate_limit.hold(seconds)
        return Retry(Reason.RATE_LIMITED, after=seconds, holds_channel=True, spends_attempt=False)

    def _silence(self, after: float) -> float:
        now = self._clock()
        if now < self._held_until:  # the same flood, told to one that was under way
            return self._held_until - now
        seconds = min(after, self._hold)
        self._hold, self._held_until = self._hold * 2, now + seconds
        return seconds

    async def _our_bot_is_known(self, end: float) -> bool:
        """With the token of another bot every chat is unknown, and all our readers would be gone in a minute."""
        try:
            async with asyncio.timeout(min(_FOR_A_WITNESS, max(0.0, end - self._clock()))):
                return await self._somebody_was_reached.wait()
        except TimeoutError:
            return False

    def _unknown(self, number: int) -> Retry:
        return self._strangers.wait_after(number, Retry(Reason.MISCONFIGURED))
