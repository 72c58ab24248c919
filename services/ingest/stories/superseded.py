"""What a party said before and says no longer: of counts that run on, and of how things are, its newest word stands.

A newer word of somebody who quotes the party ends no word of its own, nor what two independent outlets quote it with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.contract import Claim, Source
from services.ingest.stories.fields import POLICIES, Shape
from services.ingest.stories.kept_claims import Rank, rank
from services.sourcing import count_independent, is_one_voice

_CHANGING: Final = frozenset({Shape.TALLY, Shape.STATE})
_ENOUGH: Final = 2
"""Independent outlets whose quotes one outlet alone does not end."""


def without_superseded(claims: Sequence[Claim], sources: tuple[Source, ...]) -> list[Claim]:
    changing = [claim for claim in claims if POLICIES[claim.field].shape in _CHANGING]
    return [claim for claim in claims if not any(_ends(newer, claim, changing, sources) for newer in changing)]


def day_of_claim(claim: Claim, source: Source) -> str | None:
    """Of which day it is: as the text says, else the day on which the text came out; ISO 8601."""
    return claim.as_of or (source.published or "")[:10] or None


def _ends(newer: Claim, older: Claim, changing: Sequence[Claim], sources: tuple[Source, ...]) -> bool:
    of_it = newer.field == older.field and newer.value != older.value and is_one_voice(newer.said_by, older.said_by)
    if older not in changing or not of_it or not _is_newer(newer, older, sources):
        return False
    own, quoted = rank(newer, sources) <= Rank.DEFENDER, rank(older, sources) > Rank.DEFENDER
    if own or sources[newer.source].outlet == sources[older.source].outlet:
        return True
    return quoted and _carriers(older, changing, sources) < _ENOUGH


def _is_newer(one: Claim, other: Claim, sources: tuple[Source, ...]) -> bool:
    """By the day of the count, then by when its text came out. What has no day is neither."""
    mine, theirs = (day_of_claim(each, sources[each.source]) for each in (one, other))
    if mine is None or theirs is None:
        return False
    return (mine, sources[one.source].published or "") > (theirs, sources[other.source].published or "")


def _carriers(claim: Claim, claims: Sequence[Claim], sources: tuple[Source, ...]) -> int:
    same = [one for one in claims if (one.field, one.value) == (claim.field, claim.value)]
    return count_independent(sources[at] for at in dict.fromkeys(one.source for one in same))
