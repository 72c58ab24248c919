"""How one value reads: "about 1,250", "342 (organising …)", "administrative"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from services.contract import Event, Precision, Value
from services.notify.content.languages import Language


def value_text(language: Language, event: Event, field: str, value: Value, precision: Precision) -> str:
    """A fact's value in words of the reader's language; what only the source can word stays as published."""
    if isinstance(value, bool):
        word = _BOOLEAN_WORDS.get(field, "answer")
        return language.phrase(f"{word}.{'true' if value else 'false'}")
    if isinstance(value, int):
        return hedged_number(language, value, precision)
    if isinstance(value, tuple):
        return language.phrase("list_mark").join(_item_text(language, field, item) for item in value)
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
        return place.names.get(language.code) or place.name
    region = place.region if place is not None else facts.region
    return facts.place or (language.entry("regions", region or "") or region)


def where_it_was(language: Language, event: Event) -> str | None:
    """ "в Гродно": the place as the reader's language says it in a sentence, where it is a place that we know."""
    place, facts = event.data.place, event.data.headline_facts
    if place is not None and place.name:
        return language.where("places", place.names.get("en", place.name))
    region = place.region if place is not None else facts.region
    return language.where("regions", region) if region and not facts.place else None


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _item_text(language: Language, field: str, item: str) -> str:
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
    return value


def _region(language: Language, _: Event, value: str) -> str:
    return language.entry("regions", value) or value


def _authority(language: Language, _: Event, value: str) -> str:
    return language.entry("authorities", value.casefold()) or value


def _quoted(language: Language, _: Event, value: str) -> str:
    return language.phrase("quoted", text=value)


_TEXTS: Final[dict[str, Callable[[Language, Event, str], str]]] = {
    "occurred_on": _date,
    "place": _place,
    "region": _region,
    "authority": _authority,
    "charge": _quoted,
}
_BOOLEAN_WORDS: Final = {"administrative": "case"}
