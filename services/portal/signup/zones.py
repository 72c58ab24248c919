"""The zones that a form offers: where most of those live who read us. Any other stays as it was set elsewhere."""

from __future__ import annotations

from typing import Final

from babel import Locale

from services.notify.content.zone_names import city_of_zone
from services.subscribers.habits import MINSK

ZONES: Final = (
    MINSK,
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Almaty",
    "Asia/Bangkok",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Seoul",
    "Asia/Tbilisi",
    "Asia/Tokyo",
    "Asia/Yerevan",
    "Atlantic/Reykjavik",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Bucharest",
    "Europe/Chisinau",
    "Europe/Copenhagen",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Moscow",
    "Europe/Oslo",
    "Europe/Paris",
    "Europe/Prague",
    "Europe/Riga",
    "Europe/Rome",
    "Europe/Sofia",
    "Europe/Stockholm",
    "Europe/Tallinn",
    "Europe/Vienna",
    "Europe/Vilnius",
    "Europe/Warsaw",
    "Europe/Zurich",
)


def zones_by_city(locale: Locale, known: str | None = None) -> dict[str, str]:
    """What to call each: Minsk first, then by name. `known`: one that is offered too, since somebody has it."""
    named = {zone: city_of_zone(zone, locale) for zone in dict.fromkeys((*ZONES, known or MINSK))}
    return dict(sorted(named.items(), key=lambda one: (one[0] != MINSK, one[1])))
