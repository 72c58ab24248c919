"""How long everything is kept, in one place, and what has to outlive what. `infra/what-is-kept.md` says it for people.

It all follows from how long an event stays on its stream (`VESTKA_KEEP_EVENTS_DAYS`): what readers may still ask about,
and what keeps an event that is read anew from being sent twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

HOUR: Final = 3600
DAY: Final = 24 * HOUR

EVENTS_DAYS: Final = 400
"""How long an event stays unless somebody sets it; whatever an event rests on stays as long."""
ATTEMPTS_DAYS: Final = 30
EVENTS_DAYS_AT_MOST: Final = 490
"""The ledger is written for the longest that may be set and not for what is set: what was written under a short one
would be gone too early once a long one is set, and nothing could bring it back."""
_EVENTS: Final = EVENTS_DAYS * DAY
_BETWEEN: Final = 10 * DAY
"""From the end of an event to that of the ledger: for the retries, and for a notifier that tidies late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Whole seconds. Small letters: what settings say, and what follows from them. Capitals: what nobody sets."""

    events: int = _EVENTS
    """An event on its stream."""
    stories: int = _EVENTS
    """A story, and what was told of it, after it was last touched."""
    evidence: int = _EVENTS
    """The bytes that an event rests on."""
    items: int = 30 * DAY
    """What came in, on its stream."""
    audit: int = 1095 * DAY
    audit_entries: int = 100_000
    """No time, but how many: of decisions, and of what partners sent. Beyond them the oldest go, however young."""
    attempts: int = ATTEMPTS_DAYS * DAY
    """The log of deliveries: what became of every attempt at an event."""
    near_misses: int = 30 * DAY
    """What reading was not sure to be news, for as long as it waits for an operator."""
    examples: int = 1095 * DAY
    """A near miss with an operator's answer, from which reading is measured."""
    dead_letters: int = 10_000
    """How many as well; they stay until somebody has seen to them."""

    LEDGER: ClassVar[int] = EVENTS_DAYS_AT_MOST * DAY + _BETWEEN
    """What was sent, which revisions there were, what ended unsure: with an event that outlived them, reading the
    stream anew would send twice."""
    RETRIES: ClassVar[int] = 4 * DAY
    """A delivery is retried for so long at most (a test adds the schedule up); then nothing changes by itself."""
    DELIVERIES: ClassVar[int] = DAY
    """A finished entry of a deliveries stream, for whoever looks into it."""
    PROBES: ClassVar[int] = 6 * DAY
    """What waits for an endpoint that is away: longer than that may fail before it is given up."""
    DEFERRED: ClassVar[int] = 3 * DAY
    """How many deliveries wait for the end of quiet hours, which are a day at most."""
    GAP_NOTICED: ClassVar[int] = HOUR

    EVENTS_BESIDE: ClassVar[int] = 30 * DAY
    """An event beside its stream, to be put back. An alert older than this is no news to anybody."""
    OPEN_STORIES: ClassVar[int] = 60 * DAY
    """A story may be joined for so long after its last report."""
    REMOVED_PAGES: ClassVar[int] = _EVENTS
    SOURCES: ClassVar[int] = _EVENTS
    """Where a source stands and what was seen of it, after it was last asked."""
    RESULTS: ClassVar[int] = 30 * DAY
    """What became of an item, and whose it is."""
    PARTNERS_KEYS: ClassVar[int] = DAY
    OPERATORS_KEYS: ClassVar[int] = DAY
    """Idempotency keys, with the answer that was given."""
    UNREAD_EVIDENCE: ClassVar[int] = 7 * DAY
    """Longer than an item waits, even where an operator has to mend something first."""
    EVIDENCE_OF_NO_NEWS: ClassVar[int] = DAY
    """Another item of the same feed may still wait to be read."""
    READ_ITEMS_WHEN_FULL: ClassVar[int] = DAY
    """What was read, for whoever looks into it, where memory is short."""
    FAILED_RENDERINGS: ClassVar[int] = 7 * DAY
    """Of which events a message could not be rendered as usual, after the last of them."""
    NOTICES: ClassVar[int] = 90 * DAY
    """That an alarm began, or is over."""
    SIGN_UPS: ClassVar[int] = 7 * DAY
    """A sign-up that nobody confirmed, for as long as its link is valid."""
    STOPPED: ClassVar[int] = DAY
    """A subscriber who stopped, who may come back by the same link."""
    ENDED_ADDRESSES: ClassVar[int] = 30 * DAY
    """A subscriber none of whose addresses works any more."""
    BOUNCES: ClassVar[int] = 3 * DAY
    """That a letter came back for a passing reason: three within it pause the address."""
    LETTERS: ClassVar[int] = DAY
    """A letter about a subscription, for as long as its sending is tried."""
    BOT_UPDATES: ClassVar[int] = 2 * DAY
    """That an update of the bot is done: Telegram sends none again that is older than a day."""
    BOT_UPDATES_OF_STRANGERS: ClassVar[int] = HOUR
    """The same of a chat that nothing is kept of: it leaves nothing that could be done twice, and anybody can write."""
    CONSUMERS: ClassVar[int] = DAY
    """The name of a process that reads a stream no more."""

    @property
    def reports(self) -> int:
        """What a story is made of stays as long as the story; it is written before anybody knows of which."""
        return max(_EVENTS, self.stories)

    def checked(self) -> Retention:
        """Itself. Raises ValueError over what contradicts itself."""
        for what in self.contradictions():
            raise ValueError(what)
        return self

    def contradictions(self) -> Iterator[str]:
        """What would be forgotten before that which needs it, and what may be set. None where all is well."""
        if self.events + _BETWEEN > self.LEDGER:
            yield (
                f"what was sent is remembered for {self.LEDGER // DAY} days, and an event that "
                f"is kept longer would be sent twice if it were read anew; {EVENTS_DAYS_AT_MOST} days at most"
            )
        if self.stories < self.OPEN_STORIES + self.EVENTS_BESIDE:
            yield ("a story may be joined for 60 days, and its events put back for 30 more; 90 days at least")
