"""Webhook endpoints with manners, `http://HOST:PORT/NAME/SECRET`.

take · slow: two seconds · hang: never answers · lost: takes it and resets · flawed: 200 with a header line without a
colon · gone: 410 · missing: 404 · failing: 500 · busy: 503 with Retry-After of 3 s · redirect: 302 · drip, flood: 200
and then a body without end, slowly or fast · nonsense: no HTTP at all · silent: cuts the line before an answer. Each
may end in "-once".
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import ClassVar, Final

from tests.faults.suite.far_sides.base import LOOPBACK
from tests.faults.suite.far_sides.http import HttpFarSide, Request, answer

_REFUSALS: Final = {
    "gone": ("410 Gone",),
    "missing": ("404 Not Found",),
    "failing": ("500 Oh",),
    "busy": ("503 Busy", "Retry-After: 3"),
    "redirect": ("302 Found", "Location: /elsewhere"),
}
_ENDLESS: Final = {"drip": (b"x", 1.0), "flood": (b"x" * 65_536, 0.01)}
"""What is written again and again, and the seconds between."""
_BREAKS: Final = {"nonsense": b"\x00\xff I speak no HTTP\r\n\r\n", "silent": b""}
_HANGS: Final = 600.0
_SLOW: Final = 2.0


class Hooks(HttpFarSide):
    channel: ClassVar = "webhook"

    def __init__(self, spread: int) -> None:
        """`spread`: over how many hosts (all of this machine) the endpoints stand."""
        super().__init__()
        self._spread = spread

    def hosts(self) -> list[str]:
        return [LOOPBACK, *(f"127.0.1.{n}" for n in range(1, self._spread))]

    def url(self, name: str, number: int, secret: str) -> str:
        hosts = self.hosts()
        return f"http://{hosts[number % len(hosts)]}:{self.port}/{name}/{secret}"

    async def respond(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        name = request.path.split("/")[1]
        self.asked[name].append(time.time())
        event = int(json.loads(request.body)["data"]["headline_facts"].get("detained", 0))
        manner = self.manner(name, str(event))
        if manner in _REFUSALS:
            status, *headers = _REFUSALS[manner]
            return await answer(writer, status, b"", *headers)
        if manner in _BREAKS:
            writer.write(_BREAKS[manner])
            return False
        receipt = await self.take(name, event, request.headers["webhook-id"])
        if manner in _ENDLESS:
            receipt.answered = time.time()
            return await _without_end(writer, *_ENDLESS[manner])
        if manner == "lost":
            writer.transport.abort()
            return False
        await asyncio.sleep({"hang": _HANGS, "slow": _SLOW}.get(manner, 0))
        goes_on = await answer(writer, "200 OK", b"", *(["this line has no colon"] if manner == "flawed" else []))
        receipt.answered = time.time()
        return goes_on and manner == "take"


async def _without_end(writer: asyncio.StreamWriter, piece: bytes, pause: float) -> bool:
    """Until the sender has enough, or it becomes too much for anybody."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    for _ in range(10_000):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)
    return False
