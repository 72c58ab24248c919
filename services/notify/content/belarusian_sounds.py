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

_SPACES: Final = " \u00a0\u202f\n"
_SEEN: Final = 40
"""Letters before a word, and of it, that are looked at: more than a number or a name in a sentence of ours has."""

_STRESSED: Final = re.compile(r"у(?:ні[яіюйё]|рн[аыеуя]|льтра\b|нт[ыаоу]|зус|ндзін|ханн)", re.IGNORECASE)
"""Beginnings of words that bear the stress on their first letter: they keep it."""

_OPEN_UNITS: Final = frozenset("234")
"""Numbers whose last word is два, тры or чатыры end in a vowel."""


def with_short_u(text: str, at: Iterable[int] | None = None) -> str:
    """The text with each у or ў that begins a word as its neighbour wants it; of the same length.

    `at`: where words of ours begin; others stay as they are. None: every word is ours.
    """
    letters = list(text)
    for place in beginnings(text) if at is None else sorted(at):
        if place < len(text) and text[place] in "уўУЎ" and _begins_word(text, place):
            letters[place] = _fitting("".join(letters[max(0, place - _SEEN) : place]), _word(text, place))
    return "".join(letters)


def _fitting(before: str, word: str) -> str:
    stressed, after_vowel = _STRESSED.match("у" + word[1:]), _after_vowel(before)
    if word[0] in "УЎ":  # begins a sentence or a name; in a heading all in capitals it is a letter like others
        shouted = word.isupper() and _word_before(before).isupper()
        return "Ў" if shouted and after_vowel and not stressed else "У"
    return "ў" if after_vowel and not stressed else "у"


def _word(text: str, place: int) -> str:
    found = re.compile(r"\w+").match(text, place, place + _SEEN)
    assert found is not None  # a letter stands there
    return found.group()


def beginnings(text: str) -> Iterable[int]:
    """Where words begin that may have to change."""
    return (found.start() for found in re.finditer(r"(?<![\w'’])[уўУЎ]", text))


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not (text[place - 1].isalnum() or text[place - 1] == "ў")


def _after_vowel(before: str) -> bool:
    """Whether what is spoken right before ends in a vowel, with no pause between."""
    spoken = before.rstrip(_SPACES + _TRANSPARENT + "-")
    between = before[len(spoken) :].strip(_TRANSPARENT)
    joined = between == "-" or (between != "" and "-" not in between)
    if not spoken or not joined:
        return False
    return _number_ends_open(spoken) if spoken[-1].isdecimal() else spoken[-1].casefold() in _VOWELS


def _word_before(before: str) -> str:
    found = re.search(r"(\w+)\W*$", before)
    return found.group(1) if found else ""


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
