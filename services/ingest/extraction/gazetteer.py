"""What is known before any text is read: places, parties, authorities and people, with their spellings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

import msgspec

from services.contract import Party, PartyClass, Place
from services.data_files import read_packaged
from services.fact_table import Region
from services.ingest.extraction.dialect.patterns import NAME, BadLexicon
from services.ingest.extraction.dialect.spelt import Spelt, spelt
from services.ingest.extraction.dialect.vocabulary import Vocabulary
from services.names import fold, fold_token

T = TypeVar("T")

PLACE: Final = "\ue110"
AUTHORITY: Final = "\ue111"
"""Marks that stand for what was found, in `not_there` and `not_by`."""

LANGUAGES_OF_NAMES: Final = ("en", "ru", "be")


class _Place(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    region: Region
    en: str
    ru: str
    be: str
    spelt: str


class _Region(msgspec.Struct, forbid_unknown_fields=True):
    id: Region
    spelt: str


class _Party(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    party_class: PartyClass = msgspec.field(name="class")
    spelt: dict[str, str]


class _Authority(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    spelt: str


class _Someone(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    en: str
    ru: str
    be: str
    ruler: bool = False


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    places: list[_Place]
    regions: list[_Region]
    not_there: list[str]
    theirs: list[str]
    demonyms: str
    capital: str
    not_by: list[str]
    parties: list[_Party]
    authorities: list[_Authority]
    people: list[_Someone]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """`given` and `surname` are folded stems: what every inflected form of them begins with.

    Beside the name by which somebody is called stands the one it is short for: Алесь is Аляксандр.
    """

    names: tuple[tuple[str, str], ...]
    key: str
    given: tuple[str, ...]
    surname: str
    ruler: bool
    """Does the pardoning and detaining; nobody does it to them."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Compiled once. Each table pairs the pattern of a spelling with what it stands for."""

    places: Spelt[Place]
    regions: Spelt[str]
    not_there: re.Pattern[str]
    """Round a PLACE that says where a prison is, what a works is called, or where somebody comes from or is taken."""
    theirs: re.Pattern[str]
    """Round a PLACE whose people are spoken of."""
    demonyms: re.Pattern[str]
    """A spelling of a place that is somebody's who lives there."""
    capital: re.Pattern[str]
    parties: Spelt[Party]
    authorities: Spelt[str]
    not_by: re.Pattern[str]
    """Round an AUTHORITY that takes nobody: a place, a summoner, one who denies it."""
    people: tuple[KnownPerson, ...]
    by_surname: Mapping[str, Sequence[KnownPerson]]
    """The same people, by the stem of their surname."""


@cache
def gazetteer() -> Gazetteer:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "gazetteer.yaml", _Written, BadLexicon)
    vocabulary = Vocabulary()
    people = tuple(_known(someone) for someone in written.people)
    return Gazetteer(
        places=_table(((place.spelt, _place(place)) for place in written.places), vocabulary),
        not_there=_around(written.not_there, "{place}", PLACE),
        theirs=_around(written.theirs, "{place}", PLACE),
        demonyms=_pattern(written.demonyms),
        capital=_pattern(written.capital),
        not_by=_around(written.not_by, "{authority}", AUTHORITY),
        regions=_table(((region.spelt, region.id.value) for region in written.regions), vocabulary),
        parties=_table(
            (
                (spelling, Party(id=party.id, name=name, party_class=party.party_class))
                for party in written.parties
                for name, spelling in party.spelt.items()
            ),
            vocabulary,
        ),
        authorities=_table(((authority.spelt, authority.name) for authority in written.authorities), vocabulary),
        people=people,
        by_surname=_by_surname(people),
    )


def _by_surname(people: Iterable[KnownPerson]) -> Mapping[str, Sequence[KnownPerson]]:
    found: defaultdict[str, list[KnownPerson]] = defaultdict(list)
    for person in people:
        found[person.surname].append(person)
    return dict(found)


def _table(entries: Iterable[tuple[str, T]], vocabulary: Vocabulary) -> Spelt[T]:
    bodies = ((written.replace("~", r"\w*"), thing) for written, thing in entries)
    return spelt(((body, _pattern(body), thing) for body, thing in bodies), vocabulary)


def _around(written: Iterable[str], placeholder: str, mark: str) -> re.Pattern[str]:
    body = "|".join(written).replace(placeholder, f"{mark}++").replace("{person}", f"{NAME}++")
    try:
        return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise BadLexicon(f"gazetteer.yaml: a pattern with {placeholder} is no regular expression: {error}") from None


def stem(word: str) -> str:
    """A folded word without the vowel of its case ending."""
    folded = fold_token(word)
    return folded.removesuffix("a") if len(folded) > 3 else folded


def _pattern(body: str) -> re.Pattern[str]:
    try:
        return re.compile(rf"(?<!\w)(?:{body})(?!\w)")
    except re.error as error:
        raise BadLexicon(f"gazetteer.yaml: {body!r} is no regular expression: {error}") from None


def _place(place: _Place) -> Place:
    return Place(name=place.en, region=place.region.value, names={"en": place.en, "ru": place.ru, "be": place.be})


def _known(someone: _Someone) -> KnownPerson:
    given, _, surname = someone.be.rpartition(" ")
    names = tuple((language, getattr(someone, language)) for language in LANGUAGES_OF_NAMES)
    called = (stem(given), fold(given))
    return KnownPerson(names=names, key=fold(someone.be), given=called, surname=stem(surname), ruler=someone.ruler)
