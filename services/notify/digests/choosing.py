"""Which stories a digest tells somebody, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.contract import Event, Kind
from services.notify.delivery.record import DeliveryState, Record
from services.notify.digests.recent_stories import RecentStory
from services.notify.digests.told_so_far import ToldSoFar, Window, is_untold
from services.notify.fanout.digest_rule import asking_frequencies, is_owed_on, owed_frequencies
from services.notify.fanout.routing import NotSent, goes_first, only_adds, route
from services.subscribers.habits import Frequency
from services.subscribers.subscriber import Subscriber
from services.subscribers.watched_persons import NO_ANSWERS, MatchAnswers


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story in its newest state, and what is known of it: how that event stands with whom (`records`), who may have
    had an earlier one, and what operators answered about who is named."""

    story: RecentStory
    records: Mapping[int, Record]
    earlier: Mapping[int, str]
    answers: MatchAnswers = NO_ANSWERS
    moved: frozenset[int] = frozenset()
    """Whose address on the channel is another's now."""

    @property
    def event(self) -> Event:
        return self.story.newest.event

    def had_earlier(self, subscriber: Subscriber) -> bool:
        return not self.earlier.keys().isdisjoint((subscriber.number, *subscriber.kin))

    def came_to_their_address(self, subscriber: Subscriber) -> bool:
        """This very event, for sure, to whoever had the address before it was joined with theirs."""
        before = (self.records.get(kin) for kin in subscriber.kin if kin in self.moved)
        return any(record is not None and record.state is DeliveryState.SENT for record in before)

    def asked(self, subscriber: Subscriber) -> frozenset[Frequency]:
        """How often those of their interests are told that ask for it."""
        return asking_frequencies(self.event, subscriber, self.answers)

    def is_within(self, window: Window, subscriber: Subscriber, channel: str) -> bool:
        asked, owed = self.asked(subscriber), self.owed(subscriber, channel)
        return window.holds(self.story, asked, owed, answered=self.is_answered_for(subscriber))

    def is_answered_for(self, subscriber: Subscriber) -> bool:
        """Do they ask for it by an operator's answer alone?"""
        return bool(self.answers.same) and not asking_frequencies(self.event, subscriber)

    def waits_for(self, subscriber: Subscriber, channel: str) -> bool:
        """Is it for a digest of theirs?"""
        earlier = self.had_earlier(subscriber)
        routed = route(self.event, subscriber, channel, earlier, self.answers)
        if routed is NotSent.IN_DIGEST:
            return True
        # What takes something back never waited for a digest.
        waited = bool(self.owed(subscriber, channel)) and not (earlier and not only_adds(self.event))
        return waited and not isinstance(routed, NotSent)

    def owed(self, subscriber: Subscriber, channel: str) -> frozenset[Frequency]:
        """How often those interests were told that asked for it before, where it may still wait on the channel."""
        if not is_owed_on(subscriber, channel):
            return frozenset()
        return owed_frequencies(self.event, subscriber, self.answers)


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One story of a digest. `goes_on`: the reader had an earlier revision of it."""

    event: Event
    goes_on: bool


def told_to(
    subscriber: Subscriber, channel: str, candidates: Iterable[Candidate], so_far: ToldSoFar, window: Window
) -> tuple[DigestItem, ...]:
    """Each story once. News of somebody they watch comes first, then pardons, then what is newest."""
    return _in_order(
        subscriber,
        (
            one
            for one in candidates
            if is_untold(one.records.get(subscriber.number), so_far)
            and one.is_within(window, subscriber, channel)
            and not one.came_to_their_address(subscriber)
            and one.waits_for(subscriber, channel)
        ),
    )


def told_before(
    subscriber: Subscriber, channel: str, candidates: Iterable[Candidate], digest: str
) -> tuple[DigestItem, ...]:
    """What the same digest told at an attempt of which nobody knows whether it arrived: the same again, in the same
    order, but for what was replaced since."""
    noted = (one for one in candidates if _is_noted(one.records.get(subscriber.number), digest))
    return _in_order(subscriber, (one for one in noted if one.waits_for(subscriber, channel)))


def _in_order(subscriber: Subscriber, candidates: Iterable[Candidate]) -> tuple[DigestItem, ...]:
    def place(one: Candidate) -> tuple[bool, bool]:
        return not goes_first(one.event, subscriber, one.answers), one.event.data.kind is not Kind.PARDON

    newest = sorted(candidates, key=lambda one: one.event.time, reverse=True)
    return tuple(DigestItem(one.event, one.had_earlier(subscriber)) for one in sorted(newest, key=place))


def _is_noted(record: Record | None, digest: str) -> bool:
    return record is not None and record.state is DeliveryState.UNSURE and record.note == digest
