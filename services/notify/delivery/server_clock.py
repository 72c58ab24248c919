"""What is due is told by the Redis server's clock, so that ours may say what it likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Clock = Callable[[], float] | None
"""Unix seconds. None, outside of tests: the server's own."""


def milliseconds(clock: Clock) -> int | str:
    """As the scripts take it, in their first argument."""
    return "" if clock is None else int(clock() * 1000)


LUA_NOW: Final = """
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function number(value) return string.format('%.0f', value) end
local now = clock(ARGV[1])
"""
"""`now` in Unix ms, and `number`, which writes such a number out in full (Lua would say 1.7e+12)."""
