"""Reading, the pure part of the road: what an article tells.

Nothing that talks to a store or a network is imported here: the process that reads starts with this module, and has to
be up within a moment.
"""

from __future__ import annotations

from dataclasses import replace

from services.contract import Party
from services.ingest.articles import Article
from services.ingest.extraction import Extraction, extract
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.listed import read_listed
from services.ingest.news_time import day_in_minsk
from services.ingest.quotes import with_quotes
from services.ingest.reports import Report, compose_report, compose_reports


def reading_of(article: Article) -> tuple[Report, ...] | NearMiss:
    """The pure part of the road, which the worker walks: nothing where the article tells nothing of ours, and two
    reports where it tells two acts."""
    outlet = _voice_of(article)
    if article.listed:
        listed = compose_report(article, read_listed(article.listed, article.text, outlet), outlet=outlet)
        return (listed,) if listed else ()
    extraction = extract(
        article.text,
        title=article.title,
        language=article.language,
        as_of=article.as_of,
        published=day_in_minsk(article.published) if article.published else None,
        outlet=outlet,
        watched=article.watched,
        at_home=article.at_home,
    )
    reports = compose_reports(article, _quoting(extraction, article), outlet=outlet)
    return reports or extraction.near_miss or ()


def _quoting(found: Extraction, article: Article) -> Extraction:
    claims = with_quotes(found.claims, article.text, found.language, found.persons)
    return replace(found, claims=claims, further=tuple(_quoting(each, article) for each in found.further))


def report_of(article: Article) -> Report | None:
    """Of its own act alone, without near misses."""
    found = reading_of(article)
    return None if isinstance(found, NearMiss) or not found else found[0]


def _voice_of(article: Article) -> Party:
    voice = article.speaks_for or article.outlet or article.source_id
    return Party(id=voice, name=article.source_name, party_class=article.source_class)
