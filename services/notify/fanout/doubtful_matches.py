"""Who may be named: doubtful matches of a watched person and one in the news, and what operators answered.

A doubt says of which story it is, whom the news names, and the folded name that is watched; never who watches it, nor
how many. It lies sealed (AES-SIV, RFC 5297) under a keyed hash, so a disk without the key shows neither name.

    vestka:doubtful-matches:<story>   by its id: the doubt, sealed
    vestka:doubtful-matches           the stories that have any
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, Final, Literal

import msgspec
import structlog
from redis.asyncio import Redis

from services.contract import Event, EventData
from services.notify.references import References
from services.operations.audit import AuditEntry, note_down
from services.runtime.retention import Retention
from services.subscribers.keyring import OtherKey
from services.subscribers.records import RAW
from services.subscribers.watched_persons import NO_ANSWERS, MatchAnswers, Pair, PersonHit, concerned

log = structlog.get_logger(__name__)

_STORIES: Final = "vestka:doubtful-matches"
_PADDED_TO: Final = 512
_LEAVE_OUT: Final = "if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SREM', KEYS[1], ARGV[1]) end"
"""A story whose time is over; one of which something is noted at this moment stays, or nobody would be asked."""
MatchAnswer = Literal["same", "other"]


class DoubtfulMatch(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    story: str
    event: str
    """Of which it was asked last."""
    revision: int
    watched: str
    named: str
    score: float
    agreed: tuple[str, ...]
    since: float
    """Unix seconds."""
    answer: MatchAnswer | None = None

    def __repr__(self) -> str:
        return f"DoubtfulMatch({self.id!r})"

    @property
    def pair(self) -> Pair:
        return Pair(self.watched, self.named)


async def has_doubts(redis: Redis, story: str) -> bool:
    """Can be asked without the key."""
    return bool(await redis.sismember(_STORIES, story))


class DoubtfulMatches:
    def __init__(self, redis: Redis, references: References) -> None:
        self._redis = redis
        self._references = references
        self._leave_out = redis.register_script(_LEAVE_OUT)

    async def note(self, event: Event, hits: Iterable[PersonHit], now: float) -> None:
        """Doubts that are there stay as they are, but for the event: a newer revision is what would be sent."""
        found = {hit.pair: hit for hit in hits}
        story = event.data.story_id
        for pair, hit in found.items():
            doubt = DoubtfulMatch(
                id=self._references.match_tag(story, pair.watched, pair.named),
                story=story,
                event=event.id,
                revision=event.data.revision,
                watched=pair.watched,
                named=pair.named,
                score=hit.match.score,
                agreed=hit.match.agreed,
                since=now,
            )
            known = await self._get(story, doubt.id)
            if known is None:
                log.info("match_doubtful", match=doubt.id, event_id=event.id)
                await self._put(doubt)
            elif known.answer is None and known.revision < doubt.revision:
                await self._put(msgspec.structs.replace(known, event=doubt.event, revision=doubt.revision))

    async def answers(self, data: EventData) -> MatchAnswers:
        """Of this story. Nothing is asked of the store where nobody is named."""
        if not concerned(data):
            return NO_ANSWERS
        found = [one async for one in self._of(data.story_id)]
        return MatchAnswers(
            frozenset(one.pair for one in found if one.answer == "same"),
            frozenset(one.pair for one in found if one.answer == "other"),
        )

    async def waiting(self) -> list[DoubtfulMatch]:
        """The oldest first."""
        found = []
        for story in await self.stories():
            of_story = [one async for one in self._of(story)]
            found += [one for one in of_story if one.answer is None]
            if not of_story:
                await self._leave_out(keys=[_STORIES, _key(story)], args=[story])
        return sorted(found, key=lambda one: (one.since, one.id))

    async def everything(self) -> list[DoubtfulMatch]:
        """Answered or not."""
        return [one for story in await self.stories() async for one in self._of(story)]

    async def forget(self, doubt: DoubtfulMatch) -> None:
        key = _key(doubt.story)
        await self._redis.hdel(key, doubt.id)
        await self._leave_out(keys=[_STORIES, key], args=[doubt.story])

    async def stories(self) -> frozenset[str]:
        """Those that have any, answered or not."""
        found: Any = await self._redis.smembers(_STORIES)
        return frozenset(found)

    async def find(self, match_id: str) -> DoubtfulMatch | None:
        for story in await self.stories():
            if (found := await self._get(story, match_id)) is not None:
                return found
        return None

    async def answer(self, doubt: DoubtfulMatch, answer: MatchAnswer, who: str, reason: str, now: float) -> None:
        """And says in the audit who answered; neither name is there."""
        said = f"match {doubt.id}: {'one person' if answer == 'same' else 'another person'}"
        entry = AuditEntry(
            who=who, what="match", story=doubt.story, revision=doubt.revision, reason=reason, detail=said
        )
        async with self._redis.pipeline() as pipe:
            note_down(pipe, entry, now)
            await pipe.execute()
        await self._put(msgspec.structs.replace(doubt, answer=answer))

    async def _put(self, doubt: DoubtfulMatch) -> None:
        packed = msgspec.json.encode(doubt)
        padded = packed.ljust(-(-len(packed) // _PADDED_TO) * _PADDED_TO)
        key = _key(doubt.story)
        async with self._redis.pipeline() as pipe:
            pipe.hset(key, doubt.id, self._references.seal_bytes(padded, key, doubt.id))
            pipe.expire(key, Retention.OPEN_STORIES)
            pipe.sadd(_STORIES, doubt.story)
            await pipe.execute()

    async def _get(self, story: str, match_id: str) -> DoubtfulMatch | None:
        raw: Any = await self._redis.execute_command("HGET", _key(story), match_id, **RAW)  # type: ignore[no-untyped-call]
        return None if raw is None else self._opened(story, match_id, raw)

    async def _of(self, story: str) -> AsyncIterator[DoubtfulMatch]:
        found: Any = await self._redis.execute_command("HGETALL", _key(story), **RAW)  # type: ignore[no-untyped-call]
        for match_id, raw in found.items():
            doubt = self._opened(story, match_id.decode(), raw)
            if doubt is not None:
                yield doubt

    def _opened(self, story: str, match_id: str, raw: bytes) -> DoubtfulMatch | None:
        try:
            return msgspec.json.decode(self._references.open_bytes(raw, _key(story), match_id), type=DoubtfulMatch)
        except (OtherKey, msgspec.MsgspecError):
            log.warning("match_unreadable", match=match_id)
            return None


def _key(story: str) -> str:
    return f"{_STORIES}:{story}"
