"""How Belarusian words meet: у and ў where a phrase of ours and what fills it touch.

The rules are those of the official orthography (Law No. 420-З of 23 July 2008, §15 "Нескладовае ў і у складовае"):

* ў begins a word after a vowel, also across quotation marks: на ўвесь дзень, кніга «Выбранае» ўвайшла, крыкі «ўра»;
* у begins it after a consonant, after a stop of any kind (a comma, a dash, a bracket), and at the beginning;
* a proper name keeps its У: ва Украіне; so does a word whose first у is stressed: да урны, унія;
* in words all in capitals ў is written as any other letter: ЗАТРЫМАЛІ Ў ГРОДНЕ.

What is written in digits counts as it is spoken: "22 ў" (два), "20 у" (дваццаць). An abbreviation is taken by its last
letter. The conjunction "і" stays "і" after a vowel as after a consonant (§16: й takes its place only within a word,
after a prefix), so a border between words never makes й; "й" between words is another orthography's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_VOWELS: Final = frozenset("аеёіоуыэюяиaeiouyáéíóúąęàèìòùäöü")
"""Letters after which a word ends open; Latin ones too, since names of outlets stand in our sentences."""

_TRANSPARENT: Final = "«»“”„\"'’‘"
"""Quotation marks make no pause."""

_SPACES: Final = frozenset(" \u00a0\u202f\n")

_STRESSED: Final = re.compile(r"у(?:ні[яіюйё]|рн[аыеуя]|льтра\b|нт[ыаоу]|зус|ндзін|ханн)", re.IGNORECASE)
"""Beginnings of words that bear the stress on their first letter: they keep it."""

_OPEN_UNITS: Final = frozenset("234")
"""Numbers whose last word is два, тры or чатыры end in a vowel."""


def with_short_u(text: str, at: Iterable[int] | None = None) -> str:
    """The text with each у or ў that begins a word as its neighbour wants it; of the same length.

    `at`: where words of ours begin; others stay as they are. None: every word is ours.
    """
    letters = list(text)
    for place in _beginnings(text) if at is None else at:
        if place < len(text) and text[place] in "уўУЎ" and _begins_word(text, place):
            letters[place] = _fitting(text, place)
    return "".join(letters)


def _fitting(text: str, place: int) -> str:
    letter, word = text[place], re.match(r"[\w'’]*", text[place:])
    assert word is not None
    if letter in "УЎ":
        shouted = word.group().isupper() and _word_before(text, place).isupper()
        # A capital begins a sentence or a name; in a heading all in capitals it is a letter like others.
        return "Ў" if shouted and _after_vowel(text, place) and not _STRESSED.match(word.group()) else "У"
    return "ў" if _after_vowel(text, place) and not _STRESSED.match("у" + word.group()[1:]) else "у"


def _beginnings(text: str) -> Iterable[int]:
    return (found.start() for found in re.finditer(r"(?<![\w'’])[уўУЎ]", text))


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not (text[place - 1].isalnum() or text[place - 1] == "ў")


def _after_vowel(text: str, place: int) -> bool:
    """Whether what is spoken right before ends in a vowel, with no pause between."""
    before = _spoken_before(text, place)
    if not before:
        return False
    if before[-1].isdigit():
        return _number_ends_open(before)
    return before[-1].casefold() in _VOWELS


def _spoken_before(text: str, place: int) -> str:
    """All up to the last letter or digit before the word; empty where a stop stands between, or nothing."""
    end, spaces = place, 0
    while end and (text[end - 1] in _SPACES or text[end - 1] in _TRANSPARENT or text[end - 1] == "-"):
        spaces += text[end - 1] in _SPACES
        end -= 1
    hyphened = text[end:place].strip("".join(_TRANSPARENT)) == "-"
    joined = hyphened or (spaces and "-" not in text[end:place])
    return text[:end] if joined and end and text[end - 1].isalnum() else ""


def _word_before(text: str, place: int) -> str:
    before = re.search(r"(\w+)\W*$", text[:place])
    return before.group(1) if before else ""


def _number_ends_open(text: str) -> bool:
    """Whether a cardinal number, spoken in full, ends in a vowel: два, тры, чатыры, дзевяноста, сто, тысяча, тысячы."""
    written = re.search(r"\d+(?:[\u00a0\u202f]\d{3})*$", text)
    assert written is not None
    digits = re.sub(r"\D", "", written.group()).lstrip("0")
    if digits[-1:] and digits[-1] != "0":
        return digits[-1] in _OPEN_UNITS and digits[-2:-1] != "1"
    if digits[-2:-1] not in ("", "0"):
        return digits[-2:] == "90"
    if digits[-3:-2] not in ("", "0"):
        return digits[-3] in "1234"  # сто, дзвесце, трыста, чатырыста; пяцьсот
    return _thousands_end_open(digits)


def _thousands_end_open(digits: str) -> bool:
    """тысяча, тысячы, мільёны and мільярды; but тысяч, мільён, мільёнаў."""
    power = (len(digits) - len(digits.rstrip("0"))) // 3
    group = digits[: len(digits) - 3 * power]
    if power == 0 or group[-2:-1] == "1":
        return False
    return group[-1:] in _OPEN_UNITS or (group[-1:] == "1" and power == 1)
