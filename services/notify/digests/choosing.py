"""Which stories a digest tells somebody, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.contract import Event, Kind
from services.notify.delivery.record import DeliveryState, Record
from services.notify.digests.recent_stories import RecentStory
from services.notify.digests.told_so_far import ToldSoFar, Window, is_untold
from services.notify.fanout.digest_rule import asking_frequencies
from services.notify.fanout.routing import NotSent, goes_first, route
from services.subscribers.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story in its newest state, and what the ledger knows of it: of that event whose record is what, and who may
    have had an earlier one."""

    story: RecentStory
    records: Mapping[int, Record]
    earlier: Mapping[int, str]

    @property
    def event(self) -> Event:
        return self.story.newest.event

    def had_earlier(self, subscriber: Subscriber) -> bool:
        return not self.earlier.keys().isdisjoint((subscriber.number, *subscriber.kin))


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One story of a digest. `goes_on`: the reader had an earlier revision of it."""

    event: Event
    goes_on: bool


def told_to(
    subscriber: Subscriber, channel: str, candidates: Iterable[Candidate], so_far: ToldSoFar, window: Window
) -> tuple[DigestItem, ...]:
    """Each story once. RecentStories of somebody they watch comes first, then pardons, then what is newest."""
    found = [
        DigestItem(one.event, one.had_earlier(subscriber))
        for one in candidates
        if is_untold(one.records.get(subscriber.number), so_far)
        and window.holds(one.story, asking_frequencies(one.event, subscriber))
        and route(one.event, subscriber, channel, one.had_earlier(subscriber)) is NotSent.IN_DIGEST
    ]
    return _in_order(found, subscriber)


def told_before(
    subscriber: Subscriber, candidates: Iterable[Candidate], digest: str, channel: str
) -> tuple[DigestItem, ...]:
    """What the same digest told at an attempt of which nobody knows whether it arrived: the same again, in the same
    order, but for what was replaced since."""
    noted = [one for one in candidates if _is_noted(one.records.get(subscriber.number), digest)]
    wanted = [one for one in noted if route(one.event, subscriber, channel) is NotSent.IN_DIGEST]
    found = [DigestItem(one.event, one.had_earlier(subscriber)) for one in wanted]
    return _in_order(found, subscriber)


def _in_order(told: list[DigestItem], subscriber: Subscriber) -> tuple[DigestItem, ...]:
    newest = sorted(told, key=lambda one: one.event.time, reverse=True)
    return tuple(
        sorted(newest, key=lambda one: (not goes_first(one.event, subscriber), one.event.data.kind is not Kind.PARDON))
    )


def _is_noted(record: Record | None, digest: str) -> bool:
    return record is not None and record.state is DeliveryState.UNSURE and record.note == digest
