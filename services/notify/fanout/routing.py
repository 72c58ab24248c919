"""Event × subscriber → a delivery is due, or a named reason why not. Pure: every rule can be read and tested."""

from __future__ import annotations

from enum import StrEnum

from services.contract import Certainty, Event, EventType, Status
from services.notify.fanout.digest_rule import waits_for_digest
from services.subscribers.address import Address
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import asks_for, may_ask_for, watches_somebody_in
from services.subscribers.watched_persons import NO_ANSWERS, MatchAnswers, PersonHit


class NotSent(StrEnum):
    """Not sending is a result like any other: named, and counted in `vestka_not_sent_total`."""

    INACTIVE = "inactive"  # stopped or paused
    NO_ADDRESS = "no_address"  # none on this channel, or one that has ended
    BEFORE_SUBSCRIPTION = "before_subscription"
    NOT_ASKED_FOR = "not_asked_for"
    DOUBTFUL = "doubtful"  # it may name somebody whom they watch: an operator is asked, see `doubtful_matches`
    TESTS_NOT_WANTED = "tests_not_wanted"
    REPLACED = "replaced"  # a newer revision is on its way instead
    UPDATES_NOT_WANTED = "updates_not_wanted"  # asked for the first news only
    GOT_NO_EARLIER_ONE = "got_no_earlier_one"  # a retraction or a hold goes to those who got what it is about
    IN_DIGEST = "in_digest"  # asked for daily or weekly only: it waits for the next digest
    NOTHING_NEW = "nothing_new"  # a digest that would say nothing


def route(
    event: Event,
    subscriber: Subscriber,
    channel: str,
    had_earlier: bool = False,
    answers: MatchAnswers = NO_ANSWERS,
) -> Address | NotSent:
    """The address a delivery goes to, or why there is none. `had_earlier`: this subscriber got an earlier revision;
    `answers`: of operators, about who is named."""
    address = subscriber.address_on(channel)
    if not subscriber.active:
        return NotSent.INACTIVE
    if address is None:
        return NotSent.NO_ADDRESS
    if event.time < subscriber.since:  # both RFC 3339 in UTC, so they compare as text
        return NotSent.BEFORE_SUBSCRIPTION
    if event.data.status is not Status.ACTUAL and not subscriber.tests:
        return NotSent.TESTS_NOT_WANTED
    if had_earlier and not subscriber.updates and only_adds(event):
        return NotSent.UPDATES_NOT_WANTED
    waits = waits_for_digest(event, subscriber, channel, answers)
    # A correction follows those who got what it corrects, at once and whatever they ask for now.
    if had_earlier and not (waits and only_adds(event)):
        return address
    if event.type in (EventType.STORY_RETRACTED, EventType.STORY_HELD):
        return NotSent.GOT_NO_EARLIER_ONE
    asked = (asks_for(one, event.data, answers) for one in subscriber.interests)
    if event.type is not EventType.SYSTEM_TEST and not any(asked):
        return NotSent.DOUBTFUL if doubts(event, subscriber, answers) else NotSent.NOT_ASKED_FOR
    return NotSent.IN_DIGEST if waits else address


def doubts(event: Event, subscriber: Subscriber, answers: MatchAnswers = NO_ANSWERS) -> list[PersonHit]:
    """What an operator is to be asked before they get it."""
    return [hit for one in subscriber.interests for hit in may_ask_for(one, event.data, answers)]


def only_adds(event: Event) -> bool:
    """Does it tell more of a story without taking anything back? An operator's step says why, and is a correction."""
    update = event.type in (EventType.PARDON_UPDATED, EventType.ARREST_UPDATED)
    data = event.data
    return update and data.reason is data.merged_into is None and data.certainty is not Certainty.DISPUTED


def goes_first(event: Event, subscriber: Subscriber, answers: MatchAnswers = NO_ANSWERS) -> bool:
    """Whoever watches a person that the event names hears before everybody else."""
    return any(one.persons and watches_somebody_in(one, event.data, answers) for one in subscriber.interests)
