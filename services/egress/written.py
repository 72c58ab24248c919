"""A request as HTTP/1.1 (RFC 9112) writes it."""

from __future__ import annotations

import re
from typing import Final

from services.egress.errors import BadRequest
from services.egress.question import Question

_METHOD: Final = re.compile(r"[A-Z]+")
_FIELD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t -~]*")
_OURS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding", "expect", "upgrade"})
"""Fields that say how the message is framed, and are no caller's."""
_FRAMED_OTHERWISE: Final = frozenset({"HEAD", "CONNECT"})
"""Whose answers have no body, whatever their fields say."""
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def write_request(question: Question) -> bytes:
    """Head and body in one piece. Raises BadRequest."""
    if not _METHOD.fullmatch(question.method) or question.method in _FRAMED_OTHERWISE:
        raise BadRequest
    head = [f"{question.method} {question.target.path} HTTP/1.1", f"Host: {question.target.authority}"]
    head += _fields(question)
    return "\r\n".join([*head, "", ""]).encode("ascii") + (question.content or b"")


def _fields(question: Question) -> list[str]:
    names = set(map(str.lower, question.headers))
    fields = [f"{name}: {value}" for name, value in question.headers.items()]
    if names & _OURS or not all(map(_FIELD.fullmatch, fields)):
        raise BadRequest
    if "accept-encoding" not in names:
        fields.append("accept-encoding: identity")
    if question.content or question.method in _WITH_BODY:
        fields.append(f"Content-Length: {len(question.content or b'')}")
    return fields
