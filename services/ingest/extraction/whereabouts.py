"""Where people were taken, and by whom: the town, its region and the authority that a text names for the act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from services.contract import Claim, Place
from services.ingest.extraction.claims import claim
from services.ingest.extraction.dialect.patterns import NAME, masked
from services.ingest.extraction.gazetteer import AUTHORITY, PLACE, gazetteer
from services.ingest.extraction.kind import News
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText


class Where(NamedTuple):
    """Where an act was, as far as the text says, with a claim for each."""

    place: Place | None = None
    region: str | None = None
    claims: tuple[Claim, ...] = ()
    several: bool = False
    """The sentence puts the act in more towns than one: "in Gomel and Brest", "three in Gomel, five in Brest"."""
    parted: bool = False
    """And it gives more numbers than one, so that none of them need be that of all."""


SEVERAL_TOWNS: Final = "several_towns"
"""Why a reading is doubtful where `Where.parted` holds."""

_NEAR: Final = 2
"""Sentences round the act in which its place may stand; further away, a town is that of something else."""


def where(text: ReadText, news: News) -> Where:
    """The place and its region, or a region alone: by the sentence of the act, else the nearest that names one.

    Sentences that tell of before are asked last.
    """
    act = news.act
    if act is None:
        return Where()
    others = [index for index in range(len(text.readings)) if index not in news.acts and abs(index - act) <= _NEAR]
    others = [index for index in others if index not in news.apart]
    order = [*news.acts, *sorted(others, key=lambda index: index in news.background)]
    found = (_where(text, index) for index in order)
    first = next((each for each in found if each.place or each.region), Where())
    return _of_several(first) if first.several else first


def _of_several(found: Where) -> Where:
    """Of several towns none is told: each would be false of those who were taken in the others."""
    return Where(several=True, parted=found.parted)


def _where(text: ReadText, index: int) -> Where:
    """The first town, else the capital, and the first region: "Hrodna region" is no town, nor is a person called like
    one."""
    sentence = text.readings[index].sentence
    plain = sentence.plain
    regions = sorted((match.span(), region) for match, region in gazetteer().regions.found(plain))
    people = [(naming.start, naming.end) for naming in namings(sentence, text.lexicon.language)]
    townless = masked(plain, [*people, *(span for span, _ in regions)], NAME)
    towns = [
        (match.span(), place)
        for pattern, place in gazetteer().places.likely(plain)
        for match in pattern.finditer(townless)
    ]
    veiled = masked(masked(plain, people, NAME), (span for span, _ in towns), PLACE)
    elsewhere = [match.span() for match in gazetteer().not_there.finditer(veiled)]
    there = [(span, place) for span, place in towns if not _lies_in(span, elsewhere)]
    # Where somebody comes from is not where they were taken.
    theirs = [match.span() for match in gazetteer().theirs.finditer(veiled)]
    theirs += [span for span, _ in there if gazetteer().demonyms.fullmatch(plain[slice(*span)])]
    there = [(span, place) for span, place in there if not _lies_in(span, theirs)]
    regions = [(span, region) for span, region in regions if not _is_home(plain, span)]
    if not (towns or regions) and (capital := gazetteer().capital.search(plain)):
        there = [(capital.span(), _capital())]
    if there:
        span, place = min(there, key=lambda each: each[0])
        return _told(text, index, place, span)._replace(
            several=_are_coordinated(plain, there), parted=len(text.readings[index].quantities) > 1
        )
    if not regions:
        return Where()
    span, region = regions[0]
    return Where(None, region, (claim("region", region, text, index, span),))


_NEITHER: Final = r"(?!(?:near|from|outside|of|an?|не|из|под|около|возле|недалеко|з|са|каля|пад|недалёка)\s)"
_AND_IN: Final = re.compile(
    r"(?:\s*[,;]|\s+(?:and|as well as|but also|и|а|а также|і|ды|а таксама)(?=\s))"
    rf"(?:\s+{_NEITHER}[\w«»\"-]+){{0,5}}?\s+",
    re.IGNORECASE,
)
"""Between two towns of one act: a comma or a conjunction, and at most how many were taken in the second."""


def _are_coordinated(plain: str, there: Sequence[tuple[tuple[int, int], Place]]) -> bool:
    ordered = sorted(there, key=lambda each: each[0])
    return any(
        one.name != other.name and _AND_IN.fullmatch(plain, start[1], end[0])
        for (start, one), (end, other) in pairwise(ordered)
    )


def _is_home(plain: str, region: tuple[int, int]) -> bool:
    """ "A resident of the Vitebsk region"."""
    veiled = masked(plain, [region], PLACE)
    return any(_lies_in(region, [match.span()]) for match in gazetteer().theirs.finditer(veiled))


def _told(text: ReadText, index: int, place: Place, span: tuple[int, int]) -> Where:
    claims = [claim("place", place.name, text, index, span)]
    if place.region:
        claims.append(claim("region", place.region, text, index, span))
    return Where(place, place.region, tuple(claims))


def _capital() -> Place:
    return next(place for _, place in gazetteer().places)


def _lies_in(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def town_of(text: ReadText, index: int) -> str | None:
    """The town that a sentence names as that of an act; None where it names none."""
    found = _where(text, index).place
    return found.name if found else None


def authority(text: ReadText, news: News) -> Iterator[Claim]:
    """The first authority that may have taken somebody, by the sentence of the act, else by one next to it."""
    near = () if news.act is None else (*news.acts, news.act - 1, news.act + 1)
    for index in (each for each in near if each not in news.apart):
        if 0 <= index < len(text.readings) and (found := _takers(text.readings[index].sentence.plain)):
            match, name = found[0]
            yield claim("authority", name, text, index, match.span())
            return


def _takers(plain: str) -> list[tuple[re.Match[str], str]]:
    """The authorities that the sentence names as those who act, in the order in which they are asked."""
    found = list(gazetteer().authorities.found(plain))
    if not found:
        return []
    veiled = masked(plain, (match.span() for match, _ in found), AUTHORITY)
    passed_over = [each.span() for each in gazetteer().not_by.finditer(veiled)]
    return [(match, name) for match, name in found if not _lies_in(match.span(), passed_over)]
