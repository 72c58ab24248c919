"""The one guarded HTTP client: nothing else of ours opens a connection to an address somebody gave us.

It speaks through httpx's transport rather than its client, whose conveniences are what must never happen here:
following redirects, keeping cookies, taking proxies from the environment, unfolding bodies, logging addresses.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal, cast
from weakref import WeakValueDictionary

import httpcore
import httpx

from services.egress.bodies import read_glance, read_whole
from services.egress.connecting import GuardedBackend, Resolve, SystemResolver
from services.egress.errors import BadAnswer, BadRequest, EgressError, TimedOut, TlsFailed, Unreachable
from services.egress.policy import EgressPolicy
from services.egress.targets import Guard
from services.egress.transport import GuardedTransport

_GLANCE_SECONDS: Final = 1.0
_BEFORE_DEADLINE: Final = 0.05
"""A glance ends this long before the deadline, so that a status which has been heard is never forgotten."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case; what came more than once is joined with commas."""
    body: bytes = field(repr=False)
    url: str = field(repr=False)


class Egress:
    """`resolve`, `connector` and `ssl_context` are the three ways out of this process, for tests and private roots."""

    def __init__(
        self,
        policy: EgressPolicy | None = None,
        *,
        resolve: Resolve | None = None,
        connector: httpcore.AsyncNetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        _silence_wire_logs()
        self._policy = policy or EgressPolicy()
        self._guard = Guard(self._policy)
        self._resolver = SystemResolver()
        backend = GuardedBackend(self._guard, resolve or self._resolver, connector or httpcore.AnyIOBackend())
        self._transport = GuardedTransport(backend, ssl_context or httpx.create_ssl_context(trust_env=False))
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def check_url(self, url: str) -> str:
        """The address normalised. Raises ForbiddenTarget for what can be seen without resolving its name."""
        return str(self._guard.read_url(url))

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
        """One request and its answer, whatever its status; redirects are answers like any other.

        `deadline`: seconds for all of it, waiting for a turn included. `max_bytes`: of the unfolded body.
        "glance": the status is all that matters, so a body that is long, slow or broken is cut and no error.
        Raises EgressError.
        """
        target = self._guard.read_url(url)
        request, progress = self._compose(method, target, headers, content), _Progress()
        request.extensions["trace"] = progress.note
        try:
            async with asyncio.timeout(deadline) as limit, self._turn(target):
                answer = await self._transport.handle_async_request(request)
                try:
                    read = await _read(answer, max_bytes, _glance_until(limit) if body == "glance" else None)
                finally:
                    await answer.aclose()
        except (TimeoutError, httpcore.TimeoutException):
            raise progress.marked(TimedOut()) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise progress.marked(_failure(error)) from None
        except EgressError as error:
            raise progress.marked(error) from None
        return Answer(answer.status_code, dict(answer.headers.items()), read, str(target))

    async def close(self) -> None:
        await self._transport.aclose()
        self._resolver.close()

    def _compose(
        self, method: str, target: httpx.URL, headers: Mapping[str, str] | None, content: bytes | None
    ) -> httpx.Request:
        timeouts = {"connect": self._policy.connect_timeout}
        try:
            request = httpx.Request(method, target, headers=headers, content=content, extensions={"timeout": timeouts})
        except (UnicodeError, TypeError):
            raise BadRequest from None
        request.headers.setdefault("accept-encoding", "identity")
        return request

    @asynccontextmanager
    async def _turn(self, target: httpx.URL) -> AsyncIterator[None]:
        turn = self._turns.setdefault(target.host, asyncio.Semaphore(self._policy.per_host))
        async with turn:
            yield


@dataclass(slots=True)
class _Progress:
    """How far a request came, by what httpcore traces."""

    sent: bool = False

    async def note(self, event: str, _info: Mapping[str, object]) -> None:
        self.sent = self.sent or event.endswith("send_request_body.complete")

    def marked(self, error: EgressError) -> EgressError:
        error.sent = self.sent
        return error


async def _read(answer: httpx.Response, max_bytes: int, glance_until: float | None) -> bytes:
    async with aclosing(cast("AsyncGenerator[bytes, None]", answer.aiter_raw())) as chunks:
        if glance_until is not None:
            return await read_glance(chunks, max_bytes, glance_until)
        return await read_whole(chunks, answer.headers.get("content-encoding", "").strip().lower(), max_bytes)


def _glance_until(limit: asyncio.Timeout) -> float:
    soon = asyncio.get_running_loop().time() + _GLANCE_SECONDS
    end = limit.when()
    return soon if end is None else min(soon, end - _BEFORE_DEADLINE)


def _failure(error: Exception) -> EgressError:
    underneath = error.args[0] if error.args else None  # httpcore's errors carry what they were made from
    if isinstance(underneath, ssl.SSLError):
        return TlsFailed()
    if isinstance(error, httpcore.RemoteProtocolError) and isinstance(underneath, Exception):
        return BadAnswer()
    if isinstance(error, (httpcore.NetworkError, httpcore.RemoteProtocolError)):
        return Unreachable()
    return BadRequest()


def _silence_wire_logs() -> None:
    # httpx and httpcore write whole addresses into their logs, a bot's token and a partner's path among them.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
