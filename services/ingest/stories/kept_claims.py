"""Which claims a story keeps, and how much each is worth: an outlet's later word replaces its earlier one, and nobody
else's but the party itself in its own source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Final

from services.contract import Claim, PartyClass, Source
from services.ingest.stories.accounts import DESK
from services.ingest.stories.fields import POLICIES, Shape
from services.ingest.stories.hedged_numbers import HedgedNumber, Relation, relate
from services.sourcing import ENTITLED, UNNAMED, count_independent, is_one_voice, is_own

MOST_CARRIERS: Final = 3
"""Outlets that are remembered for one statement of one party: two of them make it stand."""


class Rank(IntEnum):
    """Whose word a claim is, the weightiest first."""

    DESK = 0  # an operator's
    OFFICIAL = 1  # an authority's, in its own source
    DEFENDER = 2  # a rights group's, in its own source
    QUOTED = 3  # an authority's or a group's, as somebody else quotes it
    MEDIA = 4  # an outlet's own, or nobody's in particular


def rank(claim: Claim, sources: Sequence[Source]) -> Rank:
    source = sources[claim.source]
    if source.outlet == DESK:
        return Rank.DESK
    if is_own(claim.said_by, source):
        return Rank.OFFICIAL if claim.said_by.party_class is PartyClass.OFFICIAL else Rank.DEFENDER
    of_weight = claim.said_by.party_class in ENTITLED and claim.said_by.id not in UNNAMED
    return Rank.QUOTED if of_weight else Rank.MEDIA


def is_number(field: str) -> bool:
    """A count: of the act, or a tally."""
    return field in POLICIES and POLICIES[field].shape in (Shape.NUMBER, Shape.TALLY)


def is_count_of_act(claim: Claim) -> bool:
    """Not how many are out by now: that grows from day to day, and two of its values dispute nothing."""
    counts = claim.scope == "act" and is_number(claim.field) and isinstance(claim.value, int)
    return counts and POLICIES[claim.field].shape is Shape.NUMBER


def merge_claims(known: Iterable[Claim], reported: Iterable[Claim], sources: tuple[Source, ...]) -> tuple[Claim, ...]:
    claims = list(known)
    for claim in reported:
        same_point = [at for at, old in enumerate(claims) if _on_the_same(old, claim)]
        by_outlet = [at for at in same_point if _is_of_outlet(claims[at], claim, sources)]
        if by_outlet:
            _again(claims, by_outlet[0], claim, sources)
        elif _adds(claim, [claims[at] for at in same_point], sources):
            claims.append(claim)
        claims = _without_misquotes(claims, claim, sources)
    return tuple(claims)


def _again(claims: list[Claim], at: int, claim: Claim, sources: tuple[Source, ...]) -> None:
    """An outlet says once more what a party said: its later word stands, unless it only says it more vaguely. Of a
    count, the one of the later day."""
    if not _is_of_before(claim, claims[at], sources) and not _agree(claims[at], claim):
        claims[at] = claim


def _is_of_before(claim: Claim, known: Claim, sources: tuple[Source, ...]) -> bool:
    if claim.as_of and known.as_of and claim.as_of != known.as_of:
        return claim.as_of < known.as_of
    return _is_older(sources[claim.source], sources[known.source])


def _adds(claim: Claim, others: Sequence[Claim], sources: tuple[Source, ...]) -> bool:
    carriers = (sources[other.source] for other in others if _agree(other, claim))
    return is_own(claim.said_by, sources[claim.source]) or count_independent(carriers) < MOST_CARRIERS


def _without_misquotes(claims: list[Claim], own: Claim, sources: tuple[Source, ...]) -> list[Claim]:
    """What a party says in its own source ends what others quoted it with, whatever their date."""
    if not is_number(own.field) or rank(own, sources) not in (Rank.OFFICIAL, Rank.DEFENDER):
        return claims
    return [one for one in claims if one is own or not _is_misquote(one, own, sources)]


def _is_misquote(one: Claim, own: Claim, sources: tuple[Source, ...]) -> bool:
    of_it = one.field == own.field and one.scope == own.scope and is_one_voice(one.said_by, own.said_by)
    if not of_it or rank(one, sources) is Rank.DESK:
        return False
    return rank(one, sources) > rank(own, sources) and contradict(one, own)


def _on_the_same(old: Claim, new: Claim) -> bool:
    same_point = old.field == new.field and old.scope == new.scope and old.said_by.id == new.said_by.id
    # Several names or articles of one party stand in several claims.
    return same_point and (is_number(new.field) or old.value == new.value)


def _is_of_outlet(old: Claim, new: Claim, sources: tuple[Source, ...]) -> bool:
    """Of one outlet; the several own sources of one party speak with one voice."""
    was, now = sources[old.source], sources[new.source]
    return was.outlet == now.outlet or (is_own(old.said_by, was) and is_own(new.said_by, now))


def _agree(old: Claim, new: Claim) -> bool:
    """Nothing to add: the same number, or a vaguer word for it."""
    if not isinstance(old.value, int) or not isinstance(new.value, int):
        return old.value == new.value
    a, b = number_of(old), number_of(new)
    return a == b or (relate(a, b) is Relation.SAME and b.precision != "exact")


def contradict(a: Claim, b: Claim) -> bool:
    """Two numbers that cannot both be true of one count."""
    if not isinstance(a.value, int) or not isinstance(b.value, int):
        return False
    return relate(number_of(a), number_of(b)) is Relation.DIFFERENT


def number_of(claim: Claim) -> HedgedNumber:
    assert isinstance(claim.value, int)
    return HedgedNumber(claim.value, claim.precision)


def _is_older(a: Source, b: Source) -> bool:
    return a.published is not None and b.published is not None and a.published < b.published
