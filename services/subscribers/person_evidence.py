"""What else than the name tells a watched person from a namesake: the year of birth, and the town. Pure.

A year that is another is another person; by one it may be reckoned from an age. A town is no proof: people are taken
away from home, so another one only makes it doubtful. What the event does not say changes nothing.
"""

from __future__ import annotations

from typing import Final

from services.contract import Person, Place
from services.names import NO_MATCH, NameMatch, NameVerdict
from services.subscribers.interests import PersonMark, region_of_town, town_in

_YEAR_AGREES: Final = 0.12
_TOWN_AGREES: Final = 0.05
_DOUBTFUL: Final = 0.8
"""What a match that something speaks against scores at most."""


def with_evidence(match: NameMatch, mark: PersonMark, person: Person, place: Place | None) -> NameMatch:
    """`match`: of the names."""
    if match.verdict is NameVerdict.DIFFERENT:
        return match
    by_year = _by_year(match, mark.born, person.born)
    return by_year if by_year is NO_MATCH else _by_town(by_year, mark.town, place, sure_by_year=by_year is not match)


def _by_year(match: NameMatch, watched: int | None, named: int | None) -> NameMatch:
    if watched is None or named is None:
        return match
    if abs(watched - named) > 1:
        return NO_MATCH
    return _more(match, _YEAR_AGREES, "year of birth") if watched == named else _at_most(match, _DOUBTFUL)


def _by_town(match: NameMatch, watched: str | None, place: Place | None, *, sure_by_year: bool) -> NameMatch:
    if watched is None or place is None or place.region is None:
        return match
    if town_in(place.region, place.name) == watched:
        return _more(match, _TOWN_AGREES, "town")
    sure = sure_by_year or "patronymic" in match.agreed or place.region == region_of_town(watched)
    return match if sure else _at_most(match, _DOUBTFUL)


def _more(match: NameMatch, much: float, what: str) -> NameMatch:
    return NameMatch(min(1.0, round(match.score + much, 3)), (*match.agreed, what))


def _at_most(match: NameMatch, score: float) -> NameMatch:
    return NameMatch(min(match.score, score), match.agreed)
