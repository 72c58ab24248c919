"""One Vestka on loopback with everything round it, to be broken: Redis, a proxy before it, the services, far sides."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
from redis.asyncio import Redis

from services.demo.stage import free_port, until_ready
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.streams import open_redis
from tests.faults.suite import news
from tests.faults.suite.counting import Due, Reader, Span, Tally, tally
from tests.faults.suite.environment import environment
from tests.faults.suite.far_sides.base import KEYS, FarSide
from tests.faults.suite.far_sides.bot import Bot
from tests.faults.suite.far_sides.hooks import Hooks
from tests.faults.suite.far_sides.smtp import Relay
from tests.faults.suite.programs import Programs, Said
from tests.faults.suite.proxy import Proxy
from tests.faults.suite.readers import Readers
from tests.faults.suite.table import BACK_WITHIN, Row

_READY_WITHIN: Final = 90.0
_LOOK_EVERY: Final = 0.1


class House:
    """Made by `open_house`."""

    def __init__(self, folder: Path, readers: Readers, hosts: int, changes: Mapping[str, str]) -> None:
        token = f"{1_000_000 + secrets.randbelow(9_000_000)}:{secrets.token_urlsafe(26)}"
        self.folder, self.readers, self.token = folder, readers, token
        self.relay, self.bot, self.hooks = Relay(), Bot(token), Hooks(hosts)
        self.embedded = EmbeddedRedis(folder / "redis")
        self.redis: Redis = open_redis(self.embedded.url)
        self.proxy = Proxy(self.embedded.socket)
        self.programs = Programs(folder / "services.log")
        self.ports = {name: free_port(0) for name in ("ingest", "notify", "notify2")}
        self.report_token = secrets.token_urlsafe(24)
        self.changes = dict(changes)
        """Settings that differ from `environment`."""
        self.due: set[Due] = set()
        self.faults: list[Span] = []
        self.stopped: dict[Reader, float] = {}
        self.spared: set[Reader] = set()
        """Readers whose deliveries are not counted as due: their far side refuses for good."""
        self.healed: float | None = None
        self._keys: Iterator[int] = iter(KEYS)

    @property
    def far_sides(self) -> tuple[FarSide, ...]:
        return self.relay, self.bot, self.hooks

    # ── the services ─────────────────────────────────────────────────────────────────────────────────────────────────

    def environment(self, name: str) -> dict[str, str]:
        return {**environment(self, name), **self.changes}

    async def start(self, *names: str, ready: bool = True, more: Mapping[str, str] | None = None) -> None:
        for name in names:
            await self.programs.start(name, name.rstrip("2"), {**self.environment(name), **(more or {})})
        if ready:
            await until_ready({name: self.ports[name] for name in names}, _READY_WITHIN)

    async def vestka(self, *words: str, say: str = "") -> Said:
        return await self.programs.ask(self.environment("notify"), *words, say=say)

    async def get(self, name: str, path: str) -> int:
        """The status of an answer; 0 where there is none."""
        return await self.fetch("GET", f"http://127.0.0.1:{self.ports[name]}{path}")

    async def fetch(self, method: str, url: str, body: str = "") -> int:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                return (await client.request(method, url, content=body, headers=headers)).status_code
        except httpx.HTTPError:
            return 0

    async def stop_by_link(self, address: str) -> int:
        """One click in the last letter of a reader (RFC 8058); the status it was answered with."""
        path = urlsplit(self.relay.stop_links[address]).path  # a proxy with TLS stands before notify, says the link
        url = f"http://127.0.0.1:{self.ports['notify']}{path}"
        status = await self.fetch("POST", url, "List-Unsubscribe=One-Click")
        if 200 <= status < 300:
            self.leave(("email", address))
        return status

    def leave(self, *readers: Reader) -> None:
        """They get nothing from now on, and what they do not have yet is not due any more."""
        self.stopped |= dict.fromkeys(readers, time.time())
        had = {(one.channel, one.reader, one.event) for side in self.far_sides for one in side.receipts}
        self.due = {one for one in self.due if one in had or one[:2] not in readers}

    async def report(self, number: int) -> httpx.Response | None:
        """Hands one report in, as a partner does; None where nobody answered."""
        headers = {"Authorization": f"Bearer {self.report_token}", "Idempotency-Key": f"{self.readers.mark}-{number}"}
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                url = f"http://127.0.0.1:{self.ports['ingest']}/v1/reports"
                return await client.post(url, json=news.submission(number), headers=headers)
        except httpx.HTTPError:
            return None

    # ── Redis ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def kill_redis(self) -> None:
        """SIGKILL; `revive_redis` starts it again on its files."""
        os.kill(int((await self.redis.info("server"))["process_id"]), signal.SIGKILL)
        await asyncio.sleep(0.5)

    async def revive_redis(self) -> None:
        await asyncio.to_thread(self.embedded.start)

    # ── news ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def number(self) -> int:
        """The number of people of the next event, which is how it is told."""
        return next(self._keys)

    def expect(self, number: int) -> None:
        """From now on this event is due to everybody who has not stopped and is not spared."""
        wanted = (one for one in self.readers.everybody() if one not in self.stopped and one not in self.spared)
        self.due |= {(channel, reader, number) for channel, reader in wanted}

    async def publish(self, count: int = 1) -> list[int]:
        """So many events, as ingest makes them; their numbers."""
        numbers = [self.number() for _ in range(count)]
        for number in numbers:
            await news.publish(self.redis, number)
            self.expect(number)
        return numbers

    # ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def struck(self) -> None:
        """A fault of one moment: now."""
        self.faults.append(Span(time.time(), time.time()))

    @contextmanager
    def fault(self) -> Iterator[None]:
        """A fault that lasts as long as the block; what comes after it is "back"."""
        begin = time.time()
        try:
            yield
        finally:
            self.back()
            self.faults.append(Span(begin, time.time()))

    def back(self) -> None:
        self.healed = time.time()

    async def until_sending(self, *channels: str, patience: float = 20.0) -> None:
        """Until a copy is in flight on every one of the channels, or the patience is at its end."""
        wanted = [side for side in self.far_sides if side.channel in channels]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not all(side.inside for side in wanted):
                    await asyncio.sleep(0.02)

    # ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def tally(self, channels: Iterable[str] = ("email", "telegram", "webhook"), events: Iterable[int] = ()) -> Tally:
        """Of these channels and, where any are named, of these events only."""
        channels, events = set(channels), set(events)
        due = {one for one in self.due if one[0] in channels and (not events or one[2] in events)}
        receipts = [one for side in self.far_sides if side.channel in channels for one in side.receipts]
        stopped = {reader: since for reader, since in self.stopped.items() if reader[0] in channels}
        return tally(receipts, due, self.faults, stopped)

    async def settle(self, patience: float = 120.0, quiet: float = 6.0) -> None:
        """Until nothing is lacking, or the patience is at its end; then until nothing has come for `quiet` seconds."""
        end = time.time() + patience
        while time.time() < end and self.tally().lost:
            await asyncio.sleep(_LOOK_EVERY * 3)
        end = time.time() + 60.0 + quiet
        while time.time() < end and time.time() - self._last_receipt() < quiet:
            await asyncio.sleep(_LOOK_EVERY * 3)

    def _last_receipt(self) -> float:
        return max((one.arrived for side in self.far_sides for one in side.receipts[-1:]), default=time.time())

    def row(
        self,
        fault: str,
        *remarks: str,
        channels: Iterable[str] = ("email", "telegram", "webhook"),
        events: Iterable[int] = (),
        note: str = "",
        within: float = BACK_WITHIN,
    ) -> Row:
        """`remarks`: what else is wrong; empty ones are left out."""
        counted = self.tally(channels, events)
        waited = None if self.healed is None or counted.last is None else max(0.0, counted.last - self.healed)
        return Row(fault, counted, waited, tuple(filter(None, (*remarks, *self._leaks()))), note, within=within)

    def _leaks(self) -> list[str]:
        logged = self.programs.log.read_text(errors="replace") if self.programs.log.exists() else ""
        found = sum(secret in logged for secret in (*self.readers.secrets(), self.token, self.report_token))
        return [f"{found} secrets or addresses in the log"] if found else []


@asynccontextmanager
async def open_house(
    email: int = 0, telegram: int = 0, webhook: int = 0, *, hosts: int = 20, changes: Mapping[str, str] | None = None
) -> AsyncIterator[House]:
    """`changes`: settings. Nothing runs yet but Redis, the proxy and the far sides; all of it goes at the end."""
    async with AsyncExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="vestka-faults-", ignore_cleanup_errors=True)
        house = House(Path(stack.enter_context(temporary)), Readers(email, telegram, webhook), hosts, changes or {})
        stack.push_async_callback(asyncio.to_thread, house.embedded.stop)
        await asyncio.to_thread(house.embedded.start)
        stack.push_async_callback(house.redis.aclose)
        parts: tuple[FarSide | Proxy, ...] = (*house.far_sides, house.proxy)
        for part in parts:
            stack.push_async_callback(part.stop)
            await part.start()
        house.readers.write(house.folder / "subscribers.yaml", house.hooks)
        stack.push_async_callback(house.programs.stop)
        yield house
