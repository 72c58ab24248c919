"""How one value reads: "about 1,250", "342 (organising …)", "administrative"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from services.contract import Event, Precision, Value
from services.notify.content.languages import Language
from services.notify.content.script import brand_in_script_of, in_script_of


def value_text(language: Language, event: Event, field: str, value: Value, precision: Precision) -> str:
    """A fact's value in words of the reader's language; what only the source can word stays as published."""
    if isinstance(value, bool):
        word = _BOOLEAN_WORDS.get(field, "answer")
        return language.phrase(f"{word}.{'true' if value else 'false'}")
    if field in _COUNTED_THINGS and isinstance(value, int):
        return language.plural(f"things.{field}", value)
    if isinstance(value, int):
        return hedged_number(language, value, precision)
    if isinstance(value, tuple):
        mark = "list_mark" if field == "criminal_articles" else "names_mark"
        return language.phrase(mark).join(_item_text(language, field, item) for item in value)
    return _TEXTS.get(field, _as_published)(language, event, value)


def hedged_number(language: Language, value: int, precision: Precision) -> str:
    number = language.number(value)
    return language.phrase(f"hedge.{precision}", counted=number, counted_genitive=number)


def counted_people(language: Language, value: int, precision: Precision) -> str:
    """ "20 people", "at least 7 people"."""
    return language.phrase(
        f"hedge.{precision}",
        counted=language.plural("people", value),
        counted_genitive=language.plural("people_genitive", value),
    )


def place_name(language: Language, event: Event) -> str | None:
    place, facts = event.data.place, event.data.headline_facts
    if place is not None and place.name:
        return place.names.get(language.code) or in_script_of(place.name, language.code)
    region = place.region if place is not None else facts.region
    found = in_script_of(facts.place, language.code) if facts.place else None
    return found or (language.entry("regions", region or "") or region)


def place_and_region(language: Language, event: Event) -> str | None:
    """ "Grodno, Grodno Region"; one of the two where no more is known, or where they are one."""
    name = place_name(language, event)
    place = event.data.place
    code = (place.region if place is not None else None) or event.data.headline_facts.region
    region = language.entry("regions", code or "")
    if name is None or region is None or code == _CAPITAL or region == name:
        return name or region
    return language.phrase("place_and_region", place=name, region=region)


def period_text(language: Language, period: str) -> str:
    """From when on something is counted: an ISO day, month or year, or a year and its season."""
    year, _, rest = period.partition("-")
    if rest.isalpha():
        return language.phrase(f"period.{rest}", year=year)
    if rest.isdigit():
        return language.phrase(f"period.month.{int(rest)}", year=year)
    return language.phrase("period.day", date=language.date(period) or period) if rest else year_text(language, year)


def year_text(language: Language, year: str) -> str:
    return language.phrase("period.year", year=year)


def where_it_was(language: Language, event: Event) -> str | None:
    """ "в Гродно": the place as the reader's language says it in a sentence, where it is a place that we know."""
    place, facts = event.data.place, event.data.headline_facts
    if place is not None and place.name:
        return language.where("places", place.names.get("en", place.name))
    region = place.region if place is not None else facts.region
    return language.where("regions", region) if region and not facts.place else None


def where_words(language: Language, event: Event) -> str:
    """Where it was, as it stands within a sentence; empty where no text says."""
    where, place = where_it_was(language, event), place_name(language, event)
    if where:
        return language.phrase("sentence.in_place", where=where)
    return language.phrase("sentence.where", place=place) if place else ""


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _item_text(language: Language, field: str, item: str) -> str:
    if field == "recognised_by":
        known = language.known_party(item)
        return known.name if known else brand_in_script_of(item, language.code)
    if field != "criminal_articles":
        return item
    number = re.search(r"\d+(?:[-−–]\d)?", item)
    name = language.entry("articles", re.sub("[−–]", "-", number.group())) if number else None
    return f"{item} ({name})" if name else item


def _as_published(_: Language, __: Event, value: str) -> str:
    return value


def _date(language: Language, _: Event, value: str) -> str:
    return language.date(value) or value


def _place(language: Language, event: Event, value: str) -> str:
    place = event.data.place
    if place is not None and value in (place.name, *place.names.values(), event.data.headline_facts.place):
        return place_name(language, event) or value
    where = language.where("places", value)
    return language.phrase("quoted", text=where) if where else in_script_of(value, language.code)


def _region(language: Language, _: Event, value: str) -> str:
    return language.entry("regions", value) or value


def _authority(language: Language, _: Event, value: str) -> str:
    return language.entry("authorities", value.casefold()) or brand_in_script_of(value, language.code)


def _destination(language: Language, _: Event, value: str) -> str:
    return language.phrase("went_home") if value == "home" else language.country(value)


def _detention_site(language: Language, _: Event, value: str) -> str:
    number = re.search(r"\d+", value)
    name = language.entry("detention_sites", value.replace(number.group(), "{n}") if number else value)
    return name.replace("{n}", number.group() if number else "") if name else value


def _quoted(language: Language, _: Event, value: str) -> str:
    return language.phrase("quoted", text=value)


_TEXTS: Final[dict[str, Callable[[Language, Event, str], str]]] = {
    "occurred_on": _date,
    "place": _place,
    "region": _region,
    "authority": _authority,
    "charge": _quoted,
    "went_to": _destination,
    "where_held": _detention_site,
}
_BOOLEAN_WORDS: Final = {"administrative": "case", "left_prison": "left_prison", "whereabouts_known": "whereabouts"}
_COUNTED_THINGS: Final = frozenset({"administrative_days", "sentence_threatened", "earlier_detentions"})
_CAPITAL: Final = "minsk_city"
