"""Acts on what comes back, once it is sure that a letter of ours to that very reader came back.

A report is a letter from anybody. So it counts only where it bears the Message-ID that our letter to this address had,
which nobody can compute without our key and nobody but the reader and the servers between ever saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog
from redis.asyncio import Redis

from services.notify.bounces.bounce_verdicts import BounceVerdict, verdict_on
from services.notify.bounces.returned_mail import ReturnedMail, read_returned
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.digests.calendar import Calendar
from services.notify.digests.period import digest_id
from services.notify.references import References
from services.operations.alarms import Alarms
from services.runtime.kept_events import ORDER
from services.runtime.metrics import Metrics
from services.runtime.retention import Retention
from services.subscribers.address import InvalidAddress
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber, Vault

log = structlog.get_logger(__name__)

EMAIL: Final = "email"
PASSING_BEFORE_PAUSE: Final = 3
_MOST_TARGETS: Final = 10
_SAYS: Final = (
    "letters of ours come back for what is said of us (our reputation, our sender, how they are made), and not of "
    "their readers: see the mail server's log, SPF, DKIM and DMARC of the sender, and the lists of blocked senders"
)
_COUNT: Final = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[3])
redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('ZCARD', KEYS[1])
"""


@dataclass(frozen=True, slots=True)
class BounceDesk:
    """`now`: Unix seconds."""

    redis: Redis
    vault: Vault
    references: References
    alarms: Alarms
    metrics: Metrics
    now: Callable[[], float]

    async def take(self, raw: bytes) -> str:
        """What was done: ended, complaint, paused, counted, ours, unmatched, nothing or no_report."""
        mail = read_returned(raw)
        done = "no_report" if mail is None else await self._act(mail, verdict_on(mail))
        self.metrics.bounces.labels(done).inc()
        log.info("bounce_taken", done=done)
        return done

    async def _act(self, mail: ReturnedMail, verdict: BounceVerdict) -> str:
        if verdict is BounceVerdict.NOTHING:
            return "nothing"
        found = await self._whose(mail)
        if found is None:
            return "unmatched"
        number, digest = found
        with suppress(UnknownSubscriber):  # erased in between
            match verdict:
                case BounceVerdict.ENDS:
                    await self.vault.end_address(number, EMAIL, "unknown_address")
                    return "ended"
                case BounceVerdict.COMPLAINT:
                    await self.vault.end_address(number, EMAIL, "complaint")
                    return "complaint"
                case BounceVerdict.OURS:
                    await self.alarms.sound("mail_reputation", EMAIL, _SAYS)
                    return "ours"
                case _:
                    return await self._count(mail, number, digest)
        return "unmatched"

    async def _count(self, mail: ReturnedMail, number: int, digest: str) -> str:
        script = self.redis.register_script(_COUNT)
        key = f"vestka:bounces:{digest}"
        count = await script(keys=[key], args=[int(self.now()), mail.digest, Retention.BOUNCES])
        if int(count) < PASSING_BEFORE_PAUSE:
            return "counted"
        await self.vault.pause_address(number, EMAIL, "bounces")
        await self.redis.delete(key)
        return "paused"

    async def _whose(self, mail: ReturnedMail) -> tuple[int, str] | None:
        """Whose letter it surely was: the number, and the keyed hash of the address."""
        for target in mail.targets[:_MOST_TARGETS]:
            try:
                address = read_mail_address(target).text
            except InvalidAddress:
                continue
            subscriber = await self.vault.by_address(EMAIL, address)
            if subscriber is not None and await self._was_ours(subscriber, mail.message_ids):
                return subscriber.number, await self.vault.digest_of(EMAIL, address)
        return None

    async def _was_ours(self, subscriber: Subscriber, ids: Iterable[str]) -> bool:
        wanted = set(ids)
        if not wanted:
            return False
        events: Any = await self.redis.zrange(ORDER, 0, -1)
        digests = map(digest_id, (await Calendar(self.redis).begun()).days)
        numbers = (subscriber.number, *subscriber.kin)
        told = (*digests, *reversed(events))
        ours = (self.references.message_id(EMAIL, one, number) for one in told for number in numbers)
        return any(one in wanted for one in ours)
