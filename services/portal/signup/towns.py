"""The towns that can be asked for: those that reading knows, found by any of their names."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from services.contract import Place
from services.fact_table import Region
from services.ingest.extraction.gazetteer import gazetteer
from services.names import fold_token
from services.subscribers.topics import town_in


@cache
def towns() -> Mapping[str, Place]:
    """By how an interest keeps them ("gomel:Mozyr"); without the capital, which is a region of its own."""
    return {
        town_in(place.region, place.name): place
        for _, place in gazetteer().places
        if place.region is not None and place.region != Region.MINSK_CITY
    }


def names_of_towns(language: str) -> list[str]:
    """For a list to choose from, in order."""
    return sorted({place.names.get(language, place.name) for place in towns().values()})


def name_of_town(town: str, language: str) -> str:
    place = towns().get(town)
    return town.partition(":")[2] if place is None else place.names.get(language, place.name)


def find_town(typed: str) -> str | None:
    """As an interest keeps it; None where no event could bear it. Any of its names will do, however it is spelt."""
    return _by_name().get(_key(typed)) if _key(typed) else None


@cache
def _by_name() -> Mapping[str, str]:
    """What stands first in the gazetteer goes first."""
    found: dict[str, str] = {}
    for town, place in towns().items():
        for name in place.names.values():
            found.setdefault(_key(name), town)
    return found


def _key(name: str) -> str:
    words = unicodedata.normalize("NFKC", name[:100]).replace("-", " ").split()
    return " ".join(fold_token(word) for word in words)
