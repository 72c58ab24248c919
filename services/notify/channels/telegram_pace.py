"""How fast Telegram may be spoken to: when the next message to a chat may go out.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

_MARGIN: Final = 1.05
"""Messages that leave a second apart do not arrive a second apart."""

_CROWD: Final = 4096
"""Chats remembered before those that have been quiet are forgotten."""

Rate = tuple[int, float]
"""So many messages in so many seconds."""


class _Window:
    """The times of the last messages, as many as fit into one period."""

    __slots__ = ("_period", "_times")

    def __init__(self, rate: Rate) -> None:
        limit, period = rate
        self._times: deque[float] = deque(maxlen=limit)
        self._period = period * _MARGIN

    def free_at(self) -> float:
        full = len(self._times) == self._times.maxlen
        return self._times[0] + self._period if full else float("-inf")

    def take(self, at: float) -> None:
        self._times.append(at)

    def is_idle(self, now: float) -> bool:
        return not self._times or self._times[-1] + self._period <= now


class Pace:
    """`clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float], overall: Rate, chat: Rate, group: Rate) -> None:
        self._clock = clock
        self._overall = _Window(overall)
        self._chat, self._group = chat, group
        self._chats: dict[str, tuple[_Window, ...]] = {}
        self._held_until = float("-inf")

    def reserve(self, chat: str, *, group: bool, patience: float) -> float | None:
        """Seconds to wait before one message to this chat, whose place is then taken; None, and no place, where that
        is more than `patience`."""
        now = self._clock()
        windows = (self._overall, *self._windows(chat, group, now))
        at = max(now, self._held_until, *(window.free_at() for window in windows))
        if at - now > patience:
            return None
        for window in windows:
            window.take(at)
        return at - now

    def hold(self, seconds: float) -> None:
        """Telegram asked for silence: nobody gets a place before it is over."""
        self._held_until = max(self._held_until, self._clock() + seconds)

    def held_for(self) -> float:
        return max(0.0, self._held_until - self._clock())

    def wait_for(self, chat: str, *, group: bool) -> float:
        """Seconds until a place is free."""
        now = self._clock()
        windows = (self._overall, *self._windows(chat, group, now))
        return max(now, self._held_until, *(window.free_at() for window in windows)) - now

    def _windows(self, chat: str, group: bool, now: float) -> tuple[_Window, ...]:
        found = self._chats.get(chat)
        if found is None:
            if len(self._chats) >= _CROWD:
                self._forget_the_quiet(now)
            found = (_Window(self._chat), _Window(self._group)) if group else (_Window(self._chat),)
            self._chats[chat] = found
        return found

    def _forget_the_quiet(self, now: float) -> None:
        self._chats = {
            chat: windows for chat, windows in self._chats.items() if not all(window.is_idle(now) for window in windows)
        }
