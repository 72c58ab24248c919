"""The dictionary of Russian words, loaded when it is first asked; the only importer of pymorphy3."""

from __future__ import annotations

from functools import cache

import pymorphy3


@cache
def russian_dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


def forms(lemma: str, part: str) -> list[tuple[str, frozenset[str]]]:
    """Every form of a word that the dictionary has as this part of speech ("INFN", "NOUN"), with its grammemes."""
    known = [
        one
        for one in russian_dictionary().parse(lemma)
        if part in one.tag and one.normal_form == lemma and one.is_known
    ]
    return [(one.word, frozenset(one.tag.grammemes)) for one in known[0].lexeme] if known else []
