"""Webhook endpoints with manners, `http://HOST:PORT/NAME/SECRET`.

take · slow: two seconds · hang: never answers · lost: takes it and resets · flawed: 200 with a header line without a
colon · gone: 410 · missing: 404 · failing: 500 · busy: 503 with Retry-After of 3 s. Each may end in "-once".
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import ClassVar, Final

from tests.faults.suite.far_sides.base import LOOPBACK
from tests.faults.suite.far_sides.http import HttpFarSide, Request, answer

_REFUSALS: Final = {"gone": "410 Gone", "missing": "404 Not Found", "failing": "500 Oh", "busy": "503 Busy"}
_TAKEN: Final = frozenset({"take", "slow", "hang", "lost", "flawed"})
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
        if manner not in _TAKEN:
            return await answer(writer, _REFUSALS[manner], b"", *(["Retry-After: 3"] if manner == "busy" else []))
        receipt = await self.take(name, event, request.headers["webhook-id"])
        if manner == "lost":
            writer.transport.abort()
            return False
        await asyncio.sleep({"hang": _HANGS, "slow": _SLOW}.get(manner, 0))
        goes_on = await answer(writer, "200 OK", b"", *(["this line has no colon"] if manner == "flawed" else []))
        receipt.answered = time.time()
        return goes_on and manner == "take"
