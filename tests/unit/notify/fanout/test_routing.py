from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.contract import Certainty, Event, EventType, Kind, Person, Role, Status
from services.names import fold
from services.notify.fanout.routing import NotSent, goes_first, route
from services.subscribers.address import Address
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest
from tests.conformance.samples import event

PARDON = msgspec.structs.replace(event(), time="2024-12-28T10:15:00.000Z")
RETRACTION = msgspec.structs.replace(event(revision=2), type=EventType.STORY_RETRACTED)
TEST = msgspec.structs.replace(event(status=Status.TEST), type=EventType.SYSTEM_TEST)
ALES = fold("Ales Bialiatski")
ARRESTS_ONLY = (Interest(kinds=(Kind.ARREST,)),)
ADDRESS = Address("email", "reader@example.org")


def reader(**fields: Any) -> Subscriber:
    usual: dict[str, Any] = {
        "number": 7,
        "since": "2024-01-01T00:00:00.000Z",
        "addresses": (StoredAddress(channel="email", target="reader@example.org"),),
        "interests": (Interest(),),
    }
    return Subscriber(**(usual | fields))


def test_who_asked_gets_it_at_their_address_on_the_channel() -> None:
    assert route(PARDON, reader(), "email") == ADDRESS


def test_an_addresss_secrets_go_with_it() -> None:
    stored = StoredAddress(channel="webhook", target="https://example.org/a", secrets=("new", "old"))
    found = route(PARDON, reader(addresses=(stored,)), "webhook")
    assert isinstance(found, Address)
    assert found.secrets == ("new", "old")


@pytest.mark.parametrize(
    ("happening", "subscriber", "expected"),
    [
        (PARDON, reader(active=False), NotSent.INACTIVE),
        (PARDON, reader(addresses=()), NotSent.NO_ADDRESS),
        (PARDON, reader(addresses=(StoredAddress(channel="telegram", target="1"),)), NotSent.NO_ADDRESS),
        (PARDON, reader(addresses=(StoredAddress(channel="email", target="x", ended="gone"),)), NotSent.NO_ADDRESS),
        (PARDON, reader(since="2024-12-28T10:15:00.001Z"), NotSent.BEFORE_SUBSCRIPTION),
        (PARDON, reader(interests=()), NotSent.NOT_ASKED_FOR),
        (PARDON, reader(interests=ARRESTS_ONLY), NotSent.NOT_ASKED_FOR),
        (event(status=Status.EXERCISE), reader(), NotSent.TESTS_NOT_WANTED),
        (event(status=Status.TEST), reader(), NotSent.TESTS_NOT_WANTED),
        (TEST, reader(), NotSent.TESTS_NOT_WANTED),
        (RETRACTION, reader(), NotSent.GOT_NO_EARLIER_ONE),
    ],
)
def test_who_does_not_get_it_does_not_for_a_named_reason(happening: Any, subscriber: Subscriber, expected: str) -> None:
    assert route(happening, subscriber, "email") is expected


def test_any_one_of_several_interests_is_enough() -> None:
    assert route(PARDON, reader(interests=(*ARRESTS_ONLY, Interest(kinds=(Kind.PARDON,)))), "email") == ADDRESS


def test_a_test_goes_to_all_who_want_tests_whatever_they_ask_for() -> None:
    assert route(TEST, reader(tests=True, interests=ARRESTS_ONLY), "email") == ADDRESS


def test_an_exercise_goes_to_those_who_want_tests_and_ask_for_its_kind() -> None:
    exercise = event(status=Status.EXERCISE)
    assert route(exercise, reader(tests=True), "email") == ADDRESS
    assert route(exercise, reader(tests=True, interests=ARRESTS_ONLY), "email") is NotSent.NOT_ASKED_FOR


@pytest.mark.parametrize(
    "correction", [event(revision=2), event(revision=2, merged_into="pardon-20241228-other1"), RETRACTION]
)
def test_a_correction_follows_who_got_what_it_corrects_whatever_they_ask_for_now(correction: Any) -> None:
    assert route(correction, reader(interests=ARRESTS_ONLY), "email", had_earlier=True) == ADDRESS


@pytest.mark.parametrize(
    ("subscriber", "expected"),
    [
        (reader(active=False), NotSent.INACTIVE),
        (reader(addresses=()), NotSent.NO_ADDRESS),
    ],
)
def test_no_correction_follows_who_stopped_or_whose_address_ended(subscriber: Subscriber, expected: str) -> None:
    assert route(RETRACTION, subscriber, "email", had_earlier=True) is expected


def test_who_waits_for_an_alert_that_was_merged_meanwhile_gets_the_notice_with_the_whole_account() -> None:
    merged = event(revision=2, merged_into="pardon-20241228-other1")
    assert route(merged, reader(), "email") == ADDRESS, "the alert itself is replaced, and must not be lost"
    assert route(merged, reader(interests=ARRESTS_ONLY), "email") is NotSent.NOT_ASKED_FOR


def test_who_subscribed_at_the_very_moment_of_the_event_gets_it() -> None:
    assert route(PARDON, reader(since="2024-12-28T10:15:00.000Z"), "email") == ADDRESS


def test_who_watches_a_person_that_is_named_goes_first() -> None:
    named = event(persons=(Person(name="Ales Bialiatski", role=Role.PARDONED, key=ALES),))
    held = event(persons=(Person(name="Ales Bialiatski", role=Role.STILL_HELD, key=ALES),))
    watcher = reader(interests=(Interest(kinds=(Kind.ARREST,)), Interest(persons=(ALES,))))
    assert goes_first(named, watcher)
    assert not goes_first(held, watcher)
    assert not goes_first(PARDON, watcher)
    assert not goes_first(named, reader())


FIRST_ONLY = reader(updates=False)


def update(**fields: Any) -> Any:
    return msgspec.structs.replace(event(revision=2, **fields), type=EventType.PARDON_UPDATED)


def test_who_asked_for_the_first_news_only_gets_no_update() -> None:
    assert route(update(), FIRST_ONLY, "email", had_earlier=True) is NotSent.UPDATES_NOT_WANTED


def test_an_update_is_the_first_news_to_whoever_got_none() -> None:
    assert route(update(), FIRST_ONLY, "email") == ADDRESS


@pytest.mark.parametrize(
    "correction",
    [
        update(reason="It was another day."),
        update(certainty=Certainty.DISPUTED),
        update(merged_into="pardon-20241228-other1"),
        RETRACTION,
    ],
    ids=["corrected", "disputed", "merged", "retracted"],
)
def test_what_takes_something_back_follows_all_who_got_it(correction: Any) -> None:
    assert route(correction, FIRST_ONLY, "email", had_earlier=True) == ADDRESS


DAILY, WEEKLY, AT_ONCE = Interest(frequency="daily"), Interest(frequency="weekly"), Interest()
ADDS = msgspec.structs.replace(event(revision=2), type=EventType.PARDON_UPDATED, time="2024-12-28T10:15:00.000Z")
CORRECTS = msgspec.structs.replace(ADDS, data=msgspec.structs.replace(ADDS.data, reason="Misread."))
HELD = msgspec.structs.replace(ADDS, type=EventType.STORY_HELD)
WITHDRAWN = msgspec.structs.replace(ADDS, type=EventType.STORY_RETRACTED)


@pytest.mark.parametrize(
    ("interests", "expected"),
    [
        ((DAILY,), NotSent.IN_DIGEST),
        ((WEEKLY,), NotSent.IN_DIGEST),
        ((DAILY, WEEKLY), NotSent.IN_DIGEST),
        ((DAILY, AT_ONCE), ADDRESS),
        ((DAILY, *ARRESTS_ONLY), NotSent.IN_DIGEST),
        ((Interest(kinds=(Kind.ARREST,), frequency="daily"),), NotSent.NOT_ASKED_FOR),
        ((Interest(kinds=(Kind.ARREST,), frequency="daily"), AT_ONCE), ADDRESS),
    ],
)
def test_what_only_a_digest_interest_asks_for_is_not_sent_at_once(
    interests: tuple[Interest, ...], expected: Address | NotSent
) -> None:
    assert route(PARDON, reader(interests=interests), "email") == expected


def test_a_webhook_gets_everything_at_once() -> None:
    stored = StoredAddress(channel="webhook", target="https://example.org/a")
    assert isinstance(route(PARDON, reader(addresses=(stored,), interests=(DAILY,)), "webhook"), Address)


@pytest.mark.parametrize("happening", [CORRECTS, HELD, WITHDRAWN])
def test_what_takes_back_follows_at_once_whoever_got_the_first_and_waits_for_no_digest(happening: Event) -> None:
    assert route(happening, reader(interests=(WEEKLY,)), "email", had_earlier=True) == ADDRESS


def test_what_only_adds_to_a_story_waits_for_the_digest_as_its_first_news_did() -> None:
    assert route(ADDS, reader(interests=(WEEKLY,)), "email", had_earlier=True) is NotSent.IN_DIGEST
    assert route(ADDS, reader(interests=ARRESTS_ONLY), "email", had_earlier=True) == ADDRESS


def test_a_test_goes_out_at_once_to_who_has_nothing_but_digests() -> None:
    assert route(TEST, reader(interests=(WEEKLY,), tests=True), "email") == ADDRESS
