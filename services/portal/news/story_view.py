"""All that the page of a story says, as finished words, in the order in which it says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.contract import Event, EventType
from services.notify.content.alerts import Alert, MessageKind, SourceLine
from services.notify.content.languages import Language
from services.notify.content.rendering import Renderer
from services.portal.news.moments import moment_text
from services.portal.news.story_card import StoryCard, special_mark, story_card

_TOLD_BY_THE_STRIP: Final = frozenset({MessageKind.ALERT, MessageKind.UPDATE})


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """What a revision told that the one before it had not."""

    revision: int
    when: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """`removed`: that its page is gone, in words; "" where it is there as far as we know."""

    line: SourceLine
    removed: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """`opening`: what is taken back, or joined with another; none of a story that simply stands."""

    card: StoryCard
    alert: Alert
    opening: tuple[str, ...]
    goes_on: str | None
    """The path of the story that goes on in its place."""
    sources: tuple[SourceEntry, ...]
    revisions: tuple[RevisionLine, ...]
    """The newest first."""
    missing: int
    """How many earlier ones are no longer kept."""

    @property
    def has_hashes(self) -> bool:
        return any(source.line.evidence for source in self.sources)


def story_view(revisions: Sequence[Event], removed: Mapping[str, str], renderer: Renderer, language: str) -> StoryView:
    """`revisions`: the newest last. `removed`: when a source's page went, by its address. Raises RenderingFailed."""
    last, words = revisions[-1], renderer.language(language)
    card = story_card(last, renderer, language)
    alert, withdrawn, joined = card.alert, card.is_withdrawn, last.data.merged_into
    lines = [_revision_line(event, renderer, language, withdrawn=withdrawn) for event in reversed(revisions)]
    return StoryView(
        card=card,
        alert=alert,
        opening=alert.opening if special_mark(last) or alert.kind not in _TOLD_BY_THE_STRIP else (),
        goes_on=f"/s/{joined}" if joined else None,
        sources=tuple(_source_entry(line, removed, words) for line in alert.sources),
        revisions=tuple(lines),
        missing=last.data.revision - len(lines),
    )


def _source_entry(line: SourceLine, removed: Mapping[str, str], words: Language) -> SourceEntry:
    at = removed.get(line.url or "")
    gone = words.phrase("door.news.removed", date=words.date(at) or "") if at else ""
    return SourceEntry(line, gone)


def _revision_line(event: Event, renderer: Renderer, language: str, *, withdrawn: bool) -> RevisionLine:
    words = renderer.language(language)
    says = _says(event, renderer, language, withdrawn=withdrawn)
    return RevisionLine(event.data.revision, moment_text(words, event.time), says)


def _says(event: Event, renderer: Renderer, language: str, *, withdrawn: bool) -> tuple[str, ...]:
    """What a message about it began with. Of a story that was taken back no value is told once more, not even as what
    it was: what is taken back stands above."""
    words = renderer.language(language)
    if event.type is EventType.STORY_RETRACTED:
        return (words.phrase("door.news.strip.retracted"),)
    if event.data.revision == 1:
        return (words.phrase("door.news.strip.first"),)
    changed = () if withdrawn else renderer.alert(event, language).opening
    return changed or (words.phrase("door.news.strip.changed"),)
