"""A request as HTTP/1.1 (RFC 9112) writes it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from services.egress.errors import BadRequest
from services.egress.question import Question
from services.egress.request_fields import write_fields

_METHOD: Final = re.compile(r"[A-Z]+")
_FRAMED_OTHERWISE: Final = frozenset({"HEAD", "CONNECT"})
"""Whose answers have no body, whatever their fields say."""
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def write_request(question: Question) -> bytes:
    """Head and body in one piece. Raises BadRequest."""
    method, content, common = question.method, question.content or b"", question.common
    if not _is_spoken(method):
        raise BadRequest
    fields = common.text + write_fields(question.headers)
    if "accept-encoding" not in common.names and "accept-encoding" not in map(str.lower, question.headers):
        fields += "accept-encoding: identity\r\n"
    if content or method in _WITH_BODY:
        fields += f"Content-Length: {len(content)}\r\n"
    return f"{method} {question.target.opening}{fields}\r\n".encode("ascii") + content


@lru_cache(16)
def _is_spoken(method: str) -> bool:
    return _METHOD.fullmatch(method) is not None and method not in _FRAMED_OTHERWISE
