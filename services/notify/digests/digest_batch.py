"""The digests of one day on one channel, begun together: read, chosen, claimed and started, as many as have room.

Who has nothing to be told gets nothing; what cannot leave now (quiet hours, a channel that is held or away) waits in
the due-queue like any delivery, and is chosen anew when it leaves.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from typing import Final

import structlog

from services.notify.channels.composing import CannotCompose
from services.notify.delivery.attempt import Attempt
from services.notify.delivery.batch import hand_on
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.outcomes import defer, put_off, skip
from services.notify.delivery.record import Record
from services.notify.delivery.revisions import had_earlier
from services.notify.delivery.sender import ChannelSender, Sending
from services.notify.delivery.sending import broke_off, carry_out, poison
from services.notify.digests.calendar import Calendar
from services.notify.digests.choosing import Candidate, DigestItem, told_before, told_to
from services.notify.digests.digest_ledger import DigestLedger
from services.notify.digests.digest_letters import DigestLetters
from services.notify.digests.owed_news import may_be_told, settle_owed
from services.notify.digests.period import days_before, digest_id, due_at, published_digest
from services.notify.digests.recent_stories import RecentStories, RecentStory
from services.notify.digests.told_so_far import ToldSoFar, Window
from services.notify.fanout.digest_rule import has_digest_interest, is_owed_on
from services.notify.fanout.events import Published
from services.notify.fanout.quiet_hours import quiet_until
from services.notify.fanout.routing import NotSent
from services.runtime.clock import unix_of
from services.subscribers.address import Address
from services.subscribers.digest_topics import zone_of_reader
from services.subscribers.owed import owes_weekly, without_owed
from services.subscribers.record_seal import DAMAGED, UnreadableRecord
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class DigestSender:
    """One channel's digests. `sender` writes into `ledger`; `events`: the ledger of what the channel sends at once."""

    sender: ChannelSender
    ledger: DigestLedger
    events: Ledger
    news: RecentStories
    letters: DigestLetters
    calendar: Calendar
    hour: time

    async def begin(self, day: date, numbers: Sequence[int], *, probe: bool = False) -> None:
        """Returns when all are begun, or were nobody's to begin. Raises RedisError: then some are not."""
        left = list(numbers)
        while left:
            room = await self.sender.in_flight.acquire(min(_AT_ONCE, len(left)))
            started = 0
            try:
                started = await _Batch(self, day, probe).begin(left[:room])
            finally:
                self.sender.in_flight.release(room - started)
            left = left[room:]


@dataclass(slots=True)
class _Batch:
    desk: DigestSender
    day: date
    probe: bool
    left_out: bool = False
    """Is there anything that cannot go out until an operator has mended it?"""

    async def begin(self, numbers: Sequence[int]) -> int:
        """How many places are taken by what was started."""
        sender = self.desk.sender
        held_for, away = await sender.held_for(), await sender.is_away()
        read_at, readers = await sender.readers.some(numbers)
        before = await self._so_far({n: one for n, one in readers.items() if isinstance(one, Subscriber)})
        free = [number for number in numbers if number not in before or not before[number].is_waited_for]
        due = min((due_at(self.day, one.zone, self.desk.hour) for one in before.values()), default=sender.now())
        published = published_digest(self.day, due)
        attempts = await sender.ledger.claim(published, free, sender.claim_lasts, early=self.probe)
        sender.in_flight.hold(attempt.holder for attempt in attempts)
        windows = [one.window(sender.now()) for one in before.values()]
        candidates = await self._candidates([one for one in readers.values() if isinstance(one, Subscriber)], windows)
        began, started, wait = sender.ticks(), 0, max(held_for, 0.0 if self.probe or not away else 1.0)
        for done, attempt in enumerate(attempts):
            sending = Sending(sender, attempt, read_at, self.probe, began)
            try:
                reader = _readable(readers.get(attempt.number))
                started += await self._start(sending, reader, before.get(attempt.number), candidates, wait)
            except CannotCompose as error:
                poison(sending, error)
            except Exception as error:
                broke_off(sending, error)
            except asyncio.CancelledError:  # by a deadline: their lease runs out
                sender.in_flight.let_go(one.holder for one in attempts[done:])
                raise
        return started

    async def _start(
        self,
        sending: Sending,
        reader: Subscriber | None,
        so_far: ToldSoFar | None,
        candidates: Sequence[Candidate],
        wait: float,
    ) -> bool:
        """Whether it is under way; else its end is told."""
        sender, attempt = self.desk.sender, sending.attempt
        address = _address(reader, sender.name)
        if reader is None or so_far is None or isinstance(address, NotSent):
            if address is NotSent.NO_ADDRESS and reader is not None:
                await hand_on(sender, Published(attempt.due.entry, attempt.event), reader)
            skip(sending, address if isinstance(address, NotSent) else NotSent.INACTIVE)
            return False
        told = self._told(attempt, reader, so_far, candidates)
        settles = (
            is_owed_on(reader, sender.name)
            and not self.left_out
            and told == self._told(attempt, without_owed(reader), so_far, candidates)
        )
        if not told:
            if settles:
                await settle_owed(sender, reader)
            skip(sending, NotSent.NOTHING_NEW)
            return False
        now = sender.now()
        quiet = (quiet_until(attempt.event, reader, now) or now) - now
        if quiet > 0:
            defer(sending, quiet)
            return False
        if (wait := max(wait, sender.throttled_for(address.target))) > 0:
            put_off(sending, wait)
            return False
        if reader.stop_seed is None:
            reader = await sender.vault.with_stop_seed(reader.number)
        sender.in_flight.spawn(sending, self._carry(sending, reader, address, told, settles=settles))
        return True

    async def _carry(
        self, sending: Sending, reader: Subscriber, address: Address, told: Sequence[DigestItem], *, settles: bool
    ) -> None:
        """`settles`: nothing of it is told only because it is owed."""
        desk, channel = self.desk, self.desk.sender.channel
        due = due_at(self.day, zone_of_reader(reader), desk.hour)
        event_ids = [one.event.id for one in told]
        sending.attempt = desk.ledger.resumed(sending.attempt, event_ids)
        noted = await desk.ledger.begin(sending.attempt, event_ids)
        if not noted or await self._is_overtaken(told):
            await desk.ledger.withdraw(sending.attempt)
            put_off(sending, 0.0)  # and chosen anew
            return
        compose = partial(desk.letters.composed, reader.seen_at(address), channel, told, self.day, due)
        await carry_out(sending, reader, address, None, compose)
        if settles:  # only now: whoever is changed before it leaves is looked at anew
            await self._settle(sending, reader)

    async def _settle(self, sending: Sending, reader: Subscriber) -> None:
        """Whatever fails (a key that is away, say), the end of the digest is told by now: the next one does it."""
        try:
            await settle_owed(self.desk.sender, reader)
        except Exception as error:
            log.warning("owed_not_settled", delivery=sending.tag, error=type(error).__name__)

    async def _is_overtaken(self, told: Sequence[DigestItem]) -> bool:
        """By a revision that came since they were chosen. One that comes from here on finds them noted."""
        revisions = self.desk.sender.revisions
        return any(await asyncio.gather(*(revisions.is_replaced(one.event.data) for one in told)))

    def _told(
        self, attempt: Attempt, reader: Subscriber, so_far: ToldSoFar, candidates: Sequence[Candidate]
    ) -> tuple[DigestItem, ...]:
        channel, now = self.desk.sender.name, self.desk.sender.now()
        if attempt.repeats and (again := told_before(reader, channel, candidates, digest_id(self.day))):
            return again
        return told_to(reader, channel, candidates, so_far, so_far.window(now))

    async def _so_far(self, readers: Mapping[int, Subscriber]) -> dict[int, ToldSoFar]:
        before: dict[int, dict[date, Record]] = {number: {} for number in readers}
        for day in days_before(self.day):
            for number, record in (await self.desk.ledger.records(digest_id(day), readers)).items():
                before[number][day] = record
        begun = await self.desk.calendar.begun()
        hour = self.desk.hour
        return {
            n: ToldSoFar(self.day, zone_of_reader(one), hour, before[n], begun, unix_of(one.since), owes_weekly(one))
            for n, one in readers.items()
        }

    async def _candidates(self, readers: Sequence[Subscriber], windows: Sequence[Window]) -> list[Candidate]:
        """The stories that one of them may be told, with all that the ledger knows of them."""
        since = min((one.start for one in windows), default=math.inf)
        answered_since = min((one.start_of_answered for one in windows), default=math.inf)
        sender = self.desk.sender
        kin = {kin for one in readers for kin in one.kin}
        family, moved = sorted(kin.union(one.number for one in readers)), await self._moved(kin)
        doubted = await sender.matches.stories()
        found = []
        for story in await self.desk.news.stories(sender.now()):
            event = story.newest.event
            if story.newest_time < (min(since, answered_since) if event.data.story_id in doubted else since):
                continue
            answers = await sender.matches.answers(event.data)
            if not any(may_be_told(event, one, sender.name, answers) for one in readers):
                continue
            if await sender.revisions.is_replaced(event.data):
                continue
            if sender.render_cache.differing(event, sender.channel):
                self.left_out = True
                continue  # nothing of it goes out at all until that is mended
            records = await self.desk.events.records(event.id, family)
            found.append(Candidate(story, records, await self._earlier(story, family), answers, moved))
        return found

    async def _moved(self, kin: Collection[int]) -> frozenset[int]:
        """Those of them whose address on the channel another has now."""
        if not kin:
            return frozenset()
        _, found = await self.desk.sender.readers.some(sorted(kin))
        those = [one for one in found.values() if isinstance(one, Subscriber)]
        return frozenset(one.number for one in those if one.address_on(self.desk.sender.name) is None)

    async def _earlier(self, story: RecentStory, family: Sequence[int]) -> Mapping[int, str]:
        event = story.newest.event
        if event.data.revision == 1 and event.data.merged_from is None:
            return {}
        return await had_earlier(self.desk.events, self.desk.sender.revisions, event, family)


def _address(reader: Subscriber | None, channel: str) -> Address | NotSent:
    if reader is None or not reader.active:
        return NotSent.INACTIVE
    if not has_digest_interest(reader) and not is_owed_on(reader, channel):
        return NotSent.NOT_ASKED_FOR
    return reader.address_on(channel) or NotSent.NO_ADDRESS


def _readable(found: Subscriber | UnreadableRecord | None) -> Subscriber | None:
    """A damaged record stays so, which is poison; one whose key is away is put off until it is back."""
    if isinstance(found, UnreadableRecord):
        if found.reason == DAMAGED:
            raise CannotCompose(type(found).__name__) from found
        raise found
    return found
