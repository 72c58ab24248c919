"""Reads a language's lexicon: its words and patterns, of which the rest of the room knows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

import msgspec

from services.contract import PartyClass, Precision
from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import (
    BadLexicon,
    Patterns,
    compile_all,
    compile_pattern,
    compile_table,
)
from services.ingest.extraction.dialect.spelt import Spelt, spelt
from services.ingest.extraction.dialect.vocabulary import Hint, Vocabulary, last_word
from services.ingest.extraction.idioms import idioms_of
from services.ingest.extraction.verbs.of_language import verbs_of
from services.ingest.extraction.words_of_doubt import words_of_doubt
from services.ingest.extraction.words_of_further import words_of_further
from services.ingest.extraction.words_of_unsure import words_of_unsure

LANGUAGES: Final = ("en", "ru", "be")
"""One data file each: `lexicon/<language>.yaml`. Its head comment in `en.yaml` says how to add one."""


class _Written(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A lexicon as it stands in its file."""

    numbers: dict[int, list[str]]
    scales: dict[int, list[str]]
    fractions: dict[float, list[str]]
    number_joiners: list[str]
    ordinals: dict[int, list[str]]
    ordinal_endings: list[str]
    measures: list[str]
    hedges: dict[Precision, list[str]]
    months: list[str]
    weekdays: list[str]
    relative_days: dict[int, list[str]]
    words: dict[str, str]
    attributions: list[str]
    of_before: list[str]
    anaphors: dict[PartyClass, str]
    not_the_day: list[str]
    counts: dict[str, list[str]]
    everyone: dict[str, list[str]]
    statements: dict[str, list[str]]
    roles: dict[str, list[str]]
    likewise: list[str]
    signals: dict[str, list[str]]
    arrest: dict[str, list[str]]
    earlier: list[str] = []
    rows: dict[str, list[str]] = {}
    pronouns: dict[str, list[str]] = {}
    named_aside: list[str] = []
    listed: list[str] = []
    private_before: list[str]
    private_after: list[str]
    together: dict[str, list[str]] = {}
    somebody: list[str] = []
    appositions: list[str] = []


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, compiled. `counts` has {n} or {o}; `statements` and `everyone` state without a number;
    `roles` has {names}; `signals` tell the kind of news.
    `measures` are numbers of no people; `of_before` has a {party} that speaks for what was said before; `anaphors` are
    words for a party named earlier ("the website"); `likewise` has {names} that share the role of those before them;
    `together` has a stretch (?P<all>…) of people to be added up, `somebody` is a person without number or name, and
    `appositions` are what stands between. `earlier` matches whole clauses that tell of an act before this one; `rows`
    has {names} that are all of the act; `named_aside` stands before whoever only speaks or was met; `pronouns` gives
    whoever a sentence before it named alone a role; `listed` has {names} of those whom the sentence before it counts
    ("They include ..."). Four are the words that put an act in doubt, by slug, and
    what only looks like them; `further` is what is said of the people of an act, and `unsure` what makes a number
    of them another one.
    """

    language: str
    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    fractions: Mapping[str, float]
    """What multiplies the scale behind it: "half a" dozen. `before_scale` finds one at the end of a stretch."""
    before_scale: re.Pattern[str]
    number_joiners: frozenset[str]
    ordinals: Mapping[str, int]
    number_words: Hint
    ordinal_words: Hint
    measures: Patterns
    people_follow: re.Pattern[str]
    before_year: re.Pattern[str]
    hedges: tuple[tuple[Precision, re.Pattern[str]], ...]
    hedge_ends: frozenset[str]
    """The last words of all hedges: behind no other is one looked for."""
    hedge_in_commas: re.Pattern[str]
    of_days: Hint
    """Of months, weekdays and relative days."""
    months: Spelt[int]
    weekdays: Spelt[int]
    relative_days: Spelt[int]
    attributions: Patterns
    of_before: Patterns
    anaphors: Spelt[PartyClass]
    not_the_day: Patterns
    counts: Mapping[str, Patterns]
    everyone: Mapping[str, Patterns]
    statements: Mapping[str, Patterns]
    roles: Mapping[str, Patterns]
    likewise: Patterns
    signals: Mapping[str, Patterns]
    arrest: Mapping[str, Patterns]
    earlier: Patterns
    rows: Mapping[str, Patterns]
    pronouns: Mapping[str, Patterns]
    named_aside: re.Pattern[str] | None
    listed: Patterns
    private_before: re.Pattern[str]
    private_after: re.Pattern[str]
    together: Mapping[str, Patterns]
    somebody: Patterns
    appositions: Patterns
    spared_by_doubt: Patterns
    doubts_in_clause: Mapping[str, Patterns]
    doubts_in_sentence: Mapping[str, Patterns]
    doubts_of_message: Mapping[str, Patterns]
    further: Mapping[str, Patterns]
    unsure: Mapping[str, Patterns]


def compile_everything() -> None:
    """Loads every language and compiles every pattern, which the first articles would otherwise wait for."""
    for language in LANGUAGES:
        words = lexicon(language)
        for name in (field.name for field in fields(words)):
            value = getattr(words, name)
            for patterns in value.values() if isinstance(value, Mapping) else (value,):
                if isinstance(patterns, Patterns):
                    patterns.compile()


@cache
def lexicon(language: str) -> Lexicon:
    """Raises BadLexicon when the data file does not fit; KeyError never: ask only for one of LANGUAGES."""
    return _compiled(language, _written(language))


def words_of(language: str) -> dict[str, str]:
    """What `<word>` stands for in the patterns of a language, its verbs and idioms included. Raises BadLexicon."""
    return _words(language, _written(language))


@cache
def _written(language: str) -> _Written:
    return read_packaged(__package__, f"lexicon/{language}.yaml", _Written, BadLexicon, strict=False)


def _words(language: str, written: _Written) -> dict[str, str]:
    return idioms_of(language).words_with(verbs_of(language) | written.words)


_GROUPS: Final = (
    "counts", "everyone", "statements", "roles", "signals", "arrest", "rows", "pronouns", "together",
)  # fmt: skip
"""Keys with several lists of patterns, by name."""
_LISTS: Final = (
    "measures", "attributions", "of_before", "not_the_day", "likewise", "earlier", "listed", "somebody",
    "appositions",
)  # fmt: skip
"""Keys with one list of patterns."""


def _compiled(language: str, written: _Written) -> Lexicon:
    idioms, vocabulary = idioms_of(language), Vocabulary()
    words = _words(language, written)
    numbers, scales = _by_word(written.numbers), _by_word(written.scales)
    fractions = {word: times for times, said in written.fractions.items() for word in said}
    ordinals = _inflected(written.ordinals, written.ordinal_endings)
    months = spelt(((said, _around_month(said), month) for month, said in enumerate(written.months, 1)), vocabulary)
    weekdays = compile_table(((said, day) for day, said in enumerate(written.weekdays)), words, vocabulary)
    relative = (("|".join(said), days) for days, said in written.relative_days.items())
    relative_days = compile_table(relative, words, vocabulary)
    tables = {name: idioms.patterns_with(name, getattr(written, name)) for name in _GROUPS}
    groups: dict[str, Any] = {name: _groups(table, words, vocabulary) for name, table in tables.items()}
    lists: dict[str, Any] = {name: compile_all(getattr(written, name), words, vocabulary) for name in _LISTS}
    hedges = [hedge for each in written.hedges.values() for hedge in each]
    doubting: dict[str, Any] = words_of_doubt(language)
    return Lexicon(
        language=language,
        numbers=numbers,
        scales=scales,
        fractions=fractions,
        before_scale=_before_scale(fractions),
        number_joiners=frozenset(written.number_joiners),
        ordinals=ordinals,
        number_words=vocabulary.hint([*numbers, *scales]),
        ordinal_words=vocabulary.hint(ordinals),
        people_follow=compile_pattern("<persons>", words),
        before_year=_before_number(words["of_time"].split("|")),
        hedges=tuple((precision, _before_number(hedges)) for precision, hedges in written.hedges.items()),
        hedge_ends=frozenset(last_word(each.replace("ё", "е")) for each in hedges),
        hedge_in_commas=_in_commas(hedges),
        of_days=Hint(vocabulary, months.any_of | weekdays.any_of | relative_days.any_of),
        months=months,
        weekdays=weekdays,
        relative_days=relative_days,
        anaphors=compile_table(((said, kind) for kind, said in written.anaphors.items()), words, vocabulary),
        named_aside=_before_name(written.named_aside, words) if written.named_aside else None,
        private_before=re.compile(rf"(?<!\w)(?:{'|'.join(written.private_before)})\s+$", re.IGNORECASE),
        private_after=re.compile(rf"^(?:{'|'.join(written.private_after)})(?!\w)", re.IGNORECASE),
        further=words_of_further(language, words),
        unsure=words_of_unsure(language, words),
        **groups,
        **lists,
        **doubting,
    )


def _before_scale(fractions: Iterable[str]) -> re.Pattern[str]:
    words = "|".join(each.replace(" ", "[ -]") for each in fractions)
    return re.compile(rf"(?<!\w)(?:{words})[ -]$", re.IGNORECASE)


def _by_word(table: Mapping[int, Iterable[str]]) -> dict[str, int]:
    return {word.replace("ё", "е"): value for value, words in table.items() for word in words}


def _inflected(stems: Mapping[int, Iterable[str]], endings: Iterable[str]) -> dict[str, int]:
    return _by_word({value: [stem + ending for stem in each for ending in endings] for value, each in stems.items()})


def _groups(
    table: Mapping[str, Sequence[str]], words: Mapping[str, str], vocabulary: Vocabulary
) -> dict[str, Patterns]:
    return {name: compile_all(patterns, words, vocabulary) for name, patterns in table.items()}


def _before_name(written: Sequence[str], words: Mapping[str, str]) -> re.Pattern[str]:
    return compile_pattern(f"(?:{'|'.join(written)}) $", words)


def _in_commas(hedges: Iterable[str]) -> re.Pattern[str]:
    """Those of several words, or one of one word: none stands between commas without being meant so."""
    body = "|".join(hedge.replace(" ", r"\s+").replace("ё", "е") for hedge in hedges)
    return re.compile(rf",\s(?:{body}),(?=\s+(?P<number>\w+))", re.IGNORECASE)


def _before_number(hedges: Iterable[str]) -> re.Pattern[str]:
    body = "|".join(hedge.replace(" ", r"\s+").replace("ё", "е") for hedge in hedges)
    return re.compile(rf"(?<!\w)(?:{body})\s+$", re.IGNORECASE)


def _around_month(month: str) -> re.Pattern[str]:
    """The pattern of a date whose month is written like that."""
    # A name written with a capital in its language must have it, since May is not may.
    capital = month[0].isupper()
    return re.compile(
        rf"(?<!\w)(?:(?P<before>[0-9]{{1,2}})(?:-?(?:st|nd|rd|th|го))?\s+(?:of\s+)?)?(?:{month})(?!\w)\.?"
        rf"(?:\s+(?P<after>[0-9]{{1,2}})(?:st|nd|rd|th)?(?!\w|[:.,][0-9]))?(?:,?\s+(?P<year>(?:19|20)[0-9]{{2}})(?![0-9]))?",
        0 if capital else re.IGNORECASE,
    )
