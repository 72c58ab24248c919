"""One article and its claims make one report: a single source's account, with whom it quotes and who carried it.

A quote is the outlet's word about somebody's word. So a report names both, and what they are worth together with others
stands in `services.sourcing`.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final, Protocol

import msgspec

from services.contract import Claim, Facts, Kind, Party, PartyClass, Person, Place, Role, Source, Status
from services.fact_table import BESIDE_THE_ACT
from services.ingest.known_parties import KnownParties
from services.ingest.news_time import known_date
from services.runtime.clock import rfc3339


class ArticleLike(Protocol):
    """What a report needs to know of `services.ingest.articles.Article`."""

    @property
    def source_id(self) -> str: ...
    @property
    def source_name(self) -> str: ...
    @property
    def source_class(self) -> PartyClass: ...
    @property
    def url(self) -> str | None: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def received(self) -> datetime | None: ...
    @property
    def as_of(self) -> date | None: ...
    @property
    def solicited(self) -> bool: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def evidence(self) -> str | None: ...
    @property
    def outlet(self) -> str | None: ...
    @property
    def owner(self) -> str | None: ...
    @property
    def speaks_for(self) -> str | None: ...
    @property
    def claims_to_be(self) -> str | None: ...
    @property
    def doubts(self) -> tuple[str, ...]: ...


class ExtractionLike(Protocol):
    """What a report needs to know of `services.ingest.extraction.Extraction`."""

    @property
    def kind(self) -> Kind: ...
    @property
    def language(self) -> str: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def claims(self) -> tuple[Claim, ...]: ...
    @property
    def persons(self) -> tuple[Person, ...]: ...
    @property
    def place(self) -> Place | None: ...
    @property
    def occurred_on(self) -> str | None: ...
    @property
    def vague_day(self) -> str | None: ...
    @property
    def stale(self) -> bool: ...
    @property
    def doubts(self) -> tuple[str, ...]: ...


class TwofoldLike(ExtractionLike, Protocol):
    """One that may tell a second act."""

    @property
    def further(self) -> tuple[ExtractionLike, ...]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """One source's account of one happening."""

    id: str
    """Derived from the article's fingerprint and its outlet: reading the same article again gives the same report, and
    the same text from another outlet is another report. Of two acts in one article, the second has an id of its own."""
    kind: Kind
    facts: Facts
    claims: tuple[Claim, ...]
    persons: tuple[Person, ...]
    """Those who were freed, detained, or are still held. Whoever is merely mentioned is left out here, for good."""
    place: Place | None
    occurred_on: str | None
    source: Source
    received: datetime
    published: datetime | None
    solicited: bool
    stale: bool
    status: Status
    as_of: date | None = None
    """The day on which a person says the text is to be read."""
    vague_day: str | None = None
    """What a text without a date still says of its day: "--08-16" (16 August of some year) or "W5" (a Friday)."""
    doubts: tuple[str, ...] = ()
    """Why the text may have been read wrongly, as slugs of `services.ingest.extraction.doubts`; empty when sure."""


_HEADLINE: Final = {
    Kind.PARDON: ("pardoned", "names_pardoned", "decree_number", "women", "men"),
    Kind.ARREST: ("detained", "names", "criminal_articles", "authority", "place"),
}
"""The claims that show whose account it is, the most telling first."""

_NAMED_ROLES: Final = frozenset({Role.PARDONED, Role.DETAINED, Role.STILL_HELD})


def compose_report(
    article: ArticleLike,
    extraction: ExtractionLike,
    status: Status = Status.ACTUAL,
    *,
    outlet: Party | None = None,
    bare: bool = False,
    nth: int = 1,
) -> Report | None:
    """None where there is nothing to report: other news, or no claim about an act (`bare`: such a report is made all
    the same, to be grouped). `outlet`: whose voice the source is; None: its own. `nth`: which act of the
    article it tells, counted from the text's own. Raises ValueError on an article that says neither when it came in nor
    when it came out."""
    act = [claim for claim in extraction.claims if claim.scope == "act" and claim.field not in BESIDE_THE_ACT]
    if extraction.kind is Kind.OTHER or not (act or bare):
        return None
    outlet = outlet or Party(id=article.source_id, name=article.source_name, party_class=article.source_class)
    origin = _origin(extraction, act) if act else outlet
    carrier = article.outlet or article.source_id
    return Report(
        id=_report_id(article.fingerprint, carrier, nth),
        kind=extraction.kind,
        facts=_dated(extraction),
        claims=extraction.claims,
        persons=tuple(_vouched(person, outlet) for person in extraction.persons if person.role in _NAMED_ROLES),
        place=extraction.place,
        occurred_on=extraction.occurred_on or extraction.facts.occurred_on,
        source=_source(article, extraction.language, carrier, origin),
        received=_received(article),
        published=known_date(article.published),
        solicited=article.solicited,
        stale=extraction.stale,
        status=status,
        as_of=article.as_of,
        doubts=tuple(sorted({*extraction.doubts, *article.doubts})),
        vague_day=extraction.vague_day,
    )


def compose_reports(article: ArticleLike, found: TwofoldLike, *, outlet: Party | None = None) -> tuple[Report, ...]:
    """A report for each act that the text tells as its news, its own first; none where there is nothing to report."""
    acts = enumerate((found, *found.further), 1)
    reports = (compose_report(article, each, outlet=outlet, nth=nth) for nth, each in acts)
    return tuple(report for report in reports if report is not None)


def _received(article: ArticleLike) -> datetime:
    received = article.received or article.published
    if received is None:
        raise ValueError("the article has no date at all; set `received` to when it came in")
    return received


def _report_id(fingerprint: str, carrier: str, nth: int) -> str:
    of_article = f"{carrier}\n{fingerprint}" + (f"\n{nth}" if nth > 1 else "")
    digest = hashlib.sha256(of_article.encode()).digest()[:10]
    return "rp" + base64.b32encode(digest).decode().lower()


def _origin(extraction: ExtractionLike, act: list[Claim]) -> Party:
    """Who says the most telling thing; of two who say it differently, the one whose value became the fact."""
    for field in _HEADLINE[extraction.kind]:
        claims = [claim for claim in act if claim.field == field]
        as_fact = [claim for claim in claims if claim.value == getattr(extraction.facts, field)]
        if claims:
            return (as_fact or claims)[0].said_by
    return act[0].said_by


def _vouched(person: Person, outlet: Party) -> Person:
    return person if person.said_by else msgspec.structs.replace(person, said_by=outlet)


def _dated(extraction: ExtractionLike) -> Facts:
    occurred_on = extraction.facts.occurred_on or extraction.occurred_on
    return msgspec.structs.replace(extraction.facts, occurred_on=occurred_on)


def _source(article: ArticleLike, language: str, carrier: str, origin: Party) -> Source:
    published = known_date(article.published)
    return Source(
        name=article.source_name,
        source_class=article.source_class,
        language=language,
        sha256=article.sha256,
        evidence=article.evidence,
        url=article.url,
        published=rfc3339(published.timestamp()) if published else None,
        outlet=carrier,
        owner=article.owner,
        speaks_for=article.speaks_for,
        origin=origin,
        claims_to_be=article.claims_to_be,
        claimed_party=_known_parties().whose(article.claims_to_be) if article.claims_to_be else None,
    )


@cache
def _known_parties() -> KnownParties:
    """Those whom texts quote. What our own sources are called is looked for where the name came in."""
    return KnownParties()
