"""An event that says different things in different languages goes nowhere, and is kept; one that cannot be rendered as
usual goes out as a plain text of the facts. Of either there is an alarm."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, deliveries_stream
from services.notify.content.plain_facts import plain_words
from services.notify.content.render_cache import RenderCache
from services.notify.content.rendering import TEMPLATES, Renderer
from services.notify.pipeline import RENDERINGS_DIFFER
from services.notify.repair.replay import Selection
from services.notify.watching.forever import look_once
from services.notify.watching.renderings import RENDERING_FAILED, RenderingsWatch, note_failures
from services.operations.alarms import Alarms
from tests.letters import renderer_at
from tests.redis.house import House
from tests.redis.samples import pardon

EVENT = pardon()


def templates(folder: Path, **phrases: str) -> Renderer:
    """With other phrases in Belarusian, by dotted key with `__` for the dot."""
    shutil.copytree(TEMPLATES, folder / "templates")
    path = folder / "templates" / "languages" / "be.yaml"
    words = yaml.safe_load(path.read_text("utf-8"))
    for key, text in phrases.items():
        *steps, last = key.split("__")
        node = words["phrases"]
        for step in steps:
            node = node[step]
        node[last] = text
    path.write_text(yaml.safe_dump(words, allow_unicode=True), "utf-8")
    return renderer_at(templates=folder / "templates")


def use(house: House, renderer: Renderer) -> RenderCache:
    """As after a start of notify: nothing is remembered of before."""
    cache = RenderCache(renderer)
    for name, sender in house.senders.items():
        house.senders[name] = replace(sender, render_cache=cache)
    return cache


class Watched:
    def __init__(self, house: House, version: str) -> None:
        self.alarms = Alarms(house.redis, house.metrics, house.clock)
        self._watch = RenderingsWatch(house.redis, house.dead, version)

    async def sounding(self) -> list[tuple[str, str]]:
        await look_once(self._watch, self.alarms, 0.0)
        return [(alarm.kind, alarm.about) for alarm in await self.alarms.list()]


@pytest.fixture
def differing(house: House, tmp_path: Path) -> Renderer:
    renderer = templates(tmp_path, hedge__exact="77")
    use(house, renderer)
    return renderer


async def test_nothing_of_an_event_whose_languages_differ_goes_out_on_any_channel_in_any(
    redis: Redis, house: House, differing: Renderer
) -> None:
    for language in differing.languages:
        await house.subscribe(language=language, channels=("email", "telegram"))
    await house.deliver(EVENT)
    assert house.mail.taken == house.chat.taken == []
    assert await redis.xlen(deliveries_stream("email")) == 0
    (buried,) = await house.dead.all()
    assert (buried.letter.kind, buried.letter.reason) == ("poison", RENDERINGS_DIFFER)
    assert (buried.letter.stream, buried.letter.event_id) == (EVENTS_STREAM, EVENT.id)


async def test_an_alarm_says_so_until_it_is_mended_and_redriven_and_then_everybody_is_told_once(
    house: House, differing: Renderer
) -> None:
    for language in differing.languages:
        await house.subscribe(language=language)
    await house.deliver(EVENT)
    watched = Watched(house, differing.version)
    assert await watched.sounding() == [(RENDERINGS_DIFFER, EVENT.id)]
    (alarm,) = await watched.alarms.list()
    assert "vestka dead redrive" in alarm.says

    use(house, renderer_at())
    (buried,) = await house.dead.all()
    await house.redrive(buried)
    await house.deliver()
    assert len(house.mail.taken) == len(differing.languages)
    assert await house.dead.all() == []
    assert await watched.sounding() == []


async def test_redriven_before_it_is_mended_it_is_kept_again(house: House, differing: Renderer) -> None:
    await house.subscribe()
    await house.deliver(EVENT)
    (buried,) = await house.dead.all()
    await house.redrive(buried)
    await house.deliver()
    assert house.mail.taken == []
    assert [one.letter.reason for one in await house.dead.all()] == [RENDERINGS_DIFFER]


async def test_nor_does_a_replay_send_it(house: House, tmp_path: Path) -> None:
    await house.miss(EVENT)
    await house.subscribe()
    use(house, templates(tmp_path, hedge__exact="77"))
    await house.replay(Selection(event_id=EVENT.id))
    await house.deliver()
    assert house.mail.taken == []
    assert [one.letter.reason for one in await house.dead.all()] == ["RenderingsDiffer"]


async def test_another_event_is_not_held_up(house: House, tmp_path: Path) -> None:
    use(house, templates(tmp_path, hedge__about="каля 77"))
    await house.subscribe()
    await house.deliver(EVENT)
    assert len(house.mail.taken) == 1


async def test_a_rendering_that_fails_is_a_plain_text_and_an_alarm_and_never_silence(
    redis: Redis, house: House, tmp_path: Path
) -> None:
    renderer = templates(tmp_path, headline__whole="{act} {no_such_slot}")
    cache = use(house, renderer)
    for language in renderer.languages:
        await house.subscribe(language=language)
    await house.deliver(EVENT)
    subjects = [one.parts["subject"] for parts in house.mail.rendered for one in parts.values()]
    assert len(subjects) == len(renderer.languages)
    assert [subject.startswith(plain_words()["be"].kinds["pardon"]) for subject in subjects].count(True) == 1
    assert await house.dead.all() == []

    watched = Watched(house, renderer.version)
    assert await watched.sounding() == []
    await note_failures(redis, cache)
    assert await watched.sounding() == [(RENDERING_FAILED, EVENT.id)]
    (alarm,) = await watched.alarms.list()
    assert "phrases.headline.whole" in alarm.says
    assert await Watched(house, "mended").sounding() == []
