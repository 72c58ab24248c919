"""A person who may be one that is watched: nobody is alerted, an operator is asked, and by their answer it goes out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.contract import Event
from services.names import fold
from services.notify.fanout.doubtful_matches import MatchAnswer
from services.notify.fanout.routing import NotSent, route
from services.notify.references import References
from services.notify.repair.replay import Selection
from services.notify.repair.unwatched_doubts import doubts_eraser, drop_unwatched
from services.subscribers.interests import Interest, following, marked
from services.subscribers.records import RAW
from services.subscribers.watched_persons import MatchAnswers
from tests.redis.house import House
from tests.redis.samples import pardon
from tests.store import vault_on

WATCHED, NAMED = "Иван Лосев", "Иван Лисов"
EVENT = pardon(of=(NAMED,))
LOSEV = following([marked(WATCHED)])


async def answers(house: House, event: Event) -> MatchAnswers:
    return await house.matches.answers(event.data)


async def test_a_doubtful_match_alerts_nobody_and_is_asked_once_however_many_watch(house: House) -> None:
    for _ in range(3):
        await house.subscribe(LOSEV)
    sure = await house.subscribe(following([marked("Иван Лисов")]))
    await house.deliver(EVENT)
    (doubt,) = await house.matches.waiting()
    assert (doubt.event, doubt.watched, doubt.named) == (EVENT.id, fold(WATCHED), fold(NAMED))
    assert doubt.agreed == ("surname but for a sound", "given name")
    assert house.counted("not_sent")["email", "doubtful"] == 3
    assert [one.number for one in house.mail.taken] == [sure.number]


async def test_a_yes_lets_it_go_to_all_who_watch_by_the_road_of_a_replay(house: House) -> None:
    watching = [await house.subscribe(LOSEV) for _ in range(2)]
    await house.subscribe(following([marked("Петр Лосев")]))
    await house.deliver(EVENT)
    (doubt,) = await house.matches.waiting()
    await house.matches.answer(doubt, "same", "ana", "", house.clock())
    plan = await house.replayer.plan(Selection(event_id=EVENT.id, status="missing"))
    assert plan.deliveries == 2
    await house.replayer.carry_out(plan, None)
    await house.deliver()
    assert sorted(one.number for one in house.mail.taken) == [one.number for one in watching]
    assert await house.matches.waiting() == []


async def test_a_no_is_asked_no_more_in_this_story(house: House) -> None:
    reader = await house.subscribe(LOSEV)
    await house.deliver(EVENT)
    (doubt,) = await house.matches.waiting()
    await house.matches.answer(doubt, "other", "ana", "", house.clock())
    update = pardon(of=(NAMED,), revision=2)
    await house.deliver(update)
    assert await house.matches.waiting() == []
    assert house.mail.taken == []
    assert route(update, reader, "email", answers=await answers(house, update)) is NotSent.NOT_ASKED_FOR


async def test_the_newest_revision_is_what_is_asked_about(house: House) -> None:
    await house.subscribe(LOSEV)
    await house.deliver(EVENT)
    update = pardon(of=(NAMED,), revision=2)
    await house.deliver(update)
    assert [one.event for one in await house.matches.waiting()] == [update.id]


async def test_whoever_gets_it_for_another_reason_makes_no_question(house: House) -> None:
    await house.subscribe(LOSEV, Interest())
    await house.deliver(EVENT)
    assert await house.matches.waiting() == []
    assert len(house.mail.taken) == 1


async def test_neither_name_nor_who_watches_is_in_the_store_or_the_audit(house: House) -> None:
    await house.subscribe(LOSEV)
    await house.deliver(EVENT)
    (doubt,) = await house.matches.waiting()
    await house.matches.answer(doubt, "same", "ana", "the court's list", house.clock())
    raw = await house.redis.execute_command("HGETALL", f"vestka:doubtful-matches:{doubt.story}", **RAW)  # type: ignore[no-untyped-call]
    audit = str(await house.redis.xrange("vestka:audit"))
    for name in (fold(WATCHED), "lasav", "Лосев", fold(NAMED)):
        assert name.encode() not in b"".join([*raw, *raw.values()])
        assert name not in audit
    assert doubt.id in audit
    assert repr(doubt) == f"DoubtfulMatch({doubt.id!r})"


async def test_what_is_noted_while_another_channel_finds_nothing_is_asked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.subscribe(LOSEV)
    execute = house.redis.execute_command

    async def slow(*args: Any, **options: Any) -> Any:
        found = await execute(*args, **options)  # type: ignore[no-untyped-call]
        if args[0] == "HGETALL":
            monkeypatch.undo()
            await house.deliver(EVENT)
        return found

    monkeypatch.setattr(house.redis, "execute_command", slow)
    await answers(house, EVENT)
    assert [one.event for one in await house.matches.waiting()] == [EVENT.id]


async def test_a_story_whose_time_is_over_is_looked_at_no_more(house: House) -> None:
    await house.subscribe(LOSEV)
    await house.deliver(EVENT)
    await house.redis.delete(f"vestka:doubtful-matches:{EVENT.data.story_id}")
    assert await house.matches.waiting() == []
    assert await house.matches.stories() == frozenset()


async def doubts_left(house: House) -> bytes:
    """Everything that stands under a key of theirs."""
    keys = [key async for key in house.redis.scan_iter("vestka:doubtful-matches*")]
    return b"".join([await house.redis.dump(key) or b"" for key in keys])


@pytest.mark.parametrize("answer", [None, "same", "other"])
async def test_a_watched_name_goes_from_the_doubts_with_the_last_who_watched_it(
    house: House, answer: MatchAnswer | None
) -> None:
    async def references() -> References:
        return house.references

    vault = vault_on(house.redis, erasers=[doubts_eraser(house.redis, references, lambda: house.vault)])
    first, second = await house.subscribe(LOSEV), await house.subscribe(LOSEV, channels=("telegram",))
    await house.subscribe(following([marked("Игорь Лосев")]))
    await house.deliver(EVENT)
    (doubt,) = await house.matches.everything()
    if answer is not None:
        await house.matches.answer(doubt, answer, "ana", "", house.clock())
    await vault.erase(first.number)
    assert len(await house.matches.everything()) == 1, "somebody else watches the same"
    await vault.erase(second.number)
    assert await doubts_left(house) == b""


async def test_a_doubt_of_a_name_that_is_followed_no_more_goes_as_well_and_other_doubts_stay(house: House) -> None:
    reader = await house.subscribe(LOSEV)
    await house.subscribe(following([marked("Петр Гусов")]))
    await house.deliver(EVENT, pardon("pardon-20241229-dddddd", of=("Петр Гусев",)))
    before = {one.watched for one in await house.matches.everything()}
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, interests=(Interest(),)))
    assert await drop_unwatched(house.matches, house.vault) == 1
    assert {one.watched for one in await house.matches.everything()} == before - {fold(WATCHED)}
