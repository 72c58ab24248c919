"""The one guarded HTTP client: nothing else of ours opens a connection to an address somebody gave us.

It holds what is the same for all: the guard, the deadline, turns, and what a status is worth that was heard before the
rest of the answer went wrong. How the bytes travel is a transport's affair (`question.Transport`).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import httpx

from services.egress.address_turns import AddressTurns
from services.egress.by_httpx import HttpxTransport
from services.egress.connecting import Resolve, SystemResolver
from services.egress.deadlines import Deadlines
from services.egress.errors import EgressError, TimedOut
from services.egress.exchange import Before, Exchange
from services.egress.loop_time import loop_time
from services.egress.policy import EgressPolicy
from services.egress.question import Answer, BodyMode, Question, Transport
from services.egress.request_fields import NO_FIELDS, Fields
from services.egress.targets import Guard, Target
from services.forgettable import forgettable

OpenTransport = Callable[[Guard, Resolve, float, ssl.SSLContext], Transport]
"""From the guard, the resolver, the seconds to connect, and the roots that TLS trusts."""

_REMEMBERED: Final = 4096
"""Addresses that need not be read again."""


@cache
def _usual_context() -> ssl.SSLContext:
    """One for a process: another one would read all roots of the web again and hold them a second time."""
    return httpx.create_ssl_context(trust_env=False)


class Egress:
    """`transport`: `WireTransport` for whoever posts to thousands at once, httpx for everybody else.

    With it, `resolve` and `ssl_context` are the ways out of this process, for tests and private roots.
    """

    def __init__(
        self,
        policy: EgressPolicy | None = None,
        *,
        transport: OpenTransport = HttpxTransport,
        resolve: Resolve | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy or EgressPolicy()
        self._guard = Guard(self._policy)
        self._resolver = SystemResolver()
        self._transport = transport(
            self._guard,
            resolve or self._resolver,
            self._policy.connect_timeout,
            ssl_context or _usual_context(),
        )
        self._read_target = forgettable(_REMEMBERED)(lambda url: Target.of(self._guard.read_url(url)))
        # By address and not by host: partners share hosts, and one that hangs must not hold up its neighbours.
        self._turns = AddressTurns(self._policy.per_address)
        self._deadlines = Deadlines()

    def check_url(self, url: str) -> str:
        """The address normalised. Raises ForbiddenTarget for what can be seen without resolving its name."""
        return self._read_target(url).text

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        common: Fields = NO_FIELDS,
        content: bytes | None = None,
        deadline: float,
        max_bytes: int,
        body: BodyMode = "whole",
        before: Before | None = None,
    ) -> Answer:
        """One request and its answer, whatever its status; redirects are answers like any other.

        `common`: fields beside `headers`. `deadline`: seconds for all of it, waiting for a turn included. `max_bytes`:
        of the unfolded body. `before`: asked when the connection stands and before the first byte leaves; what it
        raises comes out of here, and nothing was sent.
        Raises EgressError.
        """
        target, exchange = self._read_target(url), Exchange(before)
        end = loop_time() + deadline
        question = Question(method, target, headers or {}, content, body, max_bytes, end, common)
        try:
            with self._deadlines.at(end):
                if not self._turns.take(target.text):
                    await self._turns.wait(target.text)
                try:
                    return await self._transport.converse(question, exchange)
                finally:
                    self._turns.give_back(target.text)
        except (TimeoutError, EgressError) as error:
            stated = None if body == "whole" else exchange.stated()
            if stated is None:
                raise exchange.marked(error if isinstance(error, EgressError) else TimedOut()) from None
            return Answer(stated.status, stated.headers, stated.rest[:max_bytes], target.text)

    async def close(self) -> None:
        await self._transport.close()
        self._resolver.close()
        self._deadlines.close()
