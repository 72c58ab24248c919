"""What is known before any text is read: places, parties, authorities and people, with their spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
import yaml

from services.contract import Party, PartyClass, Place
from services.ingest.extraction.patterns import BadLexicon
from services.names import fold, fold_token

LANGUAGES_OF_NAMES: Final = ("en", "ru", "be")


class _Place(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    region: str
    en: str
    ru: str
    be: str
    spelt: str


class _Region(msgspec.Struct, forbid_unknown_fields=True):
    id: str
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
    """Compiled once. `places` and `regions` pair a pattern with what it stands for; so do the others."""

    places: tuple[tuple[re.Pattern[str], Place], ...]
    regions: tuple[tuple[re.Pattern[str], str], ...]
    parties: tuple[tuple[re.Pattern[str], Party], ...]
    any_party: re.Pattern[str]
    authorities: tuple[tuple[re.Pattern[str], str], ...]
    people: tuple[KnownPerson, ...]


@cache
def gazetteer() -> Gazetteer:
    """Raises BadLexicon when the data file does not fit."""
    raw = files(__package__).joinpath("gazetteer.yaml").read_text(encoding="utf-8")
    try:
        written = msgspec.convert(yaml.safe_load(raw), _Written)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise BadLexicon(f"gazetteer.yaml: {error}") from error
    return Gazetteer(
        places=tuple((_pattern(place.spelt), _place(place)) for place in written.places),
        regions=tuple((_pattern(region.spelt), region.id) for region in written.regions),
        parties=tuple(
            (_pattern(spelt), Party(id=party.id, name=name, party_class=party.party_class))
            for party in written.parties
            for name, spelt in party.spelt.items()
        ),
        any_party=_pattern("|".join(spelt for party in written.parties for spelt in party.spelt.values())),
        authorities=tuple((_pattern(authority.spelt), authority.name) for authority in written.authorities),
        people=tuple(_known(someone) for someone in written.people),
    )


def stem(word: str) -> str:
    """A folded word without the vowel of its case ending."""
    folded = fold_token(word)
    return folded.removesuffix("a") if len(folded) > 3 else folded


def _pattern(spelt: str) -> re.Pattern[str]:
    body = spelt.replace("~", r"\w*")
    try:
        return re.compile(rf"(?<!\w)(?:{body})(?!\w)")
    except re.error as error:
        raise BadLexicon(f"gazetteer.yaml: {spelt!r} is no regular expression: {error}") from None


def _place(place: _Place) -> Place:
    return Place(name=place.en, region=place.region, names={"en": place.en, "ru": place.ru, "be": place.be})


def _known(someone: _Someone) -> KnownPerson:
    given, _, surname = someone.be.rpartition(" ")
    names = tuple((language, getattr(someone, language)) for language in LANGUAGES_OF_NAMES)
    called = (stem(given), fold(given))
    return KnownPerson(names=names, key=fold(someone.be), given=called, surname=stem(surname), ruler=someone.ruler)
