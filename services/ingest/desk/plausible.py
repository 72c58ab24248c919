"""Whether a fact can be as an operator corrects it, beside all else that is told: days, counts, parts of a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.contract import Facts, Kind
from services.fact_table import ACTS, FREED, PARTS, TALLIES, WHOLES
from services.ingest.release.conditions import FactLimits
from services.ingest.stories.dating import read_day

_ABOUT: Final = {Kind.PARDON: "a pardon", Kind.ARREST: "an arrest"}
_NAMED: Final = {act.names: act.number for act in ACTS.values()}
_OF_ANOTHER_KIND: Final = {
    Kind.PARDON: {"detained": "pardoned", "names": "names_pardoned"},
    Kind.ARREST: {"pardoned": "detained", "names_pardoned": "names", "nth_pardon": "detained"},
}
"""Facts that stories of a kind do not have, and which one was meant."""


def implausible(field: str, facts: Facts, kind: Kind, today: date, limits: FactLimits | None) -> str | None:
    """What is wrong with `field` and what to do about it, for an operator; None where nothing is.

    `facts`: as they would be told. `today`: Minsk's. Only what the field itself breaks counts: an older fault in
    another one does not stand in the way.
    """
    return next(_faults(field, facts, kind, today, limits), None)


def impossible(facts: Facts, kind: Kind, today: date) -> str | None:
    """What no reader may be told, whoever decides: a day to come, or more of some than there are in all. As above."""
    return next(_impossible(facts, kind, today), None)


def _impossible(facts: Facts, kind: Kind, today: date) -> Iterator[str]:
    yield from _still_to_come(facts, today)
    for part in PARTS:
        if getattr(facts, part) is not None:
            yield from _more_than_whole(part, facts, kind)


def _faults(field: str, facts: Facts, kind: Kind, today: date, limits: FactLimits | None) -> Iterator[str]:
    value = getattr(facts, field)
    if value is None:
        return
    meant = _OF_ANOTHER_KIND.get(kind, {}).get(field)
    if meant is not None:
        yield f"{field}: this story is about {_ABOUT[kind]}, which has none; correct {meant}, or retract the story"
    if field == "occurred_on":
        yield from _still_to_come(facts, today)
    most = None if limits is None else _most(field, kind, limits)
    if most is not None and not _least(field) <= value <= most:
        yield (
            f"{field}: give a whole number from {_least(field)} to {most:,}, as the limits of the release rules have it"
        )
    yield from _more_than_whole(field, facts, kind)
    yield from _less_than_parts(field, facts, kind)
    whole = _NAMED.get(field)
    if whole is not None:
        yield from _too_many_names(field, whole, facts, remedy=f"{_first(whole)}, or give fewer names")
    for names in (names for names, counted in _NAMED.items() if counted == field):
        yield from _too_many_names(names, field, facts, remedy=_first(names))


def _still_to_come(facts: Facts, today: date) -> Iterator[str]:
    day = read_day(facts.occurred_on)
    if day is not None and day > today:
        yield f"occurred_on: {day} is still to come, today is {today} in Minsk; give the day on which it happened"


def _most(field: str, kind: Kind, limits: FactLimits) -> int | None:
    """None where the field is no number."""
    wholes = {"pardoned": limits.pardoned, "detained": limits.detained}
    if field in wholes:
        return wholes[field]
    if field in (*PARTS, FREED):
        return wholes[ACTS[kind].number]
    if field in TALLIES:
        return limits.tally
    return limits.nth_pardon if field == "nth_pardon" else None


def _least(field: str) -> int:
    """Nobody pardoned, nobody detained is no happening: such a story is retracted."""
    return 1 if field in WHOLES or field == "nth_pardon" else 0


def _more_than_whole(field: str, facts: Facts, kind: Kind) -> Iterator[str]:
    whole_field = ACTS[kind].number
    whole = getattr(facts, whole_field)
    if field not in PARTS or whole is None:
        return
    part = getattr(facts, field)
    if part > whole:
        yield f"{field}: {part} is more than the {whole} {whole_field}; {_first(whole_field)}, or give at most {whole}"
    if field in ("women", "men") and _adults(facts) > whole:
        yield f"{field}: women and men would be more than the {whole} {whole_field}; correct the other one first"


def _less_than_parts(field: str, facts: Facts, kind: Kind) -> Iterator[str]:
    if field != ACTS[kind].number:
        return
    whole = getattr(facts, field)
    for part in PARTS:
        if (getattr(facts, part) or 0) > whole:
            yield f"{field}: {whole} is less than its part, {part} ({getattr(facts, part)}); {_first(part)}"
    if _adults(facts) > whole:
        yield f"{field}: {whole} is less than the women and men together ({_adults(facts)}); correct these first"


def _adults(facts: Facts) -> int:
    return (facts.women or 0) + (facts.men or 0)


def _too_many_names(names: str, whole: str, facts: Facts, remedy: str) -> Iterator[str]:
    listed, counted = len(getattr(facts, names) or ()), getattr(facts, whole)
    if counted is not None and listed > counted:
        yield f"{names}: there would be {listed} names for {counted} {whole}; {remedy}"


def _first(field: str) -> str:
    return f"correct {field} first"
