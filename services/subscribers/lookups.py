"""Keyed hashes by which the store finds somebody: nobody without the lookup key can tell what they are hashes of."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Final

from services.subscribers.address_index import canonical
from services.subscribers.keyring import derived
from services.subscribers.sealing import as_letters

_DIGEST_BYTES: Final = 16
_TOPIC_BYTES: Final = 8
"""Two topics that meet by chance cost a look at a record, and no more."""
_TAG_BYTES: Final = 5


class Lookups:
    """HMAC-SHA-256 (RFC 2104), cut short; one key a purpose, made of the lookup key."""

    def __init__(self, key: bytes) -> None:
        self._address, self._label, self._seed = (derived(key, each) for each in ("address", "label", "stop seed"))
        self._erased, self._topic, self._tag = (derived(key, each) for each in ("erased", "topic", "tag"))

    def address(self, channel: str, target: str) -> str:
        """As hexadecimal digits, the same for every form in which an address can be written."""
        text = f"{channel}\0{canonical(channel, target)}".encode(errors="surrogatepass")
        return _cut(self._address, text).hex()

    def label(self, label: str) -> bytes:
        return _cut(self._label, label.encode(errors="surrogatepass"))

    def seed(self, seed: str) -> bytes:
        return _cut(self._seed, seed.encode())

    def erased(self, label: str) -> bytes:
        return self.erased_by_digest(hashlib.sha256(label.encode(errors="surrogatepass")).hexdigest())

    def erased_by_digest(self, digest: str) -> bytes:
        """`digest`: what a store of the plain form kept of an erased label, its SHA-256."""
        return _cut(self._erased, digest.encode())

    def topic(self, channel: str, topic: str) -> str:
        raw = hmac.digest(self._topic, f"{channel}\0{topic}".encode(), "sha256")[:_TOPIC_BYTES]
        return urlsafe_b64encode(raw).decode().rstrip("=")

    def tag(self, number: int) -> str:
        """What a log calls a subscriber whose record is broken: always the same, nobody's without the key."""
        return as_letters(hmac.digest(self._tag, str(number).encode(), "sha256")[:_TAG_BYTES])


def _cut(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")[:_DIGEST_BYTES]
