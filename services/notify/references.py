"""What stands for a delivery outside the store, so that neither a phone nor a log nor a stream leads to its reader.

on phones          the id of a letter: a keyed hash, nobody else can compute it (HMAC, RFC 2104)
streams, letters   the subscriber's number, sealed (AES-SIV, RFC 5297) for the one place where it stands
the log            a short tag that tells one delivery's attempts from another's, and dies with the process
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from services.subscribers.keyed_hash import KeyedHash
from services.subscribers.keyring import Keyring, derived
from services.subscribers.sealing import Seal, as_letters

_ID_BYTES: Final = 20
_TAG_BYTES: Final = 5


class References:
    """`log_key` is made anew for every process and kept nowhere."""

    def __init__(self, keyring: Keyring, log_key: bytes | None = None) -> None:
        self._message_hash = KeyedHash(derived(keyring.current, "message id"))
        self._endpoint_key = derived(keyring.current, "endpoint tag")
        self._match_key = derived(keyring.current, "match tag")
        self._seal = Seal(keyring, "delivery")
        self._log_key = log_key or secrets.token_bytes(32)

    def message_id(self, channel: str, event_id: str, number: int) -> str:
        """The same for every attempt, and for a revision that answers to it."""
        text = f"{channel}\0{event_id}\0{number}".encode()
        return as_letters(self._message_hash.of(text)[:_ID_BYTES])

    def seal(self, text: str, *place: str) -> str:
        return self._seal.close(text.encode(), "\0".join(place))

    def open(self, sealed: str, *place: str) -> str:
        """Raises OtherKey."""
        return self._seal.open(sealed, "\0".join(place)).decode()

    def seal_bytes(self, text: bytes, *place: str) -> bytes:
        return self._seal.close_bytes(text, "\0".join(place))

    def open_bytes(self, raw: bytes, *place: str) -> bytes:
        """Raises OtherKey."""
        return self._seal.open_bytes(raw, "\0".join(place))

    def letter(self, channel: str, event_id: str, number: int) -> str:
        """What stands in a dead letter for whose delivery it was."""
        return self.seal(f"{number:016}", "dead letter", channel, event_id)

    def subscriber(self, letter: str, channel: str, event_id: str) -> int:
        """The number that `letter` sealed. Raises OtherKey."""
        return int(self.open(letter, "dead letter", channel, event_id))

    def endpoint_tag(self, channel: str, number: int) -> str:
        """What an endpoint without a label is called before operators: always the same, nobody's without the key."""
        text = f"{channel}\0{number}".encode()
        return f"{channel}-{as_letters(hmac.digest(self._endpoint_key, text, 'sha256')[:_TAG_BYTES])}"

    def match_tag(self, story: str, watched: str, named: str) -> str:
        """What operators call a doubtful match: always the same, and nobody's name without the key."""
        text = f"{story}\0{watched}\0{named}".encode()
        return f"match-{as_letters(hmac.digest(self._match_key, text, 'sha256')[:_TAG_BYTES])}"

    def log_tag(self, channel: str, event_id: str, number: int) -> str:
        text = f"{channel}\0{event_id}\0{number}".encode()
        return as_letters(hmac.digest(self._log_key, text, "sha256")[:_TAG_BYTES])
