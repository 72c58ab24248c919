"""Skims a text in a language that we do not read: what its news is, how many people, which day. Pure.

Far less is asked of such a text than of one in a language of ours: a handful of word stems per language, as data. What
is found carries the doubt "skimmed", so that it may join a story and never starts an alert by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.contract import Claim, Kind, Party, Person, Role
from services.fact_table import ACTS, TALLIES
from services.ingest.extraction.attribution import UNATTRIBUTED
from services.ingest.extraction.claims import Scope
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.sentences.passages import Sentence, sentences
from services.ingest.extraction.skimming.counting import CountedPeople, counts
from services.ingest.extraction.skimming.days import day_in, without_ordinal_dots
from services.ingest.extraction.skimming.skimmed_people import names_somebody_known, people_in, strangers_in
from services.ingest.extraction.skimming.words import SKIMMED, Words, words_of
from services.names import fold

__all__ = ["DOUBT", "SKIMMED", "Skim", "skim"]

DOUBT: Final = "skimmed"

_LEAD: Final = 4
"""Sentences in which news stands."""


@dataclass(frozen=True, slots=True)
class Skim:
    kind: Kind
    claims: tuple[Claim, ...] = ()
    persons: tuple[Person, ...] = ()
    day: date | None = None


def skim(text: str, language: str, reference: date | None, outlet: Party | None = None) -> Skim:
    """`language` is one of SKIMMED. Days without a year resolve against `reference`."""
    words = words_of(language)
    read = sentences(without_ordinal_dots(text, words))
    kind, acts = _news(read, words)
    if kind is Kind.OTHER or not any(_is_home(sentence.plain, words) for sentence in read):
        return Skim(Kind.OTHER)
    persons = tuple(_persons(acts, words, kind, outlet))
    claims = tuple(_claims(read, acts, words, kind, len(persons), outlet or UNATTRIBUTED))
    days = (day_in(one.plain, words, reference) for one in acts)
    return Skim(kind, claims, persons, next((day for day in days if day), None))


def _news(read: Sequence[Sentence], words: Words) -> tuple[Kind, list[Sentence]]:
    """The kind and the sentences that state the act. A text that opens with a refusal or a sentence tells of that."""
    for kind in (Kind.PARDON, Kind.ARREST):
        acts = [sentence for sentence in read[:_LEAD] if _states(sentence, words, kind)]
        opens_otherwise = words.otherwise.search(read[0].plain) if acts and acts[0] is not read[0] else None
        if acts and not opens_otherwise and not words.elsewhere.search(read[0].plain):
            return kind, acts
    return Kind.OTHER, []


def _is_home(plain: str, words: Words) -> bool:
    """Belarus, a party that speaks there, or somebody known there."""
    return bool(words.home.search(plain) or gazetteer().parties.any_in(plain) or names_somebody_known(plain))


def _states(sentence: Sentence, words: Words, kind: Kind) -> bool:
    act = words.pardon if kind is Kind.PARDON else words.arrest
    return bool(act.search(sentence.plain)) and not words.otherwise.search(sentence.plain)


def _claims(
    read: Sequence[Sentence], acts: Sequence[Sentence], words: Words, kind: Kind, named: int, speaker: Party
) -> Iterator[Claim]:
    """The number of the act comes from its own sentence; its parts and the number still held may stand anywhere."""
    size = ACTS[kind].number
    found = [count for sentence in read for count in counts(sentence, words, is_act=sentence in acts)]
    taken: set[str] = set()
    for count in found:
        field = size if count.of == "act" else count.of
        if count.of == "act" and kind is Kind.PARDON and count.for_extremism:
            yield _claim("convicted_of_extremism", count, speaker)
        if field not in taken and (kind is Kind.PARDON or field in (size, "still_held")):
            taken.add(field)
            yield _claim(field, count, speaker)
    if size not in taken and kind is Kind.ARREST and named and acts:
        span = (acts[0].start, acts[0].start + len(acts[0].plain.rstrip()))
        yield Claim(field=size, value=named, said_by=speaker, span=span)


def _claim(field: str, count: CountedPeople, speaker: Party) -> Claim:
    scope: Scope = "total" if field in TALLIES else "act"
    return Claim(
        field=field, value=count.value, said_by=speaker, span=count.span, precision=count.precision, scope=scope
    )  # fmt: skip


def _persons(acts: Sequence[Sentence], words: Words, kind: Kind, outlet: Party | None) -> Iterator[Person]:
    role = Role.PARDONED if kind is Kind.PARDON else Role.DETAINED
    seen: set[str] = set()
    for sentence in acts:
        for name in strangers_in(sentence.plain, words) if kind is Kind.ARREST else ():
            if (key := fold(name)) not in seen:
                seen.add(key)
                yield Person(name=name, role=role, key=key, said_by=outlet)
        for name, someone in people_in(sentence.plain, words):
            if someone.key not in seen and not someone.ruler:
                seen.add(someone.key)
                names = dict(someone.names)
                yield Person(name=names.get("en", name), role=role, key=someone.key, said_by=outlet, names=names)
