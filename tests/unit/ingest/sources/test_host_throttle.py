from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Literal

from services.egress import Answer, TimedOut
from services.ingest.sources.host_throttle import HostThrottle


class Far:
    """Every host at once; it notes when it was asked, and how many questions were open on one host."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[tuple[str, float]] = []
        self.answers: list[Answer | Exception] = []
        self.open = 0
        self.most_open = 0

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        deadline: float,
        max_bytes: int,
        body: Literal["whole", "glance"] = "whole",
    ) -> Answer:
        self.asked.append((url, self.now))
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        await asyncio.sleep(0)
        self.open -= 1
        answer = self.answers.pop(0) if self.answers else Answer(200, {}, b"", url)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def turns(self) -> HostThrottle:
        return HostThrottle(self, clock=lambda: self.now, unix=lambda: 0.0, sleep=self.sleep, spacing=1.0)


async def ask(turns: HostThrottle, url: str) -> Answer:
    return await turns.request("GET", url, deadline=1, max_bytes=1)


async def test_two_sources_on_one_host_do_not_ask_at_once() -> None:
    far = Far()
    turns = far.turns()
    urls = ["https://a.example/1", "https://www.a.example/2", "https://A.example./3"]
    await asyncio.gather(*(ask(turns, url) for url in urls))
    assert far.most_open == 1
    assert [when for _, when in far.asked] == [0.0, 1.0, 2.0]


async def test_other_hosts_do_not_wait() -> None:
    far = Far()
    turns = far.turns()
    await asyncio.gather(ask(turns, "https://a.example/"), ask(turns, "https://b.example/"))
    assert [when for _, when in far.asked] == [0.0, 0.0]


async def test_a_host_that_asked_for_patience_is_left_alone_by_all() -> None:
    far = Far()
    far.answers = [Answer(429, {"retry-after": "60"}, b"", "")]
    turns = far.turns()
    await ask(turns, "https://a.example/1")
    far.now = 20.0
    second = await ask(turns, "https://a.example/2")
    assert (second.status, second.headers["retry-after"], len(far.asked)) == (429, "40", 1)
    far.now = 61.0
    assert (await ask(turns, "https://a.example/2")).status == 200


async def test_a_question_that_failed_gives_its_turn_back() -> None:
    far = Far()
    far.answers = [TimedOut()]
    turns = far.turns()
    results = await asyncio.gather(
        ask(turns, "https://a.example/1"), ask(turns, "https://a.example/2"), return_exceptions=True
    )
    assert [type(result) for result in results] == [TimedOut, Answer]
