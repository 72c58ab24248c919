"""Subscribers as JSON Lines, one a line: what `vestka subscriber import` reads.

{"label": "newsroom", "language": "en", "mode": "plain", "since": "2024-12-28T09:14:03Z", "tests": false,
 "channels": [{"channel": "webhook", "target": "https://…", "secrets": ["whsec_…"]}],
 "interests": [{"kinds": ["pardon"], "regions": ["gomel"], "persons": ["Ales Bialiatski"]}]}

Only `channels` must be there. A number may stand without quotes where a text is meant. What an export says besides: of
somebody who stopped `"active": false`, of an address that has ended `"ended": "…"`, and of names `"person_keys"`.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, BinaryIO, Final, NoReturn

import msgspec
from pydantic import Field

from services.subscribers.address import AddressReader
from services.subscribers.entries import ChannelEntry, SubscriberEntry, UnusableSubscribers, checked, to_subscriber
from services.subscribers.subscriber import Subscriber

_LONGEST: Final = 1 << 20
"""Bytes of a line. No subscriber is that long, and what is no file of lines must not fill the memory."""


class LineChannel(ChannelEntry):
    ended: Annotated[str, Field(pattern="^[a-z_]{1,40}$")] | None = None


class SubscriberLine(SubscriberEntry):
    active: bool = True
    channels: tuple[LineChannel, ...] = Field(min_length=1)


def lines_of(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line that is not empty, with its number; of one that is too long only the beginning."""
    number = 0
    while raw := stream.readline(_LONGEST + 1):
        number += 1
        rest = raw
        while len(rest) > _LONGEST and not rest.endswith(b"\n"):
            rest = stream.readline(_LONGEST + 1)
        if bare := raw.removeprefix(codecs.BOM_UTF8).strip():
            yield number, bare


def batches_of(lines: Iterator[tuple[int, bytes]], most: int, most_bytes: int) -> Iterator[list[tuple[int, bytes]]]:
    """At most so many lines each, and no more once they have so many bytes."""
    batch: list[tuple[int, bytes]] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line[1])
        if len(batch) >= most or size >= most_bytes:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def read_line(raw: bytes, where: str) -> dict[str, Any]:
    """The object that a line is. Raises UnusableSubscribers."""
    if len(raw) > _LONGEST:
        raise UnusableSubscribers(f"{where}: it is longer than a subscriber can be; one subscriber, one line")
    try:
        read = json.loads(
            raw.decode(), parse_int=str, parse_float=str, parse_constant=_refused, object_pairs_hook=_without_repeats
        )
    except UnicodeDecodeError:
        raise UnusableSubscribers(f"{where}: it is not text in UTF-8; save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise UnusableSubscribers(
            f"{where}: it is not JSON from character {error.colno} on; one subscriber is one object in one line"
        ) from None
    except _Repeated:
        raise UnusableSubscribers(f"{where}: a field stands there twice; leave one") from None
    except (ValueError, RecursionError):
        raise UnusableSubscribers(f"{where}: it is no JSON that we read") from None
    if not isinstance(read, dict):
        raise UnusableSubscribers(f'{where}: it is no object; a line looks like {{"channels": […]}}')
    return read


def subscriber_of(
    read: Mapping[str, Any], channels: Mapping[str, AddressReader], languages: Sequence[str], now: str, where: str
) -> Subscriber:
    """What `read_line` gave, as a new subscriber. Raises UnusableSubscribers."""
    line = checked(read, SubscriberLine, where)
    new = to_subscriber(line, channels, languages, now, where)
    addresses = tuple(
        msgspec.structs.replace(address, ended=entry.ended)
        for address, entry in zip(new.addresses, line.channels, strict=True)
    )
    return msgspec.structs.replace(new, active=line.active, addresses=addresses)


class _Repeated(ValueError):
    """A field stands twice in an object, and one of the two would be lost."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Repeated
    return found


def _refused(_constant: str) -> NoReturn:
    raise ValueError
