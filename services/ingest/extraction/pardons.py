"""What a text says of a pardon: how many, who they are in numbers, how it came about."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

import msgspec

from services.contract import Claim, Kind, Party, Precision
from services.fact_table import Measure, counting
from services.ingest.extraction.attribution import Speakers
from services.ingest.extraction.claims import claim, counted, official_party, places, without_repeats
from services.ingest.extraction.kind import News
from services.ingest.extraction.people.accompanied import (
    accompanied,
    counts_in_whoever_is_told_before,
    with_whoever_went,
)
from services.ingest.extraction.people.added_up import listed_behind_colon
from services.ingest.extraction.people.crowds import counted_last
from services.ingest.extraction.people.rows import adds_to, rows
from services.ingest.extraction.people.together import listed_together, taken_together, with_those_beside
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.release_act import act_claim
from services.ingest.extraction.released import released_claims
from services.ingest.extraction.sentences.earlier import earlier_numbers
from services.ingest.extraction.unsure_numbers import frees_another

_PARTS: Final = counting(Measure.CONVICTION, Measure.TRAIT)
"""In the order in which a sentence is asked for them."""

_ROUNDED: Final = (0.95, 1.25)
"""How an exact number may relate to the rounded one that a headline gives for it."""

_SOON: Final = 5
"""Sentences within which a text says who announced the act."""

_STATEMENTS: Final = {
    "names_undisclosed": ("names_disclosed", False),
    "repented": ("repented", True),
    "petitioned": ("petitioned", True),
}


def pardon_claims(text: ReadText, news: News) -> tuple[tuple[Claim, ...], ReadText]:
    """The claims about the act, and the text with its announcer known: who announced it answers for its details."""
    fresh = text.without(news.background)
    heads = _heads(text, fresh) or _whole_behind(text, news)
    text = text.announced_by(official_party(heads, "pardoned") or _official_after(text.speakers, news))
    heads = [_announced(each, text.speakers) for each in heads]
    size = heads[0].value if heads else None
    found = [*heads, *act_claim(text, news), *_ordinal(text)]
    found += released_claims(text, news, heads[0]) if heads else ()
    for index in fresh:
        found += _parts(text, index, size if isinstance(size, int) else None)
        found += _statements(text, index)
        found += _decree(text, index)
    return without_repeats(found), text


def _official_after(speakers: Speakers, news: News) -> Party | None:
    """The official party that speaks soon after the act: "Указ подписан 2 июля, сообщает сайт президента"."""
    return None if news.act is None else speakers.official_after(news.act, _SOON)


def _announced(head: Claim, speakers: Speakers) -> Claim:
    """What nobody nearer says, the announcer does."""
    unspoken = head.said_by == speakers.outlet and speakers.announcer is not None
    return msgspec.structs.replace(head, said_by=speakers.announcer) if unspoken else head


def _heads(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """How many were pardoned. A number other than the first is a part, or another act: which, a person must say.

    A number that reads as a total ("207 released in all") is the act's only where no other number is. Where none is
    given, those are counted whom the text names one and all.
    """
    of_rows = _in_rows(text, fresh)
    for but_totals in (True, False):
        of_each = [(index, each) for index in fresh for each in _numbers(text, index, but_totals=but_totals)]
        wider = [(index, each) for index, each in of_each if counts_in_whoever_is_told_before(each, text, index)]
        of_each = wider if wider and of_each[0][1].value == 1 else of_each
        numbers = [each for _, each in of_each]
        if numbers:
            # Beside a pardon the number of those who are out already is another one, even where it comes first.
            stated = next((each for index, each in of_each if _states_pardon(text, index)), numbers[0])
            head = _sharper(max(numbers[0], stated, key=_size), numbers)
            longer = [each for each in of_rows if adds_to(each, head)]
            return longer or [each for each in numbers if each.value == head.value]
    lone = bool(of_rows) and of_rows[0].value == 1
    named = [] if _names_only_some(text, fresh) or (lone and frees_another(text, fresh)) else of_rows
    return list(listed_behind_colon("pardoned", Kind.PARDON, text, fresh)) or named or _them(text, fresh)


def _states_pardon(text: ReadText, index: int) -> bool:
    return text.lexicon.signals["pardon"].first(text.readings[index].counted) is not None


def _whole_behind(text: ReadText, news: News) -> list[Claim]:
    """ "A decree on pardons was signed. Of the 31 released, 20 are women": who is taken for known there seems to be of
    before; yet where the sentence names no day, they are those of the act right before it."""
    behind = (act + step for act in news.acts for step in (1, 2))
    told = (index for index in behind if index < len(text.readings) and index in news.background - news.apart)
    undated = (index for index in told if not text.readings[index].dates)
    return next((found[:1] for index in undated if (found := list(_numbers(text, index, but_totals=True)))), [])


def _names_only_some(text: ReadText, fresh: Sequence[int]) -> bool:
    """Does the text speak of others, whom it does not name?"""
    others = text.lexicon.rows.get("others")
    return others is not None and any(others.first(text.readings[index].counted) for index in fresh)


def _numbers(text: ReadText, index: int, *, but_totals: bool) -> Iterator[Claim]:
    together = listed_together("pardoned", text, index)
    sum_of = (
        together[1] if together else accompanied("pardoned", text, index) or taken_together("pardoned", text, index)
    )
    if sum_of:
        yield sum_of
    if not text.readings[index].has_numbers:
        return
    totals = places(text.lexicon.counts["released_total"], text.readings[index]) if but_totals else frozenset()
    passed_over = totals | earlier_numbers(text.readings[index], text.lexicon)
    yield from with_whoever_went(_stated(text, index, passed_over), text, index)


def _sharper(head: Claim, numbers: Sequence[Claim]) -> Claim:
    """The number; or, where it is rounded ("over 40 freed"), the exact one near it that another sentence gives."""
    if head.precision is Precision.EXACT:
        return head
    exact = (each for each in numbers if each.precision is Precision.EXACT)
    return next((each for each in exact if _ROUNDED[0] <= _size(each) / _size(head) <= _ROUNDED[1]), head)


def _size(each: Claim) -> int:
    return each.value if isinstance(each.value, int) else 0


def _in_rows(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """ "X and 51 more": 52; and "X and Y were freed": two."""
    patterns = text.lexicon.rows.get("pardoned")
    found = ((index, row) for index in fresh if patterns for row in rows(patterns, text.readings[index], text.lexicon))
    for index, (match, names, besides) in found:
        return [claim("pardoned", len(names) + besides, text, index, match.span())]
    return []


def _them(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """ "Thirty people left Minsk. They were pardoned": as many as this sentence counts, or the one before it."""
    patterns = text.lexicon.rows.get("them")
    for index in fresh:
        match = patterns.first(text.readings[index].counted) if patterns else None
        if match and (meant := counted_last(text, index)):
            return [claim("pardoned", meant.value, text, index, match.span(), precision=meant.precision)]
    return []


def _parts(text: ReadText, index: int, size: int | None) -> Iterator[Claim]:
    reading, counts = text.readings[index], text.lexicon.counts
    likely = [field for field in _PARTS if counts[field].may_be_in(reading.counted)] if reading.has_numbers else []
    of_before = earlier_numbers(reading, text.lexicon) if likely else frozenset[int]()
    for field in likely:
        for each in counted(field, text, index, elsewhere=of_before):
            if size is None or (isinstance(each.value, int) and each.value <= size):
                yield each
    if size is not None:
        yield from _everyone(text, index, size)


def _ordinal(text: ReadText) -> list[Claim]:
    """Which pardon this is; read in every sentence, since the one that counts the acts tells of the earlier ones.

    Of several ("the second this year, the eighth since the summer") the widest count.
    """
    found = [
        each
        for index, reading in enumerate(text.readings)
        if reading.has_numbers
        for each in counted("nth_pardon", text, index)
    ]
    return sorted(found, key=_size, reverse=True)[:1]


def _everyone(text: ReadText, index: int, size: int) -> Iterator[Claim]:
    """ "All had been convicted of…": as many as the act covers."""
    for field, patterns in text.lexicon.everyone.items():
        if match := patterns.first(text.readings[index].counted):
            yield claim(field, size, text, index, match.span())


def _decree(text: ReadText, index: int) -> Iterator[Claim]:
    if match := text.lexicon.statements["decree_number"].first(text.readings[index].sentence.plain):
        yield claim("decree_number", match["value"], text, index, match.span())


def _statements(text: ReadText, index: int) -> Iterator[Claim]:
    for name, (field, value) in _STATEMENTS.items():
        if match := text.lexicon.statements[name].first(text.readings[index].counted):
            yield claim(field, value, text, index, match.span())


def _stated(text: ReadText, index: int, elsewhere: Container[int]) -> Iterator[Claim]:
    return with_those_beside(counted("pardoned", text, index, elsewhere=elsewhere), text, index)
