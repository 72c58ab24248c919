"""Two bits a subscriber: what the ledger keeps of an event on a channel, packed; written and read here alone.

One hash an event and channel, 256 pages in it: a subscriber's page is its number modulo 256, its place there the rest.
So a few subscribers of a million take a few bytes each, and all of them two bits.

    s, then four bytes for each one marked: place × 4 + mark        while that is shorter
    d, then a byte for every four places                            once it is not
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Final

_PAGES: Final = 256


class Mark(IntEnum):
    NONE = 0
    LEASED = 1
    """Under way: a lease says whose, see `leases`."""
    SENT = 2
    """At the first attempt, and there is nothing more to say of it."""
    NOTED = 3
    """Its record stands in the ledger's notes."""


def page_of(number: int) -> int:
    """In which page a subscriber stands."""
    return number % _PAGES


def marks_in(pages: Mapping[int, bytes]) -> Iterator[tuple[int, Mark]]:
    """Every subscriber's number that is marked, and how."""
    for page, raw in pages.items():
        for place, mark in _places(raw):
            yield place * _PAGES + page, Mark(mark)


def _places(raw: bytes) -> Iterator[tuple[int, int]]:
    if raw[:1] == b"s":
        for start in range(1, len(raw), 4):
            value = int.from_bytes(raw[start : start + 4])
            yield value >> 2, value & 3
        return
    for index, four in enumerate(raw[1:]):
        for nth in range(4):
            if mark := four >> 2 * nth & 3:
                yield 4 * index + nth, mark


LUA_MARKS: Final = """
local pages = {}
local function page(key, number)
  local which = number % 256
  if pages[which] then return pages[which] end
  local raw = redis.call('HGET', key, which)
  local found = {at = {}}
  if raw and string.sub(raw, 1, 1) == 'd' then
    found.bytes = {}
    for first = 2, #raw, 4000 do
      for _, byte in ipairs({string.byte(raw, first, first + 3999)}) do table.insert(found.bytes, byte) end
    end
  elseif raw then
    for first = 2, #raw, 4 do
      local a, b, c, d = string.byte(raw, first, first + 3)
      local value = ((a * 256 + b) * 256 + c) * 256 + d
      found.at[math.floor(value / 4)] = value % 4
    end
  end
  pages[which] = found
  return found
end
local function mark_of(key, number)
  local found, place = page(key, number), math.floor(number / 256)
  if not found.bytes then return found.at[place] or 0 end
  return math.floor((found.bytes[math.floor(place / 4) + 1] or 0) / 4 ^ (place % 4)) % 4
end
local function set_byte(bytes, place, mark)
  local index = math.floor(place / 4) + 1
  for missing = #bytes + 1, index do bytes[missing] = 0 end
  local unit = 4 ^ (place % 4)
  bytes[index] = bytes[index] + (mark - math.floor(bytes[index] / unit) % 4) * unit
end
local function set_mark(key, number, mark)
  local found, place = page(key, number), math.floor(number / 256)
  found.changed = true
  if found.bytes then set_byte(found.bytes, place, mark)
  elseif mark == 0 then found.at[place] = nil
  else found.at[place] = mark end
end
local function text(bytes)
  local parts = {}
  for first = 1, #bytes, 4000 do
    table.insert(parts, string.char(unpack(bytes, first, math.min(first + 3999, #bytes))))
  end
  return table.concat(parts)
end
local function encoded(found)
  if found.bytes then return 'd' .. text(found.bytes) end
  local count, last, bytes = 0, 0, {}
  for place in pairs(found.at) do count, last = count + 1, math.max(last, place) end
  if count == 0 then return nil end
  if 4 * count > last / 4 + 1 then
    for place, mark in pairs(found.at) do set_byte(bytes, place, mark) end
    return 'd' .. text(bytes)
  end
  for place, mark in pairs(found.at) do
    local value = place * 4 + mark
    table.insert(bytes, math.floor(value / 16777216) % 256)
    table.insert(bytes, math.floor(value / 65536) % 256)
    table.insert(bytes, math.floor(value / 256) % 256)
    table.insert(bytes, value % 256)
  end
  return 's' .. text(bytes)
end
local function save_marks(key, kept)
  local written = {}
  for which, found in pairs(pages) do
    local raw = found.changed and encoded(found)
    if raw then
      table.insert(written, which)
      table.insert(written, raw)
    elseif found.changed then
      redis.call('HDEL', key, which)
    end
  end
  if #written == 0 then return end
  redis.call('HSET', key, unpack(written))
  if kept then redis.call('EXPIRE', key, kept) end
end
local function numbers_in(packed)
  local numbers = {}
  for first = 1, #packed, 8 do
    local number = 0
    for _, byte in ipairs({string.byte(packed, first, first + 7)}) do number = number * 256 + byte end
    table.insert(numbers, number)
  end
  return numbers
end
"""
"""`mark_of`, `set_mark`, `save_marks`, and `numbers_in`: numbers given as eight bytes each, the highest first.

`set_byte` on a place beyond the end fills what lies between, so a page never has holes."""
