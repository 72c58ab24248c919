"""What the city is called whose clock somebody goes by: CLDR's name, as Babel has it."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from babel.core import get_global


@lru_cache(1024)
def city_of_zone(zone: str, locale: Locale) -> str:
    """`zone`: IANA. CLDR keeps the name of a city under any of the names that its zone ever had."""
    aliases = get_global("zone_aliases")
    canonical = aliases.get(zone, zone)
    known = locale.time_zones
    for name in (zone, canonical, *(old for old, new in aliases.items() if new == canonical)):
        if city := known.get(name, {}).get("city"):
            return str(city)
    return str(canonical).rpartition("/")[2].replace("_", " ")
