"""What anybody may read of a story on its page: what was told, who said it, how it changed, and nothing that waits."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, Event, Status, encode_event
from services.ingest.announced import keep_announced
from services.ingest.stories import Step, Story, hold, retract
from services.ingest.watching.removals import Removal, Removals
from services.runtime.clock import unix_of
from tests.redis.ingest_desk import ARREST, NAMING, PARDON, Desk, now
from tests.redis.public_pages import PageParts, open_portal
from tests.redis.samples import arrest, pardon

LANGUAGES = ("en", "ru")


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


@pytest.fixture
async def reader(redis: Redis, redis_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with open_portal(redis_url, tmp_path) as portal:
        yield portal.public


async def shown(reader: httpx.AsyncClient, path: str, language: str = "en") -> str:
    answer = await reader.get(path, params={"lang": language})
    assert answer.status_code == 200, answer.text
    return PageParts(answer.text).text


async def tell(redis: Redis, *events: Event) -> None:
    """Publishes them as ingest does, in this order."""
    for event in events:
        async with redis.pipeline() as pipe:
            keep_announced(pipe, event, encode_event(event), unix_of(event.time))
            pipe.xadd(EVENTS_STREAM, {"id": event.id, "type": event.type.value, "event": encode_event(event)})
            await pipe.execute()


async def test_an_article_that_was_read_is_on_its_page_with_who_says_so(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    front, page = await shown(reader, "/"), await shown(reader, f"/s/{story}")
    assert "Belarus: 20 people pardoned, 28 December 2024" in front
    for said in (
        "according to Sample Wire: Pardoned 20",
        "Sample Wire",
        "How many are women and how many are men",
        "English, 28 December 2024",
        "Told for the first time.",
        "Unconfirmed",
    ):
        assert said in page
    (source,) = (await desk.events())[0].data.sources
    assert f"SHA-256 {source.evidence}" in page


async def test_a_speaker_stands_once_above_all_that_they_say(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    answer = await reader.get(f"/s/{story}", params={"lang": "en"})
    (speaker,) = re.findall(r'<th scope="rowgroup" colspan="2">([^<]*)</th>', answer.text)
    assert speaker == "The president’s office, according to Sample Wire:"
    assert 'class="by"' not in answer.text


async def test_each_language_says_the_same_numbers(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    for path in ("/", f"/s/{story}"):
        for language in LANGUAGES:
            assert "20" in await shown(reader, path, language)
    assert "Помилования и задержания" in await shown(reader, "/", "ru")


async def test_what_waits_for_an_operator_is_nowhere(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    before = [(await reader.get(path)).text for path in ("/", f"/s/{story}")]
    desk.at += 3600

    def held(known: Story) -> Step:
        merged = msgspec.structs.replace(known, facts=msgspec.structs.replace(known.facts, women=900))
        return Step(hold(merged, "the family asks", now(), by_operator=True))

    await desk.decide(story, held)
    never = await desk.read(replace(ARREST, published=datetime(2025, 1, 20, tzinfo=UTC)))
    assert never.action == "hold"
    assert [(await reader.get(path)).text for path in ("/", f"/s/{story}")] == before
    assert (await reader.get(f"/s/{never.story}")).status_code == 404


async def test_a_name_that_nobody_entitled_told_is_on_no_page(desk: Desk, reader: httpx.AsyncClient) -> None:
    result = await desk.read(NAMING)
    pages = [await reader.get("/"), await reader.get(f"/s/{result.story}")]
    assert all("Kastusiou" not in page.text for page in pages)


async def test_the_strip_tells_how_it_changed_the_newest_first(redis: Redis, reader: httpx.AsyncClient) -> None:
    first, second = pardon(), pardon(revision=2, time="2024-12-28T12:00:00.000Z")
    await tell(redis, first, second)
    page = await shown(reader, f"/s/{first.subject}")
    strip = page.partition("How it was told")[2]
    assert 0 < strip.index("22") < strip.index("Told for the first time.")
    assert "28 December 2024, 15:00 in Minsk" in strip
    assert "no longer kept" not in strip


async def test_a_revision_that_nobody_keeps_any_more_is_said_to_be_missing(
    redis: Redis, reader: httpx.AsyncClient
) -> None:
    await tell(redis, pardon(revision=3))
    assert "Earlier versions are no longer kept." in await shown(reader, f"/s/{pardon().subject}")


async def test_of_a_retraction_the_reason_is_told_and_no_fact_again(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    desk.at += 60
    await desk.decide(story, lambda known: retract(known, "It was <b>wrong</b>.", now()))
    page = await reader.get(f"/s/{story}")
    text = PageParts(page.text).text
    assert "It was <b>wrong</b>." in text
    assert "<b>wrong" not in page.text
    assert "What is known" not in text
    assert "Withdrawn" in await shown(reader, "/")


async def test_a_page_that_its_source_took_away_is_said_to_be_gone(
    redis: Redis, desk: Desk, reader: httpx.AsyncClient
) -> None:
    story = await desk.told(PARDON)
    await Removals(redis).note(Removal(url=str(PARDON.url), source="sample-wire", at="2025-01-03T10:00:00Z"))
    page = await shown(reader, f"/s/{story}")
    assert "The source has taken this page away; we noticed on 3 January 2025." in page


async def test_an_exercise_is_in_no_list_and_its_own_page_says_what_it_is(
    redis: Redis, reader: httpx.AsyncClient
) -> None:
    await tell(redis, pardon("pardon-20241228-exercise", status=Status.EXERCISE))
    assert "Nothing has been told so far." in await shown(reader, "/")
    page = await shown(reader, "/s/pardon-20241228-exercise")
    assert "This is an exercise. Nothing of what follows has happened." in page


async def test_the_list_goes_on_page_by_page_and_names_no_story_twice(redis: Redis, reader: httpx.AsyncClient) -> None:
    stories = [
        arrest(f"arrest-20241228-n{number:02}", time=f"2024-12-28T10:{number:02}:00.000Z") for number in range(60)
    ]
    await tell(redis, *stories)
    found: list[str] = []
    path: str | None = "/?lang=ru"
    while path is not None:
        parts = PageParts((await reader.get(path)).text)
        found += [link for link in parts.links if link.startswith("/s/")]
        path = next((str(one["href"]) for one in parts.of("a") if one.get("rel") == "next"), None)
    assert found == [f"/s/{one.subject}?lang=ru" for one in reversed(stories)]


async def test_the_acts_of_the_year_are_dots_beside_a_table(redis: Redis, reader: httpx.AsyncClient) -> None:
    await tell(redis, pardon(), arrest(), arrest("arrest-20241227-cccccc"))
    page = PageParts((await reader.get(f"/s/{pardon().subject}")).text)
    classes = sorted(str(one["class"]) for one in page.of("circle"))
    assert classes == ["arrest", "arrest", "pardon this"]
    assert "December 2024 1 2" in page.text


async def test_what_is_unchanged_is_not_sent_again(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    for path in ("/", f"/s/{story}"):
        first = await reader.get(path)
        again = await reader.get(path, headers={"if-none-match": first.headers["etag"]})
        head = await reader.head(path)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"] == head.headers["etag"]
        assert head.content == b""
        assert "max-age" in first.headers["cache-control"]
        assert (await reader.get(path, headers={"accept-language": "ru"})).headers["etag"] != first.headers["etag"]


async def test_a_change_changes_the_tag(desk: Desk, reader: httpx.AsyncClient) -> None:
    story = await desk.told(PARDON)
    tag = (await reader.get(f"/s/{story}")).headers["etag"]
    desk.at += 60
    await desk.decide(story, lambda known: retract(known, "It was wrong.", now()))
    assert (await reader.get(f"/s/{story}", headers={"if-none-match": tag})).status_code == 200
