"""What an operator wants a fact to be: read, checked, and put into the words of a claim."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from services.contract import Facts, Party, PartyClass, Place, Source, Value
from services.fact_table import NAME_FIELDS, Region
from services.ingest.desk.plain_text import Unusable, read_line
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.news_time import known_date
from services.ingest.stories import CORRECTABLE, Story
from services.ingest.stories.dating import read_day
from services.ingest.stories.publishable import publishable
from services.ingest.stories.story import Correction
from services.ingest.stories.why import Why
from services.names import fold
from services.runtime.clock import rfc3339

OUR_DESK: Final = Party(id="vestka", name="Vestka", party_class=PartyClass.MEDIA)
"""Who says so when an operator names nobody: we do, and we are no authority."""

NOT_KNOWN: Final = "none"
"""As a value: no text says, or none that is to be believed."""

_LIST_ENDS: Final = re.compile(r"\r?\n")
_LISTS: Final = frozenset({*NAME_FIELDS, "criminal_articles", "recognised_by"})
_LONGEST: Final = {
    "place": 100,
    "authority": 200,
    "charge": 300,
    "decree_number": 40,
    **dict.fromkeys(NAME_FIELDS, 100),
    "criminal_articles": 20,
    "administrative_article": 20,
    "where_held": 100,
    "recognised_by": 100,
}
"""Characters of a text that readers get, or of each in a list."""
_MOST_LISTED: Final = 1000
_LENGTH_OF_DAY: Final = len("2024-07-02")
LONGEST_REASON: Final = 1000
"""Characters."""
_ARTICLE: Final = re.compile(r"\d{1,3}([.-]\d{1,2}|[¹²³⁴⁵])?")
_ADMINISTRATIVE_ARTICLE: Final = re.compile(r"\d{1,2}\.\d{1,2}")


LINES_IN: Final = ("en", "ru", "be")
"""Languages in which readers may be told more of a reason."""


class UnusableCorrection(ValueError):
    """It cannot be corrected so. The message names the field and what it takes, never a person."""


class UnusableReason(UnusableCorrection):
    """It cannot be told to readers as it stands."""


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    field: str
    value: Value | None
    """None: it is not known."""
    said_by: str | None = None
    """The id of the party that says so; None: our own desk."""


def read_correction_request(field: str, given: Any, said_by: str | None = None) -> CorrectionRequest:
    """`given` is text, as a person types it ("22", "true", "2024-12-28", "none", names with commas between), or the
    value itself. Raises UnusableCorrection."""
    if field not in CORRECTABLE:
        raise UnusableCorrection(f"there is no fact {field!r} to correct; there are: {', '.join(CORRECTABLE)}")
    value = _checked(field, _value(field, given))
    return CorrectionRequest(field, _place(value).name if field == "place" and value else value, said_by)


def read_reason(text: str, *, needed: bool = True) -> str:
    """Why, as readers and the audit get it. Raises UnusableReason."""
    if not needed and not text.strip():
        return ""
    try:
        return read_line(text, LONGEST_REASON, links=True)
    except Unusable as error:
        raise UnusableReason(f"reason: {error}") from None


def read_why(text: str, lines: Mapping[str, str] | None = None) -> Why:
    """The reason as one of six slugs, or in the operator's words, and what readers of each language are told besides.
    Raises UnusableReason."""
    try:
        own = {
            _tongue(language): read_line(line, LONGEST_REASON, links=True) for language, line in (lines or {}).items()
        }
    except Unusable as error:
        raise UnusableReason(f"line: {error}") from None
    return Why.of(read_reason(text), own)


def _tongue(language: str) -> str:
    if language not in LINES_IN:
        raise UnusableReason(f"line: give it as LANGUAGE=TEXT, with one of {', '.join(LINES_IN)}")
    return language


def as_correction(request: CorrectionRequest, story: Story, reason: str, now: datetime) -> Correction:
    """Raises UnusableCorrection for a party that neither the story nor the gazetteer knows."""
    misread = _misread(request, story)
    return Correction(
        field=request.field,
        value=request.value,
        said_by=misread[0] if misread else _speaker(request, story),
        carrier=misread[1] if misread else "",
        source=_operators_word(reason, now),
        place=_place(request.value) if request.field == "place" and request.value else None,
        at=rfc3339(now.timestamp()),
    )


def _misread(request: CorrectionRequest, story: Story) -> tuple[Party, str] | None:
    """Where an operator names nobody, it is we who had a text wrong: whose word that was, and the text's SHA-256. None
    where nobody said anything of it."""
    if request.said_by is not None:
        return None
    shown, value = publishable(story), getattr(story.facts, request.field)
    told = [one for one in shown.claims if one.field == request.field]
    of_act = [one for one in shown.claims if one.scope == "act"]
    claim = next((one for group in ([c for c in told if c.value == value], told, of_act) for one in group), None)
    if claim is None or story.sources[claim.source].outlet == OUR_DESK.id:
        return None
    return claim.said_by, story.sources[claim.source].sha256


def _speaker(request: CorrectionRequest, story: Story) -> Party:
    if request.said_by is None:
        return OUR_DESK
    known = (*(claim.said_by for claim in story.claims), *(party for _, party in gazetteer().parties))
    parties = {party.id: party for party in reversed(known)}
    if request.said_by not in parties:
        raise UnusableCorrection(
            f"nobody is known by the id {request.said_by!r}; there are: {', '.join(sorted(parties))}"
        )
    return parties[request.said_by]


def _place(value: Value) -> Place:
    """As the gazetteer has it, in whichever language it was typed; a place that it does not know has no region."""
    typed = fold(str(value))
    known = (place for _, place in gazetteer().places if typed in {fold(place.name), *map(fold, place.names.values())})
    return next(known, Place(name=str(value)))


def _operators_word(reason: str, now: datetime) -> Source:
    """The correction as a source of its own: it stands in no article."""
    return Source(
        name=OUR_DESK.name,
        source_class=OUR_DESK.party_class,
        language="und",
        sha256=hashlib.sha256(reason.encode()).hexdigest(),
        published=rfc3339(now.timestamp()),
        outlet=OUR_DESK.id,
        origin=OUR_DESK,
    )


def shown(request: CorrectionRequest) -> str:
    """For the audit, which names nobody."""
    if request.field in NAME_FIELDS:
        return f"{request.field}: {len(request.value) if isinstance(request.value, tuple) else 0} names"
    return f"{request.field}: {NOT_KNOWN if request.value is None else request.value}"


def _value(field: str, given: Any) -> Any:
    if not isinstance(given, str):
        return given
    typed = given.strip()
    if typed.lower() in ("", NOT_KNOWN):
        return None
    if field in _LISTS:
        return [part.strip() for part in _LIST_ENDS.sub(",", typed).split(",") if part.strip()]
    return typed


def _checked(field: str, value: Any) -> Value | None:
    try:
        facts = msgspec.convert({field: value}, Facts, strict=not isinstance(value, str))
    except msgspec.ValidationError:
        raise UnusableCorrection(f"{field} takes {_takes(field)}") from None
    found = _plain(field, getattr(facts, field))
    if not _is_possible(field, found):
        raise UnusableCorrection(f"{field} takes {_takes(field)}")
    return found


def _plain(field: str, value: Value | None) -> Value | None:
    """Texts as readers get them, each listed one once. Raises UnusableCorrection."""
    most = _LONGEST.get(field)
    if most is None or value is None:
        return value
    try:
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(read_line(one, most) for one in value))
        return read_line(str(value), most)
    except Unusable as error:
        raise UnusableCorrection(f"{field}: {error}") from None


def _is_possible(field: str, value: Value | None) -> bool:
    if value is None:
        return True
    if field == "occurred_on":
        day = read_day(str(value))
        return day is not None and day.isoformat() == value and known_date(day) is not None
    if field == "region":
        return value in tuple(Region)
    if field == "administrative_article":
        return bool(_ADMINISTRATIVE_ARTICLE.fullmatch(str(value)))
    if field == "counted_since" and len(str(value)) == _LENGTH_OF_DAY:
        return read_day(str(value)) is not None
    if isinstance(value, int) and not isinstance(value, bool):
        return value >= 0
    if isinstance(value, tuple):
        return 0 < len(value) <= _MOST_LISTED and all(_is_listable(field, one) for one in value)
    return not isinstance(value, str) or any(one.isalnum() for one in value)


def _is_listable(field: str, text: str) -> bool:
    if field == "recognised_by":
        return any(party.id == text for _, party in gazetteer().parties)
    return bool(_ARTICLE.fullmatch(text) if field == "criminal_articles" else any(one.isalpha() for one in text))


_YES_OR_NO: Final = (
    "repented", "petitioned", "names_disclosed", "administrative",
    "left_prison", "whereabouts_known", "detained_before",
)  # fmt: skip
_TAKES: Final = {
    "occurred_on": "a day like 2024-12-28",
    "region": f"one of {', '.join(Region)}",
    "criminal_articles": "articles with commas between, like 342, 361-4",
    **dict.fromkeys(NAME_FIELDS, "names with commas between"),
    "administrative_article": "an article like 19.11",
    "went_to": "a country like LT, or home",
    "counted_since": "a day, a month, a year or a season, like 2024-07-02, 2024-07, 2024 or 2024-summer",
    "recognised_by": "ids of parties with commas between, like viasna",
    **dict.fromkeys(_YES_OR_NO, "true or false"),
    **dict.fromkeys(("place", "authority", "charge", "decree_number", "where_held"), "some text"),
}


def _takes(field: str) -> str:
    return f"{_TAKES.get(field, 'a whole number, not below nought')}; or {NOT_KNOWN}, where it is not known"
