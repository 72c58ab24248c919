"""One request as the wire sees it: the moment before its first byte leaves, whether all of it has, and the answer as
it is heard. Every transport tells it.

What the far side said first, its status, counts even where the rest of its answer is no HTTP: a partner whose program
wrote «200» has the message, and must not be called again because the same program wrote a bad header line.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from services.egress.errors import EgressError

Before = Callable[[], Awaitable[None] | None]
"""Asked when a connection stands, before anything is sent over it; waited for where it gives something to wait for.
What it raises ends the request."""

_KEPT: Final = 128 * 1024
"""Bytes remembered of an answer that cannot be read as HTTP."""

_STATUS_LINE: Final = re.compile(
    rb"\s*HTTP/[0-9](?:\.[0-9])?[ \t]+([1-5][0-9]{2})(?=[ \t\r\n])[^\n]*(?:\n|\Z)", re.IGNORECASE
)
"""RFC 9112, section 4, read leniently: the reason phrase may be missing and the line may end in a bare line feed."""

_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class MalformedAnswer:
    """What was said, of an answer that is not well formed; the fields that can be read, by name in lower case."""

    status: int
    headers: dict[str, str]
    rest: bytes


class Exchange:
    __slots__ = ("_before", "_heard", "_room", "sent")

    def __init__(self, before: Before | None = None) -> None:
        self._before = before
        self._heard: list[bytes] = []
        self._room = _KEPT
        self.sent = False
        """All of the request has left."""

    def begin(self) -> Awaitable[None] | None:
        """Right before the first byte leaves; what it gives has to be waited for. Asked for again, it asks again: there
        may have been a wait since."""
        return None if self._before is None else self._before()

    def hear(self, data: bytes) -> None:
        if self._room > 0:
            self._heard.append(data[: self._room])
            self._room -= len(data)

    def marked(self, error: EgressError) -> EgressError:
        error.sent = self.sent
        return error

    def stated(self) -> MalformedAnswer | None:
        """The final answer as far as it was heard; None where not even its status was."""
        heard = b"".join(self._heard)
        found = _STATUS_LINE.match(heard)
        while found and found[1].startswith(b"1"):  # interim answers, RFC 9110 section 15.2
            end = _END_OF_HEAD.search(heard, found.end() - 2)
            found = _STATUS_LINE.match(heard, end.end()) if end else None
        return _read_stated(found, heard) if found else None


def _read_stated(found: re.Match[bytes], heard: bytes) -> MalformedAnswer:
    head, _, rest = heard[found.end() :].replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = (line.partition(b":") for line in head.split(b"\n"))
    headers = {
        name.decode("ascii").lower(): value.strip().decode("latin-1")
        for name, _, value in fields
        if _TOKEN.fullmatch(name)
    }
    return MalformedAnswer(int(found[1]), headers, rest)
