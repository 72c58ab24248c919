"""A story in the list of what happened: its headline, who says so, how certain it is, and where all of it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from services.contract import Certainty, Event, EventType, Kind
from services.notify.content.alerts import Alert
from services.notify.content.rendering import Renderer, RenderingFailed
from services.portal.news.moments import moment_text

log = structlog.get_logger(__name__)

_MOST_MADE: Final = 600
"""Some pages of the list in each language."""


@dataclass(frozen=True, slots=True)
class StoryCard:
    """`tag`: what stands before anything else, or nothing. `when`: when it was told last."""

    path: str
    act: str
    said: str
    who: str
    tag: str
    certainty: str
    """How certain it is, in a word, confirmed too; "" for what is no news."""
    when: str
    alert: Alert
    is_withdrawn: bool


def story_path(event: Event) -> str:
    return f"/s/{event.data.story_id}"


class StoryCards:
    """Made once for each revision and language: what an event says never changes."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._made: dict[tuple[str, str], StoryCard] = {}

    def several(self, events: Iterable[Event], language: str) -> list[tuple[Event, StoryCard]]:
        """Of those that can be told: one that cannot hides no other."""
        found = []
        for event in events:
            try:
                found.append((event, self.of(event, language)))
            except RenderingFailed as error:
                log.error("story_not_shown", event_id=event.id, error=str(error))
        return found

    def of(self, event: Event, language: str) -> StoryCard:
        """Raises RenderingFailed."""
        key = (event.id, language)
        if (card := self._made.get(key)) is None:
            if len(self._made) >= _MOST_MADE:
                self._made.clear()
            card = self._made[key] = story_card(event, self._renderer, language)
        return card


def story_card(event: Event, renderer: Renderer, language: str) -> StoryCard:
    """Raises RenderingFailed."""
    words, alert = renderer.language(language), renderer.alert(event, language)
    is_gone, tag = event.type is EventType.STORY_RETRACTED, _tag_of(event, alert)
    return StoryCard(
        path=story_path(event),
        act=alert.headline.act,
        said="" if is_gone else alert.headline.said,
        who="" if is_gone else alert.who_in_short,
        tag=words.phrase(f"door.news.tag.{tag}") if tag else "",
        certainty=words.phrase(f"door.news.tag.{alert.certainty}") if event.data.kind is not Kind.OTHER else "",
        when=moment_text(words, event.time),
        alert=alert,
        is_withdrawn=is_gone,
    )


def special_mark(event: Event) -> str:
    """What an event says that neither announces nor updates: "" where it does one of these."""
    if event.type is EventType.STORY_RETRACTED:
        return "retracted"
    if event.data.merged_into or event.type.value == "story.merged":
        return "merged"
    return "held" if event.type.value == "story.held" else ""


def _tag_of(event: Event, alert: Alert) -> str:
    """Which word it bears before its headline; none where it is confirmed."""
    return special_mark(event) or ("" if alert.certainty is Certainty.CONFIRMED else alert.certainty.value)
