"""Whether an event is what an interest asks for, field by field. Pure.

Every field that is filled must hold, by any of its values. What an event does not say decides by what silence would
cost: a pardon of people who are not named may be anybody's, and one without a place is the whole country's. An article
that nobody names is none that was asked for. What is *not* meant (`without`) must be known for sure, or it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from services.contract import Certainty, EventData, Kind
from services.subscribers.interests import Interest, town_in
from services.subscribers.watched_persons import (
    NO_ANSWERS,
    MatchAnswers,
    PersonHit,
    doubts_in,
    may_be_anybody,
    watches_somebody_in,
)

Field = Literal["kinds", "places", "persons", "sources", "least", "articles", "without"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One field of an interest, held against an event."""

    field: Field
    holds: bool


def clauses_of(interest: Interest, data: EventData, answers: MatchAnswers = NO_ANSWERS) -> tuple[Clause, ...]:
    """Of the fields that are filled, in their order."""
    checks = [(field, holds) for field, asked, holds in _FIELDS if asked(interest)]
    return tuple(Clause(field, holds(interest, data, answers)) for field, holds in checks)


def asks_for(interest: Interest, data: EventData, answers: MatchAnswers = NO_ANSWERS) -> bool:
    for _, asked, holds in _FIELDS:  # noqa: SIM110  (a generator costs as much again, for every reader of an event)
        if asked(interest) and not holds(interest, data, answers):
            return False
    return True


def may_ask_for(interest: Interest, data: EventData, answers: MatchAnswers = NO_ANSWERS) -> list[PersonHit]:
    """The doubtful matches on which alone it depends whether the interest asks for the event."""
    failing = [clause.field for clause in clauses_of(interest, data, answers) if not clause.holds]
    return doubts_in(interest, data, answers) if failing == ["persons"] else []


def can_match(interest: Interest) -> bool:
    """False where what is not meant takes everything away, whatever happens."""
    return not any(_is_everything(one) or _takes_all(one, interest) for one in interest.without)


def region_of(data: EventData) -> str | None:
    """Where it happened, as far as that is known."""
    return data.place.region if data.place is not None else None


def is_asked_place(interest: Interest, data: EventData) -> bool:
    # A pardon is an act for the whole country: one without a place is no reason to keep silent towards a region.
    if region_of(data) is None:
        return data.kind is Kind.PARDON
    return _is_named_place(interest, data)


def _is_named_place(interest: Interest, data: EventData) -> bool:
    region = region_of(data)
    if region is None:
        return False
    return region in interest.regions or (data.place is not None and town_in(region, data.place.name) in interest.towns)


def _is_asked_kind(interest: Interest, data: EventData, _: MatchAnswers) -> bool:
    return data.kind in interest.kinds


def _is_asked_person(interest: Interest, data: EventData, answers: MatchAnswers) -> bool:
    return watches_somebody_in(interest, data, answers) or may_be_anybody(data)


def _is_told_by(interest: Interest, data: EventData, _: MatchAnswers) -> bool:
    """Who carries it counts, and not whom they quote: an outlet's text is an outlet's."""
    return any(source.source_class in interest.sources for source in data.sources)


def _is_certain(interest: Interest, data: EventData, _: MatchAnswers) -> bool:
    """Disputed counts as reported: that it happened is told, and only its numbers differ; it is not confirmed as it
    stands."""
    return interest.least is not Certainty.CONFIRMED or data.certainty is Certainty.CONFIRMED


def _names_article(interest: Interest, data: EventData, _: MatchAnswers) -> bool:
    return not set(interest.articles).isdisjoint(articles_of(data))


def articles_of(data: EventData) -> frozenset[str]:
    """Of the criminal code; empty where none is known."""
    return frozenset(data.headline_facts.criminal_articles or ())


def _is_meant(interest: Interest, data: EventData, answers: MatchAnswers) -> bool:
    return not any(_surely(one, data, answers) for one in interest.without)


def _surely(interest: Interest, data: EventData, answers: MatchAnswers) -> bool:
    """As `asks_for`, but what the event does not say is no yes."""
    if (interest.regions or interest.towns) and not _is_named_place(interest, data):
        return False
    if interest.persons and not watches_somebody_in(interest, data, answers):
        return False
    return asks_for(interest, data, answers)


def _is_everything(interest: Interest) -> bool:
    """Nothing is asked of an event but that it is one."""
    asked = [field for field, asks, _ in _FIELDS if asks(interest) and field != "without"]
    all_kinds = {Kind.PARDON, Kind.ARREST} <= set(interest.kinds)
    return not interest.without and set(asked) <= ({"kinds"} if all_kinds else set())


def _takes_all(taken: Interest, interest: Interest) -> bool:
    """Is every event that the interest asks for one of these by what the interest itself says? Of kinds alone: the
    other fields are held against what an event names beside."""
    asked = {field for field, asks, _ in _FIELDS if asks(taken)}
    return asked == {"kinds"} and bool(interest.kinds) and set(interest.kinds) <= set(taken.kinds)


_FIELDS: Final[
    tuple[tuple[Field, Callable[[Interest], object], Callable[[Interest, EventData, MatchAnswers], bool]], ...]
] = (
    ("kinds", lambda one: one.kinds, _is_asked_kind),
    ("places", lambda one: one.regions or one.towns, lambda one, data, _: is_asked_place(one, data)),
    ("persons", lambda one: one.persons, _is_asked_person),
    ("sources", lambda one: one.sources, _is_told_by),
    ("least", lambda one: one.least is Certainty.CONFIRMED, _is_certain),
    ("articles", lambda one: one.articles, _names_article),
    ("without", lambda one: one.without, _is_meant),
)
