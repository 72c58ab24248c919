"""An event whose shape was rendered in every language before is not rendered in all of them again, and is still held
back where it does not say the same in each."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.contract import Event
from services.notify.channels.email.channel import EmailChannel
from services.notify.channels.telegram.channel import TelegramChannel
from services.notify.channels.webhook.channel import WebhookChannel
from services.notify.content.alerts.statements import WIDER
from services.notify.content.parity import Parity
from services.notify.content.proven_shapes import ProvenShapes, shape_of
from services.notify.content.render_cache import RenderCache, RenderingsDiffer
from services.notify.content.rendering import Renderer
from services.subscribers.address import MODES
from tests.letters import LANGUAGES, renderer_at
from tests.unit.notify.content.test_parity import BROKEN, RENDERER, broken, read
from tests.unit.notify.content.test_render_cache import OneLanguage
from tests.unit.notify.test_hostile_values import EVENTS


class Letters(OneLanguage):
    """As mail asks for them."""

    parts = EmailChannel.parts


class Chat(OneLanguage):
    name = "telegram"
    parts = TelegramChannel.parts


class Programs(OneLanguage):
    name = "webhook"
    parts = WebhookChannel.parts
    languages = "all"
    personal = False


CHANNELS = (Letters(), Chat())
NUMBERS = count(1)


def differing(cache: RenderCache, event: Event, *also: OneLanguage) -> list[str]:
    return [line for channel in (*CHANNELS, *also) for line in cache.differing(event, channel)]


def another(event: Event, **changed: Any) -> Event:
    """As a new story, with some of its fields otherwise."""
    story = f"{event.data.story_id}-{next(NUMBERS)}"
    data = msgspec.structs.replace(event.data, story_id=story, **changed)
    return msgspec.structs.replace(event, id=f"{story}-r1", subject=story, data=data)


def of_so_many(event: Event, people: int) -> Event:
    """A pardon that says another number of people."""
    data = event.data
    claims = tuple(
        msgspec.structs.replace(one, value=people) if one.field == "pardoned" else one for one in data.claims
    )
    return another(event, claims=claims, headline_facts=msgspec.structs.replace(data.headline_facts, pardoned=people))


def sample(name: str) -> Event:
    return read(next(path for path in EVENTS if path.stem == name))


class Counted(Renderer):
    made = 0

    def render(self, *args: Any, **named: Any) -> Any:
        self.made += 1
        return super().render(*args, **named)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    renderer = renderer_at()
    renderer.__class__ = Counted
    assert isinstance(renderer, Counted)
    return renderer


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_every_sample_proves_its_shape_so_that_the_next_one_like_it_needs_no_rendering(
    path: Path, counted: Counted
) -> None:
    cache = RenderCache(counted)
    assert differing(cache, read(path)) == []
    before = counted.made
    assert before == len(CHANNELS) * len(MODES) * len(LANGUAGES)
    assert differing(cache, another(read(path))) == []
    assert counted.made == before


def test_what_is_asked_for_is_rendered_then_and_only_that(counted: Counted) -> None:
    cache = RenderCache(counted)
    differing(cache, sample("pardon"))
    before, event = counted.made, another(sample("pardon"))
    assert cache.of(event, Letters(), "ru", "discreet").keys() == {"ru"}
    assert counted.made == before + 1


@pytest.mark.parametrize("what", BROKEN)
def test_a_language_that_is_broken_on_purpose_is_noticed_before_anything_goes_out(what: str, tmp_path: Path) -> None:
    name, file, was, becomes = BROKEN[what]
    cache = RenderCache(broken(tmp_path, file, was, becomes))
    assert differing(cache, sample(name), Programs())
    assert differing(cache, another(sample(name)), Programs()), "nor does the next one pass"


def test_a_fault_of_one_form_of_number_is_noticed_in_the_first_event_that_has_it(tmp_path: Path) -> None:
    cache = RenderCache(broken(tmp_path, "languages/be.yaml", 'many: "{number} чалавек"', 'many: "21 чалавек"'))
    assert differing(cache, of_so_many(sample("pardon"), 23)) == [], "few: the form that is whole"
    assert differing(cache, of_so_many(sample("pardon"), 36))


def test_a_line_lost_in_one_language_is_noticed_in_the_first_event_that_has_such_a_line(tmp_path: Path) -> None:
    line = "{% if alert.wider %}"
    without = "{% if alert.wider and language != 'en' %}"
    cache = RenderCache(broken(tmp_path, "email/message.html.j2", line, without))
    whole = sample("pardon")
    few = another(
        whole,
        claims=tuple(one for one in whole.data.claims if one.field not in WIDER),
        headline_facts=msgspec.structs.replace(whole.data.headline_facts, **dict.fromkeys(WIDER)),
    )
    assert differing(cache, few) == []
    assert differing(cache, whole)


def test_what_no_shape_shows_is_noticed_when_a_second_language_is_read(tmp_path: Path) -> None:
    facts = "{{ rows(alert.facts) -}}"
    odd = "{% if language != 'be' or '36' not in alert.headline.act %}" + facts + "{% endif %}"
    cache = RenderCache(broken(tmp_path, "shared/message.txt.j2", facts, odd))
    assert differing(cache, sample("pardon")) == []
    event = of_so_many(sample("pardon"), 36)
    assert differing(cache, event) == []
    assert cache.of(event, Letters(), "en", "plain")
    with pytest.raises(RenderingsDiffer):
        cache.of(event, Letters(), "be", "plain")


def test_a_message_that_failed_in_one_language_proves_nothing(tmp_path: Path) -> None:
    line = "{{ rows(alert.facts) -}}"
    fails = "{% if language == 'be' %}{{ nowhere }}{% endif %}" + line
    renderer = broken(tmp_path, "shared/message.txt.j2", line, fails)
    cache = RenderCache(renderer)
    for event in (sample("pardon"), another(sample("pardon"))):
        assert differing(cache, event) == []
        assert event.id in cache.take_failures()


def test_nothing_is_covered_before_anything_was_rendered() -> None:
    assert not ProvenShapes(RENDERER, Parity(RENDERER.words)).covers(sample("pardon"), "email plain")


def test_a_shape_tells_how_many_there_are_and_not_what_they_say() -> None:
    assert shape_of(("a", ("b", "c"), None, 7)) == shape_of(("x", ("y", "z"), None, 8))
    assert shape_of(("a", "")) != shape_of(("a", "b"))
    assert shape_of(("a",)) != shape_of(("a", "b"))
    assert shape_of(True) != shape_of(False)
