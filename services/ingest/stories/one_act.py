"""Numbers of one act: who counts those released beside a pardon counts something else than the pardon did.

A story of prisoners who went free is named by the act that says most of what its texts state (a pardon before an
exchange, before being taken abroad, before a release). A text of another act joins it; a number of its own neither
changes nor disputes the number of the story's act: beside a pardon it tells how many of the pardoned are out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from services.contract import Claim
from services.fact_table import FREED, PARTS, WHOLES, ReleaseAct
from services.ingest.stories.hedged_numbers import Relation, relate
from services.ingest.stories.kept_claims import is_count_of_act, number_of

_COUNTS: Final = frozenset({*WHOLES, *PARTS})


def foremost(acts: Iterable[str]) -> str | None:
    """The act that says most; one that we do not know says least."""
    order = [act.value for act in ReleaseAct]
    return min(acts, key=lambda act: order.index(act) if act in order else len(order), default=None)


def of_one_act(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Without the counts of another act than the foremost, unless they say the same as one of that act; how many went
    free beside a pardon is kept as just that.

    A claim whose text states no act, an operator's for example, counts as of the foremost.
    """
    by_source = _acts(claims)
    act = foremost(by_source.values())
    others = {source for source, of_it in by_source.items() if of_it != act}
    if not others:
        return tuple(claims)
    counts = [claim for claim in claims if _is_count(claim) and claim.source not in others]
    kept = (
        claim if claim.source not in others or not _is_count(claim) or _is_among(claim, counts) else _freed(claim, act)
        for claim in claims
    )
    return tuple(claim for claim in kept if claim is not None)


def _freed(claim: Claim, act: str | None) -> Claim | None:
    """Of a pardon: the number of those who went free, as what it is. Of any other act it is another act's."""
    if act != ReleaseAct.PARDONED or claim.field not in WHOLES:
        return None
    return msgspec.structs.replace(claim, field=FREED)


def differ(mine: str | None, theirs: str | None) -> bool:
    """Do two accounts tell of two acts? Where one says nothing of it, they do not."""
    return mine is not None and theirs is not None and mine != theirs


def _acts(claims: Iterable[Claim]) -> Mapping[int, str]:
    return {claim.source: claim.value for claim in claims if claim.field == "act" and isinstance(claim.value, str)}


def _is_count(claim: Claim) -> bool:
    return claim.field in _COUNTS and is_count_of_act(claim)


def _is_among(claim: Claim, counts: Iterable[Claim]) -> bool:
    """Does it say the same, or has the foremost act no number of its own yet?"""
    of_field = [one for one in counts if one.field == claim.field]
    return not of_field or any(relate(number_of(one), number_of(claim)) is Relation.SAME for one in of_field)
