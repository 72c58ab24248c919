"""A small web server for sources to ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

_MEDIA_TYPES = {"html": "text/html", "xml": "application/xml", "csv": "text/csv"}
FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """A small web server on loopback: replies by path, `ETag` and 304 of its own, and a memory of who asked what."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.root = ""

    def shows(self, path: str, fixture: str) -> None:
        """The file at `path`; `{site}` in it stands for this server."""
        text = (FIXTURES / fixture).read_text("utf-8").replace("{site}", self.root)
        kind = _MEDIA_TYPES[fixture.rpartition(".")[2]]
        self.replies[path] = Reply(text.encode(), headers={"content-type": f"{kind}; charset=utf-8"})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        self.asked.append(path)
        reply = self.replies.get(path, Reply(b"nothing here", 404))
        tag = reply.headers.get("etag")
        if tag and f"if-none-match: {tag}" in [line.lower() for line in head]:
            reply = Reply(status=304, headers=reply.headers)
        lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", f"content-length: {len(reply.body)}"]
        lines += ["connection: close", *(f"{name}: {value}" for name, value in reply.headers.items())]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if reply.status == 304 else reply.body))
        await writer.drain()
        writer.close()


@asynccontextmanager
async def running_site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield site
