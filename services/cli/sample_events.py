"""Events to try templates on, made of the sample articles by the stations that real ones pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from services.contract import Event, PartyClass
from services.demo.sample_article import SampleArticle, arrest, pardon, pardon_update
from services.ingest.article_reading import report_of
from services.ingest.articles import to_article
from services.ingest.reports import Report
from services.ingest.sources.base import Item
from services.ingest.stories import Placement, Story, place, published, retract, to_event

_NOW: Final = datetime(2025, 1, 15, 9, 0, tzinfo=UTC)
_WHY: Final = "This is a sample."


def sample_events() -> Iterator[Event]:
    """Each with a name of its own as its id: announced, updated and retracted, with and without a place."""
    told = place(_report(pardon()), [], _NOW)
    yield _event(told.story)
    story = published(told.story)
    update = place(_report(pardon_update()), [story], _NOW)
    yield _event(update.story, update)
    withdrawn = retract(published(update.story), _WHY, _NOW)
    yield to_event(withdrawn.story, sequence=3, changes=withdrawn.changes, now=_NOW.timestamp())
    yield _event(place(_report(arrest()), [], _NOW).story)


def _report(sample: SampleArticle) -> Report:
    report = report_of(
        to_article(
            Item(
                source_id="sample",
                source_name=sample.outlet,
                source_class=PartyClass.MEDIA,
                body=sample.text,
                url=sample.url,
                published=sample.published,
                received=sample.published,
                language=sample.language,
            )
        )
    )
    assert report is not None  # a sample is news
    return report


def _event(story: Story, placement: Placement | None = None) -> Event:
    return to_event(story, sequence=1, changes=placement.changes if placement else (), now=_NOW.timestamp())
