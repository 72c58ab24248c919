"""What is known of how a channel's far sides fare: since when nothing is taken, and by which endpoint nothing.

`outcomes` tells of every attempt, and whoever asks the far side of its answer. All of it is kept in Redis, so that a
restart forgets no trouble; what is an alarm is decided in `watching`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from services.notify.channels.base import Channel, Reason, Refused, Retry, Trouble

_FAR_SIDE_FAILS: Final = frozenset(
    {Reason.TIMEOUT, Reason.UNREACHABLE, Reason.TLS, Reason.MISCONFIGURED, Reason.REDIRECT}
)
"""Of a shared far side. A server error is not among them: it may be about one reader (RFC 5321, 4.2.1: 450, 451)."""
_NOT_THE_ENDPOINTS: Final = frozenset({Reason.TOO_LARGE, Reason.UNACCEPTABLE, Reason.STOPPED})
"""Refusals that are about one event, or our own."""
_SENDING: Final = ("failing_since", "failing_reason", "failing_at")
_ASKED: Final = ("away_since", "away_reason", "away_says")


@dataclass(frozen=True, slots=True)
class Failing:
    """Since when (Unix seconds), and why."""

    since: float
    reason: str
    at: float = 0.0
    """When it was last seen to fail (Unix seconds); 0 where that is not known."""
    says: str = ""
    """What the far side, asked, gave to say."""


@dataclass(frozen=True, slots=True)
class FarSideHealth:
    sending: Failing | None
    """No message was taken since."""
    away: Failing | None
    """Asked, it would take nothing since."""
    policy_at: float | None
    """When a message was last refused because of who we are (Unix seconds)."""


class ChannelHealth:
    """`now`: Unix seconds."""

    def __init__(self, redis: Redis, channel: Channel, now: Callable[[], float]) -> None:
        self._redis = redis
        self._shared = channel.shared
        self._now = now
        self._key = f"vestka:channel:{channel.name}:health"
        self._endpoints = _endpoints_key(channel.name)

    async def note(self, number: int, outcome: Retry | Refused) -> None:
        """What became of an attempt for this subscriber that came to nothing; of what was taken, `closing` tells."""
        await (self._note_shared(outcome) if self._shared else self._note_endpoint(number, outcome))

    async def note_answer(self, trouble: Trouble | None, asked_at: float) -> None:
        """What the shared far side said when it was asked, at `asked_at` (Unix seconds)."""
        if trouble is None:
            await self._redis.hdel(self._key, *_ASKED)
            return
        async with self._redis.pipeline() as pipe:
            pipe.hsetnx(self._key, "away_since", str(asked_at))
            pipe.hset(self._key, mapping={"away_reason": str(trouble.reason), "away_says": trouble.says})
            await pipe.execute()

    async def health(self) -> FarSideHealth:
        kept: Any = await self._redis.hgetall(self._key)
        policy_at = kept.get("policy_at")
        return FarSideHealth(_read(kept, "failing"), _read(kept, "away"), float(policy_at) if policy_at else None)

    async def forget_sending(self) -> None:
        """It is over: nothing waits any more, or nothing has failed for a while."""
        await self._redis.hdel(self._key, *_SENDING)

    async def failing_endpoints(self) -> dict[int, Failing]:
        """By subscriber's number: which endpoints took nothing since, and how that began."""
        kept: Any = await self._redis.hgetall(self._endpoints)
        return {int(number): _parse(text) for number, text in kept.items()}

    async def forget_endpoint(self, number: int) -> None:
        await self._redis.hdel(self._endpoints, str(number))

    async def back_again(self, numbers: Sequence[int]) -> list[int]:
        """Of these, which took a message just now, whose endpoint had failed; it is forgotten that it did."""
        if not await self._redis.exists(self._endpoints):  # as good as always, and so much shorter a question
            return []
        found: Any = await self._redis.hmget(self._endpoints, [str(number) for number in numbers])
        back = [number for number, noted in zip(numbers, found, strict=True) if noted is not None]
        if back:
            await self._redis.hdel(self._endpoints, *map(str, back))
        return back

    async def _note_shared(self, outcome: Retry | Refused) -> None:
        if outcome.reason is Reason.POLICY:
            await self._redis.hset(self._key, "policy_at", str(self._now()))
        elif isinstance(outcome, Retry) and outcome.reason in _FAR_SIDE_FAILS:
            async with self._redis.pipeline() as pipe:
                pipe.hsetnx(self._key, "failing_since", str(self._now()))
                pipe.hset(self._key, mapping={"failing_reason": str(outcome.reason), "failing_at": str(self._now())})
                await pipe.execute()

    async def _note_endpoint(self, number: int, outcome: Retry | Refused) -> None:
        if isinstance(outcome, Retry) or outcome.reason not in _NOT_THE_ENDPOINTS:
            await self._redis.hsetnx(self._endpoints, str(number), f"{self._now()}|{outcome.reason}")


async def forget_endpoints(redis: Redis, channel: str, numbers: Iterable[int]) -> None:
    """Of subscribers who are gone."""
    await redis.hdel(_endpoints_key(channel), *map(str, numbers))


def _endpoints_key(channel: str) -> str:
    return f"vestka:channel:{channel}:failing"


def _read(kept: Mapping[str, str], what: str) -> Failing | None:
    since = kept.get(f"{what}_since")
    if not since:
        return None
    at, says = float(kept.get(f"{what}_at", "0")), kept.get(f"{what}_says", "")
    return Failing(float(since), kept.get(f"{what}_reason", ""), at, says)


def _parse(text: str) -> Failing:
    since, _, reason = text.partition("|")
    return Failing(float(since), reason)
