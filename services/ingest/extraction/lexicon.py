"""Reads a language's lexicon: its words and patterns, of which the rest of the room knows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
import yaml

from services.contract import Precision
from services.ingest.extraction.patterns import BadLexicon, compile_all, compile_pattern

Patterns = tuple[re.Pattern[str], ...]

LANGUAGES: Final = ("en", "ru", "be")
"""One data file each: `lexicon/<language>.yaml`. Its head comment in `en.yaml` says how to add one."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """A lexicon as it stands in its file."""

    alphabet: str
    letters: str
    common: list[str]
    numbers: dict[int, list[str]]
    scales: dict[int, list[str]]
    number_joiners: list[str]
    ordinals: dict[int, list[str]]
    hedges: dict[Precision, list[str]]
    months: list[str]
    weekdays: list[str]
    relative_days: dict[int, list[str]]
    words: dict[str, str]
    attributions: list[str]
    counts: dict[str, list[str]]
    everyone: dict[str, list[str]]
    statements: dict[str, list[str]]
    roles: dict[str, list[str]]
    signals: dict[str, list[str]]
    arrest: dict[str, list[str]]
    given_names: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language, compiled. `letters` of the `alphabet` tell it from its neighbours. `counts` has {n} or {o};
    `statements` and `everyone` state without a number; `roles` has {names}; `signals` tell the kind of news.
    """

    language: str
    alphabet: frozenset[str]
    letters: frozenset[str]
    common: frozenset[str]
    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    number_joiners: frozenset[str]
    ordinals: Mapping[str, int]
    hedges: tuple[tuple[Precision, re.Pattern[str]], ...]
    months: tuple[str, ...]
    weekdays: Patterns
    relative_days: tuple[tuple[int, re.Pattern[str]], ...]
    attributions: Patterns
    counts: Mapping[str, Patterns]
    everyone: Mapping[str, Patterns]
    statements: Mapping[str, Patterns]
    roles: Mapping[str, Patterns]
    signals: Mapping[str, Patterns]
    arrest: Mapping[str, Patterns]
    given_name: re.Pattern[str]


@cache
def lexicon(language: str) -> Lexicon:
    """Raises BadLexicon when the data file does not fit; KeyError never: ask only for one of LANGUAGES."""
    raw = files(__package__).joinpath("lexicon", f"{language}.yaml").read_text(encoding="utf-8")
    try:
        written = msgspec.convert(yaml.safe_load(raw), _Written, strict=False)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise BadLexicon(f"lexicon/{language}.yaml: {error}") from error
    return _compiled(language, written)


def _compiled(language: str, written: _Written) -> Lexicon:
    words = written.words
    return Lexicon(
        language=language,
        alphabet=frozenset(written.alphabet),
        letters=frozenset(written.letters),
        common=frozenset(written.common),
        numbers=_by_word(written.numbers),
        scales=_by_word(written.scales),
        number_joiners=frozenset(written.number_joiners),
        ordinals=_by_word(written.ordinals),
        hedges=tuple((precision, _before_number(hedges)) for precision, hedges in written.hedges.items()),
        months=tuple(written.months),
        weekdays=compile_all(written.weekdays, words),
        relative_days=tuple(
            (days, compile_pattern("|".join(said), words)) for days, said in written.relative_days.items()
        ),
        attributions=compile_all(written.attributions, words),
        counts=_groups(written.counts, words),
        everyone=_groups(written.everyone, words),
        statements=_groups(written.statements, words),
        roles=_groups(written.roles, words),
        signals=_groups(written.signals, words),
        arrest=_groups(written.arrest, words),
        given_name=re.compile(written.given_names.replace("\n", "").replace(" ", "")),
    )


def _by_word(table: Mapping[int, Iterable[str]]) -> dict[str, int]:
    return {word: value for value, words in table.items() for word in words}


def _groups(table: Mapping[str, Iterable[str]], words: Mapping[str, str]) -> dict[str, Patterns]:
    return {name: compile_all(patterns, words) for name, patterns in table.items()}


def _before_number(hedges: Iterable[str]) -> re.Pattern[str]:
    body = "|".join(hedge.replace(" ", r"\s+") for hedge in hedges)
    return re.compile(rf"(?<!\w)(?:{body})\s+$", re.IGNORECASE)
