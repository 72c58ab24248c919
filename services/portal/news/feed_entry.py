"""One story as feeds have it: what every reader of feeds shows, whatever its form."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from services.contract import Event
from services.portal.news.story_card import StoryCard


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """`id`: the same in every language and for ever, so that a reader of feeds knows what it has. `updated`: RFC 3339.
    `html`: what the story says, as a piece of a page without any look of its own."""

    id: str
    title: str
    summary: str
    html: str
    updated: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Feed:
    """`base`: where our pages are reached, without a slash at its end. `older`: the address of the feed's next page."""

    title: str
    subtitle: str
    language: str
    base: str
    here: str
    front: str
    older: str | None
    entries: tuple[FeedEntry, ...]
    updated: str

    @property
    def id(self) -> str:
        return lasting_id(f"{self.base}/feed?lang={self.language}")


def feed_entry(event: Event, card: StoryCard, html: str, url: str) -> FeedEntry:
    """The title is the subject of a letter: it says by itself that something is withdrawn or a new version."""
    alert = card.alert
    return FeedEntry(
        id=lasting_id(f"urn:vestka:story:{event.data.story_id}"),
        title=alert.subject,
        summary=" ".join(alert.opening[:2]) or alert.headline.whole,
        html=html,
        updated=event.time,
        url=url,
        kind=event.data.kind.value,
    )


def lasting_id(name: str) -> str:
    """A URN of RFC 9562 (version 5), which needs no domain that we might lose."""
    return uuid5(NAMESPACE_URL, name).urn
