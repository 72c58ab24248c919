"""What the city is called whose clock somebody goes by: CLDR's name, under whichever name its zone has there."""

from __future__ import annotations

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location


def city_of_zone(zone: str, locale: Locale) -> str:
    """`zone`: its name in the IANA database."""
    aliases, cities = get_global("zone_aliases"), locale.time_zones
    canonical = aliases.get(zone, zone)
    for name in (zone, canonical, *(old for old, new in aliases.items() if new == canonical)):
        if "city" in cities.get(name, {}):
            return str(cities[name]["city"])
    return get_timezone_location(zone, locale=locale, return_city=True)
