"""A subscriber as the bytes that are sealed, and back: lists without names of fields, since there is one for each."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from services.contract import Certainty, Kind, PartyClass
from services.runtime.clock import rfc3339, unix_of
from services.subscribers.address import Bot
from services.subscribers.habits import Cover, Frequency, Quiet
from services.subscribers.interests import Interest, PersonMark
from services.subscribers.subscriber import StoredAddress, Subscriber


class _Address(msgspec.Struct, frozen=True, array_like=True):
    channel: str
    target: str
    digest: bytes | None
    secrets: tuple[str, ...] = ()
    given: str | None = None
    ended: str | None = None
    ended_at: int | None = None
    """Milliseconds since 1970."""
    openpgp: str | None = None
    bot: Bot | None = None


class _Interest(msgspec.Struct, frozen=True, array_like=True):
    kinds: tuple[Kind, ...]
    regions: tuple[str, ...]
    persons: tuple[str, ...]
    towns: tuple[str, ...] = ()
    further: _Further | None = None
    """What few ask for; null where nothing of it is."""


class _Mark(msgspec.Struct, frozen=True, array_like=True):
    key: str
    strong: str | None = None
    born: int | None = None
    town: str | None = None


class _Further(msgspec.Struct, frozen=True, array_like=True):
    sources: tuple[PartyClass, ...] = ()
    least: Certainty | None = None
    articles: tuple[str, ...] = ()
    without: tuple[_Interest, ...] = ()
    frequency: Frequency = "at_once"
    marks: tuple[_Mark, ...] = ()


class _Habits(msgspec.Struct, frozen=True, array_like=True):
    zone: str | None = None
    quiet: Quiet | None = None
    urgent: bool = False
    silent: bool = False
    cover: Cover = "fold"
    code_word: str | None = None


class _Owed(msgspec.Struct, frozen=True, array_like=True):
    interests: tuple[_Interest, ...]
    channels: tuple[str, ...]


class _Record(msgspec.Struct, frozen=True, array_like=True):
    """A field that is added later stands last and has a default."""

    since: int | str
    """Milliseconds since 1970, where that gives the text again."""
    language: str
    discreet: bool
    active: bool
    tests: bool
    addresses: tuple[_Address, ...]
    interests: tuple[_Interest, ...]
    label: str | None
    stop_seed: bytes | None
    kin: tuple[int, ...]
    updates: bool = True
    stopped: int | None = None
    """Milliseconds since 1970."""
    habits: _Habits | None = None
    """Null: as for everybody."""
    owed: _Owed | None = None
    """Null: nothing."""


_decoder = msgspec.msgpack.Decoder(_Record)
_USUAL_HABITS: Final = _Habits()
_NOTHING_FURTHER: Final = _Further()
_encoder = msgspec.msgpack.Encoder()


def encode(subscriber: Subscriber) -> bytes:
    """Without its number, to which the seal ties it."""
    return _encoder.encode(
        _Record(
            since=_packed(subscriber.since),
            language=subscriber.language,
            discreet=subscriber.mode == "discreet",
            active=subscriber.active,
            tests=subscriber.tests,
            addresses=tuple(map(_kept_address, subscriber.addresses)),
            interests=tuple(map(_kept_interest, subscriber.interests)),
            label=subscriber.label,
            stop_seed=_raw(subscriber.stop_seed),
            kin=subscriber.kin,
            updates=subscriber.updates,
            stopped=_milliseconds(subscriber.stopped),
            habits=_kept_habits(subscriber),
            owed=_kept_owed(subscriber),
        )
    )


def decode(number: int, raw: bytes) -> Subscriber:
    """Raises msgspec.MsgspecError."""
    kept = _decoder.decode(raw)
    habits = kept.habits or _USUAL_HABITS
    return Subscriber(
        number=number,
        since=kept.since if isinstance(kept.since, str) else _since(kept.since),
        language=kept.language,
        mode="discreet" if kept.discreet else "plain",
        active=kept.active,
        tests=kept.tests,
        addresses=tuple(map(_address, kept.addresses)),
        interests=tuple(map(_interest, kept.interests)),
        label=kept.label,
        stop_seed=_digits(kept.stop_seed),
        kin=kept.kin,
        updates=kept.updates,
        stopped=_time(kept.stopped),
        zone=_known_zone(habits.zone),
        quiet=habits.quiet,
        urgent=habits.urgent,
        silent=habits.silent,
        cover=habits.cover,
        code_word=habits.code_word,
        owed=() if kept.owed is None else tuple(map(_interest, kept.owed.interests)),
        owed_on=() if kept.owed is None else kept.owed.channels,
    )


def zone_gone(raw: bytes) -> str | None:
    """The zone that was chosen, where it is not in the time zone database any more. Raises msgspec.MsgspecError."""
    zone = (_decoder.decode(raw).habits or _USUAL_HABITS).zone
    return zone if zone is not None and _known_zone(zone) is None else None


def _kept_owed(subscriber: Subscriber) -> _Owed | None:
    if not subscriber.owed:
        return None
    return _Owed(tuple(map(_kept_interest, subscriber.owed)), subscriber.owed_on)


def _kept_habits(subscriber: Subscriber) -> _Habits | None:
    kept = _Habits(*(getattr(subscriber, name) for name in _Habits.__struct_fields__))
    return None if kept == _USUAL_HABITS else kept


def _interest(one: _Interest) -> Interest:
    further = one.further or _NOTHING_FURTHER
    return Interest(
        kinds=one.kinds,
        regions=one.regions,
        persons=one.persons,
        towns=one.towns,
        sources=further.sources,
        least=further.least,
        articles=further.articles,
        without=tuple(map(_interest, further.without)),
        frequency=further.frequency,
        marks=tuple(PersonMark(key=one.key, strong=one.strong, born=one.born, town=one.town) for one in further.marks),
    )


def _kept_interest(one: Interest) -> _Interest:
    without = tuple(map(_kept_interest, one.without))
    marks = tuple(_Mark(mark.key, mark.strong, mark.born, mark.town) for mark in one.marks)
    further = _Further(one.sources, one.least, one.articles, without, one.frequency, marks)
    kept = None if further == _NOTHING_FURTHER else further
    return _Interest(one.kinds, one.regions, one.persons, one.towns, kept)


@lru_cache(1_000)
def _known_zone(name: str | None) -> str | None:
    """None for one that the time zone database does not have any more: a clock of the usual zone, and not no news."""
    try:
        return None if name is None else ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return None


@lru_cache(1_000)
def _since(milliseconds: int) -> str:
    """Who came by one file came at one moment."""
    return rfc3339(milliseconds / 1000)


def _kept_address(one: StoredAddress) -> _Address:
    ended_at = _milliseconds(one.ended_at)
    return _Address(
        one.channel,
        one.target,
        _raw(one.digest),
        one.secrets,
        one.given,
        one.ended,
        ended_at,
        one.openpgp or None,
        one.bot,
    )


def _address(one: _Address) -> StoredAddress:
    return StoredAddress(
        channel=one.channel,
        target=one.target,
        secrets=one.secrets,
        given=one.given,
        ended=one.ended,
        digest=_digits(one.digest),
        ended_at=_time(one.ended_at),
        openpgp=one.openpgp,
        bot=one.bot,
    )


def _packed(since: str) -> int | str:
    try:
        milliseconds = round(unix_of(since) * 1000)
    except ValueError:
        return since
    return milliseconds if rfc3339(milliseconds / 1000) == since else since


def _milliseconds(time: str | None) -> int | None:
    return None if time is None else round(unix_of(time) * 1000)


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else rfc3339(milliseconds / 1000)


def _raw(digits: str | None) -> bytes | None:
    return None if digits is None else bytes.fromhex(digits)


def _digits(raw: bytes | None) -> str | None:
    return None if raw is None else raw.hex()
