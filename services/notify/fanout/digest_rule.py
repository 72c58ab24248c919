"""Which news is told at once, and which waits for the reader's next digest. Pure.

What an interest at once asks for is never kept for a digest, whatever other interests ask for it too. Who answers for
a program has no use for a digest: a webhook gets everything at once.
"""

from __future__ import annotations

from typing import Final

from services.contract import Event, EventType
from services.subscribers.habits import Frequency
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import asks_for
from services.subscribers.watched_persons import NO_ANSWERS, MatchAnswers

_ALWAYS_AT_ONCE: Final = frozenset({"webhook"})


def has_digests(channel: str) -> bool:
    """Is what waits told together on this channel?"""
    return channel not in _ALWAYS_AT_ONCE


def waits_for_digest(event: Event, subscriber: Subscriber, channel: str, answers: MatchAnswers = NO_ANSWERS) -> bool:
    """Do none but interests told daily or weekly ask for it?"""
    if not has_digests(channel) or event.type is EventType.SYSTEM_TEST or not has_digest_interest(subscriber):
        return False
    return bool(asked := asking_frequencies(event, subscriber, answers)) and "at_once" not in asked


def asking_frequencies(
    event: Event, subscriber: Subscriber, answers: MatchAnswers = NO_ANSWERS
) -> frozenset[Frequency]:
    """How often those interests are told that ask for it."""
    return frozenset(one.frequency for one in subscriber.interests if asks_for(one, event.data, answers))


def owed_frequencies(event: Event, subscriber: Subscriber, answers: MatchAnswers = NO_ANSWERS) -> frozenset[Frequency]:
    """How often those were told that asked for it before the reader wanted sooner what they ask for still."""
    if not subscriber.owed or not asking_frequencies(event, subscriber, answers):
        return frozenset()
    return frozenset(one.frequency for one in subscriber.owed if asks_for(one, event.data, answers))


def is_owed_on(subscriber: Subscriber, channel: str) -> bool:
    """May a digest on the channel have something to tell of what they had in digests before?"""
    return channel in subscriber.owed_on


def has_digest_interest(subscriber: Subscriber) -> bool:
    return any(one.frequency != "at_once" for one in subscriber.interests)
