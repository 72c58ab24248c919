"""Reading the body of an answer without being made to hold more than the caller takes."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable, Callable

import httpcore

from services.egress.errors import AnswerTooLarge, BadAnswer

_FOLDED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})
"""Codings of the registry (RFC 9110, section 8.4.1) that we did not ask for and do not read. Whatever else servers
write there («UTF-8», «none», «aws-chunked») encodes nothing."""
_ZIPPED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


async def read_whole(chunks: AsyncIterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """We ask for plain bodies; servers that zip nevertheless are understood, and cannot unfold more than `max_bytes`.

    Raises AnswerTooLarge, BadAnswer.
    """
    unfold = _unfolding(encoding)
    body = bytearray()
    async for chunk in chunks:
        body += unfold(chunk, max_bytes - len(body) + 1)
        if len(body) > max_bytes:
            raise AnswerTooLarge
    return bytes(body)


async def read_glance(chunks: AsyncIterable[bytes], max_bytes: int, until: float) -> bytes:
    """The beginning of a body nobody depends on, as it came: what comes before `until` (the loop's time) and fits.

    The status has already been said, so whatever goes wrong from here on changes nothing.
    """
    body = bytearray()
    try:
        async with asyncio.timeout_at(until):
            async for chunk in chunks:
                body += chunk[: max_bytes - len(body)]
                if len(body) >= max_bytes:
                    break
    except (TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    return bytes(body)


def _unfolding(encoding: str) -> Callable[[bytes, int], bytes]:
    """From a chunk and the room that is left to what the chunk unfolds to, cut to that room."""
    codings = [name for name in map(str.strip, encoding.split(",")) if name in _ZIPPED or name in _FOLDED]
    if not codings:
        return _as_it_is
    if len(codings) == 1 and codings[0] in _ZIPPED:
        return _Unzip()
    raise BadAnswer


def _as_it_is(chunk: bytes, room: int) -> bytes:
    return chunk[:room]


class _Unzip:
    def __init__(self) -> None:
        self._state = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)

    def __call__(self, chunk: bytes, room: int) -> bytes:
        try:
            return self._state.decompress(chunk, room)
        except zlib.error:
            raise BadAnswer from None
