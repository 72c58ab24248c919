"""What of a story stands: what may be told, and what waits because one outlet alone says otherwise.

| who says a number of the act | then it |
|---|---|
| an authority or a rights group, in its own source | stands; where two of them differ, side by side |
| somebody who quotes a party otherwise than its own source says | falls |
| one outlet, otherwise than somebody of more weight, or than readers were told | waits, with all that its text says |
| two independent outlets | stands beside the other |
| one outlet by itself, where an authority's or group's own source speaks and says nothing of it | is not told |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final, NamedTuple, Self

import msgspec

from services.contract import Claim, Source
from services.fact_table import PARTS, WHOLES
from services.ingest.stories.accounts import (
    Account,
    Accounted,
    is_firm,
    standing_sources,
    stands,
    voices,
)
from services.ingest.stories.hedged_numbers import Relation, at_most, relate
from services.ingest.stories.kept_claims import Rank, contradict, is_count_of_act, number_of, rank
from services.ingest.stories.one_act import of_one_act
from services.ingest.stories.superseded import without_superseded
from services.sourcing import Basis, basis_of, count_independent, is_one_voice, is_own, is_trusted

_IDENTIFYING: Final = frozenset({*WHOLES, "decree_number"})
"""What tells one act from another: beside an own word nobody's quote says it."""
_UNQUOTED: Final = _IDENTIFYING | {"recognised_by"}
"""What a quote does not tell beside an own word: nobody is recognised on an outlet's word for it."""
_WHERE: Final = frozenset({"place", "region"})
"""Beside an own word nobody else says where it was: news would go to those who asked for another place."""
_GONE_WITH_OWN: Final = _UNQUOTED | _WHERE
_FREE_TEXT: Final = frozenset({"charge"})
"""In the outlet's words, which may name anybody: told from an authority's or a group's own source alone."""

_AN_EVENINGS_GROWTH: Final = 4
"""Times: "at least ten" becomes seventeen, and no 300."""
_ENOUGH: Final = 2
"""Independent outlets that make a number stand against somebody else's."""


class _Free(NamedTuple):
    """Sources whose claims stand without anybody's support."""

    announced: frozenset[int]
    admitted: frozenset[int]

    @classmethod
    def of(cls, story: Accounted) -> Self:
        announced = (account.source for account in story.accounts if account.announced)
        return cls(frozenset(announced), frozenset(account.source for account in story.accounts if account.admitted))

    def lets_out(self, claim: Claim) -> bool:
        """What readers were told goes on to stand, but for a headline's number: it would seem confirmed now."""
        return claim.source in self.admitted or (claim.source in self.announced and claim.field not in _GONE_WITH_OWN)


class _Said(NamedTuple):
    claim: Claim
    rank: Rank
    announced: bool


def standing_claims(story: Accounted, *, of_every_act: bool = False) -> tuple[Claim, ...]:
    """The claims that may be told, in the order in which they came; to know the happening again by (`of_every_act`),
    also the counts of another act by which one and the same people were let go."""
    sources = standing_sources(story)
    claims: Sequence[Claim] = [claim for claim in story.claims if claim.source in sources]
    claims = without_superseded(claims if of_every_act else of_one_act(claims), story.sources)
    free = _Free.of(story)
    believed = [
        claim
        for claim in claims
        if not _is_overruled(claim, claims, story.sources) and _may_be_published(claim, story.sources, free)
    ]
    if not is_firm(story):
        independent = basis_of(voices(story)) is Basis.INDEPENDENT
        return tuple(
            claim for claim in believed if not independent or _is_no_mere_addition(claim, believed, story, free)
        )
    return tuple(claim for claim in believed if free.lets_out(claim) or _is_carried(claim, believed, story.sources))


def judged(story: Accounted, new: int, *, anew: bool) -> tuple[Account, ...]:
    """The accounts, with those set aside that say otherwise than what stands, and those taken back that somebody
    independent agrees with. `new`: the source that came last; `anew`: all are looked at, since the party has spoken
    itself for the first time."""
    accounts = list(story.accounts)
    for at, account in enumerate(accounts):
        if (anew or account.source == new) and not account.admitted and _deviates(story, account, accounts):
            accounts[at] = msgspec.structs.replace(account, aside=True)
    return taken_back(story, accounts)


def taken_back(story: Accounted, accounts: Sequence[Account]) -> tuple[Account, ...]:
    """The accounts; those stand again that nobody contradicts any more, or that somebody independent agrees with."""
    accounts = list(accounts)
    for at, account in enumerate(accounts):
        if account.aside and not account.admitted and _is_supported(story, account, accounts):
            accounts[at] = msgspec.structs.replace(account, aside=False)
    return tuple(accounts)


def agreeing(story: Accounted, claims: Sequence[Claim]) -> list[Source]:
    """The sources that give the number of the headline, where there is one: no others confirm it."""
    counts = [claim for claim in claims if claim.field in WHOLES and is_count_of_act(claim)]
    if not counts:
        return voices(story)
    head = counts[0]
    return [story.sources[at] for at in dict.fromkeys(one.source for one in counts if one.value == head.value)]


def is_said_by_one(claims: Sequence[Claim], sources: tuple[Source, ...]) -> bool:
    """Is it nobody's own word, and fewer than two independent outlets'?"""
    return all(rank(one, sources) > Rank.DEFENDER for one in claims) and _count_outlets(claims, sources) < _ENOUGH


def has_own_count(story: Accounted) -> bool:
    return any(claim.field in WHOLES and is_own(claim.said_by, story.sources[claim.source]) for claim in story.claims)


def disputed_fields(claims: Iterable[Claim]) -> tuple[str, ...]:
    """Fields of the act for which two accounts give numbers that cannot both be true."""
    numbers = [claim for claim in claims if is_count_of_act(claim)]
    pairs = ((a, b) for a, b in combinations(numbers, 2) if a.field == b.field)
    return tuple(dict.fromkeys(a.field for a, b in pairs if contradict(a, b)))


def _is_overruled(claim: Claim, claims: Sequence[Claim], sources: tuple[Source, ...]) -> bool:
    """A party's own word stands over what others quote it with."""
    if not is_count_of_act(claim) or rank(claim, sources) <= Rank.DEFENDER:
        return False
    return any(
        own.field == claim.field
        and is_one_voice(own.said_by, claim.said_by)
        and rank(own, sources) in (Rank.OFFICIAL, Rank.DEFENDER)
        and contradict(own, claim)
        for own in claims
    )


def _may_be_published(claim: Claim, sources: tuple[Source, ...], free: _Free) -> bool:
    if claim.field not in _FREE_TEXT:
        return True
    return claim.source in free.admitted or rank(claim, sources) is Rank.DESK or is_trusted(sources[claim.source])


def _is_no_mere_addition(claim: Claim, claims: Sequence[Claim], story: Accounted, free: _Free) -> bool:
    """Where two accounts confirm one another, what one of them adds in its own voice is not confirmed with it."""
    if claim.field in WHOLES or free.lets_out(claim) or rank(claim, story.sources) < Rank.MEDIA:
        return True
    same = [one for one in claims if one.field == claim.field and _says_same(one, claim)]
    return _count_outlets(same, story.sources) >= _ENOUGH


def _says_same(one: Claim, other: Claim) -> bool:
    """The same value, or one that can be true together with it of one count; not one that has grown."""
    if is_count_of_act(one) and is_count_of_act(other):
        return relate(number_of(one), number_of(other)) is Relation.SAME
    return one.value == other.value


def _is_carried(claim: Claim, claims: Sequence[Claim], sources: tuple[Source, ...]) -> bool:
    """Beside an authority's or a group's own word: what is its own, what it is quoted with but for what tells one act
    from another, and what two independent outlets say."""
    own_rank = rank(claim, sources)
    if own_rank <= Rank.DEFENDER or claim.field in _WHERE:
        return own_rank <= Rank.DEFENDER
    if own_rank is Rank.QUOTED and claim.field not in _UNQUOTED:
        return True
    same = [one for one in claims if one.field == claim.field and one.value == claim.value]
    if any(rank(one, sources) <= Rank.DEFENDER for one in same):
        return True
    return _count_outlets(same, sources) >= _ENOUGH


def _deviates(story: Accounted, account: Account, accounts: Sequence[Account]) -> bool:
    if is_trusted(story.sources[account.source]):
        return False
    mine = [claim for claim in of_one_act(story.claims) if claim.source == account.source and is_count_of_act(claim)]
    others = list(_said_by_others(story, account, accounts))
    return any(_is_against(claim, others, story) for claim in mine) or _exceeds(mine, others)


def _said_by_others(story: Accounted, account: Account, accounts: Sequence[Account]) -> Iterable[_Said]:
    outlet = story.sources[account.source].outlet
    announced = {
        one.source: one.announced or one.admitted for one in accounts if one is not account and stands(one, accounts)
    }
    for claim in of_one_act(story.claims):
        if claim.source in announced and story.sources[claim.source].outlet != outlet and is_count_of_act(claim):
            yield _Said(claim, rank(claim, story.sources), announced[claim.source])


def _is_against(claim: Claim, others: Iterable[_Said], story: Accounted) -> bool:
    mine = rank(claim, story.sources)
    return any(
        said.claim.field == claim.field
        and _is_beyond(claim, said.claim)
        and (said.rank < mine or (said.rank == mine and said.announced))
        for said in others
    )


def _is_beyond(mine: Claim, theirs: Claim) -> bool:
    """A number that cannot be true with theirs, or has outgrown it more than an evening's news does."""
    if contradict(mine, theirs):
        return True
    grown = relate(number_of(mine), number_of(theirs)) is Relation.GROWN
    return grown and number_of(mine).value > _AN_EVENINGS_GROWTH * number_of(theirs).value


def _exceeds(mine: Sequence[Claim], others: Iterable[_Said]) -> bool:
    """More women, or women and men together with what others say, than all whom the standing number may count."""
    weighty = [said for said in others if said.rank <= Rank.QUOTED]
    wholes = [number_of(said.claim) for said in weighty if said.claim.field in WHOLES]
    if not wholes:
        return False
    whole = min(at_most(number) for number in wholes)
    parts = {claim.field: number_of(claim).value for claim in mine if claim.field in PARTS}
    beside = {said.claim.field: number_of(said.claim).value for said in weighty if said.claim.field in PARTS}
    adults = {**beside, **parts} if parts.keys() & {"women", "men"} else {}
    return max(parts.values(), default=0) > whole or adults.get("women", 0) + adults.get("men", 0) > whole


def _is_supported(story: Accounted, account: Account, accounts: Sequence[Account]) -> bool:
    """Every number by which it stands aside is an independent outlet's as well, or nobody contradicts it any more."""
    mine = [claim for claim in of_one_act(story.claims) if claim.source == account.source and is_count_of_act(claim)]
    others = list(_said_by_others(story, account, accounts))
    if _exceeds(mine, others):
        return False
    return all(not _is_against(claim, others, story) or _is_carried_twice(claim, story) for claim in mine)


def _is_carried_twice(claim: Claim, story: Accounted) -> bool:
    counts = (one for one in story.claims if one.field == claim.field and is_count_of_act(one))
    same = [one for one in counts if one.value == claim.value]
    return not _is_overruled(claim, story.claims, story.sources) and _count_outlets(same, story.sources) >= _ENOUGH


def _count_outlets(claims: Sequence[Claim], sources: tuple[Source, ...]) -> int:
    return count_independent(sources[at] for at in dict.fromkeys(claim.source for claim in claims))
