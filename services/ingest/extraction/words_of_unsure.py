"""Reads a language's words by which a number may be that of a part, of a period, or of another matter."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon, Patterns, compile_all
from services.ingest.extraction.dialect.vocabulary import Vocabulary


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """As it stands in its file; the head of the English one says what each list is for."""

    period: list[str]
    also: list[str]
    part: list[str]
    of_taken: list[str]
    another: list[str]
    several: list[str]
    many: list[str]
    pair: list[str]


def words_of_unsure(language: str, words: Mapping[str, str]) -> dict[str, Patterns]:
    """The lists of `lexicon/unsure/<language>.yaml`, by name; `words` are the lexicon's. Raises BadLexicon."""
    written = read_packaged(__package__, f"lexicon/unsure/{language}.yaml", _Written, BadLexicon)
    vocabulary = Vocabulary()  # of its own: only news of an arrest is asked, and other texts need not be slower
    return {name: compile_all(getattr(written, name), words, vocabulary) for name in _Written.__struct_fields__}
