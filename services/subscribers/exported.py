"""Subscribers on their way out, one a line: sealed, for a house with the same key; or plain, as they are read.

A sealed line is AES-SIV (RFC 5297) over a random salt and the record, filled up to a multiple of 2,048 bytes: two
exports of one reader have nothing in common, and the length says next to nothing of how many people somebody watches.
"""

from __future__ import annotations

import json
import secrets
from typing import Any, Final

import msgspec

from services.runtime.clock import rfc3339
from services.subscribers.habits import quiet_text
from services.subscribers.keyring import Keyring, OtherKey
from services.subscribers.kinship import is_elsewhere
from services.subscribers.sealing import Seal
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest

SEALED: Final = "sealed"
_PLACE: Final = "subscriber"
_SALT_BYTES: Final = 16
_FILLED_UP_TO: Final = 2_048


class ExportSeal:
    def __init__(self, keyring: Keyring) -> None:
        self._seal = Seal(keyring, "export")

    def close(self, subscriber: Subscriber) -> dict[str, str]:
        """What only means something here stays here: the number, the link, who is kin."""
        record = msgspec.json.encode(_without_places(subscriber))
        filled = record.ljust(-(-len(record) // _FILLED_UP_TO) * _FILLED_UP_TO)
        return {SEALED: self._seal.close(secrets.token_bytes(_SALT_BYTES) + filled, _PLACE)}

    def open(self, sealed: str) -> Subscriber:
        """Raises OtherKey: it was sealed in a house with another key, or is cut."""
        raw = self._seal.open(sealed, _PLACE)[_SALT_BYTES:]
        try:
            return _without_places(msgspec.json.decode(raw, type=Subscriber))
        except msgspec.MsgspecError:
            raise OtherKey("it was sealed by a version that we do not know") from None


def plain_line(subscriber: Subscriber) -> dict[str, Any]:
    """As `subscriber_lines` reads it. No name stands there as it was given, since none is kept so."""
    line: dict[str, Any] = {
        "label": subscriber.label,
        "language": subscriber.language,
        "mode": subscriber.mode,
        "since": subscriber.since,
        "tests": subscriber.tests,
        "updates": subscriber.updates,
        "channels": [_channel(one) for one in subscriber.addresses],
        "interests": [_interest(one) for one in subscriber.interests],
    }
    if line["label"] is None:
        del line["label"]
    line |= _habits(subscriber)
    return line if subscriber.active else {**line, "active": False}


def own_file(subscriber: Subscriber, now: float) -> str:
    """What is kept of a reader, for themselves: beside what `plain_line` has, what they are owed still. `now`: Unix
    seconds."""
    kept = {**plain_line(subscriber), "exported": rfc3339(now)}
    if subscriber.owed:
        kept["owed"] = [_interest(one) for one in subscriber.owed]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def _habits(subscriber: Subscriber) -> dict[str, Any]:
    """What is not as it is for everybody."""
    quiet = None if subscriber.quiet is None else quiet_text(subscriber.quiet)
    said = {
        "zone": subscriber.zone,
        "quiet": quiet,
        "urgent": subscriber.urgent,
        "silent": subscriber.silent,
        "cover": subscriber.cover if subscriber.cover != "fold" else None,
        "code_word": subscriber.code_word,
    }
    return {name: value for name, value in said.items() if value}


def _channel(address: StoredAddress) -> dict[str, Any]:
    channel: dict[str, Any] = {"channel": address.channel, "target": address.target}
    if address.secrets:
        channel["secrets"] = list(address.secrets)
    if address.openpgp:
        channel["openpgp"] = address.openpgp
    if address.bot:
        channel["bot"] = address.bot
    if address.ended is not None and not is_elsewhere(address):
        channel["ended"] = address.ended
    return channel


def _interest(interest: Interest) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "kinds": [str(kind) for kind in interest.kinds],
        "regions": list(interest.regions),
        "person_keys": list(interest.persons),
        "person_marks": [msgspec.to_builtins(mark) for mark in interest.marks],
        "towns": list(interest.towns),
        "sources": [str(one) for one in interest.sources],
        "least": None if interest.least is None else str(interest.least),
        "articles": list(interest.articles),
        "without": list(map(_interest, interest.without)),
        "frequency": interest.frequency if interest.frequency != "at_once" else None,
    }
    return {name: part for name, part in parts.items() if part}


def _without_places(subscriber: Subscriber) -> Subscriber:
    addresses = tuple(
        msgspec.structs.replace(one, digest=None, ended=None if is_elsewhere(one) else one.ended)
        for one in subscriber.addresses
    )
    here = {"number": 0, "stop_seed": None, "kin": (), "owed": (), "owed_on": ()}
    return msgspec.structs.replace(subscriber, addresses=addresses, **here)
