"""Two bits a subscriber: what the ledger keeps of an event on a channel, packed; written and read here alone.

One hash an event and channel, a page for every 4,096 numbers that follow each other: whoever is sent to together stands
in few pages. So a few subscribers of a million take a few bytes each, and all of them two bits.

    s, then two bytes for each one marked: place × 4 + mark        while that is shorter
    d, then a byte for every four places                           once it is not
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Final

_PLACES: Final = 4096
"""Of a page."""


class Mark(IntEnum):
    NONE = 0
    LEASED = 1
    """Under way: a lease says whose, see `leases`."""
    SENT = 2
    """At the first attempt, and there is nothing more to say of it."""
    NOTED = 3
    """Its record stands in the ledger's notes."""


def page_of(number: int) -> str:
    """The field in which a subscriber stands."""
    return f"p{number // _PLACES}"


def marks_in(pages: Mapping[str, bytes]) -> Iterator[tuple[int, Mark]]:
    """Every subscriber's number that is marked, and how."""
    for page, raw in pages.items():
        first = int(page.removeprefix("p")) * _PLACES
        for place, mark in _places(raw):
            yield first + place, Mark(mark)


def _places(raw: bytes) -> Iterator[tuple[int, int]]:
    if raw[:1] == b"s":
        for start in range(1, len(raw), 2):
            value = int.from_bytes(raw[start : start + 2])
            yield value >> 2, value & 3
        return
    for index, four in enumerate(raw[1:]):
        for nth in range(4):
            if mark := four >> 2 * nth & 3:
                yield 4 * index + nth, mark


LUA_MARKS: Final = """
local band, lshift, rshift, byte = bit.band, bit.lshift, bit.rshift, string.byte
local pages = {}
local function unpacked(raw)
  local found = {at = {}}
  if raw and byte(raw) == 100 then
    found.bytes = {byte(raw, 2, -1)}
  elseif raw then
    for first = 2, #raw, 2 do
      local high, low = byte(raw, first, first + 1)
      found.at[high * 64 + rshift(low, 2)] = low % 4
    end
  end
  return found
end
local function page(key, number)
  local place = number % 4096
  local which = (number - place) / 4096
  local found = pages[which]
  if not found then
    found = unpacked(redis.call('HGET', key, 'p' .. which))
    pages[which] = found
  end
  return found, place
end
local function page_beside(key, number, found, first)
  local place = number % 4096
  if number - place ~= first then found = page(key, number) end
  return found, place, number - place
end
local function mark_at(found, place)
  local bytes = found.bytes
  if not bytes then return found.at[place] or 0 end
  local four = bytes[rshift(place, 2) + 1]
  return four and band(rshift(four, place % 4 * 2), 3) or 0
end
local function mark_of(key, number) return mark_at(page(key, number)) end
local function set_byte(bytes, place, mark)
  local shift, index = place % 4 * 2, rshift(place, 2) + 1
  local four = bytes[index]
  if not four then
    for missing = #bytes + 1, index do bytes[missing] = 0 end
    four = 0
  end
  bytes[index] = four + lshift(mark - band(rshift(four, shift), 3), shift)
end
local function put_mark(found, place, mark)
  found.changed = true
  if found.bytes then set_byte(found.bytes, place, mark)
  elseif mark == 0 then found.at[place] = nil
  else found.at[place] = mark end
end
local function set_mark(key, number, mark)
  local found, place = page(key, number)
  put_mark(found, place, mark)
end
local function text(bytes)
  local parts, last = {}, #bytes
  for first = 1, last, 4000 do
    parts[#parts + 1] = string.char(unpack(bytes, first, math.min(first + 3999, last)))
  end
  return table.concat(parts)
end
local function encoded(found)
  if found.bytes then return 'd' .. text(found.bytes) end
  local count, last, bytes = 0, 0, {}
  for place in pairs(found.at) do count, last = count + 1, math.max(last, place) end
  if count == 0 then return nil end
  if 2 * count > last / 4 + 1 then
    for place, mark in pairs(found.at) do set_byte(bytes, place, mark) end
    return 'd' .. text(bytes)
  end
  local size = 0
  for place, mark in pairs(found.at) do
    local low = place % 64
    bytes[size + 1], bytes[size + 2] = (place - low) / 64, low * 4 + mark
    size = size + 2
  end
  return 's' .. text(bytes)
end
local function save_marks(key, kept)
  local written = {}
  for which, found in pairs(pages) do
    local raw = found.changed and encoded(found)
    if raw then
      table.insert(written, 'p' .. which)
      table.insert(written, raw)
    elseif found.changed then
      redis.call('HDEL', key, 'p' .. which)
    end
  end
  if #written == 0 then return end
  redis.call('HSET', key, unpack(written))
  if kept then redis.call('EXPIRE', key, kept) end
end
local function numbers_in(packed)
  local numbers, count = {}, #packed / 8
  local many = string.rep('I8', 32)
  for first = 1, count, 32 do
    local some = math.min(32, count - first + 1)
    local form = '>' .. (some == 32 and many or string.rep('I8', some))
    local read = {struct.unpack(form, packed, 8 * first - 7)}
    for index = 1, some do numbers[first + index - 1] = read[index] end
  end
  return numbers
end
"""
"""`mark_of`, `set_mark`, `save_marks`, and `numbers_in`: numbers given as eight bytes each, the highest first.

`page_beside` finds the page of a number beside one whose page is at hand, with the first number of it: most follow each
other. `set_byte` on a place beyond the end fills what lies between, so a page never has holes."""
