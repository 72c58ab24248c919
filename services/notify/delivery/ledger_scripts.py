"""The ledger's steps as they run in Redis, each whole or not at all, and by the server's clock.

All begin with the time in milliseconds; a test gives its own. What a note looks like is `record`'s alone, what a
member of the due-queue looks like `due_queue`'s, how marks are packed `marks`'s.
"""

from __future__ import annotations

from typing import Final

from services.notify.delivery.due_queue import LUA_MEMBER
from services.notify.delivery.marks import LUA_MARKS
from services.notify.delivery.record import LUA_RECORD
from services.notify.delivery.server_clock import LUA_NOW

_COMMON: Final = LUA_NOW + LUA_MEMBER + LUA_RECORD + LUA_MARKS
_KEYS: Final = """
local notes, marks, retries, leases, ends, open = unpack(KEYS, 1, 6)
local has_notes = redis.call('EXISTS', notes) == 1
local function note_of(who) if has_notes then return redis.call('HGET', notes, who) end end
"""
"""Of an event on a channel: its notes, its marks; of the channel: its due-queue, the leases, when each ends, and how
many of each are still open."""
_LEASES: Final = """
local function count_down(holder, count)
  if redis.call('HINCRBY', open, holder, -count) <= 0 then
    redis.call('HDEL', open, holder)
    redis.call('HDEL', leases, holder)
    redis.call('ZREM', ends, holder)
  end
end
local function lease_head(lease) return string.match(lease, '^([^|]*)|([^|]*)|()') end
local holders = nil
local function holder_of(event, who)
  if not holders then
    holders = {}
    for _, name in ipairs(redis.call('ZRANGE', ends, 0, -1)) do
      local lease = redis.call('HGET', leases, name)
      local _, of, first = lease_head(lease or '')
      if of == event then
        for _, each in ipairs(numbers_in(string.sub(lease, first))) do holders[each] = name end
      end
    end
  end
  return holders[tonumber(who)]
end
"""
"""Who holds a delivery: of several leases that name it, the one that ends last. A lease of which something went to
another ended in the first millisecond there was, and is not extended."""

CLAIM: Final = (
    _COMMON
    + _KEYS
    + _LEASES
    + """
local hold, kept, entry, event, holder, early = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'
local numbers, denied, odd, is_denied = numbers_in(ARGV[8]), {}, {}, {}
local function look_closer(index, who, mark)
  local attempt, copies, progress, again, resume, free = 1, 0, '', 0, '0', false
  local note = (mark ~= 2) and note_of(who)
  local state, tried, held, by, known, said = decode(note)
  if mark == 0 and not note then free = true end
  if state == 'waiting' and (mark == 1 or held <= now or early) then
    attempt, copies, progress, free = tried + 1, known, said, true
    if held > now then resume = number(held) end
  elseif state == 'sending' and (held <= now or by == holder) then
    attempt, copies, progress, free = tried, known, said, true
    if by ~= holder then again = 1 end
  end
  if mark == 1 then
    local by_whom = holder_of(event, who)
    free = not by_whom or by_whom == holder or tonumber(redis.call('ZSCORE', ends, by_whom)) <= now
    if by_whom ~= holder then again = 1 end
    if free and by_whom and by_whom ~= holder then
      redis.call('ZADD', ends, 1, by_whom)
      count_down(by_whom, 1)
    end
  end
  if free then
    set_mark(marks, who, 1)
    if state == 'sending' then
      redis.call('HSET', notes, who, encode_open('waiting', attempt - 1, number(now), '', copies, progress))
    end
    if note then redis.call('ZREM', retries, member(entry, who)) end
    if attempt > 1 or copies > 0 or again == 1 or progress ~= '' or resume ~= '0' then
      table.insert(odd, {who, attempt, progress, copies, again, resume})
    end
  else
    table.insert(denied, who)
    is_denied[index] = true
  end
end
local found, place, first
for index = 1, #numbers do
  local who = numbers[index]
  found, place, first = page_beside(marks, who, found, first)
  local mark = mark_at(found, place)
  if mark == 0 and not has_notes then put_mark(found, place, 1) else look_closer(index, who, mark) end
end
local granted = ARGV[8]
if #denied > 0 then
  local left = {}
  for index = 1, #numbers do
    if not is_denied[index] then table.insert(left, string.sub(ARGV[8], 8 * index - 7, 8 * index)) end
  end
  granted = table.concat(left)
end
if #denied < #numbers then
  save_marks(marks, kept)
  if has_notes then redis.call('EXPIRE', notes, kept) end
  redis.call('HSET', leases, holder, entry .. '|' .. event .. '|' .. granted)
  redis.call('HSET', open, holder, #numbers - #denied)
  redis.call('ZADD', ends, number(now + hold), holder)
end
return {denied, odd}
"""
)
"""ARGV: now, hold (ms), how long the ledger is kept, entry, event, holder, early, numbers. Gives who is not free, and
of those who are whatever is not a first attempt."""

EXTEND: Final = (
    LUA_NOW
    + """
local held = 0
for i = 3, #ARGV do
  if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]) or '0') > 1 then
    redis.call('ZADD', KEYS[1], number(now + ARGV[2]), ARGV[i])
    held = held + 1
  end
end
return held
"""
)
"""ARGV: now, hold, holders."""

EXPIRED: Final = (
    LUA_NOW
    + LUA_MARKS
    + """
local found = {}
for _, holder in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', number(now), 'LIMIT', 0, ARGV[2])) do
  local lease = redis.call('HGET', KEYS[1], holder)
  if lease then
    local entry, event, first = string.match(lease, '^([^|]*)|([^|]*)|()')
    table.insert(found, {holder, entry, event, numbers_in(string.sub(lease, first))})
  else
    redis.call('ZREM', KEYS[2], holder)
  end
end
return found
"""
)
"""ARGV: now, how many. The leases that ran out, the oldest first."""

CLOSE: Final = (
    _COMMON
    + _KEYS
    + _LEASES
    + """
local dead, dead_counts, unsure, log = unpack(KEYS, 7, 10)
local kept, event, next = ARGV[2], ARGV[3], 4
local function take(count)
  next = next + count
  return unpack(ARGV, next - count, next - 1)
end
local ended = {}
local function end_one(holder) ended[holder] = (ended[holder] or 0) + 1 end
local function is_held(who, holder, mark, before)
  return (mark == 1 or (mark == 0 and not before)) and holder_of(event, who) == holder
end

for _ = 1, take(1) do
  local holder, packed = take(2)
  local count, numbers, found, place, first = 0, numbers_in(packed), nil, nil, nil
  for index = 1, #numbers do
    local who = numbers[index]
    found, place, first = page_beside(marks, who, found, first)
    local mark = mark_at(found, place)
    if mark == 1 or (mark == 0 and is_held(who, holder, mark)) then count = count + 1 end
    if mark ~= 2 then
      put_mark(found, place, 2)
      if has_notes then redis.call('HDEL', notes, who) end
    end
  end
  if count > 0 then ended[holder] = (ended[holder] or 0) + count end
end
for _ = 1, take(1) do
  local who, place, holder, state, attempt, note, copies, wait, at, letter, kind = take(11)
  local mark, before = mark_of(marks, who), decode(note_of(who))
  local sent = mark == 2 or (mark ~= 1 and before == 'sent')
  local held = is_held(who, holder, mark, before)
  if not sent and (state == 'sent' or held) then
    if mark == 1 or held then end_one(holder) end
    set_mark(marks, who, 3)
    has_notes = true
    if state == 'waiting' then
      local due = number(math.max(now + wait, tonumber(at)))
      redis.call('HSET', notes, who, encode_open(state, attempt, due, '', copies, note))
      redis.call('ZADD', retries, due, place)
    else
      redis.call('HSET', notes, who, encode_closed(state, attempt, note))
      redis.call('ZREM', retries, place)
    end
    if letter ~= '' then
      redis.call('XADD', dead, '*', 'letter', letter)
      redis.call('HINCRBY', dead_counts, kind, 1)
    end
    if state == 'unsure' then
      redis.call('HINCRBY', unsure, event, 1)
      redis.call('EXPIRE', unsure, kept)
    end
  end
end
save_marks(marks, kept)
if has_notes then redis.call('EXPIRE', notes, kept) end
for holder, count in pairs(ended) do count_down(holder, count) end
local rows, log_kept = take(2)
if rows ~= '' then
  redis.call('RPUSH', log, rows)
  redis.call('EXPIRE', log, log_kept)
end
"""
)
"""Where an event's marks are lost while it is under way, the leases still say whose each is: what ends then is written.

ARGV: now, how long the ledger is kept, the event; of how many holders what was simply sent, and each holder with its
numbers; of how many others, and each: number, member, holder, state, attempt, note or progress, copies, for what waits
how long and when not before (both ms), the dead letter and its kind, or nothing; rows for the log, and how long those
are kept."""

HASTEN: Final = (
    _COMMON
    + """
local hastened = 0
for i = 3, #ARGV do
  local state, tried, held, by, copies, progress = decode(redis.call('HGET', KEYS[1], ARGV[i]))
  if state == 'waiting' and held > now and redis.call('ZSCORE', KEYS[2], member(ARGV[2], ARGV[i])) then
    redis.call('HSET', KEYS[1], ARGV[i], encode_open(state, tried, number(now), by, copies, progress))
    redis.call('ZADD', KEYS[2], number(now), member(ARGV[2], ARGV[i]))
    hastened = hastened + 1
  end
end
return hastened
"""
)
"""ARGV: now, entry, numbers. What is being attempted has left the due-queue."""

FORGET: Final = (
    LUA_RECORD
    + LUA_MARKS
    + """
local who, state = tonumber(ARGV[1]), ARGV[2]
local mark = mark_of(KEYS[2], who)
local found = mark == 2 and 'sent' or mark == 1 and 'sending' or decode(redis.call('HGET', KEYS[1], who))
if state ~= '' and found ~= state then return 0 end
redis.call('HDEL', KEYS[1], who)
set_mark(KEYS[2], who, 0)
save_marks(KEYS[2])
return 1
"""
)
"""ARGV: number; in which state it has to be, or nothing."""

TELL: Final = (
    LUA_RECORD
    + LUA_MARKS
    + """
local who, mark = tonumber(ARGV[2]), mark_of(KEYS[2], tonumber(ARGV[2]))
local state = decode(redis.call('HGET', KEYS[1], ARGV[2]))
if mark == 1 or mark == 2 or (mark == 3 and (state == 'sent' or state == 'waiting')) then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], encode_closed(ARGV[3], 1, ARGV[4]))
redis.call('EXPIRE', KEYS[1], ARGV[1])
set_mark(KEYS[2], who, 3)
save_marks(KEYS[2], ARGV[1])
return 1
"""
)
"""ARGV: how long the ledger is kept, number, state, note. What is attempted, waits or was sent stays as it is."""
