"""Why did this reader get that alert, will get it, or did not? Answered from routing, the ledger and the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from time import time as unix_now
from typing import Any, Final

from redis.asyncio import Redis

from services.notify.delivery.delivery_log import LogRow, read_log
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.record import DeliveryState, Record
from services.notify.delivery.revisions import Revisions, had_earlier
from services.notify.fanout.clauses import clauses
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.fanout.events import Published
from services.notify.fanout.routing import NotSent, route
from services.notify.references import References
from services.notify.repair.deferred import by_own_choice
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.clock import rfc3339
from services.subscribers.subscriber import Subscriber

_ROUTED: Final[Mapping[NotSent, str]] = {
    NotSent.INACTIVE: "they have stopped, or are paused",
    NotSent.NO_ADDRESS: "they have no working address on this channel",
    NotSent.BEFORE_SUBSCRIPTION: "it was published before they subscribed",
    NotSent.NOT_ASKED_FOR: "none of their interests asks for it",
    NotSent.DOUBTFUL: "it may name somebody whom they watch: an operator is asked, see 'vestka match list'",
    NotSent.TESTS_NOT_WANTED: "it is an exercise or a test, and they want none",
    NotSent.UPDATES_NOT_WANTED: "they asked for the first news only, and got it",
    NotSent.REPLACED: "a newer revision has replaced it",
    NotSent.GOT_NO_EARLIER_ONE: "it takes back what they never got",
    NotSent.IN_DIGEST: "only interests told daily or weekly ask for it, so it waits for their next digest",
    NotSent.NOTHING_NEW: "there was nothing new for their digest",
}
"""By today's subscription."""


@dataclass(frozen=True, slots=True)
class OnChannel:
    """How an event and a subscriber stand on one channel. No text in it holds an address or a name."""

    channel: str
    answer: str
    """got it · may have got it · will get it · does not get it · did not get it"""
    because: str
    clauses: tuple[str, ...]
    attempts: tuple[LogRow, ...]

    def document(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "channel": self.channel,
            "answer": self.answer,
            "because": self.because,
            "clauses": list(self.clauses),
            "attempts": [_attempt(one) for one in self.attempts],
        }


@dataclass(frozen=True, slots=True)
class Explainer:
    redis: Redis
    ledgers: Mapping[str, Ledger]
    revisions: Revisions
    references: References
    hour: time = time(8)
    """At which digests are due."""
    now: Callable[[], float] = unix_now

    async def explain(self, published: Published, subscriber: Subscriber) -> list[OnChannel]:
        """On every channel of `ledgers`. Raises OtherKey: the log was sealed with a key that we do not hold."""
        return [await self._on(channel, published, subscriber) for channel in self.ledgers]

    async def _on(self, channel: str, published: Published, subscriber: Subscriber) -> OnChannel:
        event, ledger = published.event, self.ledgers[channel]
        family = [subscriber.number, *subscriber.kin]
        earlier = bool(await had_earlier(ledger, self.revisions, event, family))
        record = (await ledger.records(event.id, [subscriber.number])).get(subscriber.number)
        rows = await read_log(self.redis, self.references, channel, event.id)
        answers = await DoubtfulMatches(self.redis, self.references).answers(event.data)
        verdict = route(event, subscriber, channel, earlier, answers)
        sent = not isinstance(verdict, NotSent) or verdict is NotSent.IN_DIGEST
        if sent and await self.revisions.is_replaced(event.data):
            verdict = NotSent.REPLACED
        routed = _ROUTED[verdict] if isinstance(verdict, NotSent) else ""
        paused = await ChannelHold(self.redis, channel).is_paused()
        chosen = by_own_choice(event, subscriber, verdict, record, self.hour, self.now())
        answer, because = chosen or answered(record, routed, paused=paused)
        said = [*clauses(event, subscriber.interests, answers)]
        if earlier and verdict is not NotSent.IN_DIGEST:
            said.insert(0, "they got an earlier revision, so they get this one whatever they ask for")
        return OnChannel(
            channel, answer, because, tuple(said), tuple(one for one in rows if one.number == subscriber.number)
        )


def answered(record: Record | None, routed: str, *, paused: bool) -> tuple[str, str]:
    """The answer, and why. `routed`: why today's subscription says no; "" where it says yes. Pure."""
    if record is None:
        if routed:
            return "does not get it", routed
        held = "the channel is paused: 'vestka resume' lets it go on" if paused else ""
        return "will get it", held or "nothing has been attempted yet; 'vestka replay' sends it where that is lost"
    match record.state:
        case DeliveryState.SENT:
            return "got it", f"taken by the far side at attempt {record.attempt}"
        case DeliveryState.UNSURE:
            return "may have got it", f"it left, and nobody said what became of it ({record.note})"
        case DeliveryState.REFUSED:
            return "did not get it", _refused(record)
        case DeliveryState.SENDING:
            return "will get it", f"attempt {record.attempt} is under way"
        case DeliveryState.WAITING if routed:
            return "will not get it", f"it waited for another attempt, and now {routed}"
        case DeliveryState.WAITING:
            due = "the channel is paused" if paused else f"the next attempt is due at {rfc3339(record.until)}"
            return "will get it", f"{record.attempt} attempt(s) came to nothing; {due}"


def _refused(record: Record) -> str:
    if record.note in list(NotSent):
        return _ROUTED[NotSent(record.note)] + ", when it was to be sent"
    return f"given up after {record.attempt} attempt(s): {record.note}; see 'vestka dead list'"


def _attempt(one: LogRow) -> dict[str, Any]:
    return {
        "at": rfc3339(one.at),
        "attempt": one.attempt,
        "outcome": one.outcome,
        "reason": one.reason or None,
        "milliseconds": round(one.took * 1000),
        "status": one.code or None,
        "templates": one.template,
    }


def lines(found: OnChannel) -> Iterator[str]:
    """For a person at a terminal."""
    yield f"{found.channel}: {found.answer}: {found.because}"
    yield from (f"  {clause}" for clause in found.clauses)
    for one in found.attempts:
        why = f" ({one.reason})" if one.reason else ""
        code = f", status {one.code}" if one.code else ""
        yield (
            f"  {rfc3339(one.at)}  attempt {one.attempt}: {one.outcome}{why}, {round(one.took * 1000)} ms{code}, "
            f"templates {one.template}"
        )
