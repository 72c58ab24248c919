"""What somebody asks for as people and programs write it, read and checked. No error repeats what was written."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from services.contract import Certainty, Kind, PartyClass
from services.fact_table import Region
from services.names import parts_of_strong
from services.subscribers.filters import can_match
from services.subscribers.habits import Frequency
from services.subscribers.interests import Interest, PersonMark, following, marked, watched

KindAsked = Literal["pardon", "arrest"]
LeastAsked = Literal["reported", "confirmed"]

_ARTICLE: Final = re.compile(r"[1-4][0-9]{2}(-[1-9][0-9]?)?", re.ASCII)
"""As reading knows those of the criminal code: another would never match."""
_TOWN: Final = re.compile(rf"(?:{'|'.join(Region)}):[A-Z][A-Za-z' -]{{1,60}}")


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _town(given: str) -> str:
    if not _TOWN.fullmatch(given):
        raise ValueError("a town bears its region and is written in English, like gomel:Mozyr")
    return given


def _article(given: str) -> str:
    if not _ARTICLE.fullmatch(given):
        raise ValueError("an article of the criminal code is a number, like 361-4 or 130")
    return given


def _strong(given: str) -> str:
    try:
        parts_of_strong(given[:2_000])
    except ValueError:
        raise ValueError("it is no key of a name as an export has it") from None
    return given


def _named(given: str) -> str:
    watched(given)
    return given


class PersonEntry(Entry):
    """Somebody with namesakes, and what tells them apart."""

    name: Annotated[str, AfterValidator(_named)]
    born: Annotated[int, Field(ge=1900, le=2100)] | None = None
    """In which year."""
    town: Annotated[str, AfterValidator(_town)] | None = None


class MarkEntry(Entry):
    """As an export has it."""

    key: Annotated[str, Field(min_length=1, max_length=300)]
    strong: Annotated[str, AfterValidator(_strong)] | None = None
    born: Annotated[int, Field(ge=1900, le=2100)] | None = None
    town: Annotated[str, AfterValidator(_town)] | None = None


class _WhatIsAskedEntry(Entry):
    kinds: tuple[KindAsked, ...] = ()
    regions: tuple[Region, ...] = ()
    persons: tuple[Annotated[str, AfterValidator(_named)], ...] = ()
    people: tuple[PersonEntry, ...] = ()
    towns: tuple[Annotated[str, AfterValidator(_town)], ...] = ()
    """Each with its region, as an export has them: gomel:Mozyr."""
    person_keys: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = ()
    """Names in the form that they are compared in, as an export has them: folding one anew may change it."""
    person_marks: tuple[MarkEntry, ...] = ()
    """What tells some of them from others."""
    sources: tuple[PartyClass, ...] = ()
    least: LeastAsked | None = None
    articles: tuple[Annotated[str, AfterValidator(_article)], ...] = ()


class InterestEntry(_WhatIsAskedEntry):
    without: tuple[_WhatIsAskedEntry, ...] = ()
    """What one of these asks for is not meant."""
    frequency: Frequency = "at_once"

    @model_validator(mode="after")
    def _may_match(self) -> Self:
        asked = to_interest(self)
        if not can_match(asked):
            raise ValueError("what it does not want takes all away that it asks for, so nothing would ever come")
        if asked.articles and asked.kinds == (Kind.PARDON,):
            raise ValueError("news of a pardon names no article, so nothing would ever come")
        return self


def to_interest(entry: _WhatIsAskedEntry) -> Interest:
    further = entry if isinstance(entry, InterestEntry) else InterestEntry()
    marks = [*map(marked, entry.persons), *(marked(one.name, one.born, one.town) for one in entry.people)]
    given = {one.key: PersonMark(**one.model_dump()) for one in entry.person_marks}
    marks += [given.get(key, PersonMark(key=key)) for key in entry.person_keys]
    return following(
        marks,
        kinds=tuple(Kind(kind) for kind in entry.kinds),
        regions=tuple(region.value for region in entry.regions),
        towns=entry.towns,
        sources=entry.sources,
        least=None if entry.least is None else Certainty(entry.least),
        articles=entry.articles,
        without=tuple(map(to_interest, further.without)),
        frequency=further.frequency,
    )
