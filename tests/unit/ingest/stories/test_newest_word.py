"""A keeper's newer count replaces its older one, and the newest word of how people are stands; no other ends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import msgspec
import pytest

from services.contract import Kind, Party, PartyClass
from services.ingest.reports import Report
from services.ingest.stories import Placement, Story, event_data, published
from services.ingest.stories.standing import standing_claims

VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
MakeReport = Callable[..., Report]
Tell = Callable[..., Placement]
EARLIER, LATER = "2024-12-28T10:00", "2024-12-28T18:00"


def as_of(report: Report, day: str) -> Report:
    """The report with its counts of that day."""
    return replace(report, claims=tuple(msgspec.structs.replace(claim, as_of=day) for claim in report.claims))


def said(story: Story, field: str) -> list[Any]:
    """The values that an event would tell of a fact, each once."""
    return list(dict.fromkeys(claim.value for claim in standing_claims(story) if claim.field == field))


@pytest.fixture
def opening(make_report: MakeReport) -> Report:
    return make_report("act", pardoned=20, own=True)


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_of_two_counts_of_one_keeper_the_newer_stands_whichever_came_first(
    make_report: MakeReport, tell: Tell, opening: Report, order: tuple[int, ...]
) -> None:
    counts = [
        make_report("old", outlet="Old Wire", said_by=VIASNA, published=EARLIER, pardoned=20, still_held=1250),
        make_report("new", outlet="New Wire", said_by=VIASNA, published=LATER, pardoned=20, still_held=1245),
    ]
    story = tell(opening, *(counts[at] for at in order)).story
    assert (story.facts.still_held, said(story, "still_held")) == (1245, [1245])


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_the_day_of_a_count_goes_before_the_day_of_its_text(
    make_report: MakeReport, tell: Tell, opening: Report, order: tuple[int, ...]
) -> None:
    counts = [
        as_of(
            make_report("a", outlet="Old Wire", said_by=VIASNA, published=EARLIER, pardoned=20, still_held=1245),
            "2024-12-27",
        ),
        as_of(
            make_report("b", outlet="New Wire", said_by=VIASNA, published=LATER, pardoned=20, still_held=1250),
            "2024-12-01",
        ),
    ]
    story = tell(opening, *(counts[at] for at in order)).story
    assert (story.facts.still_held, said(story, "still_held")) == (1245, [1245])


def test_one_outlet_that_gives_two_counts_of_two_days_gives_the_later(make_report: MakeReport, tell: Tell) -> None:
    later = as_of(make_report("a", said_by=VIASNA, pardoned=20, still_held=1245), "2024-12-27")
    older = as_of(
        make_report("b", said_by=VIASNA, published=LATER, pardoned=20, still_held=1250, url="https://w.example/2"),
        "2024-12-01",
    )
    story = tell(later, older).story
    assert (story.facts.still_held, said(story, "still_held")) == (1245, [1245])


def test_an_outlets_newer_quote_does_not_end_the_keepers_own_count(
    make_report: MakeReport, tell: Tell, opening: Report
) -> None:
    own = make_report("own", outlet="Viasna", said_by=VIASNA, own=True, published=EARLIER, pardoned=20, still_held=1245)
    quote = make_report("q", outlet="Wire", said_by=VIASNA, published=LATER, pardoned=20, still_held=5)
    story = tell(opening, own, quote).story
    assert story.facts.still_held == 1245
    assert 1245 in said(story, "still_held")


def test_one_outlets_newer_quote_does_not_end_what_two_others_quote(make_report: MakeReport, tell: Tell) -> None:
    quotes = [
        make_report(name, outlet=name, said_by=VIASNA, published=EARLIER, pardoned=20, still_held=1245)
        for name in ("One Wire", "Two Wire")
    ]
    lone = make_report("c", outlet="Evil Wire", said_by=VIASNA, published=LATER, pardoned=20, still_held=5)
    story = tell(*quotes, lone).story
    assert 1245 in said(story, "still_held")


def test_two_keepers_counts_stand_side_by_side(make_report: MakeReport, tell: Tell, opening: Report) -> None:
    other = Party(id="human-constanta", name="Human Constanta", party_class=PartyClass.DEFENDER)
    story = tell(
        opening,
        make_report("a", outlet="Viasna", said_by=VIASNA, own=True, pardoned=20, still_held=1245),
        make_report("b", outlet="Constanta", said_by=other, own=True, published=LATER, pardoned=20, still_held=1300),
    ).story
    assert said(story, "still_held") == [1245, 1300]


@pytest.mark.parametrize(
    ("field", "first", "then"),
    [
        ("left_prison", False, True),
        ("went_to", "UA", "LT"),
        ("where_held", "IVS", "SIZO-1"),
        ("whereabouts_known", False, True),
    ],
)
def test_the_newest_word_of_how_people_are_is_a_revision(
    make_report: MakeReport, tell: Tell, field: str, first: Any, then: Any
) -> None:
    kind = Kind.ARREST if field in ("where_held", "whereabouts_known") else Kind.PARDON
    number = {"detained": 20} if kind is Kind.ARREST else {"pardoned": 20}
    own = {"kind": kind, "outlet": "Viasna", "said_by": VIASNA, "own": True, **number}
    placement = tell(
        make_report("a", published=EARLIER, **own, **{field: first}),
        make_report("b", published=LATER, **own, **{field: then}),
    )
    assert placement.outcome == "revised"
    assert [(change.field, change.before, change.after) for change in placement.changes] == [(field, first, then)]
    assert said(placement.story, field) == [then]
    event = event_data(published(placement.story), sequence=1, changes=placement.changes, replaces=None)
    assert getattr(event.headline_facts, field) == then


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("left_prison", True),
        ("went_to", "LT"),
        ("where_held", "SIZO-1"),
        ("whereabouts_known", False),
        ("administrative_article", "19.11"),
        ("administrative_days", 15),
        ("sentence_threatened", 7),
    ],
)
def test_what_a_relative_asks_first_is_a_revision(make_report: MakeReport, tell: Tell, field: str, value: Any) -> None:
    kind = {"kind": Kind.ARREST, "detained": 20} if field not in ("left_prison", "went_to") else {"pardoned": 20}
    own = {"outlet": "Viasna", "said_by": VIASNA, "own": True, **kind}
    placement = tell(
        make_report("a", published=EARLIER, **own), make_report("b", published=LATER, **own, **{field: value})
    )
    assert (placement.outcome, [change.field for change in placement.changes]) == ("revised", [field])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("counted_since", "2024-summer"),
        ("recognised_by", ("viasna",)),
        ("earlier_detentions", 2),
        ("detained_before", True),
    ],
)
def test_what_only_adds_to_the_picture_is_told_along(
    make_report: MakeReport, tell: Tell, field: str, value: Any
) -> None:
    own = {"kind": Kind.ARREST, "detained": 20, "outlet": "Viasna", "said_by": VIASNA, "own": True}
    placement = tell(
        make_report("a", published=EARLIER, **own), make_report("b", published=LATER, **own, **{field: value})
    )
    assert placement.outcome == "joined"
    assert getattr(placement.story.facts, field) == value


def test_one_outlets_word_of_where_they_went_is_not_told_beside_an_own_word(
    make_report: MakeReport, tell: Tell, opening: Report
) -> None:
    mine = Party(id="evil-wire", name="Evil Wire", party_class=PartyClass.MEDIA)
    story = tell(opening, make_report("b", outlet="Evil Wire", said_by=mine, pardoned=20, went_to="RU")).story
    assert (story.facts.went_to, said(story, "went_to")) == (None, [])


def test_nobody_is_recognised_on_one_outlets_quote_beside_an_own_word(
    make_report: MakeReport, tell: Tell, opening: Report
) -> None:
    quote = make_report("b", outlet="Evil Wire", said_by=VIASNA, pardoned=20, recognised_by=("viasna",))
    assert tell(opening, quote).story.facts.recognised_by is None
