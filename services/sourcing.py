"""What sources are worth together: whether they confirm a story, and by what. Pure, and asked by both services, so that
a letter says of its sources what ingest decided by them.

An account rests on everybody who stands between the act and us: the outlet that carried it, whoever owns that, and the
party it quotes. Two accounts are independent when nobody stands in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import combinations
from typing import Final

from services.contract import Certainty, Party, PartyClass, Source

ENTITLED: Final = frozenset({PartyClass.OFFICIAL, PartyClass.DEFENDER})
"""Authorities and rights groups: whose own word confirms, and who may name people."""

UNNAMED: Final = frozenset({"rights-groups", "state-media"})
"""Parties that stand for nobody in particular ("rights groups say"): nobody can be asked, so they confirm nothing."""


ONE_VOICE: Final = {"belta": "president", "ont": "president", "state-media": "president"}
"""The state's press has from the president's office what it says of his acts: not another origin, whoever quotes it."""


_FEW: Final = 3


class Basis(StrEnum):
    """What a story's certainty rests on, the firmest first."""

    OWN_OFFICIAL = "own_official"  # an authority's own source said it
    OWN_DEFENDER = "own_defender"  # a rights group's own source said it
    INDEPENDENT = "independent"  # two accounts with nobody in common, one of them an authority's or a group's
    QUOTED = "quoted"  # an authority or a group, as outlets quote it; or an outlet, as one of those does
    SEVERAL = "several"  # outlets that are independent, and quote nobody of weight
    ALONE = "alone"  # one outlet


CONFIRMING: Final = frozenset({Basis.OWN_OFFICIAL, Basis.OWN_DEFENDER, Basis.INDEPENDENT})


def is_own_word(source: Source) -> bool:
    """Did the authority or the group say it in its own source? State outlets speak for the state, whichever of its
    bodies they quote."""
    return source.origin is not None and is_own(source.origin, source)


def is_own(party: Party, source: Source) -> bool:
    """Is this a source of ours in which that authority or group speaks itself?"""
    return is_trusted(source) and party.party_class in ENTITLED and is_firsthand(party, source)


def is_trusted(source: Source) -> bool:
    """A source of ours that is an authority's or a rights group's, whomever it quotes."""
    return source.speaks_for is not None and source.source_class in ENTITLED


def is_one_voice(one: Party, other: Party) -> bool:
    """The same party, or the state's press with the president's office."""
    return ONE_VOICE.get(one.id, one.id) == ONE_VOICE.get(other.id, other.id)


def is_firsthand(party: Party, source: Source) -> bool:
    """Does the party speak here itself, or does somebody quote it? An outlet is always heard firsthand in its texts."""
    if party.id in (source.outlet, source.speaks_for):
        return True
    of_state = source.source_class is party.party_class is PartyClass.OFFICIAL
    return of_state and source.speaks_for is not None


def certainty_by(sources: Sequence[Source], told: Certainty) -> Certainty:
    """What a message may call certain: never confirmed where its own list of sources does not bear it out."""
    if told is Certainty.CONFIRMED and basis_of(sources) not in CONFIRMING:
        return Certainty.REPORTED
    return told


def quotes_weight(source: Source) -> bool:
    """Is an authority or a rights group behind the account, whoever carried it?"""
    return source.origin is not None and source.origin.party_class in ENTITLED


def are_independent(one: Source, other: Source) -> bool:
    """Nobody stands in both, not even by a claim that proves nothing; and neither is the other's text copied."""
    return not _is_copy(one, other) and _stand_behind(one).isdisjoint(_stand_behind(other))


def _is_copy(one: Source, other: Source) -> bool:
    return one.sha256 == other.sha256 or (one.url is not None and one.url == other.url)


def basis_of(sources: Sequence[Source]) -> Basis:
    """`sources`: one for each account; an empty list rests on nothing but one outlet's word."""
    own = {source.source_class for source in sources if is_own_word(source)}
    if PartyClass.OFFICIAL in own:
        return Basis.OWN_OFFICIAL
    if own:
        return Basis.OWN_DEFENDER
    if confirming_pair(sources):
        return Basis.INDEPENDENT
    if any(quotes_weight(source) or _is_passed_on(source) for source in sources):
        return Basis.QUOTED
    return Basis.SEVERAL if count_independent(sources) > 1 else Basis.ALONE


def _is_passed_on(source: Source) -> bool:
    """An outlet's word that an authority or a rights group tells on in its own source: two stand behind it."""
    origin = source.origin
    return is_trusted(source) and origin is not None and not _is_one_of(origin, _carriers(source))


def _is_one_of(party: Party, names: frozenset[str]) -> bool:
    return bool({party.id, ONE_VOICE.get(party.id, party.id)} & names)


def witnesses(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Those on which the basis rests: whoever sees these and no others comes to the same answer."""
    own = [source for source in sources if is_own_word(source)]
    if own:
        return (min(own, key=lambda source: source.source_class is not PartyClass.OFFICIAL),)
    return confirming_pair(sources) or tuple(source for source in sources if quotes_weight(source))[:1]


def confirming_pair(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Two independent accounts, one of them of an authority or a group that can be asked; () where there are none."""
    for one, other in combinations(_distinct(sources), 2):
        if (_is_of_weight(one) or _is_of_weight(other)) and are_independent(one, other):
            return one, other
    return ()


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """A few of each: an outlet that says one thing in a hundred texts is asked about no more often than that."""
    kept: dict[tuple[str | None, ...], list[Source]] = {}
    for source in sources:
        origin = source.origin.id if source.origin else None
        alike = kept.setdefault((source.outlet, source.owner, source.speaks_for, source.claimed_party, origin), [])
        if len(alike) < _FEW:
            alike.append(source)
    return [source for alike in kept.values() for source in alike]


def count_independent(sources: Iterable[Source]) -> int:
    """Of how many outlets none is the other, owns it or quotes it; counted greedily, in the order given."""
    seen: set[str] = set()
    count = 0
    for source in sources:
        behind = _stand_behind(source) if not quotes_weight(source) else _carriers(source)
        if behind.isdisjoint(seen):
            count += 1
        seen |= behind
    return count


def _is_of_weight(source: Source) -> bool:
    return quotes_weight(source) and source.origin is not None and source.origin.id not in UNNAMED


def _stand_behind(source: Source) -> frozenset[str]:
    origin = {ONE_VOICE.get(source.origin.id, source.origin.id)} if source.origin else set()
    return _carriers(source) | origin


def _carriers(source: Source) -> frozenset[str]:
    names = (source.outlet, source.owner, source.speaks_for, source.claimed_party)
    return frozenset(name for name in names if name)
