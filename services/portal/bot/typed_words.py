"""What people type after a command, in any of our languages."""

from __future__ import annotations

from typing import Final

from services.fact_table import Region
from services.names import fold_token
from services.portal.bot.chat_choices import places_of
from services.portal.bot.chat_visit import ChatVisit
from services.portal.signup.towns import find_town, towns

NO: Final = ("off", "no", "выкл", "нет", "выкл.", "не", "0")
YES: Final = ("on", "yes", "вкл", "да", "так", "1")
ALL: Final = ("all", "все", "всё", "усе", "усё")
ASK: Final = "?"
"""What a button sends that wants to be asked."""
_CAPITAL: Final = ("Минск", "Мінск", "Minsk", "Miensk", "Менск")
"""It is a region of its own, so it is not among the towns."""


def place_of(visit: ChatVisit, given: str) -> str | None:
    """A region by its id or its name in any language, or a town by any of its names."""
    if given in places_of(visit.subscriber) or given in towns():
        return given
    for region in Region:
        names = {language.entry("regions", region.value) or "" for language in visit.house.languages.values()}
        if given == region.value or given.casefold() in {name.casefold() for name in names}:
            return region.value
    if fold_token(given) in map(fold_token, _CAPITAL):
        return Region.MINSK_CITY.value
    return find_town(given)
