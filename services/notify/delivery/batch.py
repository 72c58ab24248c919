"""Deliveries of one event on one channel, begun together: read, decided, claimed and started, as many as have room.

What is asked of the store is asked once for all of them, and as late as possible: when there is a place to send from.
What changes after that is pushed to us, see `subscribers.change_notices`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from services.notify.channels.composing import CannotCompose, composing
from services.notify.delivery.ending import waiting
from services.notify.delivery.outcomes import defer, put_off, skip
from services.notify.delivery.sender import CLAIM_MARGIN, ChannelSender, Sending
from services.notify.delivery.sending import broke_off, carry_out, poison
from services.notify.fanout.events import Published
from services.notify.fanout.quiet_hours import quiet_until
from services.notify.fanout.routing import NotSent, doubts, goes_first, route
from services.subscribers.address import Address
from services.subscribers.record_seal import DAMAGED, UnreadableRecord
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber
from services.subscribers.watched_persons import NO_ANSWERS, MatchAnswers, PersonHit

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 256
"""Deliveries that one claim holds at most: what is read of their readers is so young when they are sent."""


@dataclass(frozen=True, slots=True)
class ReadersRead:
    """Who some deliveries are for, as they stood at `read_at`, and what was asked beside."""

    read_at: float
    subscribers: Mapping[int, Subscriber | UnreadableRecord]
    earlier: Mapping[int, str]
    """Who may have an earlier revision, with the far side's reference."""
    replaced: bool
    held_for: float
    away: bool
    answers: MatchAnswers = NO_ANSWERS

    def had_one(self, subscriber: Subscriber) -> bool:
        return bool(self.earlier) and not self.earlier.keys().isdisjoint((subscriber.number, *subscriber.kin))


@dataclass(slots=True)
class Batch:
    """`fresh`: nobody in it was ever told of the event, so who does not want it needs no entry in the ledger;
    `met_again`: all of them are met once more among everybody, and who does not want it is counted there."""

    sender: ChannelSender
    published: Published
    fresh: bool = False
    probe: bool = False
    met_again: bool = False
    claimed: int = field(default=0, init=False)
    """How many deliveries were begun."""
    _just_read: bool = field(default=False, init=False)
    """The event came a moment ago, and nothing but these deliveries keeps it."""

    async def begin(self, numbers: Sequence[int]) -> None:
        """Returns when all are begun, or were nobody's to begin; then each is safe: it is written down, or its lease
        runs out. Raises RedisError: then some are not begun."""
        left = list(numbers)
        while left:
            left = await self._begin_some(left, await self.sender.in_flight.acquire(min(_AT_ONCE, len(left))))

    async def begin_soon(self, numbers: Sequence[int], patience: float) -> list[int]:
        """As `begin`, as long as there is room within `patience` seconds; the others, of whom none is begun."""
        left, self._just_read = list(numbers), True
        while left:
            room = await self.sender.in_flight.acquire_soon(min(_AT_ONCE, len(left)), patience)
            if not room:
                break
            left = await self._begin_some(left, room)
        return left

    async def _begin_some(self, numbers: list[int], room: int) -> list[int]:
        """As many as there is room for; the others."""
        started = 0
        try:
            started = await self._begin(numbers[:room])
        finally:
            self.sender.in_flight.release(room - started)
        return numbers[room:]

    async def _begin(self, numbers: Sequence[int]) -> int:
        """How many places are taken by what was started."""
        sender = self.sender
        readers = await self._read(numbers)
        addresses = await self._who_wants_it(readers, numbers) if self.fresh else {}
        wanted = addresses or ([] if self.fresh else numbers)
        attempts = await sender.ledger.claim(self.published, wanted, sender.claim_lasts, early=self.probe)
        sender.in_flight.hold(attempt.holder for attempt in attempts)
        self.claimed += len(attempts)
        began = sender.ticks()
        started = 0
        for done, attempt in enumerate(attempts):
            sending = Sending(sender, attempt, readers.read_at, self.probe, began)
            try:
                started += await self._start(sending, readers, addresses.get(attempt.number))
            except CannotCompose as error:
                poison(sending, error)
            except Exception as error:
                broke_off(sending, error)
            except asyncio.CancelledError:  # by a deadline: nobody sees to these, and their lease runs out
                sender.in_flight.let_go(one.holder for one in attempts[done:])
                raise
        return started

    async def _start(self, sending: Sending, readers: ReadersRead, decided: Address | None) -> bool:
        """Whether it is under way; else its end is told. `decided`: where it goes, if that is known by now."""
        sender, number = self.sender, sending.attempt.number
        found = await self._with_stop_seed(readers.subscribers.get(number))
        address = self._decided(readers, found) if decided is None or readers.replaced else decided
        if found is None or isinstance(address, NotSent):
            address = address if isinstance(address, NotSent) else NotSent.INACTIVE
            if address is NotSent.NO_ADDRESS and found is not None:
                await hand_on(sender, self.published, found)
            skip(sending, address)
            return False
        if found.quiet is not None and (quiet := self._quiet_for(found, readers)) > 0:
            defer(sending, quiet)
            return False
        wait = max(readers.held_for, sender.throttled_for(address.target))
        if wait > 0 or (readers.away and not self.probe):
            put_off(sending, max(wait, 0.0))
            return False
        reference = readers.earlier.get(number, "" if readers.had_one(found) else None)
        sender.in_flight.spawn(sending, carry_out(sending, found, address, reference))
        return True

    def _quiet_for(self, found: Subscriber, readers: ReadersRead) -> float:
        """Seconds; 0 where it may leave now."""
        now = self.sender.now()
        return (quiet_until(self.published.event, found, now, readers.answers) or now) - now

    def _decided(self, readers: ReadersRead, found: Subscriber | None) -> Address | NotSent:
        if readers.replaced:
            return NotSent.REPLACED
        if found is None:
            return NotSent.INACTIVE
        with composing():
            return route(self.published.event, found, self.sender.name, readers.had_one(found), readers.answers)

    async def _with_stop_seed(self, found: Subscriber | UnreadableRecord | None) -> Subscriber | None:
        """A damaged record stays so, which is poison; one whose key is away is put off until it is back."""
        if isinstance(found, UnreadableRecord):
            if found.reason == DAMAGED:
                raise CannotCompose(type(found).__name__) from found
            raise found
        if found is None or found.stop_seed is not None:
            return found
        try:
            return await self.sender.vault.with_stop_seed(found.number)
        except UnknownSubscriber:
            return None

    async def _who_wants_it(self, readers: ReadersRead, numbers: Iterable[int]) -> dict[int, Address]:
        """And where. Whoever watches a person in it comes first; of whom it is doubtful, an operator is asked."""
        event, channel, answers = self.published.event, self.sender.name, readers.answers
        first, later, doubtful = dict[int, Address](), dict[int, Address](), list[PersonHit]()
        for number in numbers:
            found = readers.subscribers.get(number)
            if found is None or isinstance(found, UnreadableRecord):
                continue
            verdict = route(event, found, channel, readers.had_one(found), answers)
            if verdict is NotSent.DOUBTFUL:
                doubtful += doubts(event, found, answers)
            if not isinstance(verdict, NotSent):
                (first if goes_first(event, found, answers) else later)[number] = verdict
            elif not self.met_again:
                self.sender.metrics.not_sent.labels(channel, verdict).inc()
        if doubtful:
            await self.sender.matches.note(event, doubtful, self.sender.now())
        return first | later

    async def _read(self, numbers: Sequence[int]) -> ReadersRead:
        sender, event = self.sender, self.published.event
        standing = self._standing()
        if self._just_read:  # none of these needs another's answer, so their ways to the store and back are one
            (before, replaced, held_for, away), answers, (read_at, subscribers) = await asyncio.gather(
                standing, sender.matches.answers(event.data), sender.readers.some(numbers)
            )
        else:  # the readers last, since they are who may change
            before, replaced, held_for, away = await standing
            read_at, subscribers = await sender.readers.some(numbers)
            answers = await sender.matches.answers(event.data)
        earlier: Mapping[int, str] = {}
        if before or event.data.merged_from:
            family = {kin for one in subscribers.values() if isinstance(one, Subscriber) for kin in one.kin}
            earlier = await sender.had_earlier(event, family.union(numbers))
        return ReadersRead(read_at, subscribers, earlier, replaced, held_for, away, answers)

    async def _standing(self) -> tuple[list[int], bool, float, bool]:
        """The revisions before, whether a newer one is there, the seconds for which the channel is held, and whether
        its far side is away."""
        sender, data = self.sender, self.published.event.data
        if self._just_read:
            (before, replaced), held_for, away = await asyncio.gather(
                sender.revisions.look(data), sender.held_for(), sender.is_away()
            )
            return before, replaced, held_for, away
        before, replaced = await sender.revisions.look(data)
        return before, replaced, await sender.held_for(), await sender.is_away()


async def hand_on(sender: ChannelSender, published: Published, subscriber: Subscriber) -> None:
    """A delivery to an address that has become another's becomes that one's, unless they have it already."""
    heir = await sender.vault.heir(subscriber, sender.name)
    if heir is None:
        return
    theirs = await sender.ledger.claim(published, [heir.number], CLAIM_MARGIN)
    await sender.ledger.close([waiting(one, 0.0, None, attempted=False) for one in theirs])
