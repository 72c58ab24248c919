from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal

import pytest

from services.contract import Event
from services.notify.channels.base import Composed, Delivery, Outcome, Rendered, Sent, Trouble
from services.notify.content.example_events import example_events
from services.notify.content.reader_view import EVERYBODY, ReaderView
from services.notify.content.render_cache import _KEPT, RenderCache
from services.notify.content.rendering import TEMPLATES, Renderer
from services.subscribers.address import Address, Mode
from tests.conformance.samples import event
from tests.letters import LANGUAGES


class CountingRenderer(Renderer):
    def __init__(self) -> None:
        super().__init__(TEMPLATES, "https://alerts.example.org")
        self.made: list[tuple[str, str, str, Mode]] = []

    def render(
        self,
        event: Event,
        *,
        channel: str,
        parts: tuple[str, ...],
        language: str,
        mode: Mode,
        view: ReaderView = EVERYBODY,
    ) -> Rendered:
        self.made.append((event.id, channel, language, mode))
        return super().render(event, channel=channel, parts=parts, language=language, mode=mode, view=view)


class OneLanguage:
    name: ClassVar[str] = "email"
    parts: ClassVar[tuple[str, ...]] = ("subject",)
    languages: ClassVar[Literal["reader", "all"]] = "reader"
    personal: ClassVar[bool] = True
    shared: bool = True
    deadline: float = 1.0

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        return Address(self.name, target, secrets)

    def __init__(self) -> None:
        self.composed = 0

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> Composed:
        self.composed += 1
        return rendered

    async def send(self, delivery: Delivery, composed: Composed) -> Outcome:
        return Sent()

    async def ask(self) -> Trouble | None:
        return None

    async def close(self) -> None:
        return None


class EveryLanguage(OneLanguage):
    name: ClassVar[str] = "webhook"
    parts: ClassVar[tuple[str, ...]] = ("headline",)
    languages: ClassVar[Literal["reader", "all"]] = "all"
    shared: bool = False


class Partners(EveryLanguage):
    personal: ClassVar[bool] = False


EVENT = event()


@pytest.fixture
def renderer() -> CountingRenderer:
    return CountingRenderer()


def test_an_event_is_rendered_and_composed_once_however_many_it_goes_to(renderer: CountingRenderer) -> None:
    render_cache, channel = RenderCache(renderer), OneLanguage()
    for _ in range(50):
        assert set(render_cache.of(EVENT, channel, "en", "plain")) == {"en"}
    assert channel.composed == 1
    assert len(renderer.made) == len(renderer.languages), "in every language, so that they can be held side by side"


def test_each_language_mode_channel_and_event_is_rendered_once(renderer: CountingRenderer) -> None:
    render_cache = RenderCache(renderer)
    render_cache.of(EVENT, OneLanguage(), "en", "plain")
    render_cache.of(EVENT, OneLanguage(), "ru", "plain")
    render_cache.of(EVENT, OneLanguage(), "en", "discreet")
    render_cache.of(event(revision=2), OneLanguage(), "en", "plain")  # of a shape that agreed: in this language alone
    render_cache.of(EVENT, EveryLanguage(), "en", "plain")
    assert len(renderer.made) == len(set(renderer.made)) == 3 * len(renderer.languages) + 1


def test_a_channel_that_wants_them_gets_every_language_once_whoever_reads(renderer: CountingRenderer) -> None:
    render_cache = RenderCache(renderer)
    found = render_cache.of(EVENT, EveryLanguage(), "ru", "plain")
    assert set(found) == set(renderer.languages) >= {"be", "en", "ru"}
    assert found["en"].parts["headline"] != found["ru"].parts["headline"]
    assert render_cache.of(EVENT, EveryLanguage(), "en", "plain") is found


def test_a_reader_whose_language_we_do_not_have_is_written_to_in_english(renderer: CountingRenderer) -> None:
    assert set(RenderCache(renderer).of(EVENT, OneLanguage(), "xx", "plain")) == {"en"}


def test_what_was_rendered_long_ago_is_forgotten_and_what_is_in_use_is_not(renderer: CountingRenderer) -> None:
    render_cache = RenderCache(renderer)
    render_cache.of(EVENT, OneLanguage(), "en", "plain")
    for revision in range(2, _KEPT + 2):
        render_cache.of(event(revision=revision), OneLanguage(), "en", "plain")
        render_cache.of(EVENT, OneLanguage(), "en", "plain")
    made = len(renderer.made)
    assert len(set(renderer.made)) == made, "what is in use is not rendered again"
    render_cache.of(event(revision=2), OneLanguage(), "en", "plain")
    assert len(renderer.made) > made


def test_what_a_watcher_reads_is_nobody_elses_and_a_clock_costs_no_rendering(renderer: CountingRenderer) -> None:
    render_cache, channel = RenderCache(renderer), OneLanguage()
    usual, watched = EVERYBODY, ReaderView(watched=frozenset({"kalasnakava mara"}))
    named = example_events()["arrest_first"]
    assert render_cache.of(named, channel, "en", "plain", usual) != render_cache.of(
        named, channel, "en", "plain", watched
    )
    rendered = len(renderer.made)
    for zone in ("Europe/Warsaw", "Asia/Tbilisi"):
        render_cache.of(named, channel, "en", "plain", ReaderView(zone))
    assert len(renderer.made) == rendered


def test_a_partner_gets_the_same_whomever_it_watches_and_wherever_it_is(renderer: CountingRenderer) -> None:
    render_cache, channel = RenderCache(renderer), Partners()
    named = example_events()["arrest_first"]
    view = ReaderView("Europe/Warsaw", frozenset({"kalasnakava mara"}))
    assert render_cache.of(named, channel, "en", "plain", view) is render_cache.of(named, channel, "en", "plain")


class WrongToWatchers(CountingRenderer):
    """One language tells them a number that no other does."""

    def render(
        self,
        event: Event,
        *,
        channel: str,
        parts: tuple[str, ...],
        language: str,
        mode: Mode,
        view: ReaderView = EVERYBODY,
    ) -> Rendered:
        made = super().render(event, channel=channel, parts=parts, language=language, mode=mode, view=view)
        wrong = view.watched and language == "ru"
        return replace(made, parts={name: text + " 77" for name, text in made.parts.items()}) if wrong else made


def test_watchers_to_whom_the_languages_say_different_things_read_what_everybody_does() -> None:
    render_cache, channel = RenderCache(WrongToWatchers()), OneLanguage()
    named, view = example_events()["arrest_first"], ReaderView(watched=frozenset({"kalasnakava mara"}))
    for language in LANGUAGES:
        assert render_cache.of(named, channel, language, "plain", view) == render_cache.of(
            named, channel, language, "plain"
        )
    assert named.id in render_cache.take_failures(), "an alarm is made of it"


def test_what_was_made_for_whoever_watches_somebody_is_forgotten_and_everybody_elses_stays() -> None:
    cache, channel, told = RenderCache(CountingRenderer()), OneLanguage(), event()
    watching = ReaderView(None, frozenset({"somebody watched"}))
    for view in (EVERYBODY, watching):
        cache.of(told, channel, "en", "plain", view)
    assert "somebody watched" in str([*cache._kept, *cache._messages])
    cache.forget_readers()
    assert "somebody watched" not in str([*cache._kept, *cache._messages])
    made = channel.composed
    cache.of(told, channel, "en", "plain")
    assert channel.composed == made
    cache.of(told, channel, "en", "plain", watching)
    assert channel.composed == made + 1
