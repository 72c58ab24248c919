"""How a place that somebody chose is named in a chat. Pure."""

from __future__ import annotations

from services.notify.content.languages import Language
from services.portal.signup.towns import name_of_town


def place_name(language: Language, place: str) -> str:
    """`place`: a region, or a town with its region ("gomel:Mozyr")."""
    if ":" in place:
        return name_of_town(place, language.code)
    return language.entry("regions", place) or place
