"""Finds numbers of people in a sentence: in digits or words, with the hedge before them, and ordinals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.contract import Precision
from services.ingest.extraction.dialect.vocabulary import last_word

if TYPE_CHECKING:
    from services.ingest.extraction.lexicon import Lexicon

LARGEST: Final = 1_000_000
"""No number of people in this field is larger; what is, is a mistake or an attack."""

_UNSEEN: Final = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Characters that cannot be seen: what stands on both sides of one is not what a reader reads."""

_DIGITS: Final = re.compile(
    rf"(?<![0-9][{_UNSEEN}])"
    r"(?<![\w./:№$€#+^-])(?<![0-9],)(?<![№$€#] )"
    r"(?P<digits>[0-9]{1,3}(?:(?P<by>[ .,])[0-9]{3})(?:(?P=by)[0-9]{3})*|[0-9]{1,7})"
    r"(?:-(?:х|ех|ёх|ти|ці|ми|мі|мя)(?!\w))?"
    rf"(?![{_UNSEEN}]+[0-9])"
    r"(?![\w%°^²³¹⁰-⁹₀-₉/]|[.,:][0-9]|-[0-9]|\s?%| [0-9]{3}(?![0-9]))"
)
_DIGITS_AND_WORD: Final = re.compile(
    r"(?<![\w./:№$€#+^,-])(?P<whole>[0-9]{1,4})(?:[.,](?P<part>[0-9]{1,2}))? (?P<word>[^\W\d_]+)"
)
_DIGIT_ORDINAL: Final = re.compile(
    r"(?<![\w.,/-])(?P<digits>[0-9]{1,3})(?:st|nd|rd|th|-?(?:[йяеэ]|ы|ай|ий|ый|ой|го|му|ю))(?!\w)"
)
_LONGEST_HEDGE: Final = 30
"""Characters before a number in which its hedge is looked for."""

_DIGIT: Final = re.compile(r"[0-9]")
_WORD: Final = re.compile(r"(?<!\w)[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`start` to `end` cover the hedge and the number; `number_start` is where the number itself begins."""

    value: int
    precision: Precision
    start: int
    number_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ordinal:
    value: int
    start: int
    end: int


def has_digit(plain: str) -> bool:
    return _DIGIT.search(plain) is not None


def quantities(plain: str, lexicon: Lexicon, unmasked: str | None = None) -> tuple[Quantity, ...]:
    """In order of place; `unmasked` is the same sentence before dates were masked in it.

    Negative, fractional, superscript, exponential and overlarge numbers are none."""
    raw = list(_in_digits(plain, lexicon)) if _DIGIT.search(plain) else []
    raw += _in_words(plain, unmasked or plain, lexicon)
    return tuple(_hedged(plain, *number, lexicon) for number in sorted(raw)) if raw else ()


def ordinals(plain: str, lexicon: Lexicon, unmasked: str | None = None) -> tuple[Ordinal, ...]:
    """ "8th", "восьмой", in order of place; `unmasked` as for quantities."""
    in_digits = _ordinals_in_digits(plain) if _DIGIT.search(plain) else ()
    in_words = _ordinals_in_words(plain, unmasked or plain, lexicon)
    found = [*in_digits, *in_words]
    return tuple(sorted(found, key=lambda ordinal: ordinal.start)) if found else ()


def _ordinals_in_digits(plain: str) -> Iterator[Ordinal]:
    for match in _DIGIT_ORDINAL.finditer(plain):
        if value := int(match["digits"]):
            yield Ordinal(value, match.start(), match.end())


def _ordinals_in_words(plain: str, unmasked: str, lexicon: Lexicon) -> Iterator[Ordinal]:
    for word in lexicon.ordinal_words.found(plain, _WORD, unmasked):
        if value := lexicon.ordinals.get(word.group().lower()):
            yield Ordinal(value, word.start(), word.end())


def _in_digits(plain: str, lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    scaled = list(_scaled(plain, lexicon))
    yield from scaled
    for match in _DIGITS.finditer(plain):
        value = int(re.sub(r"[ .,]", "", match["digits"]))
        apart = all(match.end() <= start or end <= match.start() for start, end, _ in scaled)
        if apart and 0 < value <= LARGEST:
            yield match.start(), match.end(), value


def _scaled(plain: str, lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    """ "65 тысяч", "1.2 thousand"."""
    for match in _DIGITS_AND_WORD.finditer(plain):
        scale = lexicon.scales.get(match["word"].lower(), 0)
        value = round(float(f"{match['whole']}.{match['part'] or 0}") * scale)
        if scale and 0 < value <= LARGEST:
            yield match.start(), match.end(), value


def _in_words(plain: str, unmasked: str, lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    """Runs of number words: hundreds, tens and units add up, a scale multiplies what stands before it."""
    words = [word for word in lexicon.number_words.found(plain, _WORD, unmasked) if _number_word(word, lexicon)]
    halved = list(_halved(plain, words, lexicon))
    yield from halved
    words = [word for word in words if all(word.end() <= start or end <= word.start() for start, end, _ in halved)]
    run: list[re.Match[str]] = []
    for word in words:
        if run and not _adjoins(plain, run[-1], word, lexicon):
            yield from _value(plain, run, lexicon)
            run = []
        run.append(word)
    yield from _value(plain, run, lexicon)


def _halved(plain: str, words: Iterable[re.Match[str]], lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    """ "Half a dozen", "полтора десятка"."""
    for word in words:
        scale = lexicon.scales.get(word.group().lower())
        if scale and (half := lexicon.before_scale.search(plain[max(0, word.start() - _LONGEST_HEDGE) : word.start()])):
            times = lexicon.fractions[" ".join(half.group().lower().split()).rstrip("-")]
            yield word.start() - len(half.group()), word.end(), round(times * scale)


def _number_word(word: re.Match[str], lexicon: Lexicon) -> int | None:
    lowered = word.group().lower()
    return lexicon.numbers.get(lowered) or lexicon.scales.get(lowered)


def _adjoins(plain: str, before: re.Match[str], word: re.Match[str], lexicon: Lexicon) -> bool:
    """Do two number words make one number: "thirty-two", "hundred and six", "сто двадцать", but not "two, three"?"""
    joined = plain[before.end() : word.start()].lower()
    if joined not in {" ", "-"} and joined.strip() not in lexicon.number_joiners:
        return False
    second = _number_word(word, lexicon)
    if second is None or word.group().lower() in lexicon.scales:
        return second is not None
    first = _number_word(before, lexicon)
    return first is not None and first > second and len(str(first)) > len(str(second)) and first % 10 == 0


def _value(plain: str, run: list[re.Match[str]], lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    total = current = 0
    for word in run:
        lowered = word.group().lower()
        scale = lexicon.scales.get(lowered)
        if scale is None:
            current += lexicon.numbers[lowered]
        elif current == 0 and not _says_one(plain, word, lexicon):  # "hundreds of people" says no number
            return
        elif scale >= 1000:
            total, current = total + max(current, 1) * scale, 0
        else:
            current = max(current, 1) * scale
    if 0 < total + current <= LARGEST:
        yield run[0].start(), run[-1].end(), total + current


def _says_one(plain: str, scale: re.Match[str], lexicon: Lexicon) -> bool:
    """Is it one of its kind: "a thousand", "тысячу", "более тысячи"?"""
    before = plain[max(0, scale.start() - _LONGEST_HEDGE) : scale.start()]
    singular = scale.group().lower() in lexicon.numbers
    return singular or any(pattern.search(before) for _, pattern in lexicon.hedges)


def _hedged(plain: str, start: int, end: int, value: int, lexicon: Lexicon) -> Quantity:
    before = plain[max(0, start - _LONGEST_HEDGE) : start]
    for precision, pattern in lexicon.hedges if last_word(before) in lexicon.hedge_ends else ():
        if match := pattern.search(before):
            return Quantity(value, precision, start - len(before) + match.start(), start, end)
    return Quantity(value, Precision.EXACT, start, start, end)
