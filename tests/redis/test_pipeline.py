"""The road from an event to people: shards, who is first, and whom a correction follows."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from services.contract import EVENTS_STREAM, EventType, Kind, deliveries_stream
from services.names import fold
from services.notify.channels.base import Reason, Refused, Retry
from services.notify.delivery.due_queue import Due
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.retries import SCHEDULE
from services.notify.fanout.shard_work import ShardWork
from services.runtime.streams import entries_between
from services.subscribers.topics import Interest
from tests.redis.house import House
from tests.redis.samples import STORY, arrest, pardon, retraction

FIRST = pardon()
BIALIATSKI = Interest(persons=(fold("Ales Bialiatski"),))


async def shards_on(house: House, channel: str) -> list[int]:
    entries = await entries_between(house.redis, deliveries_stream(channel))
    works = [ShardWork.decode(one.fields, channel, house.references) for one in entries]
    return [shard for work in works for shard in work.shards if not work.watchers]


async def test_work_is_put_where_somebody_asked_and_nowhere_else(house: House) -> None:
    pardons = await house.subscribe(Interest(kinds=(Kind.PARDON,)))
    await house.subscribe(Interest(kinds=(Kind.ARREST,)), channels=("telegram",))
    await house.deliver(FIRST)
    assert await shards_on(house, "email") == [house.vault.shard_of(pardons.number)]
    assert await shards_on(house, "telegram") == []


async def test_an_event_nobody_asked_for_makes_no_work(house: House) -> None:
    await house.deliver(FIRST)
    assert await shards_on(house, "email") == []


async def test_many_subscribers_share_the_entries_of_their_shards(house: House) -> None:
    numbers = [(await house.subscribe(number=number)).number for number in range(40)]
    await house.deliver(FIRST)
    assert sorted(await shards_on(house, "email")) == [house.vault.shard_of(number) for number in numbers]
    assert sorted(house.mail.takers()) == numbers


async def test_a_channel_gets_only_those_with_an_address_on_it(house: House) -> None:
    mail, both = await house.subscribe(), await house.subscribe(channels=("email", "telegram"))
    await house.deliver(FIRST)
    assert sorted(house.mail.takers()) == [mail.number, both.number]
    assert house.chat.takers() == [both.number]


async def test_who_watches_a_named_person_is_before_everybody_else_of_the_shard(house: House) -> None:
    house.senders["email"] = replace(house.senders["email"], in_flight=InFlight(limit=1))  # one after another
    others = [await house.subscribe() for _ in range(house.vault.shards)]
    watcher = await house.subscribe(BIALIATSKI)
    assert house.vault.shard_of(watcher.number) == house.vault.shard_of(others[0].number)
    await house.deliver(pardon(of=("Ales Bialiatski",)))
    assert house.mail.takers().index(watcher.number) < house.mail.takers().index(others[0].number)


async def test_each_reader_gets_their_own_language(house: House) -> None:
    await house.subscribe(language="en")
    await house.subscribe(language="ru")
    await house.deliver(FIRST)
    assert {tuple(one) for one in house.mail.rendered} == {("en",), ("ru",)}


async def test_doing_everything_twice_sends_once(house: House) -> None:
    await house.subscribe()
    entry = await house.publish(FIRST)
    (read,) = await entries_between(house.redis, EVENTS_STREAM, entry, entry)
    await house.notifier.on_event(read)
    await house.notifier.on_event(read)
    await house.deliver()
    await house.deliver()
    assert len(house.mail.attempted) == 1


async def test_an_update_goes_to_those_who_got_the_first_even_if_they_now_ask_for_something_else(
    house: House,
) -> None:
    someone = await house.subscribe()
    await house.deliver(FIRST)
    await house.vault.put(msgspec.structs.replace(someone, interests=(Interest(kinds=(Kind.ARREST,)),)))
    await house.deliver(pardon(revision=2), arrest())
    assert [one.event.id for one in house.mail.taken] == [FIRST.id, f"{STORY}-r2", arrest().id]


async def test_an_update_also_goes_to_those_who_ask_for_it_and_did_not_get_the_first(house: House) -> None:
    first = await house.subscribe()
    await house.deliver(FIRST)
    late = await house.subscribe()
    await house.deliver(pardon(revision=2))
    assert sorted(house.mail.takers()) == [first.number, first.number, late.number]


async def test_an_update_that_names_a_person_reaches_those_who_watch_them(house: House) -> None:
    """Names come later than numbers: whoever heard of "20 people" hears who they were."""
    watcher = await house.subscribe(BIALIATSKI)
    await house.deliver(FIRST)
    await house.deliver(pardon(revision=2, of=("Maria Kalesnikava",)))
    await house.deliver(pardon("pardon-20250101-cccccc", of=("Maria Kalesnikava",)))
    assert [one.event.id for one in house.mail.taken] == [FIRST.id, f"{STORY}-r2"]
    assert set(house.mail.takers()) == {watcher.number}


async def test_a_retraction_goes_to_those_who_got_what_it_retracts_and_to_nobody_else(house: House) -> None:
    got_it = await house.subscribe()
    await house.deliver(FIRST)
    await house.subscribe()
    await house.deliver(retraction())
    assert [(one.event.id, one.number) for one in house.mail.taken] == [
        (FIRST.id, got_it.number),
        (f"{STORY}-r2", got_it.number),
    ]


async def test_a_hold_goes_to_those_who_got_what_it_is_about_and_to_nobody_else(house: House) -> None:
    got_it = await house.subscribe()
    await house.deliver(FIRST)
    await house.subscribe()
    await house.deliver(msgspec.structs.replace(retraction(), type=EventType.STORY_HELD))
    assert [one.number for one in house.mail.taken if one.event.type is EventType.STORY_HELD] == [got_it.number]


async def test_that_two_stories_are_one_is_one_letter_to_the_readers_of_both(house: House) -> None:
    """Whoever asks for something else by now hears of it too."""
    got_first = await house.subscribe()
    await house.deliver(FIRST)
    got_both = await house.subscribe()
    await house.deliver(pardon("pardon-20241229-cccccc"))
    event = pardon(revision=2, changes=(), merged_from="pardon-20241229-cccccc")
    await house.deliver(msgspec.structs.replace(event, type=EventType.STORY_MERGED))
    merged = [one.number for one in house.mail.taken if one.event.type is EventType.STORY_MERGED]
    assert sorted(merged) == sorted([got_first.number, got_both.number])


async def test_a_retraction_is_not_for_those_the_first_could_not_be_delivered_to(house: House) -> None:
    await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    await house.deliver(retraction())
    assert house.mail.taken == []


async def test_a_revision_refers_to_the_first_message_its_reader_got(house: House) -> None:
    someone = await house.subscribe()
    await house.deliver(FIRST)
    late = await house.subscribe()
    await house.deliver(pardon(revision=2))
    await house.deliver(retraction(revision=3))
    references = {(one.event.data.revision, one.number): one.first_reference for one in house.mail.taken}
    assert references == {
        (1, someone.number): None,
        (2, someone.number): f"{STORY}-r1/{someone.number}",
        (2, late.number): None,
        (3, someone.number): f"{STORY}-r1/{someone.number}",
        (3, late.number): f"{STORY}-r2/{late.number}",
    }


async def test_what_was_retracted_meanwhile_is_not_the_last_that_a_reader_hears(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(FIRST)
    await house.deliver(retraction())
    await _everything_due(house)
    heard = [one.event.id for one in house.mail.taken]
    assert heard == [] or heard[-1] == f"{STORY}-r2"


async def test_an_older_revision_does_not_come_after_a_newer_one(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(FIRST)
    await house.deliver(pardon(revision=2))
    await _everything_due(house)
    revisions = [one.event.data.revision for one in house.mail.taken]
    assert revisions == sorted(revisions)
    assert revisions[-1] == 2


async def test_a_retraction_follows_whoever_got_any_earlier_revision(house: House) -> None:
    await house.deliver(FIRST)
    someone = await house.subscribe()
    await house.deliver(pardon(revision=2))
    house.mail.will(Refused(Reason.POLICY))
    await house.deliver(pardon(revision=3))
    await house.deliver(retraction(revision=4))
    assert [(one.event.data.revision, one.number) for one in house.mail.taken][-1] == (4, someone.number)


async def _everything_due(house: House) -> None:
    for wait in SCHEDULE:
        house.clock.forward(wait * 2)
        await house.deliver_due()


async def test_what_is_due_and_whose_event_is_gone_is_dropped(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    entry = await house.publish(FIRST)
    await house.deliver()
    await house.redis.xdel(EVENTS_STREAM, entry)
    started_anew = House(house.redis)  # it remembers no event it read before
    await _everything_due(started_anew)
    assert await house.queues["email"].length() == 0
    assert started_anew.mail.attempted == []


async def test_what_is_due_and_was_closed_by_another_is_dropped(house: House) -> None:
    someone = await house.subscribe()
    entry = await house.publish(FIRST)
    await house.deliver()
    due = Due(entry, someone.number)
    await house.redis.zadd(house.queues["email"].key, {due.member: 0})
    await house.deliver_due()
    assert await house.queues["email"].length() == 0
    assert len(house.mail.attempted) == 1


async def test_work_for_an_event_that_is_gone_is_done(house: House) -> None:
    await house.redis.xadd(deliveries_stream("email"), {"entry": "1-1", "shard": "1"})
    await house.deliver()
    assert house.mail.attempted == []


@pytest.mark.parametrize("progress", [None, "1/2:7"])
async def test_a_retraction_follows_whoever_may_have_got_what_it_retracts(house: House, progress: str | None) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR, progress=progress))
    await house.deliver(FIRST)
    await house.deliver(retraction())
    await _everything_due(house)
    assert house.mail.taken[-1].event.data.revision == 2
