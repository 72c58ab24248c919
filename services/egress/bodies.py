"""Reading the body of an answer without being made to hold more than the caller takes."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Callable
from typing import Protocol

from services.egress.errors import AnswerTooLarge, BadAnswer

_FOLDED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})
"""Codings of the registry (RFC 9110, section 8.4.1) that we did not ask for and do not read. Whatever else servers
write there («UTF-8», «none», «aws-chunked») encodes nothing."""
_ZIPPED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS

_MEMBER = b"\x1f\x8b"
_PADDING = b"\0"

_Unfold = Callable[[bytes, int], bytes]


class Body(Protocol):
    """What becomes of a body while it comes in."""

    content: bytearray
    as_it_comes: bool
    """It has no use for the field Content-Encoding."""

    def begin(self, encoding: str) -> None:
        """`encoding`: the field Content-Encoding, in lower case. Raises BadAnswer."""
        ...

    def take(self, chunk: bytes) -> bool:
        """False: it is enough. Raises AnswerTooLarge, BadAnswer."""
        ...

    def finish(self) -> None:
        """Nothing comes any more. Raises BadAnswer where something is missing."""
        ...


class WholeBody:
    """All of it. We ask for plain bodies; servers that zip nevertheless are understood, and cannot unfold more than
    `max_bytes`."""

    as_it_comes = False

    def __init__(self, max_bytes: int) -> None:
        self.content = bytearray()
        self._max_bytes = max_bytes
        self._unfold: _Unfold = _as_it_is

    def begin(self, encoding: str) -> None:
        self._unfold = _unfolding(encoding)

    def take(self, chunk: bytes) -> bool:
        self.content += self._unfold(chunk, self._max_bytes - len(self.content) + 1)
        if len(self.content) > self._max_bytes:
            raise AnswerTooLarge
        return True

    def finish(self) -> None:
        if isinstance(self._unfold, _Unzip) and self._unfold.is_open:
            raise BadAnswer


class Glance:
    """The beginning of a body nobody depends on, as it came. The status has already been said, so whatever goes wrong
    from here on changes nothing."""

    as_it_comes = True

    def __init__(self, max_bytes: int) -> None:
        self.content = bytearray()
        self._max_bytes = max_bytes

    def begin(self, encoding: str) -> None:
        """As it came, whatever that is."""

    def take(self, chunk: bytes) -> bool:
        self.content += chunk[: self._max_bytes - len(self.content)]
        return len(self.content) < self._max_bytes

    def finish(self) -> None:
        """Whatever is missing was not needed."""


async def read_into(body: Body, chunks: AsyncIterable[bytes]) -> None:
    """Raises AnswerTooLarge, BadAnswer."""
    async for chunk in chunks:
        if not body.take(chunk):
            return


def _unfolding(encoding: str) -> _Unfold:
    """From a chunk and the room that is left to what the chunk unfolds to, cut to that room."""
    codings = [name for name in map(str.strip, encoding.split(",")) if name in _ZIPPED or name in _FOLDED]
    if not codings:
        return _as_it_is
    if len(codings) == 1 and codings[0] in _ZIPPED:
        return _Unzip(is_bare=codings[0] == "deflate")
    raise BadAnswer


def _as_it_is(chunk: bytes, room: int) -> bytes:
    return chunk[:room]


class _Unzip:
    """Gzip may come in several members (RFC 1952, section 2.2); what is none after one is padding. `is_bare`: it may
    come without any wrapping, as some servers understand "deflate" (RFC 9110, section 8.4.1.2)."""

    def __init__(self, *, is_bare: bool = False) -> None:
        self._is_bare = is_bare
        self._head = b""
        self._state = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
        self._met = b""
        """The head of what may be the next member."""
        self.is_open = False

    def __call__(self, chunk: bytes, room: int) -> bytes:
        unfolded = b""
        while chunk and len(unfolded) < room:
            if self._state.eof:
                self._met += chunk
                if not self._met.startswith(_MEMBER):
                    self._met = self._met if _MEMBER.startswith(self._met) else _PADDING
                    break
                chunk, self._met, self._state = self._met, b"", zlib.decompressobj(wbits=_GZIP_OR_ZLIB)
            self.is_open = True
            try:
                unfolded += self._state.decompress(chunk, room - len(unfolded))
            except zlib.error:
                chunk = self._unwrapped(chunk)
                continue
            self._keep_head(chunk, unfolded)
            self.is_open, chunk = not self._state.eof, self._state.unused_data
        return unfolded

    def _keep_head(self, chunk: bytes, unfolded: bytes) -> None:
        """A wrong wrapping shows within its first bytes, before anything is unfolded."""
        if unfolded:
            self._is_bare = False
        elif self._is_bare:
            self._head += chunk

    def _unwrapped(self, chunk: bytes) -> bytes:
        """What there is so far, to be read without a wrapping. Raises BadAnswer where that was tried."""
        if not self._is_bare:
            raise BadAnswer from None
        self._is_bare, self._state = False, zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        return self._head + chunk
