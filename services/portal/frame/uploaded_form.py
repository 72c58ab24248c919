"""A form with a file in it, read (RFC 7578): few parts, each in memory; what a file is called is never looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request

from services.portal.frame.form_fields import FormFields, plain_value
from services.portal.frame.page_refused import PageRefused
from services.runtime.http.web import Problem, body_of

_MOST_PARTS: Final = 16
_KIND: Final = re.compile(r"multipart/form-data\s*;\s*boundary=\"?([0-9A-Za-z'()+_,./:=?-]{1,70})\"?\s*", re.IGNORECASE)
_DISPOSITION: Final = re.compile(
    rb"content-disposition:[ \t]*form-data;[ \t]*name=\"([a-z_]{1,40})\"(;[ \t]*filename\*?=[^\r\n]*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class UploadedForm:
    fields: FormFields = field(repr=False)
    files: dict[str, bytes] = field(repr=False)
    """By the field's name; one that was left empty is not there."""


async def uploaded_form(request: Request, most_bytes: int) -> UploadedForm:
    """Raises PageRefused."""
    kind = _KIND.fullmatch(request.headers.get("content-type", ""))
    if kind is None:
        raise PageRefused.of("bad_request")
    try:
        raw = await body_of(request, most_bytes)
    except Problem as problem:
        raise PageRefused.by_status(int(problem.status), problem.headers) from None
    return _read(raw, kind[1].encode())


def _read(raw: bytes, boundary: bytes) -> UploadedForm:
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    for name, is_file, content in _parts(raw, boundary):
        if is_file:
            if content:
                files[name] = content
            continue
        try:
            value = plain_value(content.decode())
        except UnicodeDecodeError:
            raise PageRefused.of("bad_request") from None
        fields[name] = (*fields.get(name, ()), value)
    return UploadedForm(fields, files)


def _parts(raw: bytes, boundary: bytes) -> Iterator[tuple[str, bool, bytes]]:
    """Each part's name, whether it is a file, and what is in it. Raises PageRefused."""
    _, *parts = (b"\r\n" + raw).split(b"\r\n--" + boundary, _MOST_PARTS + 1)
    if not parts or len(parts) > _MOST_PARTS or not parts[-1].startswith(b"--"):
        raise PageRefused.of("bad_request")
    for part in parts[:-1]:
        head, between, content = part.partition(b"\r\n\r\n")
        named = [found for line in head.split(b"\r\n") if (found := _DISPOSITION.fullmatch(line.strip())) is not None]
        if not between or len(named) != 1:
            raise PageRefused.of("bad_request")
        yield named[0][1].decode(), named[0][2] is not None, content
