"""The ledger's steps as they run in Redis, each whole or not at all, and by the server's clock.

All begin with the time in milliseconds; a test gives its own. The note of what is open (sending, waiting) is
`holder.copies~progress`: who claimed it, how many copies went out whose end nobody knows, how far a split text came.
"""

from __future__ import annotations

from typing import Final

_COMMON: Final = """
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function number(value) return string.format('%.0f', value) end
local function parts(record)
  local state, tried, held, note = string.match(record or '', '^(%a+)|(%d+)|(%d+)|(.*)$')
  if not state then return nil end
  local holder, copies, progress = string.match(note, '^(%w*)%.(%d+)~(.*)$')
  return state, tonumber(tried), tonumber(held), holder or '', tonumber(copies or '0'), progress or note
end
local now = clock(ARGV[1])
"""

CLAIM: Final = (
    _COMMON
    + """
local hold, kept, entry, holder, early = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6] == '1'
local granted, claimed_until = {}, number(now + hold)
for i = 7, #ARGV do
  local attempt, copies, progress, again, resume, free = 1, 0, '', 0, '0', true
  local state, tried, held, by, known, said = parts(redis.call('HGET', KEYS[1], ARGV[i]))
  if state then
    attempt, copies, progress = tried, known, said
    local ours = state == 'sending' and by == holder
    free = ours or ((state == 'sending' or state == 'waiting') and held <= now) or (state == 'waiting' and early)
    if state == 'waiting' then attempt = attempt + 1 elseif not ours then again = 1 end
    if state == 'waiting' and held > now then resume = number(held) end
  elseif redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 then
    free = false
  end
  if free then
    local note = holder .. '.' .. copies .. '~' .. progress
    redis.call('HSET', KEYS[1], ARGV[i], 'sending|' .. attempt .. '|' .. claimed_until .. '|' .. note)
    redis.call('ZADD', KEYS[2], claimed_until, entry .. '|' .. ARGV[i])
    table.insert(granted, {ARGV[i], attempt, progress, copies, again, resume})
  end
end
redis.call('EXPIRE', KEYS[1], kept)
return granted
"""
)

EXTEND: Final = (
    _COMMON
    + """
local state, tried, held, by, copies, progress = parts(redis.call('HGET', KEYS[1], ARGV[3]))
if state ~= 'sending' or by ~= ARGV[4] then return 0 end
local claimed_until = number(now + ARGV[2])
local note = by .. '.' .. copies .. '~' .. progress
redis.call('HSET', KEYS[1], ARGV[3], 'sending|' .. tried .. '|' .. claimed_until .. '|' .. note)
redis.call('ZADD', KEYS[2], claimed_until, ARGV[5])
return 1
"""
)
"""ARGV: now, hold, number, holder, member."""

CLOSE: Final = (
    _COMMON
    + """
local who, member, holder, kept = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local state, attempt, wait, at, note, letter, kind, event = unpack(ARGV, 6, 13)
local record = redis.call('HGET', KEYS[1], who)
local before, _, _, by = parts(record)
if before == 'sent' then
  redis.call('ZREM', KEYS[2], member)
  return 0
end
if state ~= 'sent' and not (before == 'sending' and by == holder) then return 0 end
local due = '0'
if wait ~= '' then due = number(math.max(now + wait, tonumber(at))) end
redis.call('HSET', KEYS[1], who, state .. '|' .. attempt .. '|' .. due .. '|' .. note)
redis.call('EXPIRE', KEYS[1], kept)
if state == 'waiting' then redis.call('ZADD', KEYS[2], due, member) else redis.call('ZREM', KEYS[2], member) end
if letter ~= '' then
  redis.call('XADD', KEYS[3], '*', 'letter', letter)
  redis.call('HINCRBY', KEYS[4], kind, 1)
end
if state == 'unsure' then
  redis.call('HINCRBY', KEYS[5], event, 1)
  redis.call('EXPIRE', KEYS[5], kept)
end
return 1
"""
)

HASTEN: Final = (
    _COMMON
    + """
local hastened = 0
for i = 3, #ARGV do
  local record = redis.call('HGET', KEYS[1], ARGV[i])
  local state, tried, held = parts(record)
  if state == 'waiting' and held > now then
    local note = string.match(record, '^%a+|%d+|%d+|(.*)$')
    redis.call('HSET', KEYS[1], ARGV[i], 'waiting|' .. tried .. '|' .. number(now) .. '|' .. note)
    redis.call('ZADD', KEYS[2], number(now), ARGV[2] .. '|' .. ARGV[i])
    hastened = hastened + 1
  end
end
return hastened
"""
)
"""ARGV: now, entry, numbers."""

FORGET: Final = """
local record = redis.call('HGET', KEYS[1], ARGV[1])
if record and string.sub(record, 1, #ARGV[2]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
"""

DUE: Final = (
    _COMMON
    + """
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', number(now), 'LIMIT', 0, ARGV[2])
"""
)
