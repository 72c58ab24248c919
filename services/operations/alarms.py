"""Alarms: conditions that need a person, each told once for as long as it lasts.

Whoever watches a condition sounds its alarm as often as it looks and clears it when the condition ends. An operator may
acknowledge one: it is silent then until the condition has ended and come back. Operators are told of each beginning
and each end: see `notices`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import structlog
from redis.asyncio import Redis

from services.operations.audit import AuditEntry, note_down
from services.operations.notices import ALARMS, CLEAR, NOTICES, SOUND
from services.runtime.clock import rfc3339
from services.runtime.metrics import Metrics

log = structlog.get_logger(__name__)


class Alarm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    """A slug; it labels a metric."""
    about: str
    """The id of a source, a story or an act. Never a person's name."""
    says: str
    """What is wrong and what to do, in plain words without names, addresses or secrets."""
    since: str
    """RFC 3339."""
    acknowledged: str | None = None
    """When an operator said that it is known."""


class AlarmCondition(Protocol):
    """What a station found that needs a person; see `Alarm` for what its parts are."""

    @property
    def kind(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def says(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A condition in its simplest form."""

    kind: str
    about: str
    says: str


class Alarms:
    def __init__(self, redis: Redis, metrics: Metrics, now: Callable[[], float]) -> None:
        """`now`: Unix seconds."""
        self._redis = redis
        self._metrics = metrics
        self._now = now
        self._sound = redis.register_script(SOUND)
        self._clear = redis.register_script(CLEAR)

    async def sound(self, kind: str, about: str, says: str) -> bool:
        """True only where it did not sound already: then it is logged and counted. One that sounds says what is wrong
        by now."""
        now = rfc3339(self._now())
        alarm = msgspec.json.encode(Alarm(kind=kind, about=about, says=says, since=now)).decode()
        fresh = await self._sound(keys=[ALARMS, NOTICES], args=[_field(kind, about), alarm, now])
        if fresh:
            self._metrics.alarms_sounded.labels(kind).inc()
            log.warning("alarm", kind=kind, about=about, says=says)
        else:
            await self._reword(_field(kind, about), says)
        return bool(fresh)

    async def _reword(self, field: str, says: str) -> None:
        raw: Any = await self._redis.hget(ALARMS, field)
        if raw is not None and (alarm := _decode(raw)).says != says:
            reworded = msgspec.structs.replace(alarm, says=says)
            await self._redis.hset(ALARMS, field, msgspec.json.encode(reworded).decode())

    async def clear(self, kind: str, about: str) -> bool:
        """The condition has ended. True where there was an alarm."""
        now = rfc3339(self._now())
        cleared = bool(await self._clear(keys=[ALARMS, NOTICES], args=[_field(kind, about), now]))
        if cleared:
            log.info("alarm_cleared", kind=kind, about=about)
        return cleared

    async def settle(self, kinds: Set[str], wanted: Iterable[AlarmCondition]) -> None:
        """Sounds what is wanted, and clears every other alarm of these kinds."""
        lasting = {(one.kind, one.about): one.says for one in wanted}
        for alarm in await self.all():
            if alarm.kind in kinds and (alarm.kind, alarm.about) not in lasting:
                await self.clear(alarm.kind, alarm.about)
        for (kind, about), says in lasting.items():
            await self.sound(kind, about, says)

    async def acknowledge(self, kind: str, about: str, by: str) -> bool:
        """A person knows of it, as the audit then tells. False where it does not sound."""
        raw: Any = await self._redis.hget(ALARMS, _field(kind, about))
        if raw is None or (alarm := _decode(raw)).acknowledged:
            return False
        known = msgspec.structs.replace(alarm, acknowledged=rfc3339(self._now()))
        async with self._redis.pipeline() as pipe:
            pipe.hset(ALARMS, _field(kind, about), msgspec.json.encode(known).decode())
            note_down(pipe, AuditEntry(who=by, what="acknowledge", story=about, revision=0, detail=kind), self._now())
            await pipe.execute()
        return True

    async def list(self) -> tuple[Alarm, ...]:
        """Those that sound, the oldest first."""
        return tuple(alarm for alarm in await self.all() if alarm.acknowledged is None)

    async def all(self) -> tuple[Alarm, ...]:
        """Those that an operator acknowledged as well."""
        found: Any = await self._redis.hvals(ALARMS)
        alarms = (_decode(raw) for raw in found)
        return tuple(sorted(alarms, key=lambda alarm: (alarm.since, alarm.kind, alarm.about)))

    async def measure(self) -> None:
        """Refreshes the gauge of those that sound."""
        sounding = Counter(alarm.kind for alarm in await self.list())
        self._metrics.alarms.clear()
        for kind, count in sounding.items():
            self._metrics.alarms.labels(kind).set(count)


def _field(kind: str, about: str) -> str:
    return f"{kind} {about}"


def _decode(raw: str) -> Alarm:
    return msgspec.json.decode(raw, type=Alarm)
