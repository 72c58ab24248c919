"""Reads a language's words that put an act in doubt (a joke, a supposition, a denial) for its lexicon to hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon, Patterns, compile_all
from services.ingest.extraction.dialect.vocabulary import Vocabulary


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """`lexicon/doubts/<language>.yaml`; the head of the English one says what each list is for."""

    words: dict[str, str]
    spared: list[str]
    clause: dict[str, list[str]]
    sentence: dict[str, list[str]]
    message: dict[str, list[str]]


def words_of_doubt(language: str) -> dict[str, Patterns | Mapping[str, Patterns]]:
    """The fields of a `Lexicon` that are about doubt. Raises BadLexicon."""
    written = read_packaged(__package__, f"lexicon/doubts/{language}.yaml", _Written, BadLexicon)
    # A vocabulary of their own: only sentences about an act are asked for doubt, and the others need not be slower.
    words, vocabulary = written.words, Vocabulary()

    def compiled(table: Mapping[str, Sequence[str]]) -> dict[str, Patterns]:
        return {slug: compile_all(patterns, words, vocabulary) for slug, patterns in table.items()}

    return {
        "spared_by_doubt": compile_all(written.spared, words, vocabulary),
        "doubts_in_clause": compiled(written.clause),
        "doubts_in_sentence": compiled(written.sentence),
        "doubts_of_message": compiled(written.message),
    }
