"""The moment at which a message was made, in Minsk and where its reader lives. Clocks by the IANA time zone database,
names of cities by the Unicode CLDR, as Babel has them."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from services.notify.content.languages import Language
from services.notify.content.minsk_days import MINSK
from services.notify.content.zone_names import city_of_zone

_WITHOUT_A_CITY: Final = ("Etc/", "SystemV/")
_MINSK: Final = "Europe/Minsk"


def sent_sentence(language: Language, moment: str, zone: str | None = None) -> str:
    """ "Sent on 28 December 2024 at 18:50 in Minsk (16:50 in Warsaw).", with the day where it is another one there; the
    hour of UTC for whoever gave no zone, or none that has a city. `moment`: RFC 3339. Raises LanguageFault."""
    utc = datetime.fromisoformat(moment)
    minsk, there = utc.astimezone(MINSK), _clock(zone)
    values = {"date": language.date(minsk.date().isoformat()) or "", "minsk": f"{minsk:%H:%M}"}
    if zone is None or there is None:
        return language.phrase("footer.sent", utc=f"{utc:%H:%M}", **values)
    if zone == _MINSK:
        return language.phrase("footer.sent_in_minsk", **values)
    local = utc.astimezone(there)
    time = f"{local:%H:%M}"
    if local.date() != minsk.date():
        time = language.phrase("footer.on_day", date=language.date(local.date().isoformat()) or "", time=time)
    return language.phrase("footer.sent_there", time=time, city=city_of_zone(zone, language.locale), **values)


def _clock(zone: str | None) -> ZoneInfo | None:
    """None for what is no zone, or one without a city."""
    if zone is None or "/" not in zone or zone.startswith(_WITHOUT_A_CITY):
        return None
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # what tzdata does not know, or is no name of a file
        return None
