"""What comes within quiet hours waits for their end: nothing is dropped, and what changed meanwhile holds."""

from __future__ import annotations

from typing import Any

import msgspec

from services.contract import EventType
from services.names import fold
from services.notify.channels.base import Reason, Retry
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from tests.redis.house import House
from tests.redis.samples import pardon, retraction

LUNCH = (13 * 60, 14 * 60)
"""It is a quarter past one in Minsk when the samples happen."""
TILL_TWO = 45 * 60.0


async def resting(house: House, *interests: Interest, **fields: Any) -> Subscriber:
    return await house.subscribe(*interests, **{"quiet": LUNCH, **fields})


async def test_it_leaves_at_the_first_minute_after_and_not_before(house: House) -> None:
    reader = await resting(house)
    other = await house.subscribe()
    await house.deliver(pardon())
    assert [one.number for one in house.mail.taken] == [other.number]
    house.clock.forward(TILL_TWO - 2)
    await house.deliver_due()
    assert len(house.mail.taken) == 1
    house.clock.forward(1)
    await house.deliver_due()
    assert [one.number for one in house.mail.taken] == [other.number, reader.number]
    assert house.mail.taken[-1].attempt == 1


async def test_in_another_zone_it_is_another_hour(house: House) -> None:
    await resting(house, zone="Europe/Warsaw")
    await house.deliver(pardon())
    assert len(house.mail.taken) == 1


async def test_of_what_was_replaced_meanwhile_only_the_newest_is_told(house: House) -> None:
    await resting(house)
    await house.deliver(pardon())
    await house.deliver(pardon(revision=2))
    house.clock.forward(TILL_TWO)
    await house.deliver_due()
    assert [one.event.data.revision for one in house.mail.taken] == [2]


async def test_of_what_was_taken_back_meanwhile_nothing_is_told(house: House) -> None:
    await resting(house)
    await house.deliver(pardon())
    await house.deliver(retraction())
    house.clock.forward(TILL_TWO)
    await house.deliver_due()
    assert house.mail.taken == []


async def test_a_retraction_of_what_came_before_waits_unless_urgent_ones_may_come(house: House) -> None:
    calm, asked = await house.subscribe(), await house.subscribe()
    await house.deliver(pardon())
    await house.vault.amend(calm.number, lambda one: msgspec.structs.replace(one, quiet=LUNCH))
    await house.vault.amend(asked.number, lambda one: msgspec.structs.replace(one, quiet=LUNCH, urgent=True))
    house.mail.taken.clear()
    await house.deliver(retraction())
    assert [one.number for one in house.mail.taken] == [asked.number]
    house.clock.forward(TILL_TWO)
    await house.deliver_due()
    assert [one.number for one in house.mail.taken] == [asked.number, calm.number]
    assert {one.event.type for one in house.mail.taken} == {EventType.STORY_RETRACTED}


async def test_news_of_a_watched_person_comes_at_once_to_who_asked_for_that(house: House) -> None:
    watching = Interest(persons=(fold("Ales Bialiatski"),))
    await resting(house, watching)
    asked = await resting(house, watching, urgent=True)
    await house.deliver(pardon(of=("Ales Bialiatski",)))
    assert [one.number for one in house.mail.taken] == [asked.number]


async def test_who_stops_or_is_erased_meanwhile_gets_nothing(house: House) -> None:
    stopped, erased = await resting(house), await resting(house)
    await house.deliver(pardon())
    await house.vault.stop(stopped.number)
    await house.vault.erase(erased.number)
    house.clock.forward(TILL_TWO)
    await house.deliver_due()
    assert house.mail.taken == []


async def test_whose_quiet_hours_are_moved_meanwhile_is_waited_for_by_the_new_ones(house: House) -> None:
    reader = await resting(house)
    await house.deliver(pardon())
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, quiet=(13 * 60, 15 * 60)))
    house.clock.forward(TILL_TWO)
    await house.deliver_due()
    assert house.mail.taken == []
    house.clock.forward(3600)
    await house.deliver_due()
    assert len(house.mail.taken) == 1


async def test_what_is_deferred_is_no_trouble_of_the_channel_and_what_fails_is(house: House) -> None:
    await resting(house)
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(pardon())
    queue = house.queues["email"]
    assert (await queue.length(), await queue.troubled(house.clock())) == (2, 1)
    house.clock.forward(TILL_TWO)
    await house.deliver_due()
    assert (await queue.length(), await queue.troubled(house.clock())) == (0, 0)


async def test_a_zone_that_is_in_the_database_no_more_is_the_usual_one_and_keeps_no_news_back(house: House) -> None:
    await resting(house, zone="Nowhere/Any_More")
    await house.deliver(pardon())
    assert house.mail.taken == []
    house.clock.forward(TILL_TWO)
    await house.deliver_due()
    assert len(house.mail.taken) == 1
