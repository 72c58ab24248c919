"""Subscribers on their way out, one a line: sealed, for a house with the same key; or plain, as they are read.

A sealed line is AES-SIV (RFC 5297) over a random salt and the record, filled up to a multiple of 512 bytes: two exports
of one reader have nothing in common, and the length says next to nothing of how many people somebody watches.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import msgspec

from services.subscribers.keyring import Keyring, OtherKey
from services.subscribers.kinship import is_elsewhere
from services.subscribers.sealing import Seal
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest

SEALED: Final = "sealed"
_PLACE: Final = "subscriber"
_SALT_BYTES: Final = 16
_FILLED_UP_TO: Final = 512


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
    return line if subscriber.active else {**line, "active": False}


def _channel(address: StoredAddress) -> dict[str, Any]:
    channel: dict[str, Any] = {"channel": address.channel, "target": address.target}
    if address.secrets:
        channel["secrets"] = list(address.secrets)
    if address.ended is not None and not is_elsewhere(address):
        channel["ended"] = address.ended
    return channel


def _interest(interest: Interest) -> dict[str, Any]:
    parts = {
        "kinds": [str(kind) for kind in interest.kinds],
        "regions": list(interest.regions),
        "person_keys": list(interest.persons),
        "towns": list(interest.towns),
    }
    return {name: part for name, part in parts.items() if part}


def _without_places(subscriber: Subscriber) -> Subscriber:
    addresses = tuple(
        msgspec.structs.replace(one, digest=None, ended=None if is_elsewhere(one) else one.ended)
        for one in subscriber.addresses
    )
    return msgspec.structs.replace(subscriber, number=0, addresses=addresses, stop_seed=None, kin=())
