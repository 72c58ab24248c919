"""What somebody asked for, as the house keeps it."""

from __future__ import annotations

import msgspec

from services.contract import Certainty, Kind, PartyClass
from services.names import fold
from services.subscribers.habits import Frequency


class Interest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody asked for. An empty list means: any. `persons` are folded names (`services.names.fold`), `towns`
    bear their region: "gomel:Mozyr". Regions and towns are one list of places: either will do."""

    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    sources: tuple[PartyClass, ...] = ()
    """Of which class somebody must be who tells it."""
    least: Certainty | None = None
    """Nothing less certain; null: whatever we send."""
    articles: tuple[str, ...] = ()
    """Of the criminal code, as the contract writes them."""
    without: tuple[Interest, ...] = ()
    """What one of these asks for is not meant."""
    frequency: Frequency = "at_once"

    def __repr__(self) -> str:
        return "Interest()"


def watched(name: str) -> str:
    """A name as an interest keeps it. Raises ValueError, which does not repeat it."""
    key = fold(name)
    if not key:
        raise ValueError("there is no letter in it, so it names nobody")
    return key


def town_in(region: str, name: str) -> str:
    """A town as an interest keeps it. `name`: as the contract's `Place` has it, in English."""
    return f"{region}:{name}"


def region_of_town(town: str) -> str:
    return town.partition(":")[0]
