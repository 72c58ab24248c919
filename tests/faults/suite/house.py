"""One Vestka on loopback with everything round it, to be broken: Redis, a proxy before it, the services, far sides."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
from redis.asyncio import Redis

from services.demo.stage import free_ports, until_ready
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.streams import open_redis
from tests.faults.suite import news
from tests.faults.suite.books import Books
from tests.faults.suite.environment import environment
from tests.faults.suite.far_sides.base import FarSide
from tests.faults.suite.far_sides.bot import Bot
from tests.faults.suite.far_sides.hooks import Hooks
from tests.faults.suite.far_sides.smtp import Relay
from tests.faults.suite.programs import Programs, Said
from tests.faults.suite.proxy import Proxy
from tests.faults.suite.readers import Readers

_READY_WITHIN: Final = 240.0
_PENDING: Final = re.compile(r"^vestka_retries_pending\{[^}]*\} (\S+)$", re.MULTILINE)


class NeverReady(Exception):
    """A service was started and did not become ready."""


class House(Books):
    """Made by `open_house`."""

    def __init__(self, folder: Path, readers: Readers, hosts: int, changes: Mapping[str, str]) -> None:
        token = f"{1_000_000 + secrets.randbelow(9_000_000)}:{secrets.token_urlsafe(26)}"
        self.folder, self.token = folder, token
        self.relay, self.bot, self.hooks = Relay(), Bot(token), Hooks(hosts)
        super().__init__(readers, (self.relay, self.bot, self.hooks))
        self.embedded = EmbeddedRedis(folder / "redis")
        self.redis: Redis = open_redis(self.embedded.url)
        self.proxy = Proxy(self.embedded.socket)
        self.programs = Programs(folder / "services.log")
        self.ports = free_ports("ingest", "notify", "notify2")
        self.report_token = secrets.token_urlsafe(24)
        self.changes = dict(changes)
        """Settings that differ from `environment`."""

    # ── the services ─────────────────────────────────────────────────────────────────────────────────────────────────

    def environment(self, name: str) -> dict[str, str]:
        return {**environment(self, name), **self.changes}

    async def start(self, *names: str, ready: bool = True) -> None:
        """Where it need not become `ready` it may end by itself, and stays so."""
        for name in names:
            await self.programs.start(name, name.rstrip("2"), self.environment(name), again=ready)
        try:
            if ready:
                await until_ready({name: self.ports[name] for name in names}, _READY_WITHIN)
        except TimeoutError:
            raise NeverReady(f"{' and '.join(names)} within {_READY_WITHIN:.0f} s") from None

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

    async def publish(self, count: int = 1) -> list[int]:
        """So many events, as ingest makes them; their numbers."""
        numbers = [self.number() for _ in range(count)]
        for number in numbers:
            await news.publish(self.redis, number)
            self.expect(number)
        return numbers

    async def pending(self) -> int:
        """How many deliveries wait for another try, by notify's own metric."""
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                metrics = (await client.get(f"http://127.0.0.1:{self.ports['notify']}/metrics")).text
            return sum(int(float(count)) for count in _PENDING.findall(metrics))
        return 0

    def leaks(self) -> list[str]:
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
