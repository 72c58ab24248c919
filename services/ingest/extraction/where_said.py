"""Who says where people were taken: the place and the region of an arrest as claims, beside the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.contract import Claim, Place
from services.ingest.extraction.claims import claim
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.kind import News
from services.ingest.extraction.read_text import ReadText


def where_claims(text: ReadText, news: News, place: Place | None, region: str | None) -> Iterator[Claim]:
    """At most one each, by whoever speaks in the first sentence that names it, that of the act asked first.

    A region that follows from the town is said by whoever names the town.
    """
    town = _named(text, news, place.name) if place else None
    if place and town:
        yield claim("place", place.name, text, town[0], town[1].span())
    if region and (spoken := _named_region(text, news, region) or town):
        yield claim("region", region, text, spoken[0], spoken[1].span())


def _order(text: ReadText, news: News) -> Iterator[int]:
    act = news.act
    yield from () if act is None else (act,)
    yield from (index for index in range(len(text.readings)) if index != act and index not in news.background)


def _named(text: ReadText, news: News, name: str) -> tuple[int, re.Match[str]] | None:
    for index in _order(text, news):
        plain = text.readings[index].sentence.plain
        for match, place in gazetteer().places.found(plain):
            if place.name == name:
                return index, match
        if _is_capital(name) and (capital := gazetteer().capital.search(plain)):
            return index, capital
    return None


def _is_capital(name: str) -> bool:
    return next(place.name for _, place in gazetteer().places) == name


def _named_region(text: ReadText, news: News, region: str) -> tuple[int, re.Match[str]] | None:
    for index in _order(text, news):
        for match, named in gazetteer().regions.found(text.readings[index].sentence.plain):
            if named == region:
                return index, match
    return None
