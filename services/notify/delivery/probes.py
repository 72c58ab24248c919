"""An endpoint that cannot be reached is looked at every so often in its first ten minutes, beside its schedule.

The look is one of its waiting deliveries, sent early; it spends no attempt. When anything gets through, whatever waits
for that endpoint goes at once. Shared by all notifiers, and by the server's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from services.notify.delivery.server_clock import LUA_NOW, Clock, milliseconds
from services.runtime.retention import Retention

PROBE_EVERY: Final = 15.0
PROBED_FOR: Final = 600.0

_FAILED: Final = (
    LUA_NOW
    + """
local began = redis.call('GET', KEYS[2])
if not began then
  began = number(now)
  redis.call('SET', KEYS[2], began, 'EX', ARGV[6])
  redis.call('ZADD', KEYS[3], number(now + ARGV[4]), ARGV[2])
end
if now - began >= tonumber(ARGV[5]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[6])
return 1
"""
)
_TAKE: Final = (
    LUA_NOW
    + """
local found = {}
for _, who in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', number(now), 'LIMIT', 0, ARGV[2])) do
  local began = redis.call('GET', ARGV[5] .. who .. ':down')
  local one = redis.call('SRANDMEMBER', ARGV[5] .. who .. ':waiting')
  if began and one and now - began < tonumber(ARGV[4]) then
    redis.call('ZADD', KEYS[1], number(now + ARGV[3]), who)
    table.insert(found, {who, one})
  else
    redis.call('ZREM', KEYS[1], who)
    redis.call('DEL', ARGV[5] .. who .. ':waiting')
  end
end
return found
"""
)
_ANSWERED: Final = """
if redis.call('DEL', KEYS[2]) == 0 then return {} end
local waiting = redis.call('SMEMBERS', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return waiting
"""


@dataclass(frozen=True, slots=True)
class WaitingDelivery:
    """A delivery that waits for an endpoint to be back."""

    event_id: str
    entry: str


class Probes:
    def __init__(self, redis: Redis, channel: str, clock: Clock = None) -> None:
        self._redis = redis
        self._clock = clock
        self._prefix = f"vestka:probes:{channel}:"
        self._next = f"vestka:probes:{channel}"
        self._failed = redis.register_script(_FAILED)
        self._take = redis.register_script(_TAKE)
        self._answered = redis.register_script(_ANSWERED)

    async def failed(self, number: int, event_id: str, entry: str) -> None:
        """The subscriber's endpoint could not be reached, and this delivery waits for it."""
        times = [int(PROBE_EVERY * 1000), int(PROBED_FOR * 1000), Retention.PROBES]
        args = [milliseconds(self._clock), number, f"{entry}|{event_id}", *times]
        await self._failed(keys=self._keys(number), args=args)

    async def take(self, most: int = 100) -> list[tuple[int, WaitingDelivery]]:
        """Whose endpoint is to be looked at now, and with what; the next look is `PROBE_EVERY` seconds from now."""
        times = [int(PROBE_EVERY * 1000), int(PROBED_FOR * 1000)]
        args = [milliseconds(self._clock), most, *times, self._prefix]
        found: Any = await self._take(keys=[self._next], args=args)
        return [(int(number), _read(member)) for number, member in found]

    async def answered(self, number: int) -> list[WaitingDelivery]:
        """The endpoint is back; what waited for it."""
        found: Any = await self._answered(keys=self._keys(number), args=[number])
        return [_read(member) for member in found]

    async def drop(self, number: int, waiting: WaitingDelivery) -> None:
        """It does not wait any more."""
        await self._redis.srem(f"{self._prefix}{number}:waiting", f"{waiting.entry}|{waiting.event_id}")

    def _keys(self, number: int) -> list[str]:
        return [f"{self._prefix}{number}:waiting", f"{self._prefix}{number}:down", self._next]


def _read(member: str) -> WaitingDelivery:
    entry, _, event_id = member.partition("|")
    return WaitingDelivery(event_id, entry)
