"""What a form sends, read: few short fields, without signs that nobody types; and the seal that says it is our form.

There is no cookie and no login, so nothing that another page could make a browser send would be done in anybody's name.
The seal keeps forms of yesterday, of another page and of programs that never asked for one away all the same.
"""

from __future__ import annotations

import hmac
import unicodedata
from base64 import b32encode
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.portal.frame.page_refused import PageRefused
from services.runtime.http.web import Problem, body_of
from services.subscribers.keyring import Keyring, derived

_MOST_BYTES: Final = 32_000
_MOST_FIELDS: Final = 300
_GOOD_FOR: Final = 24 * 3600
"""Seconds: a page may stay open overnight."""
_TAG_BYTES: Final = 15
SEAL_FIELD: Final = "form"
_KEPT: Final = "\n\t\u200c\u200d"

FormFields = Mapping[str, tuple[str, ...]]


async def fields_of(request: Request) -> FormFields:
    """By name; line ends are \\n. Raises PageRefused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise PageRefused.of("bad_request")
    try:
        raw = await body_of(request, _MOST_BYTES)
    except Problem as problem:
        raise PageRefused.by_status(int(problem.status), problem.headers) from None
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except (ValueError, UnicodeError):
        raise PageRefused.of("bad_request") from None
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), _plain(value))
    return found


def _plain(value: str) -> str:
    """Without signs that are not seen or turn others about. Raises PageRefused for a control sign: no form has one."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(sign) == "Cc" and sign not in _KEPT for sign in lines):
        raise PageRefused.of("bad_request")
    return "".join(sign for sign in lines if sign in _KEPT or unicodedata.category(sign) not in ("Cf", "Co", "Cs"))


def one_of(fields: FormFields, name: str) -> str:
    """The field's only value, "" where there is none. Raises PageRefused where there are several."""
    values = fields.get(name, ())
    if len(values) > 1:
        raise PageRefused.of("bad_request")
    return values[0].strip() if values else ""


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
