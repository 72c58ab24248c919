"""Whoever wants sooner what they had daily or weekly loses nothing of what waited, and is told nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import EventType, Kind
from services.notify.channels.base import Reason, Retry
from services.subscribers.interests import following, marked
from services.subscribers.store_faults import UnusableKeys
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from tests.redis.digest_house import DAILY, WEEKLY, DigestHouse, open_digest_house
from tests.redis.samples import arrest, pardon, retraction, subscriber

SUNDAY_AT_EIGHT, MONDAY_AT_EIGHT = "2024-12-29T05:00:00Z", "2024-12-30T05:00:00Z"
TUESDAY_AT_EIGHT, NEXT_MONDAY_AT_EIGHT = "2024-12-31T05:00:00Z", "2025-01-06T05:00:00Z"
SUNDAY_NOON = "2024-12-29T09:00:00.000Z"
TUESDAY_NOON = "2024-12-31T09:00:00.000Z"
AT_ONCE = Interest()
PARDONS_AT_ONCE = Interest(kinds=(Kind.PARDON,))


@pytest.fixture
async def house(redis: Redis) -> AsyncIterator[DigestHouse]:
    async with open_digest_house(redis) as house:
        yield house


async def wants(house: DigestHouse, reader: Subscriber, *interests: Interest) -> None:
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, interests=interests))


async def owed(house: DigestHouse, reader: Subscriber) -> tuple[Interest, ...]:
    return (await house.vault.get(reader.number)).owed


@pytest.mark.parametrize("before", [DAILY, WEEKLY])
async def test_what_waited_when_it_was_wanted_at_once_comes_at_the_next_hour_of_digests(
    house: DigestHouse, before: Interest
) -> None:
    reader = await house.subscribe(before)
    await house.deliver(pardon())
    await wants(house, reader, AT_ONCE)
    await house.deliver(arrest())
    assert [one.event.data.kind for one in house.mail.taken] == [Kind.ARREST]
    await house.digests_at(SUNDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "pardoned" in text
    assert "detained" not in text


@pytest.mark.parametrize("before", [DAILY, WEEKLY])
async def test_it_comes_once_and_then_nothing_is_kept_of_it(house: DigestHouse, before: Interest) -> None:
    reader = await house.subscribe(before, channels=("email", "telegram"))
    await house.deliver(pardon())
    await wants(house, reader, AT_ONCE)
    for day in (29, 30, 31):
        await house.digests_at(f"2024-12-{day}T05:00:00Z")
    await house.digests_at(NEXT_MONDAY_AT_EIGHT)
    assert len(house.digests()) == len(house.digests("telegram")) == 1
    known = await house.vault.get(reader.number)
    assert (known.owed, known.owed_on) == ((), ())
    await house.deliver(arrest(time="2025-01-06T06:00:00.000Z"))
    await house.digests_at("2025-01-07T05:00:00Z")
    assert len(house.digests()) == 1


async def test_of_a_week_only_what_came_since_the_last_monday_is_owed(house: DigestHouse) -> None:
    reader = await house.subscribe(WEEKLY)
    await house.deliver(pardon())
    await house.digests_at(MONDAY_AT_EIGHT)
    await house.digests_at(TUESDAY_AT_EIGHT)
    await house.deliver(arrest(time=TUESDAY_NOON))
    await wants(house, reader, DAILY)
    await house.digests_at("2025-01-01T05:00:00Z")
    first, second = house.texts()
    assert "pardoned" in first
    assert "detained" in second
    assert "pardoned" not in second


async def test_of_two_interests_the_weekly_one_that_becomes_daily_loses_nothing(house: DigestHouse) -> None:
    pardons_daily = Interest(kinds=(Kind.PARDON,), frequency="daily")
    arrests = Interest(kinds=(Kind.ARREST,), frequency="weekly")
    reader = await house.subscribe(pardons_daily, arrests)
    await house.digests_at(MONDAY_AT_EIGHT)
    await house.deliver(
        arrest(time="2024-12-30T09:00:00.000Z"), pardon("pardon-20241230-dddddd", time="2024-12-30T09:00:00.000Z")
    )
    await house.digests_at("2025-01-02T05:00:00Z")
    await wants(house, reader, pardons_daily, msgspec.structs.replace(arrests, frequency="daily"))
    await house.digests_at("2025-01-03T05:00:00Z")
    texts = house.texts()
    assert ["detained" in text for text in texts] == [False, True]
    assert ["pardoned" in text for text in texts] == [True, False]


async def test_what_is_not_asked_for_any_more_is_not_owed(house: DigestHouse) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon(), arrest())
    await wants(house, reader, PARDONS_AT_ONCE)
    await house.digests_at(SUNDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "pardoned" in text
    assert "detained" not in text


async def test_who_asks_for_nothing_any_more_gets_nothing(house: DigestHouse) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon())
    await wants(house, reader)
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert house.mail.taken == []
    assert await owed(house, reader) == ()


async def test_what_is_asked_for_only_since_then_is_no_old_news(house: DigestHouse) -> None:
    reader = await house.subscribe(Interest(kinds=(Kind.PARDON,), frequency="daily"))
    await house.deliver(pardon(), arrest())
    await wants(house, reader, AT_ONCE)
    await house.digests_at(SUNDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "detained" not in text


async def test_of_whom_somebody_stopped_following_nothing_stays(house: DigestHouse) -> None:
    both = msgspec.structs.replace(following([marked("Иван Лосев"), marked("Петр Зимин")]), frequency="daily")
    reader = await house.subscribe(both)
    await wants(house, reader, following([marked("Иван Лосев")]))
    (kept,) = await owed(house, reader)
    assert kept.persons == following([marked("Иван Лосев")]).persons
    await wants(house, reader)
    assert await owed(house, reader) == ()


async def test_more_that_became_known_after_the_change_goes_at_once_and_the_story_is_not_told_again(
    house: DigestHouse,
) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon())
    await wants(house, reader, AT_ONCE)
    await house.deliver(pardon(revision=2))
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert [one.event.data.revision for one in house.mail.taken] == [2]


@pytest.mark.parametrize("kind", [EventType.STORY_RETRACTED, EventType.STORY_HELD])
async def test_what_was_taken_back_before_it_was_told_is_not_owed(house: DigestHouse, kind: EventType) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon())
    await wants(house, reader, AT_ONCE)
    await house.deliver(msgspec.structs.replace(retraction(), type=kind))
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert house.mail.taken == []


async def test_a_retraction_follows_what_was_owed(house: DigestHouse) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon())
    await wants(house, reader, AT_ONCE)
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(retraction(time=SUNDAY_NOON))
    assert [one.event.id for one in house.mail.taken] == ["digest-2024-12-29", "pardon-20241228-aaaaaa-r2"]


async def test_a_digest_that_waited_when_the_mind_was_changed_is_told_all_the_same(house: DigestHouse) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.mail.will(Retry(Reason.RATE_LIMITED, after=60.0))
    await house.digests_at(SUNDAY_AT_EIGHT)
    await wants(house, reader, AT_ONCE)
    house.clock.at += 120
    await house.digests_due()
    (digest,) = house.digests()
    assert digest.event.id == "digest-2024-12-29"


async def test_a_channel_that_is_away_is_owed_until_it_is_back(house: DigestHouse) -> None:
    reader = await house.subscribe(DAILY, channels=("email", "telegram"))
    await house.deliver(pardon())
    await wants(house, reader, AT_ONCE)
    house.chat.will(Retry(Reason.RATE_LIMITED, after=26 * 3600.0))
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.digests_at(MONDAY_AT_EIGHT)
    assert house.digests("telegram") == []
    assert (await house.vault.get(reader.number)).owed_on == ("telegram",)
    house.clock.at += 4 * 3600
    await house.digests_due()
    assert len(house.digests("telegram")) == 1


async def test_who_changes_to_and_fro_is_told_everything_once(house: DigestHouse) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon())
    for interest in (AT_ONCE, WEEKLY, DAILY, AT_ONCE, WEEKLY, AT_ONCE):
        await wants(house, reader, interest)
    await house.deliver(arrest())
    for day in (29, 30, 31):
        await house.digests_at(f"2024-12-{day}T05:00:00Z")
    (text,) = house.texts()
    assert "pardoned" in text
    assert "detained" not in text
    assert len(house.mail.taken) == 2


async def test_a_file_that_says_it_anew_owes_the_same(house: DigestHouse) -> None:
    await house.vault.put_labelled(subscriber(DAILY, label="a line"))
    await house.deliver(pardon())
    await house.vault.put_labelled(subscriber(AT_ONCE, label="a line"))
    await house.vault.put_labelled(subscriber(AT_ONCE, label="a line"))
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert len(house.digests()) == 1


async def test_whom_somebody_leaves_out_no_longer_stays_nowhere(house: DigestHouse) -> None:
    left_out = following([marked("Ales Bialiatski")])
    reader = await house.subscribe(Interest(frequency="daily", without=(left_out,)))
    await wants(house, reader, Interest(without=(left_out,)))
    assert left_out in (await owed(house, reader))[0].without
    await wants(house, reader, AT_ONCE)
    assert [one.without for one in await owed(house, reader)] == [()]


async def test_a_digest_that_left_has_ended_once_whatever_becomes_of_what_is_owed(
    house: DigestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told twice, its lease would be let go under the feet of others that are under way."""
    pardons, arrests = (Interest(kinds=(kind,), frequency="daily") for kind in (Kind.PARDON, Kind.ARREST))
    reader = await house.subscribe(pardons, arrests)
    await house.deliver(pardon())
    await wants(house, reader, pardons, Interest(kinds=(Kind.ARREST,)))
    assert await owed(house, reader) == (arrests,)
    let_go: list[str] = []
    in_flight = house.desk.senders["email"].sender.in_flight
    usual = in_flight.let_go

    def noted(holders: Iterable[str]) -> None:
        let_go.extend(those := list(holders))
        usual(those)

    async def away(_number: int, _change: object) -> None:
        raise UnusableKeys

    monkeypatch.setattr(in_flight, "let_go", noted)
    monkeypatch.setattr(house.vault, "amend", away)
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert len(house.digests()) == 1
    assert len(let_go) == 1
