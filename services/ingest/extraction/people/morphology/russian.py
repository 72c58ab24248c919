"""What the Russian dictionary knows: given names that the table has not and surnames that lose a vowel."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final

from services.ingest.extraction.people.morphology.declension import ALL_CASES, Case
from services.ingest.extraction.people.morphology.given_forms import GivenForm
from services.ingest.extraction.russian_words import russian_dictionary
from services.names import Sex

_CASES: Final = {
    "nomn": Case.NOMINATIVE,
    "gent": Case.GENITIVE,
    "datv": Case.DATIVE,
    "accs": Case.ACCUSATIVE,
    "ablt": Case.INSTRUMENTAL,
    "loct": Case.LOCATIVE,
    "loc2": Case.LOCATIVE,
}
_GENDERS: Final[dict[Sex, str]] = {"m": "masc", "f": "femn"}
_SEXES: Final[dict[str, Sex]] = {"masc": "m", "femn": "f"}
_KEPT: Final = 4096
"""Words whose readings are remembered: names recur, and memory stays bounded."""


@lru_cache(maxsize=_KEPT)
def known_given(word: str) -> tuple[GivenForm, ...]:
    """The readings of a word of which the likeliest is a given name; none for any other word."""
    parses = _singular(word) if _may_be(word, {"Name"}) else []
    if not parses or "Name" not in parses[0].tag:
        return ()
    cases: dict[tuple[str, Sex], set[Case]] = {}
    for parse in parses:
        if "Name" in parse.tag and parse.tag.gender in _SEXES:
            key = (parse.normal_form.capitalize(), _SEXES[parse.tag.gender])
            cases.setdefault(key, set()).update([_CASES[parse.tag.case]] if parse.tag.case in _CASES else ALL_CASES)
    return tuple(GivenForm(name, sex, frozenset(of)) for (name, sex), of in cases.items())


@lru_cache(maxsize=_KEPT)
def known_surname(word: str, sex: Sex, cases: frozenset[Case]) -> str | None:
    """The nominative, where the dictionary has the surname, or a noun that a man's surname may be (Заяц, Козел)."""
    for group in ("Surn", "NOUN") if sex == "m" else ("Surn",):
        if not _may_be(word, {group}):
            continue
        for parse in _singular(word):
            if group in parse.tag and parse.tag.gender == _GENDERS[sex] and _CASES.get(parse.tag.case) in cases:
                nominative = parse.inflect({"nomn"})
                return _as_in(word, nominative.word) if nominative else None
    return None


def _as_in(word: str, nominative: str) -> str:
    """In the capitals of the word; ё only where the word is one of a text that writes it."""
    return nominative.upper() if word.isupper() else nominative.capitalize()


@lru_cache(maxsize=_KEPT)
def _grammar(word: str) -> frozenset[str]:
    """What the dictionary knows of the word. Much cheaper to ask than which reading is likeliest."""
    dictionary, either = russian_dictionary().dictionary, russian_dictionary().char_substitutes
    tags = (
        dictionary.build_tag_info(paradigm, index)
        for _, forms in dictionary.words.similar_items(word.lower(), either)
        for paradigm, index in forms
    )
    return frozenset(grammeme for tag in tags if "plur" not in tag for grammeme in tag.grammemes)


def _may_be(word: str, groups: AbstractSet[str]) -> bool:
    """Of a single letter, which may be an initial, the dictionary does not tell."""
    return len(word) == 1 or bool(_grammar(word) & groups)


def _singular(word: str) -> list[Any]:
    return [parse for parse in russian_dictionary().parse(word) if parse.is_known and "plur" not in parse.tag]
