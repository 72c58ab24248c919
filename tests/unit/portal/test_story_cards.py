"""The list of what happened: each story by its headline and what it bears before it; one that fails hides no other."""

from __future__ import annotations

import msgspec
import pytest
import structlog

from services.contract import Certainty, Event, Kind, decode_event
from services.notify.assembly import renderer_of
from services.notify.content.rendering import RenderingFailed
from services.portal.news.story_card import StoryCard, StoryCards, story_card
from services.portal.settings import PortalSettings
from services.runtime.settings import REPOSITORY

EVENTS = REPOSITORY / "tests" / "golden" / "events"
RENDERER = renderer_of(PortalSettings())


def golden(name: str) -> Event:
    return decode_event((EVENTS / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("pardon_own", ""), ("pardon", "Unconfirmed"), ("arrest", "Disputed"), ("retraction", "Withdrawn"),
        ("pardon_merged", "One event, not two"),
    ],
)  # fmt: skip
def test_a_card_bears_the_word_that_a_reader_must_see_first(name: str, tag: str) -> None:
    assert story_card(golden(name), RENDERER, "en").tag == tag


def test_a_card_is_no_more_certain_than_its_sources() -> None:
    event = golden("pardon")
    sure = msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, certainty=Certainty.CONFIRMED))
    assert story_card(sure, RENDERER, "en").tag == "Unconfirmed"


@pytest.mark.parametrize("language", RENDERER.page_languages)
def test_a_withdrawn_story_says_neither_who_nor_by_whom(language: str) -> None:
    card = story_card(golden("retraction"), RENDERER, language)
    assert card.is_withdrawn
    assert card.said == card.who == ""


class WithoutArrests(StoryCards):
    """As if a phrase were missing that only arrests need."""

    def of(self, event: Event, language: str) -> StoryCard:
        if event.data.kind is Kind.ARREST:
            raise RenderingFailed("template x, line 1: error of type KeyError")
        return super().of(event, language)


def test_one_story_that_cannot_be_told_hides_no_other() -> None:
    with structlog.testing.capture_logs() as lines:
        told = WithoutArrests(RENDERER).several([golden("pardon"), golden("arrest"), golden("pardon_own")], "en")
    assert [event.id for event, _ in told] == [golden("pardon").id, golden("pardon_own").id]
    assert [(line["event"], line["event_id"]) for line in lines] == [("story_not_shown", golden("arrest").id)]
