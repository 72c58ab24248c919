"""One sealed record a subscriber: its own data key, used once and wrapped by a key that is not in the store.

    1 byte    the form, 1
    4 bytes   the id of the wrapping key
    48 bytes  the data key, wrapped: AES-256-SIV (RFC 5297), made for wrapping keys, has no nonce that could repeat
    the rest  the record: ChaCha20-Poly1305 (RFC 8439); with a new key for every write its nonce may be zero

Both are tied to the subscriber's number and the form, so a record moved under another number does not open.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV, ChaCha20Poly1305

from services.subscribers.key_files import StoreKeys, WrappingKey
from services.subscribers.store_faults import StoreFault

_FORM: Final = b"\x01"
_NO_FORM: Final = b"\x10"
"""So many forms there will hardly be: what begins otherwise was never a record."""
_ID: Final = slice(1, 5)
_WRAPPED: Final = slice(5, 53)
_SHORTEST: Final = 53 + 16
_NONCE: Final = bytes(12)
_PADDED_TO: Final = 32
"""How long a record is says something of what is in it; so it is one of few lengths."""


DAMAGED: Final = "damaged"


class UnreadableRecord(StoreFault):
    """It does not open. `reason`: unknown_key, damaged or later_form. Nothing of it, nor its number, is in the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{_WHY[reason]}; nothing was changed. 'vestka keys status' counts such records")
        self.reason = reason


_WHY: Final = {
    "unknown_key": "a record is sealed with a key that is not in VESTKA_KEYS_DIR: put the key file back there",
    DAMAGED: "a record does not open: it was damaged, cut short, or stood under another number. Put a copy back",
    "later_form": "a record was written by a later version: run that one",
}


class RecordSeal:
    """`keys` gives those of this moment: another process may have added one."""

    def __init__(self, keys: Callable[[], StoreKeys]) -> None:
        self._keys = keys
        self._wraps: dict[bytes, AESSIV] = {}

    def close(self, number: int, plain: bytes) -> bytes:
        data_key = secrets.token_bytes(32)
        sealed = ChaCha20Poly1305(data_key).encrypt(_NONCE, _padded(plain), _place(number))
        return self._wrapped(number, data_key) + sealed

    def open(self, number: int, record: bytes) -> bytes:
        """Raises UnreadableRecord."""
        data_key = self._data_key(number, record)
        try:
            padded = ChaCha20Poly1305(data_key).decrypt(_NONCE, record[_WRAPPED.stop :], _place(number))
        except InvalidTag:
            raise UnreadableRecord(DAMAGED) from None
        return padded[3 : 3 + int.from_bytes(padded[:3])]

    def rewrapped(self, number: int, record: bytes) -> bytes | None:
        """The same with its data key wrapped by the current key; None where it is already. Raises UnreadableRecord."""
        if key_id(record) == self._keys().current.id:
            return None
        return self._wrapped(number, self._data_key(number, record)) + record[_WRAPPED.stop :]

    def _wrapped(self, number: int, data_key: bytes) -> bytes:
        key = self._keys().current
        head = _FORM + key.id
        return head + self._wrap(key).encrypt(data_key, [head, _place(number)])

    def _data_key(self, number: int, record: bytes) -> bytes:
        if _FORM < record[:1] < _NO_FORM:
            raise UnreadableRecord("later_form")
        if len(record) < _SHORTEST or record[:1] != _FORM:
            raise UnreadableRecord(DAMAGED)
        wrap = self._wraps.get(record[_ID])
        if wrap is None:
            key = self._keys().by_id(record[_ID])
            if key is None:
                raise UnreadableRecord("unknown_key")
            wrap = self._wrap(key)
        try:
            return wrap.decrypt(record[_WRAPPED], [record[: _ID.stop], _place(number)])
        except InvalidTag:
            raise UnreadableRecord(DAMAGED) from None

    def _wrap(self, key: WrappingKey) -> AESSIV:
        if key.id not in self._wraps:
            self._wraps[key.id] = AESSIV(key.for_wrapping())
        return self._wraps[key.id]


def key_id(record: bytes) -> bytes:
    """Of the wrapping key."""
    return record[_ID]


def _place(number: int) -> bytes:
    return b"vestka subscriber 1" + number.to_bytes(8)


def _padded(plain: bytes) -> bytes:
    whole = len(plain).to_bytes(3) + plain
    return whole + bytes(-len(whole) % _PADDED_TO)
