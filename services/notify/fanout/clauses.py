"""Why an event is, or is not, what somebody asked for, interest by interest. Pure; `routing` decides by the same rules.

Where an interest does not ask for it, the clauses that decided so are named and no others; where it does, all are. No
watched name is in any of it: whoever answers for a delivery needs to know which clause decided, and not whom somebody
follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from services.contract import Event, EventData, EventType, Kind
from services.subscribers.filters import Field, articles_of, clauses_of, region_of
from services.subscribers.interests import Interest
from services.subscribers.watched_persons import (
    NO_ANSWERS,
    MatchAnswers,
    PersonHit,
    doubts_in,
    hits,
    is_hit,
    may_be_anybody,
)


def clauses(event: Event, interests: tuple[Interest, ...], answers: MatchAnswers = NO_ANSWERS) -> list[str]:
    """A sentence for each interest, in their order, and what goes for all."""
    if event.type is EventType.SYSTEM_TEST:
        return ["a test goes to all who want tests, whatever else they asked for"]
    if not interests:
        return ["they asked for nothing"]
    return [f"interest {place}: {_of(event.data, one, answers)}" for place, one in enumerate(interests, start=1)]


def _of(data: EventData, interest: Interest, answers: MatchAnswers) -> str:
    held = clauses_of(interest, data, answers)
    failing = [clause for clause in held if not clause.holds]
    said = [_SAID[clause.field](interest, data, clause.holds, answers) for clause in failing or held]
    if not interest.kinds and not failing:
        said.insert(0, "it asks for every kind")
    return f"{'does not ask' if failing else 'asks'} for it ({'; '.join(said)})"


def _kinds(_: Interest, data: EventData, holds: bool, __: MatchAnswers) -> str:
    return f"the kind {data.kind} {'is' if holds else 'is not'} one it asks for"


def _places(_: Interest, data: EventData, holds: bool, __: MatchAnswers) -> str:
    region = region_of(data)
    if region is None:
        of_all = data.kind is Kind.PARDON
        return "no place is known, and a pardon is for the whole country" if of_all else "no place is known"
    return f"the place {'is' if holds else 'is not'} one it asks for, in {region}"


def _persons(interest: Interest, data: EventData, _: bool, answers: MatchAnswers) -> str:
    found = max((hit for hit in hits(interest, data) if is_hit(hit, answers)), key=_score, default=None)
    if found is not None:
        said = "an operator said so" if found.pair in answers.same else f"score {found.match.score:g}"
        return f"somebody it watches is named: {' and '.join(found.match.agreed)} agree, {said}"
    if may_be_anybody(data):
        return "nobody is named, so it may be about somebody it watches"
    likely = max(doubts_in(interest, data, answers), key=_score, default=None)
    if likely is not None:
        return (
            f"somebody it watches may be named: {' and '.join(likely.match.agreed)} agree, score {likely.match.score:g}"
        )
    return "nobody it watches is named"


def _score(hit: PersonHit) -> float:
    return hit.match.score


def _sources(_: Interest, data: EventData, holds: bool, __: MatchAnswers) -> str:
    told = ", ".join(sorted({source.source_class for source in data.sources})) or "nobody of a known class"
    return f"told by {told}, {'one of which' if holds else 'none of which'} it asks for"


def _least(_: Interest, data: EventData, holds: bool, __: MatchAnswers) -> str:
    return "it is confirmed, as it asks" if holds else f"it is {data.certainty}, and it asks for what is confirmed"


def _articles(_: Interest, data: EventData, holds: bool, __: MatchAnswers) -> str:
    if not articles_of(data):
        return "no article of the code is known"
    return f"{'an' if holds else 'no'} article it asks for is named"


def _without(_: Interest, __: EventData, holds: bool, ___: MatchAnswers) -> str:
    return "nothing of it is what it does not want" if holds else "it is what it does not want"


_SAID: Final[Mapping[Field, Callable[[Interest, EventData, bool, MatchAnswers], str]]] = {
    "kinds": _kinds,
    "places": _places,
    "persons": _persons,
    "sources": _sources,
    "least": _least,
    "articles": _articles,
    "without": _without,
}
