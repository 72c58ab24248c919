"""What a form sends, read: few short fields, without signs that nobody types."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.portal.frame.page_refused import PageRefused
from services.runtime.http.web import Problem, body_of

_MOST_BYTES: Final = 32_000
_MOST_FIELDS: Final = 300
_KEPT: Final = "\n\t\u200c\u200d"

FormFields = Mapping[str, tuple[str, ...]]


async def fields_of(request: Request, most_bytes: int = _MOST_BYTES, most_fields: int = _MOST_FIELDS) -> FormFields:
    """By name; line ends are \\n. Raises PageRefused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise PageRefused.of("bad_request")
    try:
        raw = await body_of(request, most_bytes)
    except Problem as problem:
        raise PageRefused.by_status(int(problem.status), problem.headers) from None
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=most_fields, errors="strict")
    except (ValueError, UnicodeError):
        raise PageRefused.of("bad_request") from None
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), plain_value(value))
    return found


def plain_value(value: str) -> str:
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
