"""Whoever is named as freed or taken and counted by nobody is counted by their names, and the reading says so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from services.contract import Claim, Kind, Party, Person, Precision
from services.fact_table import ACTS
from services.ingest.extraction.attribution import UNATTRIBUTED
from services.ingest.extraction.kind import News
from services.ingest.extraction.people.persons import named
from services.ingest.extraction.people.together import listed_together
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.unsure_numbers import frees_another, names_not_all

_SEVERAL: Final = 2

COUNTED_BY_NAMES: Final = "counted_by_names"
"""Nobody gives a number; it is that of the people whom the text names, who may not be all."""


def with_names_counted(
    kind: Kind, claims: tuple[Claim, ...], people: Sequence[Person], span: tuple[int, int], *, more: Callable[[], bool]
) -> tuple[Claim, ...]:
    """The claims, with one of the number of those named where the act has none. `span`: of the sentence that states the
    act. `more`: does the text speak of others besides, so that only the names are claimed? It is asked only then."""
    act = ACTS.get(kind)
    names = named(people, act.role) if act else ()
    claims = _without_too_few(kind, _without_lone_one(kind, claims, people), names)
    if act is None or not names or any(each.field in (act.number, act.names) for each in claims):
        return claims
    who = _namer(people, names)
    if more():
        return (*claims, Claim(field=act.names, value=names, said_by=who, span=span))
    counted = Claim(field=act.number, value=len(names), said_by=who, span=span, precision=Precision.AT_LEAST)
    return (*claims, counted)


def _without_lone_one(kind: Kind, claims: tuple[Claim, ...], people: Sequence[Person]) -> tuple[Claim, ...]:
    """The claims without a number of one where the text names several: each sentence told of one of them."""
    act = ACTS.get(kind)
    if act is None or len(named(people, act.role)) < _SEVERAL:
        return claims
    numbers = {each.value for each in claims if each.field == act.number}
    return tuple(each for each in claims if each.field != act.number) if numbers == {1} else claims


def _without_too_few(kind: Kind, claims: tuple[Claim, ...], names: Sequence[str]) -> tuple[Claim, ...]:
    """Without the number of an arrest where the text names more: it counts one place or moment of several."""
    act = ACTS.get(kind)
    if act is None or kind is not Kind.ARREST:
        return claims
    numbers = [each.value for each in claims if each.field == act.number and isinstance(each.value, int)]
    too_few = bool(numbers) and max(numbers) < len(names)
    return tuple(each for each in claims if each.field != act.number) if too_few else claims


def leaves_some_unnamed(text: ReadText, title: ReadText, news: News, people: Sequence[Person]) -> bool:
    """Are there others besides those whom it names: as a sentence says, or as its lead lets one think?"""
    if speaks_of_more(text, news):
        return True
    if news.kind is not Kind.ARREST:
        return len(named(people, ACTS[Kind.PARDON].role)) == 1 and frees_another(text, text.without(news.background))
    names, fresh = len(named(people, ACTS[Kind.ARREST].role)), text.without(news.background)
    return names_not_all(text, title, news.acts, fresh, names)


def speaks_of_more(text: ReadText, news: News) -> bool:
    """Does a sentence that is not of before speak of others, whom it neither counts nor names ("dozens were taken")?"""
    groups = (text.lexicon.rows.get(name) for name in ("uncounted", "others"))
    fresh = [text.readings[index].counted for index in text.without(news.background)]
    if any(group.first(counted) for group in groups if group is not None for counted in fresh):
        return True
    act = ACTS.get(news.kind)
    return act is not None and any(
        together is not None and together[1] is None
        for together in (listed_together(act.number, text, index) for index in text.without(news.background))
    )


def _namer(people: Sequence[Person], names: Sequence[str]) -> Party:
    return next((one.said_by for one in people if one.name in names and one.said_by), UNATTRIBUTED)
