"""What else than the name tells a watched person from a namesake: the year of birth, and the town. Pure.

A year that is another is another person; by one it may be reckoned from an age. A town is no proof: people are taken
away from home, so another one only makes it doubtful. What the event does not say changes nothing, but for a name that
very many bear: whoever gave more than the name, to be told apart by it, is then asked about.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from services.contract import Person, Place
from services.names import NO_MATCH, PATRONYMIC_AGREES, NameMatch, NameVerdict
from services.subscribers.interests import PersonMark, region_of_town, town_in

_YEAR_AGREES: Final = 0.12
_TOWN_AGREES: Final = 0.05
_YEAR: Final = "year of birth"
_TOWN: Final = "town"
_DOUBTFUL: Final = 0.8
"""What a match that something speaks against scores at most."""


def with_evidence(
    match: NameMatch, mark: PersonMark, person: Person, place: Place | None, *, has_patronymic: bool = False
) -> NameMatch:
    """`match`: of the names. `has_patronymic`: was the watched one given with it?"""
    if match.verdict is NameVerdict.DIFFERENT:
        return match
    by_year = _by_year(match, mark.born, person.born)
    if by_year is NO_MATCH:
        return NO_MATCH
    by_town = _by_town(by_year, mark.town, place, sure_by_year=by_year is not match)
    told_apart = has_patronymic or mark.born is not None or mark.town is not None
    return _at_most(by_town, _DOUBTFUL) if match.common and told_apart and not _told(by_town) else by_town


def _told(match: NameMatch) -> bool:
    return not {PATRONYMIC_AGREES, _YEAR, _TOWN}.isdisjoint(match.agreed)


def _by_year(match: NameMatch, watched: int | None, named: int | None) -> NameMatch:
    if watched is None or named is None:
        return match
    if abs(watched - named) > 1:
        return NO_MATCH
    return _more(match, _YEAR_AGREES, _YEAR) if watched == named else _at_most(match, _DOUBTFUL)


def _by_town(match: NameMatch, watched: str | None, place: Place | None, *, sure_by_year: bool) -> NameMatch:
    if watched is None or place is None or place.region is None:
        return match
    if town_in(place.region, place.name) == watched:
        return _more(match, _TOWN_AGREES, _TOWN)
    sure = sure_by_year or "patronymic" in match.agreed or place.region == region_of_town(watched)
    return match if sure else _at_most(match, _DOUBTFUL)


def _more(match: NameMatch, much: float, what: str) -> NameMatch:
    return replace(match, score=min(1.0, round(match.score + much, 3)), agreed=(*match.agreed, what))


def _at_most(match: NameMatch, score: float) -> NameMatch:
    return replace(match, score=min(match.score, score))
