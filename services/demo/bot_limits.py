"""How fast a bot may write, as https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this puts it.

"In a single chat, avoid sending more than one message per second. We may allow short bursts […], but eventually
you'll begin receiving 429 errors. In a group, bots are not be able to send more than 20 messages per minute. For bulk
notifications, bots are not able to broadcast more than about 30 messages per second."
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` messages in any `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class BotLimits:
    overall: Limit = Limit(30, 1)
    chat: Limit = Limit(3, 3)
    """One a second with a short burst; Telegram does not say how short, three is cautious."""
    group: Limit = Limit(20, 60)
    """Groups, supergroups and channels have negative chat ids."""


class FloodGate:
    """Counts what was let through. A chat that was refused stays refused until the time it was given is over."""

    def __init__(self, limits: BotLimits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._overall: deque[float] = deque()
        self._chats: defaultdict[int, deque[float]] = defaultdict(deque)
        self._closed_until: dict[int, float] = {}

    def retry_after(self, chat_id: int) -> int:
        """0 lets the message through and counts it; otherwise whole seconds to wait, as the Bot API gives them."""
        now = self._clock()
        self._forget(now)
        wait = max(self._closed_until.get(chat_id, now) - now, self._chat_wait(chat_id, now))
        if wait > 0:
            self._closed_until[chat_id] = now + wait
            return math.ceil(wait)
        overall = _wait(self._overall, self._limits.overall, now)
        if overall > 0:
            return math.ceil(overall)
        self._overall.append(now)
        self._chats[chat_id].append(now)
        return 0

    def _chat_wait(self, chat_id: int, now: float) -> float:
        return _wait(self._chats[chat_id], self._chat_limit(chat_id), now)

    def _chat_limit(self, chat_id: int) -> Limit:
        return self._limits.group if chat_id < 0 else self._limits.chat

    def _forget(self, now: float) -> None:
        """Drops chats that have been silent for long enough, so that many chats do not fill the memory."""
        self._closed_until = {chat: until for chat, until in self._closed_until.items() if until > now}
        silent = [
            chat for chat, sent in self._chats.items() if not sent or sent[-1] <= now - self._chat_limit(chat).seconds
        ]
        for chat in silent:
            del self._chats[chat]


def _wait(sent: deque[float], limit: Limit, now: float) -> float:
    """Seconds until one more fits. Forgets what is older than the window."""
    while sent and sent[0] <= now - limit.seconds:
        sent.popleft()
    return sent[0] + limit.seconds - now if len(sent) >= limit.count else 0.0
