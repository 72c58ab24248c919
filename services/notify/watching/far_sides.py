"""Does a channel's far side talk to us, does it take what we send, and does too much wait?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

from services.notify.channels.base import Channel, Reason, Trouble
from services.notify.delivery.channel_health import Failing, FarSideHealth
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.sender import ChannelSender
from services.notify.watching.limits import AlarmLimits
from services.operations.alarms import Found

UNREACHABLE: Final = "channel_unreachable"
PENDING: Final = "retries_pending"
HELD: Final = "channel_held"
REPUTATION: Final = "reputation_refused"

_ASK_EVERY: Final = 15.0
"""Seconds, while all is well; while it is not, at every look."""
_ASK_PATIENCE: Final = 10.0
_LONG_HOLD: Final = 300.0
_CERTAIN_AFTER: Final = 5.0
"""Seconds after which a refusal of our login or token is told: nobody but a person ends it."""
_POLICY_LASTS: Final = 3600.0
"""Seconds without another refusal after which it is over."""

_SLOW: Final = Trouble(Reason.TIMEOUT, "its far side does not answer in time: look at its log and at the network")
_GOES_BY_ITSELF: Final = "What waits goes out when it is back. 'vestka doctor' asks it now"
_BY_REASON: Final = {
    Reason.MISCONFIGURED: "our sender, login or token is refused: look at VESTKA_CHANNELS__{channel}__…",
    Reason.TLS: "no encrypted connection that we trust: look at the certificates and VESTKA_CHANNELS__{channel}__…",
}
_FAILS: Final = "what is sent is not taken ({reason}): look at its log and at VESTKA_CHANNELS__{channel}__…"


class ChannelWatch:
    kinds: Final = frozenset({UNREACHABLE, PENDING, HELD, REPUTATION})

    def __init__(
        self, senders: Mapping[str, ChannelSender], queues: Mapping[str, DueQueue], limits: AlarmLimits
    ) -> None:
        self._senders = senders
        self._queues = queues
        self._limits = limits
        self._asked_at: dict[str, float] = {}

    async def look(self, now: float) -> list[Found]:
        """`now`: Unix seconds."""
        await asyncio.gather(*(self._ask(sender, now) for sender in self._senders.values() if sender.channel.shared))
        return [found for name in self._senders async for found in self._wrong_with(name, now)]

    async def _ask(self, sender: ChannelSender, now: float) -> None:
        name, health = sender.name, await sender.health.health()
        well = health.away is None and health.sending is None
        if well and now - self._asked_at.get(name, 0.0) < _ASK_EVERY:
            return
        self._asked_at[name] = now
        await sender.health.note_answer(await _answer(sender.channel), now)

    async def _wrong_with(self, name: str, now: float) -> AsyncIterator[Found]:
        sender, waiting = self._senders[name], await self._queues[name].troubled(now)
        health = await sender.health.health()
        if self._is_over(health, waiting, now):
            await sender.health.forget_sending()
            health = await sender.health.health()
        if says := self._unreachable(name, health, waiting, now):
            yield Found(UNREACHABLE, name, f"{says}. {_GOES_BY_ITSELF}")
        if waiting > self._limits.retries_pending:
            says = f"more than {self._limits.retries_pending} deliveries wait: see 'vestka status' and 'vestka doctor'"
            yield Found(PENDING, name, f"{says} (VESTKA_ALARM_RETRIES_PENDING)")
        if health.policy_at is not None and now - health.policy_at < _POLICY_LASTS:
            yield Found(REPUTATION, name, _REPUTATION)
        if not await sender.channel_hold.is_paused() and await sender.channel_hold.open_at(now) - now > _LONG_HOLD:
            yield Found(HELD, name, _HELD)

    def _unreachable(self, name: str, health: FarSideHealth, waiting: int, now: float) -> str:
        """What is wrong, where it has been so for long enough; else nothing."""
        if self._lasts(health.away, now) and health.away is not None:
            return health.away.says
        if waiting and self._lasts(health.sending, now) and health.sending is not None:
            reason = health.sending.reason
            words = _BY_REASON.get(Reason(reason), _FAILS)
            return words.format(channel=name.upper(), reason=reason)
        return ""

    def _is_over(self, health: FarSideHealth, waiting: int, now: float) -> bool:
        """Nothing waits; or the far side answers well, and no attempt has failed for a while, the next one being hours
        away perhaps. What is refused because of our settings it answers well to: that ends with a message taken."""
        sending = health.sending
        if sending is None or not waiting:
            return sending is not None
        quiet = now - sending.at >= self._limits.unreachable_after
        return quiet and health.away is None and sending.reason != Reason.MISCONFIGURED

    def _lasts(self, failing: Failing | None, now: float) -> bool:
        if failing is None:
            return False
        most = _CERTAIN_AFTER if failing.reason == Reason.MISCONFIGURED else self._limits.unreachable_after
        return now - failing.since >= min(most, self._limits.unreachable_after)


_REPUTATION: Final = (
    "messages are refused because of who we are (x.7.x, RFC 3463), not because of their readers: look whether our "
    "sender or address is on a block list, and at SPF, DKIM and DMARC. It is over an hour after the last of them"
)
_HELD: Final = (
    "its far side asked us to wait for more than five minutes: nothing goes out until then. Look why; 'vestka resume' "
    "ends the wait"
)


async def _answer(channel: Channel) -> Trouble | None:
    try:
        async with asyncio.timeout(_ASK_PATIENCE):
            return await channel.ask()
    except TimeoutError:
        return _SLOW
