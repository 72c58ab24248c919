"""A request that may go out, what comes of it, and the promise every transport keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

import msgspec

from services.egress.bodies import Body, Glance, WholeBody
from services.egress.exchange import Exchange
from services.egress.loop_time import loop_time
from services.egress.request_fields import NO_FIELDS, Fields
from services.egress.targets import Target

BodyMode = Literal["whole", "heard", "glance"]
"""What is wanted of an answer's body.

whole    all of it, unfolded; what is too long, broken or cut is an error
heard    what comes of it until the deadline, as it came; the status is believed whatever the rest looks like
glance   the same, for one second at most: the status is all that matters
"""

_GLANCE_SECONDS: Final = 1.0
_BEFORE_DEADLINE: Final = 0.05
"""A glance ends this long before the deadline, so that a status which has been heard is never forgotten."""


@dataclass(slots=True)
class Question:
    """Changed by nobody. One is made for every request, and freezing it would cost more than writing the request."""

    method: str
    target: Target
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)
    mode: BodyMode
    max_bytes: int
    end: float
    """When the deadline is, by the loop's time."""
    common: Fields = field(default=NO_FIELDS, repr=False)
    """Fields beside `headers`."""

    def open_body(self) -> Body:
        return WholeBody(self.max_bytes) if self.mode == "whole" else Glance(self.max_bytes)

    def listen_until(self) -> float | None:
        """How long to go on listening from now on, the head having come; None: to the end of the body."""
        if self.mode == "whole":
            return None
        end = self.end - _BEFORE_DEADLINE
        return end if self.mode == "heard" else min(end, loop_time() + _GLANCE_SECONDS)


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: Mapping[str, str]
    """Names in lower case; what came more than once is joined with commas."""
    body: bytes
    url: str

    def __repr__(self) -> str:
        return f"Answer(status={self.status})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status", self.status)]


class Transport(Protocol):
    async def converse(self, question: Question, exchange: Exchange) -> Answer:
        """Connects by the guard, calls `exchange.begin()` right before the first byte leaves, tells it whether all
        has left and what is heard. Follows nothing, keeps no cookie, knows no proxy, and says nothing to any log.

        Raises EgressError, and OSError where we lack what a connection needs.
        """
        ...

    async def close(self) -> None: ...
