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
from services.egress.exchange import Before, Exchange, under_way
from services.egress.policy import EgressPolicy
from services.egress.targets import Guard
from services.egress.transport import GuardedTransport

_GLANCE_SECONDS: Final = 1.0
_BEFORE_DEADLINE: Final = 0.05
"""A glance ends this long before the deadline, so that a status which has been heard is never forgotten."""
_BROKEN: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case; what came more than once is joined with commas."""
    body: bytes = field(repr=False)
    url: str = field(repr=False)


BodyMode = Literal["whole", "heard", "glance"]
"""What is wanted of an answer's body.

whole    all of it, unfolded; what is too long, broken or cut is an error
heard    what comes of it until the deadline, as it came; the status is believed whatever the rest looks like
glance   the same, for one second at most: the status is all that matters
"""


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
        body: BodyMode = "whole",
        before: Before | None = None,
    ) -> Answer:
        """One request and its answer, whatever its status; redirects are answers like any other.

        `deadline`: seconds for all of it, waiting for a turn included. `max_bytes`: of the unfolded body.
        `before`: asked when the connection stands and before the first byte leaves; what it raises comes out of here,
        and nothing was sent.
        Raises EgressError.
        """
        target, exchange = self._guard.read_url(url), Exchange(before)
        request, progress = self._compose(method, target, headers, content), _Progress()
        request.extensions["trace"] = progress.note
        try:
            with under_way(exchange):
                return await self._converse(request, target, deadline, max_bytes, body)
        except (TimeoutError, httpcore.TimeoutException, *_BROKEN) as error:
            stated = None if body == "whole" else exchange.stated()
            if stated is None:
                raise progress.marked(_failure(error)) from None
            return Answer(stated.status, stated.headers, stated.rest[:max_bytes], str(target))
        except EgressError as error:
            raise progress.marked(error) from None

    async def _converse(
        self, request: httpx.Request, target: httpx.URL, deadline: float, max_bytes: int, body: BodyMode
    ) -> Answer:
        async with asyncio.timeout(deadline) as limit, self._turn(target):
            answer = await self._transport.handle_async_request(request)
            try:
                read = await _read(answer, max_bytes, _read_until(limit, body))
            finally:
                await answer.aclose()
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
        # By address and not by host: partners share hosts, and one that hangs must not hold up its neighbours.
        turn = self._turns.setdefault(str(target), asyncio.Semaphore(self._policy.per_address))
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


async def _read(answer: httpx.Response, max_bytes: int, until: float | None) -> bytes:
    async with aclosing(cast("AsyncGenerator[bytes, None]", answer.aiter_raw())) as chunks:
        if until is not None:
            return await read_glance(chunks, max_bytes, until)
        return await read_whole(chunks, answer.headers.get("content-encoding", "").strip().lower(), max_bytes)


def _read_until(limit: asyncio.Timeout, body: BodyMode) -> float | None:
    """None: to its end."""
    end = limit.when()
    if body == "whole" or end is None:
        return None
    end -= _BEFORE_DEADLINE
    return end if body == "heard" else min(end, asyncio.get_running_loop().time() + _GLANCE_SECONDS)


def _failure(error: Exception) -> EgressError:
    if isinstance(error, (TimeoutError, httpcore.TimeoutException)):
        return TimedOut()
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
