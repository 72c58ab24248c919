"""Why an event is, or is not, what somebody asked for, interest by interest. Pure; `routing` decides by the same rules.

No watched name is in any of it: whoever answers for a delivery needs to know which clause decided, and not whom
somebody follows.
"""

from __future__ import annotations

from services.contract import Event, EventType, Kind
from services.subscribers.topics import (
    Interest,
    asks_for,
    is_asked_place,
    may_be_anybody,
    region_of,
    watches_somebody_in,
)


def clauses(event: Event, interests: tuple[Interest, ...]) -> list[str]:
    """A sentence for each interest, in their order, and what goes for all."""
    if event.type is EventType.SYSTEM_TEST:
        return ["a test goes to all who want tests, whatever else they asked for"]
    if not interests:
        return ["they asked for nothing"]
    return [f"interest {place}: {_of(event, one)}" for place, one in enumerate(interests, start=1)]


def _of(event: Event, interest: Interest) -> str:
    data, said = event.data, []
    if interest.kinds:
        of_kind = data.kind in interest.kinds
        said.append(f"the kind {data.kind} {'is' if of_kind else 'is not'} one it asks for")
    else:
        said.append("it asks for every kind")
    if interest.regions or interest.towns:
        said.append(_of_region(event, interest))
    if interest.persons:
        said.append(_of_persons(event, interest))
    verdict = "asks for it" if asks_for(interest, data) else "does not ask for it"
    return f"{verdict} ({'; '.join(said)})"


def _of_region(event: Event, interest: Interest) -> str:
    region = region_of(event.data)
    if region is None:
        of_all = event.data.kind is Kind.PARDON
        return "no place is known, and a pardon is for the whole country" if of_all else "no place is known"
    return f"the place {'is' if is_asked_place(interest, event.data) else 'is not'} one it asks for, in {region}"


def _of_persons(event: Event, interest: Interest) -> str:
    if watches_somebody_in(interest, event.data):
        return "somebody it watches is named"
    if may_be_anybody(event.data):
        return "nobody is named, so it may be about somebody it watches"
    return "nobody it watches is named"
