"""Old news and known acts on the road through ingest: they are counted, they say so, and they alert nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from redis.asyncio import Redis

from services.ingest.desk.decisions import Desk as OperatorsDesk
from services.ingest.desk.decisions import Operator
from services.ingest.store import Stories
from services.ingest.stories import WrongState
from services.runtime.clock import unix_of
from services.runtime.retention import Retention
from tests.redis.ingest_desk import ACTS, ARREST, PARDON, Desk

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACT = "pardon-BY-2024-12-28"


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis, at=unix_of("2026-11-22T12:00:00Z"))


@pytest.mark.parametrize("solicited", [True, False])
async def test_a_late_report_of_a_known_act_joins_it_and_alerts_nobody(desk: Desk, solicited: bool) -> None:
    result = await desk.read(replace(PARDON, received=TODAY, solicited=solicited))
    assert (result.outcome, result.action, result.reason, result.story) == ("known_act", "nothing", "known_act", ACT)
    assert await desk.events() == []
    act = await desk.story(ACT)
    assert (act.state, [source.name for source in act.sources]) == ("known", ["Sample Wire"])


async def test_what_was_reported_of_a_known_act_is_kept_for_good_and_leaves_the_open_stories_alone(desk: Desk) -> None:
    await desk.read(replace(PARDON, received=TODAY))
    stories = Stories(desk.redis, ACTS)
    assert await stories.open() == []
    await stories.close_old(desk.at + 2 * Retention.OPEN_STORIES)
    assert [act.id for act in await stories.preexisting() if act.report_ids] == [ACT]
    again = await desk.read(replace(PARDON, received=TODAY, url="https://other-wire.example/b", title="Again"))
    assert again.outcome == "known_act"
    assert len((await desk.story(ACT)).report_ids) == 2


async def test_an_operator_takes_a_report_out_of_a_known_act_into_a_story_of_its_own(desk: Desk) -> None:
    await desk.read(replace(PARDON, received=TODAY))
    (report,) = (await desk.story(ACT)).report_ids
    operators = OperatorsDesk(desk.publisher, lambda: desk.at, ACTS)
    decision = await operators.split(Operator("maria", "cli"), ACT, [report], "that is another decree")
    act, new = decision.stories
    assert (act.id, act.state, act.report_ids) == (ACT, "known", ())
    assert await desk.story(ACT) == next(one for one in await Stories(desk.redis, ACTS).preexisting() if one.id == ACT)
    assert (new.state, new.facts.pardoned) == ("held", 20)
    await operators.merge(Operator("maria", "cli"), ACT, new.id, "it was that act after all")
    assert ((await desk.story(ACT)).report_ids, (await desk.story(new.id)).merged_into) == ((report,), ACT)
    assert await desk.events() == []


async def test_what_went_out_as_news_is_retracted_and_not_merged_into_a_known_act(desk: Desk) -> None:
    told = await desk.told(replace(PARDON, as_of=date(2024, 12, 28), solicited=True))
    with pytest.raises(WrongState, match=f"retract {told}"):
        await OperatorsDesk(desk.publisher, lambda: desk.at, ACTS).merge(
            Operator("maria", "cli"), ACT, told, "the same"
        )


async def test_the_same_article_read_as_on_its_day_is_news(desk: Desk) -> None:
    result = await desk.read(replace(PARDON, as_of=date(2024, 12, 28), solicited=True))
    assert (result.outcome, result.event) == ("new", f"{result.story}-r1")


async def test_the_same_article_read_as_on_the_day_after_tells_of_a_known_act(desk: Desk) -> None:
    result = await desk.read(replace(PARDON, as_of=date(2024, 12, 29), solicited=True))
    assert result.outcome == "known_act"


@pytest.mark.parametrize("solicited", [True, False])
async def test_old_news_is_kept_says_so_and_alerts_nobody(desk: Desk, solicited: bool) -> None:
    result = await desk.read(replace(ARREST, received=TODAY, solicited=solicited))
    assert (result.outcome, result.action, result.reason) == ("old", "nothing", "old_text")
    assert (await desk.story(str(result.story))).state == "old"
    assert await desk.events() == []
    assert desk.processor.metrics.registry.get_sample_value(
        "vestka_items_total", {"source": ARREST.source_id, "result": "old"}
    )


async def test_what_was_old_is_news_once_it_is_read_as_on_its_own_day(desk: Desk) -> None:
    old = await desk.read(replace(ARREST, received=TODAY, solicited=True))
    told = await desk.read(replace(ARREST, as_of=date(2024, 12, 28), solicited=True))
    assert (told.outcome, told.story, told.event) == ("new", old.story, f"{old.story}-r1")
    assert len((await desk.story(str(old.story))).report_ids) == 1


async def test_a_known_act_read_as_on_its_own_day_is_news_although_it_was_counted_before(desk: Desk) -> None:
    await desk.read(replace(PARDON, received=TODAY, solicited=True))
    told = await desk.read(replace(PARDON, as_of=date(2024, 12, 28), solicited=True))
    assert (told.outcome, told.event) == ("new", f"{told.story}-r1")


async def test_a_text_without_any_date_waits_even_where_a_person_handed_it_in(desk: Desk) -> None:
    undated = replace(
        ARREST, received=TODAY, published=None, solicited=True, body=ARREST.body.replace(" on 27 December 2024", "")
    )
    result = await desk.read(undated)
    assert (result.action, result.reason) == ("hold", "undated")
    assert (await desk.read(replace(undated, as_of=date(2024, 12, 28)))).event == f"{result.story}-r1"
