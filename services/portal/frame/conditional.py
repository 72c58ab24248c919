"""Answers that anybody may keep for a moment: the same for all, with an entity tag by which one asks whether it still
holds (RFC 9110, sections 8.8.3 and 13.1.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_KEPT_FOR: Final = 60
"""Seconds. What is taken back must not stand long in somebody's cache."""


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """`by_language`: what the browser names chose the language, so a cache asks for each anew."""

    body: bytes
    media_type: str
    language: str
    by_language: bool

    @property
    def tag(self) -> str:
        digest = hashlib.sha256(self.media_type.encode() + b"\0" + self.body).hexdigest()
        return f'"{digest[:32]}"'


def conditional(request: Request, kept: SharedAnswer, headers: Mapping[str, str]) -> Response:
    """200, or 304 where whoever asks has it already."""
    shared = {
        **headers,
        "etag": kept.tag,
        "cache-control": f"public, max-age={_KEPT_FOR}",
        "content-language": kept.language,
        **({"vary": "Accept-Language"} if kept.by_language else {}),
    }
    if is_known(request.headers.get("if-none-match"), kept.tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=shared)
    return Response(kept.body, headers={**shared, "content-type": kept.media_type})


def is_known(named: str | None, tag: str) -> bool:
    """Is the tag among those of If-None-Match? Compared weakly, as a proxy that compresses marks it."""
    if named is None:
        return False
    tags = {one.strip().removeprefix("W/") for one in named.split(",")}
    return tag in tags or "*" in tags
