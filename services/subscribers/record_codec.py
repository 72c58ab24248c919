"""A subscriber as the bytes that are sealed, and back: lists without names of fields, since there is one for each."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from services.contract import Kind
from services.runtime.clock import rfc3339, unix_of
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest


class _Address(msgspec.Struct, frozen=True, array_like=True):
    channel: str
    target: str
    digest: bytes | None
    secrets: tuple[str, ...] = ()
    given: str | None = None
    ended: str | None = None
    ended_at: int | None = None
    """Milliseconds since 1970."""


class _Interest(msgspec.Struct, frozen=True, array_like=True):
    kinds: tuple[Kind, ...]
    regions: tuple[str, ...]
    persons: tuple[str, ...]
    towns: tuple[str, ...] = ()


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


_decoder = msgspec.msgpack.Decoder(_Record)
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
            interests=tuple(_Interest(one.kinds, one.regions, one.persons, one.towns) for one in subscriber.interests),
            label=subscriber.label,
            stop_seed=_raw(subscriber.stop_seed),
            kin=subscriber.kin,
            updates=subscriber.updates,
            stopped=_milliseconds(subscriber.stopped),
        )
    )


def decode(number: int, raw: bytes) -> Subscriber:
    """Raises msgspec.MsgspecError."""
    kept = _decoder.decode(raw)
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
    )


def _interest(one: _Interest) -> Interest:
    return Interest(kinds=one.kinds, regions=one.regions, persons=one.persons, towns=one.towns)


@lru_cache(1_000)
def _since(milliseconds: int) -> str:
    """Who came by one file came at one moment."""
    return rfc3339(milliseconds / 1000)


def _kept_address(one: StoredAddress) -> _Address:
    ended_at = _milliseconds(one.ended_at)
    return _Address(one.channel, one.target, _raw(one.digest), one.secrets, one.given, one.ended, ended_at)


def _address(one: _Address) -> StoredAddress:
    return StoredAddress(
        channel=one.channel,
        target=one.target,
        secrets=one.secrets,
        given=one.given,
        ended=one.ended,
        digest=_digits(one.digest),
        ended_at=_time(one.ended_at),
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
