"""What speaks for and against two accounts telling of one happening, by name; `identity` scores it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Protocol

from services.contract import Claim, Facts, Kind, Person, Place, Precision
from services.fact_table import ACTS
from services.ingest.stories.hedged_numbers import HedgedNumber, Relation, relate
from services.ingest.stories.one_act import differ
from services.ingest.stories.person_match import Match, in_common
from services.ingest.stories.signs import BREAKDOWN, Sign
from services.names import fold


class Comparable(Protocol):
    """What a report and a story have in common."""

    @property
    def kind(self) -> Kind: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def claims(self) -> tuple[Claim, ...]: ...
    @property
    def persons(self) -> tuple[Person, ...]: ...
    @property
    def place(self) -> Place | None: ...


FEW: Final = 5
"""Below it a number of people is no distinguishing mark: every day somewhere one, two or three are detained."""

RARE: Final = 40
"""From here on two acts of the very same size are not to be expected."""

ONE_ORDER: Final = 4
"""Reports of one evening differ by up to so many times: a first part of the freed, then all of them."""

_ORDINALS: Final = ("nth_pardon", "released_total")


_folded = lru_cache(maxsize=20_000)(fold)
"""Whoever is compared with many stories meets the same names again and again."""


def likeness(a: Comparable, b: Comparable) -> Iterator[Sign]:
    """All that the contents say; dates, addresses and origins are scored elsewhere."""
    if not differ(a.facts.act, b.facts.act) or _are_one_size(a, b):
        yield from _size(a, b)
    yield from _people(a, b)
    if a.kind is Kind.PARDON:
        yield from _decree(a.facts, b.facts)
        yield from _breakdown(a, b)
        yield from (Sign(f"{field}_same") for field in _ORDINALS if _known_equal(a.facts, b.facts, field))
    else:
        yield from _where(a, b)
        yield from _what_for(a.facts, b.facts)


def number(account: Comparable, field: str) -> HedgedNumber | None:
    """The fact with the hedge of the claim it came from."""
    value = getattr(account.facts, field)
    if value is None:
        return None
    hedges = (claim.precision for claim in account.claims if claim.field == field and claim.value == value)
    return HedgedNumber(value, next(hedges, Precision.EXACT))


def size(account: Comparable) -> HedgedNumber | None:
    return number(account, ACTS[account.kind].number)


def _sizes(account: Comparable) -> list[HedgedNumber]:
    field = ACTS[account.kind].number
    claimed = (claim for claim in account.claims if claim.field == field and claim.scope == "act")
    numbers = [HedgedNumber(claim.value, claim.precision) for claim in claimed if isinstance(claim.value, int)]
    fact = size(account)
    return [fact, *numbers] if fact else numbers


def keys(account: Comparable) -> set[str]:
    """Folded names of those whom the act is about."""
    named = {person.key for person in account.persons if person.role is ACTS[account.kind].role}
    listed = getattr(account.facts, ACTS[account.kind].names) or ()
    return (named | {_folded(name) for name in listed}) - {""}


def _size(a: Comparable, b: Comparable) -> Iterator[Sign]:
    pairs = [(mine, theirs) for mine in _sizes(a) for theirs in _sizes(b)]
    if not pairs:
        return
    # Where parties disagree within one story, whoever agrees with either of them tells of it too.
    a_size, b_size = min(pairs, key=lambda pair: list(Relation).index(relate(*pair)))
    relation = relate(a_size, b_size)
    if relation is Relation.SAME:
        yield _same_size(a_size, b_size)
    elif relation is Relation.GROWN:
        yield Sign.SIZE_GROWN if _ratio(a_size, b_size) <= ONE_ORDER else Sign.SIZE_FAR_OFF
    elif _both_many(a_size, b_size):
        yield Sign.SIZE_OF_ONE_ORDER if _ratio(a_size, b_size) <= ONE_ORDER else Sign.SIZE_FAR_OFF
    else:
        yield Sign.SIZE_DIFFERS


def _are_one_size(a: Comparable, b: Comparable) -> bool:
    """Two acts of one number speak for one happening; of two numbers they say nothing against it."""
    pairs = ((mine, theirs) for mine in _sizes(a) for theirs in _sizes(b))
    return any(relate(mine, theirs) is Relation.SAME for mine, theirs in pairs)


def _same_size(a: HedgedNumber, b: HedgedNumber) -> Sign:
    if a != b or a.precision is not Precision.EXACT:
        return Sign.SIZE_AGREES
    if a.value == 1:
        return Sign.SIZE_ONE
    return Sign.SIZE_FEW if a.value < FEW else Sign.SIZE_SAME if a.value < RARE else Sign.SIZE_RARE


def _both_many(a: HedgedNumber, b: HedgedNumber) -> bool:
    return min(a.value, b.value) >= FEW


def _ratio(a: HedgedNumber, b: HedgedNumber) -> float:
    low, high = sorted((a.value, b.value))
    return high / max(low, 1)


def _people(a: Comparable, b: Comparable) -> Iterator[Sign]:
    a_keys, b_keys = keys(a), keys(b)
    if not a_keys or not b_keys:
        return
    found = in_common(a_keys, b_keys)
    sure = sum(match is Match.ONE for match in found)
    if sure == len(a_keys) == len(b_keys):
        yield Sign.ALL_PERSONS_SAME
    if sure > 1:
        yield Sign.PERSONS_IN_COMMON
    elif sure:
        yield Sign.PUBLIC_PERSON_IN_COMMON if _is_public(a, b_keys) or _is_public(b, a_keys) else Sign.PERSON_IN_COMMON
    elif found:
        yield Sign.SURNAME_IN_COMMON if max(found) is Match.SURNAME else Sign.PERSON_ALIKE
    elif _names_all(a, a_keys) and _names_all(b, b_keys):
        yield Sign.OTHER_PERSONS


def _is_public(account: Comparable, others: set[str]) -> bool:
    """The person in common is one whom the gazetteer knows."""
    known = {person.key for person in account.persons if person.names and person.role is ACTS[account.kind].role}
    return Match.ONE in in_common(known, others)


def _names_all(account: Comparable, named: set[str]) -> bool:
    """Of an arrest the names are the count, where no count is given."""
    count = size(account)
    return len(named) >= count.value if count else account.kind is Kind.ARREST


def _decree(a: Facts, b: Facts) -> Iterator[Sign]:
    if a.decree_number and b.decree_number:
        yield Sign.DECREE_SAME if a.decree_number == b.decree_number else Sign.DECREE_DIFFERS


def _breakdown(a: Comparable, b: Comparable) -> Iterator[Sign]:
    for field in BREAKDOWN:
        a_part, b_part = _part(a, field), _part(b, field)
        if a_part and b_part:
            yield Sign(f"{field}_{'same' if relate(a_part, b_part) is Relation.SAME else 'differs'}")


def _part(account: Comparable, field: str) -> HedgedNumber | None:
    stated = number(account, field)
    if stated or field != "women":
        return stated
    whole, men = size(account), account.facts.men
    exact = whole is not None and whole.precision is Precision.EXACT
    return HedgedNumber(whole.value - men) if whole and exact and men is not None else None


def _known_equal(a: Facts, b: Facts, field: str) -> bool:
    value = getattr(a, field)
    return value is not None and value == getattr(b, field)


def _where(a: Comparable, b: Comparable) -> Iterator[Sign]:
    a_place, b_place = place_key(a), place_key(b)
    if a_place and b_place:
        if a_place == b_place:
            yield Sign.PLACE_CAPITAL if a_place == _folded("Minsk") else Sign.PLACE_SAME
        else:
            yield Sign.PLACE_NEAR if region_of(a) and region_of(a) == region_of(b) else Sign.PLACE_DIFFERS
    elif region_of(a) and region_of(b):
        yield Sign.REGION_SAME if region_of(a) == region_of(b) else Sign.PLACE_DIFFERS


def place_key(account: Comparable) -> str:
    """The place, folded; "" where none is told."""
    return _folded(account.place.name if account.place else account.facts.place or "")


def region_of(account: Comparable) -> str | None:
    return (account.place.region if account.place else None) or account.facts.region


_ANY_POLICE: Final = frozenset({"police", "security forces", "militia"})


def _what_for(a: Facts, b: Facts) -> Iterator[Sign]:
    if a.authority and b.authority and _folded(a.authority) == _folded(b.authority) and a.authority not in _ANY_POLICE:
        yield Sign.AUTHORITY_SAME
    if a.criminal_articles and b.criminal_articles:
        yield Sign.ARTICLES_SAME if set(a.criminal_articles) & set(b.criminal_articles) else Sign.ARTICLES_DIFFER
    if a.charge and a.charge == b.charge:
        yield Sign.CHARGE_SAME
