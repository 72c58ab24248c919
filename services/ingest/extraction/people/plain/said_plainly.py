"""What a sentence says of those whom it names, read from its skeleton: touched by the act, not surely, or if the one
before it speaks of such people. `said_plainly.yaml`, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from services.contract import Role
from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import NAME, BadLexicon, Patterns, compile_all
from services.ingest.extraction.dialect.vocabulary import Vocabulary
from services.ingest.extraction.lexicon import LANGUAGES, words_of
from services.ingest.extraction.people.plain.skeleton import Skeleton

_ONE_ROW: Final = f"(?P<names>{NAME}++)"


class _Verbs(msgspec.Struct, forbid_unknown_fields=True):
    did: str
    done: str
    of: str
    do: str


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    pardoned: _Verbs
    detained: _Verbs
    noun: dict[str, str]
    title: str
    touched: list[str]
    going_on: list[str]
    not_sure: list[str]
    one: list[str]
    several: list[str]
    speaks: list[str]
    heading: list[str]
    also: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class SaidPlainly:
    """Of one act, in one language. `one`, `several` and `heading` name nobody; each other pattern has {names}."""

    touched: Patterns
    going_on: Patterns
    not_sure: Patterns
    one: Patterns
    several: Patterns
    speaks: Patterns
    heading: Patterns


def starts_of(patterns: Patterns, skeleton: Skeleton) -> frozenset[int]:
    """Where in their sentence those are named of whom one of the patterns speaks."""
    rows = (match.span("names") for match in patterns.all(skeleton.shown) if match["names"])
    return frozenset(each.start for row in rows for each in skeleton.within(*row))


def compile_said_plainly() -> None:
    """Compiles every pattern, which the first news of each language would otherwise wait for."""
    for language in LANGUAGES:
        for role in (Role.PARDONED, Role.DETAINED):
            said = said_plainly(role, language)
            for name in SaidPlainly.__slots__:
                getattr(said, name).compile()


@cache
def said_plainly(role: Role, language: str) -> SaidPlainly:
    """Raises BadLexicon when the data file does not fit. KeyError never: ask only for pardoned or detained."""
    written = read_packaged(__package__, "said_plainly.yaml", dict[str, _Written], BadLexicon)[language]
    verbs: _Verbs = getattr(written, role.value)
    words = {**words_of(language), **msgspec.structs.asdict(verbs), "noun": written.noun[role.value]}
    vocabulary = Vocabulary()

    def compiled(said: list[str]) -> Patterns:
        expanded = (each.replace("{title}", written.title) for each in said)
        marked = [each.replace("{N}", _ONE_ROW).replace("{NAME}", NAME) for each in expanded]
        return compile_all(marked, words, vocabulary)

    lists = {name: getattr(written, name) for name in SaidPlainly.__slots__}
    lists["touched"] = [*written.touched, *written.also[role.value]]
    return SaidPlainly(**{name: compiled(said) for name, said in lists.items()})
