"""The seal that says a form is ours.

There is no cookie and no login, so nothing that another page could make a browser send would be done in anybody's name.
The seal keeps forms of yesterday, of another page and of programs that never asked for one away all the same.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from services.portal.frame.form_fields import FormFields, one_of
from services.portal.frame.page_refused import PageRefused
from services.subscribers.keyring import Keyring, derived

_GOOD_FOR: Final = 24 * 3600
"""Seconds: a page may stay open overnight."""
_TAG_BYTES: Final = 15
SEAL_FIELD: Final = "form"


class FormSeal:
    """`now`: Unix seconds."""

    def __init__(self, keyring: Keyring, now: Callable[[], float]) -> None:
        self._keys = [derived(secret, "form") for secret in keyring.every]
        self._now = now

    def close(self, purpose: str, about: str = "") -> str:
        """`about`: the token of the page's link, where it has one."""
        at = f"{int(self._now()):x}"
        return f"{at}-{_tag(self._keys[0], at, purpose, about)}"

    def is_ours(self, fields: FormFields, purpose: str, about: str = "") -> bool:
        at, _, tag = one_of(fields, SEAL_FIELD).partition("-")
        if not at.isascii() or not at.isalnum() or len(at) > 12 or not tag.isascii():
            return False
        right = [hmac.compare_digest(tag, _tag(key, at, purpose, about)) for key in self._keys]
        return any(right) and 0 <= self._now() - int(at, 16) + 60 <= _GOOD_FOR

    def check(self, fields: FormFields, purpose: str, about: str = "") -> None:
        """Raises PageRefused."""
        if not self.is_ours(fields, purpose, about):
            raise PageRefused(HTTPStatus.BAD_REQUEST, "door.join.refused.form")


def _tag(key: bytes, at: str, purpose: str, about: str) -> str:
    text = f"{at}\0{purpose}\0{about}".encode()
    return b32encode(hmac.digest(key, text, "sha256")[:_TAG_BYTES]).decode().lower()
