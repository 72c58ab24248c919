"""The link by which somebody manages what they get: asked for by mail, good for an hour, and made of nothing stored.

It bears the subscriber's number, until when it is good and what the address was, sealed with our key (AES-SIV, RFC
5297). So it ends by itself, and at once when the address is another or the subscriber is gone.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

import msgspec

from services.subscribers.keyring import Keyring, OtherKey
from services.subscribers.sealing import Seal
from services.subscribers.subscriber import Subscriber

GOOD_FOR: Final = 3600.0
"""Seconds: time to find the letter and to change something, and not to be found in a mailbox much later."""
_LINK: Final = "manage"
_OLD_ADDRESS: Final = 8
_SALT: Final = 8


class ManagePass(msgspec.Struct, frozen=True):
    """What a link of ours says."""

    number: int
    until: int
    """Unix seconds."""
    address: bytes
    """The beginning of the keyed hash of the address at which it was asked for."""

    def admits(self, subscriber: Subscriber, now: float) -> bool:
        """`now`: Unix seconds."""
        own = [bytes.fromhex(one.digest)[:_OLD_ADDRESS] for one in subscriber.addresses if one.digest is not None]
        return now < self.until and any(hmac.compare_digest(self.address, one) for one in own)


class ManageLinks:
    """`<public url>/manage/<token>`."""

    def __init__(self, keyring: Keyring, public_url: str) -> None:
        self._seal = Seal(keyring, "manage link")
        self._base = public_url.rstrip("/")

    def token(self, number: int, digest: str, now: float) -> str:
        """`digest`: keyed hash of the address that it is sent to. `now`: Unix seconds."""
        until = int(now + GOOD_FOR)
        raw = number.to_bytes(8) + until.to_bytes(6) + bytes.fromhex(digest)[:_OLD_ADDRESS] + secrets.token_bytes(_SALT)
        return self._seal.close(raw, _LINK)

    def url(self, token: str) -> str:
        return f"{self._base}/manage/{token}"

    def read(self, token: str) -> ManagePass | None:
        """None where it is none of ours; whether it is still good says `admits`."""
        try:
            raw = self._seal.open(token, _LINK)
        except OtherKey:
            return None
        return ManagePass(int.from_bytes(raw[:8]), int.from_bytes(raw[8:14]), raw[14 : 14 + _OLD_ADDRESS])
