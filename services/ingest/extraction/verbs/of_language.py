"""Which table of verbs a language has."""

from __future__ import annotations

from typing import Final

from services.ingest.extraction.verbs import belarusian_verbs, english_verbs, russian_verbs, verb_words

_TABLES: Final = {"en": english_verbs, "ru": russian_verbs, "be": belarusian_verbs}


def verbs_of(language: str) -> dict[str, str]:
    """The words that the classes of verbs give a lexicon. Raises verbs.BadVerbs."""
    table = _TABLES[language]
    return verb_words(language, table.conjugate, table.decline)
