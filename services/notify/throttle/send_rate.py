"""How fast Telegram may be spoken to: when the next message to a chat may go out.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

Messages leave evenly spaced, not in a burst at the start of each second: what leaves within a second does not arrive
within one, and every notifier has a share at any moment. A place that nobody used is gone. Chats are told apart by
their readers' numbers.

No second sees more than thirty if between each message and the thirtieth after it there is a second: of 31 in one
second two would be thirty apart. So each place comes a second after the thirtieth before it has arrived, however late
that was: who saw it arrive late says so (`was_late`), and nobody needs a wide margin for what may happen on the way.
Those that follow a place put off so go back to the even pace, a little closer to one another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

_OVERALL_MARGIN: Final = 1.004
"""Of the time between two messages, as `_PERIOD` is of thirty."""
_CLOSEST: Final = 0.4
"""Of the time between two messages, where they catch up: one that was late puts off few behind it. It is `_PERIOD` that
keeps thirty within their second, however close they are."""
_PERIOD: Final = 1.004
"""Seconds between a message's arrival and the next one in its place: more than one, for what is not seen of the way."""
_CHAT_MARGIN: Final = 1.02
MOST_LATE: Final = 0.15
"""Seconds: who is answered later than that was most likely read in time, and answered slowly."""

_CROWD: Final = 4096
"""Chats remembered before those that have been quiet are forgotten."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What Telegram allows: in all, to one chat, to one group."""

    overall_per_second: int = 30
    chat_per_second: int = 1
    group_per_minute: int = 20

    @property
    def spacing(self) -> float:
        """Seconds between two messages at an even pace."""
        return _OVERALL_MARGIN / self.overall_per_second

    @property
    def closest(self) -> float:
        """Seconds between any two messages at least."""
        return _CLOSEST * self.spacing

    @property
    def period(self) -> float:
        """Seconds in which at most `overall_per_second` messages arrive."""
        return _PERIOD

    @property
    def chat_spacing(self) -> float:
        """Seconds between two messages to one chat."""
        return _CHAT_MARGIN / self.chat_per_second

    @property
    def group_period(self) -> float:
        """Seconds in which a group gets `group_per_minute` messages at most."""
        return 60 * _CHAT_MARGIN


class PlaceInLine(float):
    """In how many seconds it comes; `turn` names it to `was_late`."""

    __slots__ = ("turn",)

    def __new__(cls, seconds: float, turn: int) -> PlaceInLine:
        place = super().__new__(cls, seconds)
        place.turn = turn
        return place

    turn: int


class Later(Exception):
    """No place within our patience; one may be free in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("no place yet")
        self.seconds = seconds


class SendRateLimit(Protocol):
    rates: Rates

    async def wait_for(self, number: int, *, group: bool) -> float:
        """Seconds until this chat may be written to, the others apart. Takes nothing."""
        ...

    async def take(self, number: int, *, group: bool, patience: float) -> PlaceInLine:
        """Takes the next place and says in how many seconds it comes. Raises Later, and then took none."""
        ...

    async def was_late(self, place: PlaceInLine, seconds: float) -> None:
        """What left at this place has arrived so much after its time."""
        ...

    async def pause(self, number: int, seconds: float) -> None:
        """This chat asked for silence."""
        ...

    async def held_for(self) -> float:
        """Seconds for which nobody may write; 0 where there is no such silence."""
        ...

    async def hold(self, seconds: float) -> None:
        """Telegram asked us all for silence: nobody gets a place before it is over."""
        ...


@dataclass(slots=True)
class _Chat:
    free_at: float = float("-inf")
    times: deque[float] = field(default_factory=deque)


class OwnSendRateLimit:
    """The pace of one process alone. `clock` counts seconds and never goes back."""

    def __init__(self, rates: Rates, clock: Callable[[], float]) -> None:
        self.rates = rates
        self._clock = clock
        self._next = float("-inf")
        self._last = float("-inf")
        self._turn = 0
        self._arrived: dict[int, float] = {}
        """When what left at the last places arrived, by turn modulo their number."""
        self._held_until = float("-inf")
        self._chats: dict[int, _Chat] = {}

    async def wait_for(self, number: int, *, group: bool) -> float:
        now = self._clock()
        return max(self._free_at(number, group), now) - now

    async def take(self, number: int, *, group: bool, patience: float) -> PlaceInLine:
        now = self._clock()
        before = self._arrived.get(self._turn % self.rates.overall_per_second, float("-inf"))
        even = max(now, self._next)
        at, free = max(even, self._last + self.rates.closest, before + self.rates.period), self._free_at(number, group)
        if free > at or at - now > patience:
            raise Later(max(free, at) - now)
        self._next, self._last = even + self.rates.spacing, at
        self._arrived[self._turn % self.rates.overall_per_second] = at
        self._turn += 1
        chat = self._chat(number, now)
        chat.free_at = at + self.rates.chat_spacing
        chat.times.append(at)
        return PlaceInLine(at - now, self._turn - 1)

    async def was_late(self, place: PlaceInLine, seconds: float) -> None:
        if self._turn - place.turn <= self.rates.overall_per_second:
            self._arrived[place.turn % self.rates.overall_per_second] += min(seconds, MOST_LATE)

    async def pause(self, number: int, seconds: float) -> None:
        chat = self._chat(number, self._clock())
        chat.free_at = max(chat.free_at, self._clock() + seconds)

    async def held_for(self) -> float:
        return max(0.0, self._held_until - self._clock())

    async def hold(self, seconds: float) -> None:
        self._held_until = max(self._held_until, self._clock() + seconds)

    def _free_at(self, number: int, group: bool) -> float:
        chat = self._chats.get(number, _Chat())
        full = group and len(chat.times) == chat.times.maxlen
        return max(self._held_until, chat.free_at, chat.times[0] + self.rates.group_period if full else float("-inf"))

    def _chat(self, number: int, now: float) -> _Chat:
        if number not in self._chats:
            if len(self._chats) >= _CROWD:
                self._chats = {one: chat for one, chat in self._chats.items() if not self._is_idle(chat, now)}
            self._chats[number] = _Chat(times=deque(maxlen=self.rates.group_per_minute))
        return self._chats[number]

    def _is_idle(self, chat: _Chat, now: float) -> bool:
        return chat.free_at <= now and (not chat.times or chat.times[-1] + self.rates.group_period <= now)
