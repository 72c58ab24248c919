"""Reports to place: each is what one outlet, invented here, might have said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.contract import (
    Claim,
    Facts,
    Kind,
    Party,
    PartyClass,
    Person,
    Place,
    Precision,
    Role,
    Status,
)
from services.ingest.extraction import Extraction
from services.ingest.reports import Report, compose_report
from services.ingest.stories import Placement, Story, place, published
from services.names import fold

PRESIDENT = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
_TOTALS = {"released_total", "still_held", "deaths_in_custody"}
_ABOUT = {Kind.PARDON: Role.PARDONED, Kind.ARREST: Role.DETAINED}


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """As much of an article as a report asks for."""

    source_id: str
    source_name: str
    source_class: PartyClass
    url: str | None
    published: datetime | None
    received: datetime | None
    solicited: bool
    fingerprint: str
    sha256: str
    as_of: date | None = None
    evidence: str | None = None
    outlet: str | None = None
    owner: str | None = None
    speaks_for: str | None = None
    claims_to_be: str | None = None
    doubts: tuple[str, ...] = ()


MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]


@pytest.fixture
def make_report() -> MakeReport:
    return _report


@pytest.fixture
def tell() -> Tell:
    return _tell


def _tell(*reports: Report, stories: list[Story] | None = None) -> Placement:
    """Places reports one after another, each outcome published or kept; gives the last placement."""
    known = {story.id: story for story in stories or ()}
    placement: Placement | None = None
    for report in reports:
        placement = place(report, known.values(), report.received)
        story = placement.story
        known[story.id] = published(story) if placement.outcome in ("new", "revised") else story
    assert placement is not None
    return placement


def _report(
    text: str = "one text",
    *,
    kind: Kind = Kind.PARDON,
    said_by: Party = PRESIDENT,
    outlet: str = "Sample Wire",
    own: bool = False,
    owner: str | None = None,
    url: str | None = None,
    published: str | None = "2024-12-28T12:00",
    received: str = "2024-12-28T12:05",
    solicited: bool = False,
    occurred_on: str | None = None,
    names: tuple[str, ...] = (),
    held: tuple[str, ...] = (),
    place: str | None = None,
    hedged: dict[str, Precision] | None = None,
    status: Status = Status.ACTUAL,
    **facts: Any,
) -> Report:
    """`text` stands for the whole article: other words, another article. `own`: whoever says it says it in a source of
    its own, by our configuration."""
    digest = hashlib.sha256(f"{outlet} {text}".encode()).hexdigest()
    article = SampleArticle(
        source_id=outlet.lower().replace(" ", "-"),
        source_name=outlet,
        source_class=said_by.party_class if own else PartyClass.MEDIA,
        url=url,
        published=_moment(published) if published else None,
        received=_moment(received),
        solicited=solicited,
        fingerprint=digest,
        sha256=digest,
        outlet=said_by.id if own else None,
        owner=owner,
        speaks_for=said_by.id if own else None,
    )
    extraction = Extraction(
        kind=kind,
        language="en",
        facts=Facts(**facts),
        claims=tuple(_claim(field, value, said_by, (hedged or {}).get(field)) for field, value in facts.items())
        or (_claim("names_disclosed", False, said_by, None),),
        persons=(*_persons(names, _ABOUT[kind], said_by), *_persons(held, Role.STILL_HELD, said_by)),
        place=Place(name=place) if place else None,
        occurred_on=occurred_on,
    )
    report = compose_report(article, extraction, status)
    assert report is not None
    return report


def _claim(field: str, value: Any, said_by: Party, precision: Precision | None) -> Claim:
    return Claim(
        field=field,
        value=value,
        said_by=said_by,
        span=(0, 1),
        precision=precision or Precision.EXACT,
        scope="total" if field in _TOTALS else "act",
    )


def _persons(names: tuple[str, ...], role: Role, said_by: Party) -> tuple[Person, ...]:
    return tuple(Person(name=name, role=role, key=fold(name), said_by=said_by) for name in names)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
