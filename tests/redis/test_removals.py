from __future__ import annotations

from redis.asyncio import Redis

from services.ingest.watching.build import clear_strangers, sound_or_clear
from services.ingest.watching.health import SourceCondition, SourceHealth
from services.ingest.watching.poll_memory import SourceStates
from services.ingest.watching.removals import Removal, Removals
from services.operations.alarms import Alarms
from services.runtime.metrics import Metrics

PAGE = "https://news.example/1"


def removal(at: str) -> Removal:
    return Removal(url=PAGE, source="sample", at=at)


async def test_a_removal_is_found_by_the_address_and_dated_by_its_first_notice(redis: Redis) -> None:
    removals = Removals(redis)
    await removals.note(removal("2024-12-28T10:00:00.000Z"))
    await removals.note(removal("2024-12-29T10:00:00.000Z"))
    assert await removals.of([PAGE, "https://news.example/2"]) == (removal("2024-12-28T10:00:00.000Z"),)
    assert await removals.of([]) == ()


async def test_a_page_that_returned_is_no_removal(redis: Redis) -> None:
    removals = Removals(redis)
    await removals.note(removal("2024-12-28T10:00:00.000Z"))
    await removals.withdraw(PAGE)
    assert await removals.of([PAGE]) == ()


async def test_a_request_for_a_look_is_taken_once_and_what_is_forgotten_is_met_anew(redis: Redis) -> None:
    states = SourceStates(redis)
    await states.request_look("sample")
    assert [await states.take_look_request("sample") for _ in range(2)] == [True, False]
    await states.save("sample", (await states.load("sample")))
    await states.forget("sample")
    assert await redis.exists("vestka:source:sample") == 0


async def test_a_source_that_needs_a_person_is_one_alarm_until_it_is_well(redis: Redis) -> None:
    alarms = Alarms(redis, Metrics(), lambda: 0.0)
    broken = SourceHealth(SourceCondition.FAILING, None, "shape: the site changed", needs_a_person=True)
    for health in (broken, broken, SourceHealth(SourceCondition.FAILING, None, "timeout: later")):
        await sound_or_clear(alarms, "sample", health)
    assert [(alarm.kind, alarm.about, alarm.says) for alarm in await alarms.list()] == [
        ("source", "sample", "shape: the site changed")
    ]
    await sound_or_clear(alarms, "sample", SourceHealth(SourceCondition.OK))
    assert await alarms.list() == ()


async def test_the_alarm_of_a_source_that_is_paused_or_watched_no_more_is_over(redis: Redis) -> None:
    alarms = Alarms(redis, Metrics(), lambda: 0.0)
    for source_id in ("kept", "paused", "dropped"):
        await alarms.sound("source", source_id, "shape: the site changed")
    await alarms.sound("waiting", "a-story", "it waits")
    await sound_or_clear(alarms, "paused", SourceHealth(SourceCondition.PAUSED))
    await clear_strangers(alarms, {"kept", "paused"})
    assert {alarm.about for alarm in await alarms.list()} == {"kept", "a-story"}


async def test_one_process_asks_a_source_and_another_takes_over_when_it_lets_go(redis: Redis) -> None:
    one, other = SourceStates(redis, "one"), SourceStates(redis, "other")
    assert [await states.hold("sample") for states in (one, other, one)] == [True, False, True]
    assert 0 < await redis.ttl("vestka:source:sample:holder") <= 60
    await other.let_go(["sample"])
    assert not await other.hold("sample"), "what one holds is not another's to let go"
    await one.let_go(["sample"])
    assert await other.hold("sample")
