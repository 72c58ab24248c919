"""The least that must be done: entries of a stream, one signed POST a receiver, nothing remembered. On uvloop.

python floor.py REDIS_PORT STREAM RECEIVERS_FILE
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import sys
import time
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import redis.asyncio
import uvloop

AT_ONCE = 64


class Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none of asyncio's classes
        self.got = b""
        self.answered: asyncio.Future[None] | None = None

    def data_received(self, data: bytes) -> None:
        self.got += data
        if self.got.endswith(b"\r\n\r\n") and self.answered is not None:
            self.got = b""
            self.answered.set_result(None)


class Floor:
    def __init__(self, urls: list[str]) -> None:
        self.where = [urlsplit(url) for url in urls]
        self.free: dict[str, list[Connection]] = {}
        self.places = asyncio.Semaphore(AT_ONCE)

    async def post(self, number: int, body: bytes, at: bytes) -> None:
        url = self.where[number]
        free = self.free.setdefault(url.netloc, [])
        async with self.places:
            loop = asyncio.get_running_loop()
            connection = (
                free.pop()
                if free
                else (await loop.create_connection(Connection, url.hostname or "", url.port or 80))[1]
            )
            signature = base64.b64encode(hmac.digest(b"k%031d" % number, b"id." + at + b"." + body, "sha256"))
            head = (
                f"POST {url.path} HTTP/1.1\r\nhost: {url.netloc}\r\n"
                "content-type: application/json\r\nwebhook-id: id\r\n"
                f"webhook-timestamp: {at.decode()}\r\nwebhook-signature: v1,{signature.decode()}\r\n"
                f"content-length: {len(body)}\r\n\r\n"
            )
            connection.answered = loop.create_future()
            connection.transport.write(head.encode() + body)
            await connection.answered
            free.append(connection)

    async def run(self, port: int, stream: str) -> None:
        store = redis.asyncio.Redis(port=port, protocol=2)
        while True:
            read: Any = await store.xreadgroup("floor", "one", {stream: ">"}, count=100, block=1_000)
            for _, entries in read or []:
                for name, fields in entries:
                    at = str(int(time.time())).encode()
                    await asyncio.gather(*(self.post(number, fields[b"body"], at) for number in range(len(self.where))))
                    await store.xack(stream, "floor", name)


if __name__ == "__main__":
    uvloop.run(Floor(Path(sys.argv[3]).read_text().split()).run(int(sys.argv[1]), sys.argv[2]))
