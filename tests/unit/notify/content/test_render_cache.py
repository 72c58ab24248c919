from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import pytest

from services.contract import Event
from services.notify.channels.base import Delivery, Outcome, Rendered, Sent, Trouble
from services.notify.content.render_cache import _KEPT, RenderCache
from services.notify.content.rendering import TEMPLATES, Renderer
from services.subscribers.address import Address, Mode
from tests.conformance.samples import delivery, event


class CountingRenderer(Renderer):
    def __init__(self) -> None:
        super().__init__(TEMPLATES, "https://alerts.example.org")
        self.made: list[tuple[str, str, str, Mode]] = []

    def render(self, event: Event, *, channel: str, parts: tuple[str, ...], language: str, mode: Mode) -> Rendered:
        self.made.append((event.id, channel, language, mode))
        return super().render(event, channel=channel, parts=parts, language=language, mode=mode)


class OneLanguage:
    name: ClassVar[str] = "email"
    parts: ClassVar[tuple[str, ...]] = ("subject",)
    languages: ClassVar[Literal["reader", "all"]] = "reader"
    shared: bool = True
    deadline: float = 1.0

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        return Address(self.name, target, secrets)

    async def send(self, delivery: Delivery, rendered: Mapping[str, Rendered]) -> Outcome:
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


READER = Address("email", "reader@example.org")


@pytest.fixture
def renderer() -> CountingRenderer:
    return CountingRenderer()


def test_an_event_is_rendered_once_however_many_it_goes_to(renderer: CountingRenderer) -> None:
    render_cache = RenderCache(renderer)
    for number in range(50):
        assert set(render_cache.of(delivery(READER, number=number), OneLanguage())) == {"en"}
    assert len(renderer.made) == 1


def test_each_language_mode_channel_and_event_is_rendered_for_itself(renderer: CountingRenderer) -> None:
    render_cache = RenderCache(renderer)
    for one in (
        delivery(READER),
        delivery(READER, language="ru"),
        delivery(READER, mode="discreet"),
        delivery(READER, of=event(story_id="another")),
        delivery(READER, of=event(revision=2)),
    ):
        render_cache.of(one, OneLanguage())
    render_cache.of(delivery(READER), EveryLanguage())
    assert len(renderer.made) == len(set(renderer.made)) == 4 + len(renderer.languages)


def test_a_channel_that_wants_them_gets_every_language(renderer: CountingRenderer) -> None:
    found = RenderCache(renderer).of(delivery(READER, language="ru"), EveryLanguage())
    assert set(found) == set(renderer.languages) >= {"en", "ru"}
    assert found["en"].parts["headline"] != found["ru"].parts["headline"]


def test_a_reader_whose_language_we_do_not_have_is_written_to_in_english(renderer: CountingRenderer) -> None:
    found = RenderCache(renderer).of(delivery(READER, language="xx"), OneLanguage())
    assert {language: one.language for language, one in found.items()} == {"xx": "en"}


def test_what_was_rendered_long_ago_is_forgotten_and_what_is_in_use_is_not(renderer: CountingRenderer) -> None:
    render_cache = RenderCache(renderer)
    in_use = delivery(READER)
    render_cache.of(in_use, OneLanguage())
    for revision in range(2, _KEPT + 2):
        render_cache.of(delivery(READER, of=event(revision=revision)), OneLanguage())
        render_cache.of(in_use, OneLanguage())
    assert len(renderer.made) == _KEPT + 1
    render_cache.of(delivery(READER, of=event(revision=2)), OneLanguage())
    assert len(renderer.made) == _KEPT + 2
