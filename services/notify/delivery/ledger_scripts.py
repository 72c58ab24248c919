"""The ledger's steps as they run in Redis, each whole or not at all, and by the server's clock.

All begin with the time in milliseconds; a test gives its own. What a record looks like is `record`'s alone,
what a member of the due-queue looks like `due_queue`'s.
"""

from __future__ import annotations

from typing import Final

from services.notify.delivery.due_queue import LUA_MEMBER
from services.notify.delivery.record import LUA_RECORD
from services.notify.delivery.server_clock import LUA_NOW

_COMMON: Final = LUA_NOW + LUA_MEMBER + LUA_RECORD

CLAIM: Final = (
    _COMMON
    + """
local hold, kept, entry, holder, early = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6] == '1'
local granted, claimed_until = {}, number(now + hold)
for i = 7, #ARGV do
  local attempt, copies, progress, again, resume, free = 1, 0, '', 0, '0', true
  local state, tried, held, by, known, said = decode(redis.call('HGET', KEYS[1], ARGV[i]))
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
    local record = encode_open('sending', attempt, claimed_until, holder, copies, progress)
    redis.call('HSET', KEYS[1], ARGV[i], record)
    redis.call('ZADD', KEYS[2], claimed_until, member(entry, ARGV[i]))
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
local state, tried, held, by, copies, progress = decode(redis.call('HGET', KEYS[1], ARGV[3]))
if state ~= 'sending' or by ~= ARGV[4] then return 0 end
local claimed_until = number(now + ARGV[2])
redis.call('HSET', KEYS[1], ARGV[3], encode_open(state, tried, claimed_until, by, copies, progress))
redis.call('ZADD', KEYS[2], claimed_until, ARGV[5])
return 1
"""
)
"""ARGV: now, hold, number, holder, member."""

CLOSE: Final = (
    _COMMON
    + """
local who, member, holder, kept = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local state, attempt, note, copies, wait, at, letter, kind, event = unpack(ARGV, 6, 14)
local before, _, _, by = decode(redis.call('HGET', KEYS[1], who))
if before == 'sent' then
  redis.call('ZREM', KEYS[2], member)
  return 0
end
if state ~= 'sent' and not (before == 'sending' and by == holder) then return 0 end
if state == 'waiting' then
  local due = number(math.max(now + wait, tonumber(at)))
  redis.call('HSET', KEYS[1], who, encode_open(state, attempt, due, '', copies, note))
  redis.call('ZADD', KEYS[2], due, member)
else
  redis.call('HSET', KEYS[1], who, encode_closed(state, attempt, note))
  redis.call('ZREM', KEYS[2], member)
end
redis.call('EXPIRE', KEYS[1], kept)
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
"""ARGV: now, number, member, holder, how long the ledger is kept; state, attempt, note or progress, copies; for what
waits: how long, and when not before (both ms); the dead letter and its kind, or nothing; the event's id."""

HASTEN: Final = (
    _COMMON
    + """
local hastened = 0
for i = 3, #ARGV do
  local state, tried, held, by, copies, progress = decode(redis.call('HGET', KEYS[1], ARGV[i]))
  if state == 'waiting' and held > now then
    redis.call('HSET', KEYS[1], ARGV[i], encode_open(state, tried, number(now), by, copies, progress))
    redis.call('ZADD', KEYS[2], number(now), member(ARGV[2], ARGV[i]))
    hastened = hastened + 1
  end
end
return hastened
"""
)
"""ARGV: now, entry, numbers."""

FORGET: Final = (
    LUA_RECORD
    + """
if decode(redis.call('HGET', KEYS[1], ARGV[1])) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
"""
)
"""ARGV: number, state."""
