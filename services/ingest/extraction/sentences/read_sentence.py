"""A sentence as it is read: with what was found in it, and masked so that patterns need not find it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.extraction.dialect.patterns import DATE, HEDGE, MEASURE, NUMBER, ORDINAL, masked
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.sentences import dates, numbers
from services.ingest.extraction.sentences.furniture_lines import without_furniture
from services.ingest.extraction.sentences.passages import Sentence, sentences


@dataclass(frozen=True, slots=True)
class Reading:
    """`counted` is the sentence with its dates, numbers and ordinals masked; offsets are those of `sentence.plain`."""

    sentence: Sentence
    dates: tuple[dates.Mention, ...]
    quantities: tuple[numbers.Quantity, ...]
    ordinals: tuple[numbers.Ordinal, ...]
    counted: str

    def __hash__(self) -> int:
        """Of the words alone, which Python keeps with them: answers about a reading are asked for often."""
        return hash(self.counted)

    @property
    def has_numbers(self) -> bool:
        return bool(self.quantities or self.ordinals)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in this sentence → offsets in the text, without blanks at either end."""
        words = self.sentence.plain[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        return self.sentence.start + start, self.sentence.start + end

    def quantity_at(self, start: int) -> numbers.Quantity | None:
        return next((quantity for quantity in self.quantities if quantity.start <= start < quantity.end), None)

    def ordinal_at(self, start: int) -> numbers.Ordinal | None:
        return next((ordinal for ordinal in self.ordinals if ordinal.start == start), None)


def read(text: str, lexicon: Lexicon) -> tuple[Reading, ...]:
    """The sentences of the text, in order, without the lines that stand round it."""
    return tuple(_read(sentence, lexicon) for sentence in without_furniture(sentences(text)))


def _read(sentence: Sentence, lexicon: Lexicon) -> Reading:
    plain = sentence.plain
    found = dates.mentions(plain, lexicon)
    plain = _without_commas(plain, lexicon)
    undated = masked(plain, [(mention.start, mention.end) for mention in found], DATE)
    ordinals = numbers.ordinals(undated, lexicon, plain)
    unordered = masked(undated, [(ordinal.start, ordinal.end) for ordinal in ordinals], ORDINAL)
    quantities = numbers.quantities(unordered, lexicon, plain)
    if not quantities:
        return Reading(sentence, found, (), ordinals, unordered)
    counted = _counted(unordered, quantities)
    measures = _measures(counted, quantities, lexicon)
    if not measures:
        return Reading(sentence, found, quantities, ordinals, counted)
    people = tuple(each for each in quantities if each not in measures)
    unmeasured = masked(unordered, [(each.number_start, each.end) for each in measures], MEASURE)
    return Reading(sentence, found, people, ordinals, _counted(unmeasured, people))


def _without_commas(plain: str, lexicon: Lexicon) -> str:
    """ "Задержаны, по меньшей мере, пять человек": what tells how rough a number is, as if it stood without commas."""
    if "," not in plain or not (lexicon.number_words.may_be_in(plain) or numbers.has_digit(plain)):
        return plain
    spans = [
        match.span() for match in lexicon.hedge_in_commas.finditer(plain) if _opens_number(match["number"], lexicon)
    ]
    for start, end in spans:
        plain = f"{plain[:start]} {plain[start + 1 : end - 1]} {plain[end:]}"
    return plain


def _opens_number(word: str, lexicon: Lexicon) -> bool:
    return word[0].isdigit() or word.lower() in lexicon.numbers


def _counted(plain: str, quantities: Sequence[numbers.Quantity]) -> str:
    hedged = masked(plain, ((each.start, each.number_start) for each in quantities), HEDGE)
    return masked(hedged, ((each.number_start, each.end) for each in quantities), NUMBER)


def _measures(counted: str, quantities: Sequence[numbers.Quantity], lexicon: Lexicon) -> tuple[numbers.Quantity, ...]:
    """The numbers that count no people but years, days, articles, petitions."""
    spans = [match.span() for match in lexicon.measures.all(counted)]
    return tuple(each for each in quantities if any(start <= each.number_start < end for start, end in spans))
