"""The end of a letter: why, how to stop and change, the story's page and its code, when it was sent; and no trick."""

from __future__ import annotations

import re

import pytest

from services.notify.app import renderer_of
from services.notify.channels.base import STOP_URL_SLOT
from services.notify.content.example_events import example_events
from services.notify.content.rendering import Renderer
from services.notify.content.story_code import story_code
from services.notify.settings import NotifySettings
from services.subscribers.address import Mode
from tests.letters import PUBLIC_URL, renderer_at

EVENTS = example_events()
PAGES = "https://pages.vestka.example"


def with_pages() -> Renderer:
    return renderer_of(NotifySettings.model_validate({"public_url": PUBLIC_URL, "pages_url": f"{PAGES}/"}))


def parts(renderer: Renderer, name: str, language: str, mode: Mode = "plain") -> dict[str, str]:
    rendered = renderer.render(EVENTS[name], channel="email", parts=("text", "html"), language=language, mode=mode)
    return dict(rendered.parts)


@pytest.mark.parametrize("mode", ["plain", "discreet"])
@pytest.mark.parametrize("language", renderer_at().languages)
@pytest.mark.parametrize("name", EVENTS)
def test_a_letter_ends_with_all_that_its_reader_may_want(name: str, language: str, mode: Mode) -> None:
    story = EVENTS[name].data.story_id
    for text in parts(with_pages(), name, language, mode).values():
        for wanted in (STOP_URL_SLOT, f"{PAGES}/s/{story}", f"{PAGES}/manage", story_code(story), "18:50", "15:50"):
            assert wanted in text


@pytest.mark.parametrize("name", EVENTS)
def test_no_letter_leads_to_a_page_that_nobody_serves(name: str) -> None:
    for text in parts(renderer_at(), name, "en").values():
        assert "/manage" not in text
        assert "/s/" not in text.replace("https://wire.example/", "")


@pytest.mark.parametrize("language", renderer_at().languages)
@pytest.mark.parametrize("name", EVENTS)
def test_nothing_is_written_in_the_colour_of_its_ground_or_too_small_to_read(name: str, language: str) -> None:
    """What filters take for hidden text (SpamAssassin HTML_FONT_LOW_CONTRAST, END_FUTURE_EMAILS)."""
    html = parts(with_pages(), name, language)["html"]
    assert not re.search(r"(?<!-)color:\s*#f{3,6}", html)
    assert not re.search(r"font-size:\s*[1-9]px", html)
    assert not re.search(r"(?i)\b(stop|end|cease)\b[^.<]{0,20}\b(these|our|future) (e?mail|message|alert)s?\b", html)


@pytest.mark.parametrize("name", EVENTS)
def test_links_of_a_letter_are_words_not_addresses(name: str) -> None:
    html = re.sub(r"<[^>]*>", "", parts(with_pages(), name, "ru")["html"])
    assert "://" not in html
