"""The one personal link in a message: it stops the alerts, needs no login, and says nothing about whose it is.

A subscriber has a random seed in the vault; the link bears the seed sealed with our key. So the link is the same in
every letter, and yet neither shows whose it is nor can be found on a server whose key is elsewhere. The first digit
says of which form it is, so that a later one can be told from it. Links in letters of before this was so bear no such
digit, or the subscriber's number and an HMAC; they go on working.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from typing import Final

from services.subscribers.address import Mode
from services.subscribers.keyring import Keyring, OtherKey
from services.subscribers.sealing import Seal

_SEED_BYTES: Final = 16
_PLACE: Final = ""
_TAG_BYTES: Final = 15
_FORM: Final = "2-"
_SEALED_SEED: Final = re.compile(r"(?:2-)?[a-z2-7]{51}[aq]", re.ASCII)
"""32 bytes in base32: the seed and the seal's own 16."""
_WITH_NUMBER: Final = re.compile(r"([0-9a-f]{1,16})-[a-z2-7]{24}", re.ASCII)
"""15 bytes of HMAC."""


def new_seed() -> str:
    """128 random bits, as hexadecimal digits."""
    return secrets.token_hex(_SEED_BYTES)


class StopLinks:
    """`<public url>/stop/<token>`; in discreet mode under `discreet_url`, where there is one."""

    def __init__(self, keyring: Keyring, public_url: str, discreet_url: str = "") -> None:
        self._keyring = keyring
        self._seal = Seal(keyring, "stop link")
        self._base = public_url.rstrip("/")
        self._discreet_base = discreet_url.rstrip("/") or self._base

    def url(self, seed: str, mode: Mode = "plain") -> str:
        base = self._discreet_base if mode == "discreet" else self._base
        return f"{base}/stop/{_FORM}{self._seal.close(bytes.fromhex(seed), _PLACE)}"

    def seed(self, token: str) -> str | None:
        """The seed in a link's token; None where it is none of ours, or one of the earlier form."""
        try:
            return self._seal.open(token.removeprefix(_FORM), _PLACE).hex()
        except OtherKey:
            return None

    def is_formed(self, token: str) -> bool:
        """Could it stand in a letter of ours, of whatever key?"""
        return any(form.fullmatch(token) for form in (_SEALED_SEED, _WITH_NUMBER))

    def is_ours(self, token: str) -> bool:
        """Was it made with a key that we hold, for whomever?"""
        return self.seed(token) is not None or self.number(token) is not None

    def number(self, token: str) -> int | None:
        """The subscriber's number in a token of the earlier form; None where it is none of ours."""
        form = _WITH_NUMBER.fullmatch(token)
        if form is None:
            return None
        number = int(form[1], 16)
        matching = [hmac.compare_digest(token, _with_number(secret, number)) for secret in self._keyring.every]
        return number if any(matching) else None


def _with_number(secret: bytes, number: int) -> str:
    digest = hmac.digest(secret, f"stop:{number}".encode(), "sha256")
    return f"{number:x}-{b32encode(digest[:_TAG_BYTES]).decode().lower()}"
