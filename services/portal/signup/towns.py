"""The towns that can be asked for: those that reading knows, found by any of their names."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
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


def towns_of(region: str) -> list[str]:
    """As an interest keeps them."""
    return [town for town in towns() if town.partition(":")[0] == region]


def names_of_towns(language: str) -> list[str]:
    """For a list to choose from, in order."""
    return sorted({place.names.get(language, place.name) for place in towns().values()})


def name_of_town(town: str, language: str) -> str:
    place = towns().get(town)
    return town.partition(":")[2] if place is None else place.names.get(language, place.name)


def find_town(typed: str) -> str | None:
    """As an interest keeps it; None where no event could bear it. Any of its names will do, and any spelling that means
    one town alone."""
    exact, folded = _by_name()
    return exact.get(_plain(typed)) or folded.get(_key(typed))


@cache
def _by_name() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """By a name as it is written, and by how it sounds: Smilovichi and Smolevichi sound alike."""
    exact, folded = dict[str, str](), defaultdict[str, set[str]](set)
    for town, place in towns().items():
        for name in place.names.values():
            exact.setdefault(_plain(name), town)
            folded[_key(name)].add(town)
    return exact, {key: next(iter(found)) for key, found in folded.items() if key and len(found) == 1}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name[:100]).casefold().replace("-", " ").split())


def _key(name: str) -> str:
    return " ".join(fold_token(word) for word in _plain(name).split())
