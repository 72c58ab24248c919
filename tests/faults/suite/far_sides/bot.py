"""The Bot API with manners (https://core.telegram.org/bots/api#making-requests).

take · slow: two seconds · hang: takes it, never answers · lost: takes it and cuts the line · limit: 429 for two
seconds · flood: 429 to everybody for the five seconds after the first request · long: 429 with retry_after 3600 ·
token: 401 · unknown: 400 chat not found · blocked: 403 · moved: the group is another chat now · unparsable: 400 for
any markup · failing: 502 with a page. Each may end in "-once".
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import re
import time
from bisect import bisect_left
from typing import Any, ClassVar, Final

from tests.faults.suite.far_sides.base import event_in
from tests.faults.suite.far_sides.http import HttpFarSide, Request, answer

_PAUSE: Final = 2
_FLOOD: Final = 5
_LONG: Final = 3600
_SLOW: Final = 2.0
_HANGS: Final = 600.0
_TAKEN: Final = frozenset({"take", "slow", "hang", "lost"})


class Bot(HttpFarSide):
    channel: ClassVar = "telegram"

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self._numbers = 0
        self._paused_until = 0.0
        self.asked_in_pause = 0
        """Requests that came although a 429 had told the bot to wait."""
        self.moved_to: dict[str, str] = {}

    def fastest_second(self) -> int:
        """The most requests within any one second."""
        times = sorted(moment for asked in self.asked.values() for moment in asked)
        return max((bisect_left(times, start + 1) - place for place, start in enumerate(times)), default=0)

    async def respond(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        _, token, method = request.path.split("/")
        if token != f"bot{self._token}" or self.usual == "token":
            return await _refuse(writer, 401, "Unauthorized")
        if method.lower() != "sendmessage":
            return await _grant(writer, {"id": 1, "is_bot": True, "first_name": "Fault", "username": "fault_bot"})
        message = json.loads(request.body)
        chat, now = str(message["chat_id"]), time.time()
        self.asked[chat].append(now)
        self.asked_in_pause += now < self._paused_until
        return await self._message(chat, message, writer)

    async def _message(self, chat: str, message: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        event = event_in(message["text"])
        manner = self.manner(chat, str(event))
        if manner == "unparsable" and "parse_mode" not in message:
            manner = "take"
        if manner == "flood":
            now = time.time()
            self._paused_until = self._paused_until or now + _FLOOD
            manner = "flood" if now < self._paused_until else "take"
        if manner not in _TAKEN:
            return await self._refused(chat, manner, writer)
        receipt = await self.take(chat, event, _digest(message["text"]))
        await asyncio.sleep({"hang": _HANGS, "slow": _SLOW}.get(manner, 0))
        if manner == "lost":
            writer.transport.abort()
            return False
        self._numbers += 1
        taken = {"message_id": self._numbers, "date": int(time.time()), "text": message["text"]}
        goes_on = await _grant(writer, taken | {"chat": {"id": message["chat_id"], "type": "private"}})
        receipt.answered = time.time()
        return goes_on

    async def _refused(self, chat: str, manner: str, writer: asyncio.StreamWriter) -> bool:
        match manner:
            case "limit":
                self._paused_until = time.time() + _PAUSE
                return await _refuse(writer, 429, f"Too Many Requests: retry after {_PAUSE}", retry_after=_PAUSE)
            case "flood":
                left = max(1, math.ceil(self._paused_until - time.time()))
                return await _refuse(writer, 429, f"Too Many Requests: retry after {left}", retry_after=left)
            case "long":
                return await _refuse(writer, 429, f"Too Many Requests: retry after {_LONG}", retry_after=_LONG)
            case "unparsable":
                return await _refuse(writer, 400, "Bad Request: can't parse entities: unsupported start tag")
            case "unknown":
                return await _refuse(writer, 400, "Bad Request: chat not found")
            case "blocked":
                return await _refuse(writer, 403, "Forbidden: bot was blocked by the user")
            case "moved":
                new = int(self.moved_to[chat])
                words = "Bad Request: group chat was upgraded to a supergroup chat"
                return await _refuse(writer, 400, words, migrate_to_chat_id=new)
        return await answer(writer, "502 Bad Gateway", b"<html>away</html>", "Content-Type: text/html")


def _digest(text: str) -> str:
    """A message has no id of ours: the same words are the same message."""
    return hashlib.sha256(re.sub(r"<[^>]+>", "", text).encode()).hexdigest()


async def _grant(writer: asyncio.StreamWriter, result: object) -> bool:
    return await answer(writer, "200 OK", json.dumps({"ok": True, "result": result}).encode())


async def _refuse(writer: asyncio.StreamWriter, code: int, words: str, **parameters: int) -> bool:
    body = {"ok": False, "error_code": code, "description": words, "parameters": parameters}
    return await answer(writer, f"{code} X", json.dumps(body).encode())
