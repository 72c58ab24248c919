"""As much of an HTTP/1.1 server as it takes to misbehave on purpose."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from dataclasses import dataclass

from tests.faults.suite.far_sides.base import FarSide


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes


class HttpFarSide(FarSide):
    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request = await read_request(reader)
            if not await self.respond(request, writer):
                return

    @abstractmethod
    async def respond(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""


async def read_request(reader: asyncio.StreamReader) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    method, path, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


async def answer(writer: asyncio.StreamWriter, status: str, body: bytes = b"", *headers: str) -> bool:
    """Writes a whole answer; True: the connection goes on."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    writer.write("\r\n".join(head).encode("latin-1") + body)
    await writer.drain()
    return True
