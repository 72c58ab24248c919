"""Reads a language's idioms of custody and of freedom, which tell an act without any verb of it, into its lexicon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon


class Idioms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`lexicon/idioms/<language>.yaml`; the head of the English one says what each key is for."""

    words: dict[str, str]
    widened: dict[str, str]
    patterns: dict[str, dict[str, list[str]]]

    def words_with(self, words: Mapping[str, str]) -> dict[str, str]:
        """The lexicon's own words with those of the idioms. Raises BadLexicon where a word to widen is not there."""
        unknown = sorted(self.widened.keys() - words.keys())
        if unknown:
            raise BadLexicon(f"idioms: no word to widen: {', '.join(unknown)}")
        return {**words, **self.words, **{name: f"{words[name]}|{more}" for name, more in self.widened.items()}}

    def patterns_with(self, group: str, table: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The lists of one of the lexicon's groups, each with the idioms' behind its own. Raises BadLexicon for a list
        that the group has not."""
        more = self.patterns.get(group, {})
        unknown = sorted(more.keys() - table.keys())
        if unknown:
            raise BadLexicon(f"idioms: no list {', '.join(unknown)} in {group}")
        return {name: [*written, *more.get(name, ())] for name, written in table.items()}


def idioms_of(language: str) -> Idioms:
    """Raises BadLexicon."""
    return read_packaged(__package__, f"lexicon/idioms/{language}.yaml", Idioms, BadLexicon)
