"""The extraction room: the text of one article → its claims. Pure; one lexicon per language, as data.

Nothing is invented: what the text does not say is absent, and what it says comes with who says so and where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

import msgspec

from services.contract import Claim, Facts, Kind, Party, Person, Place, Role
from services.fact_table import BESIDE_THE_ACT
from services.ingest.extraction.arrests import arrest_claims
from services.ingest.extraction.attribution import UNATTRIBUTED
from services.ingest.extraction.claims import without_repeats
from services.ingest.extraction.counted_by_names import COUNTED_BY_NAMES, leaves_some_unnamed, with_names_counted
from services.ingest.extraction.doubts import doubts_of
from services.ingest.extraction.doubts_in_words import VOUCHING
from services.ingest.extraction.facts import facts_of
from services.ingest.extraction.further import with_further_claims
from services.ingest.extraction.home import is_abroad
from services.ingest.extraction.kind import News, news
from services.ingest.extraction.language import detect_language, language_of
from services.ingest.extraction.lexicon import LANGUAGES, compile_everything, lexicon
from services.ingest.extraction.near_miss import NearMiss, is_hardly_read, near_miss_in, near_miss_of
from services.ingest.extraction.occurrence import day_of, vague_day_of
from services.ingest.extraction.pardons import pardon_claims
from services.ingest.extraction.people.persons import persons
from services.ingest.extraction.people.plain.said_plainly import compile_said_plainly
from services.ingest.extraction.read_text import ReadText, read_text
from services.ingest.extraction.second_act import SECOND_ACT, compile_second_act, two_acts
from services.ingest.extraction.sentences.dates import plausible
from services.ingest.extraction.sentences.furniture_lines import compile_furniture
from services.ingest.extraction.sentences.shares import compile_shares
from services.ingest.extraction.skimming import DOUBT, SKIMMED, skim
from services.ingest.extraction.spelling import Respelt, respelt
from services.ingest.extraction.totals import total_claims
from services.ingest.extraction.whereabouts import SEVERAL_TOWNS, Where, where

__all__ = ["UNATTRIBUTED", "Extraction", "detect_language", "extract", "warm_up"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one text says. Spans count code points of that text; `occurred_on` is an ISO date."""

    kind: Kind
    language: str
    facts: Facts
    claims: tuple[Claim, ...] = ()
    persons: tuple[Person, ...] = ()
    place: Place | None = None
    occurred_on: str | None = None
    vague_day: str | None = None
    """What a text without a date still says of its day: "--08-16" or "W5", see `occurrence.vague_day_of`."""
    stale: bool = False
    """The text's own date of the act lies clearly before the day it came out, so it is a retelling (and `other`)."""
    doubts: tuple[str, ...] = ()
    """Why this reading is of low confidence: slugs of `doubts.py`, sorted; empty when it is sure."""
    further: tuple[Extraction, ...] = ()
    """The second act, where the text tells two as news: with its own number, names and day, and no running count."""
    near_miss: NearMiss | None = None
    """Where the text is no news that could be reported, and an act stands in its lead all the same."""


def extract(
    text: str,
    *,
    title: str | None = None,
    language: str | None = None,
    as_of: date | None = None,
    published: date | None = None,
    outlet: Party | None = None,
    watched: bool = False,
    at_home: bool = False,
) -> Extraction:
    """Reads one article. Never raises over its content.

    `language` is a code or None to detect it, see `language_of`; what cannot be read is `other`. Weekdays and
    "yesterday" resolve against `published`, else `as_of`, else not at all. `title` helps to tell the kind of news;
    claims come from `text`. `outlet` is who answers for what the text says in its own voice. `watched`: the source is
    watched for this news alone, so that what it says in a language nobody reads is a near miss. `at_home`: it writes of
    Belarus alone, so that a text which names no country is about this one.
    """
    tongue, reference = language_of(text, language), plausible(published) or plausible(as_of)
    if tongue not in LANGUAGES:
        skimmed = _skimmed(text, tongue, reference, outlet) if tongue in SKIMMED else None
        found = skimmed or Extraction(Kind.OTHER, language=tongue, facts=Facts())
        seen = None if _is_reported(found) else near_miss_in(text, title or "", watched=watched, language=tongue)
        return replace(found, near_miss=_told(seen, tongue))
    words, spelt = lexicon(tongue), respelt(text, tongue)
    body = read_text(spelt.text, words, outlet, reference)
    heading = read_text(respelt(_own(title or "", text), tongue).text, words, outlet, reference)
    of_text = _news(body, heading, at_home=at_home)
    extraction = _with_second_act(body, heading, of_text)
    told = None if _is_reported(extraction) else near_miss_of(body, heading, of_text)
    if told is None and extraction.kind is Kind.OTHER and is_hardly_read(text, tongue):
        told = near_miss_in(text, title or "", watched=watched, language=tongue)
    return _as_written(replace(extraction, near_miss=_told(told, tongue)), spelt, text)


def _with_second_act(text: ReadText, title: ReadText, found: News) -> Extraction:
    """The text's own act; and a second one beside it, where both can be reported."""
    both = two_acts(text, found)
    if both is None:
        return _extraction(text, title, found)
    first, second = (_extraction(text, title, each) for each in (both.first, both.second))
    if not (_is_reported(first) and _is_reported(second)) or _concern_the_same(first, second):
        return _extraction(text, title, found)
    own = replace(
        second,
        persons=tuple(each for each in second.persons if each.role is not Role.STILL_HELD),
        doubts=second.doubts if both.is_sure else tuple(sorted({*second.doubts, SECOND_ACT})),
    )
    return replace(first, further=(own,))


def _concern_the_same(first: Extraction, second: Extraction) -> bool:
    """Is anybody of the second act one of the first? Then it tells what became of them before or after."""
    people = [
        {each.key for each in of.persons if each.role in (Role.PARDONED, Role.DETAINED)} for of in (first, second)
    ]
    return bool(people[0] & people[1])


def _told(seen: NearMiss | None, language: str) -> NearMiss | None:
    return replace(seen, language=language) if seen else None


def _is_reported(found: Extraction) -> bool:
    """Does it say enough of an act that a report can be made of it?"""
    return found.kind is not Kind.OTHER and any(
        each.scope == "act" and each.field not in BESIDE_THE_ACT for each in found.claims
    )


def _own(title: str, text: str) -> str:
    """The title, unless it is the text's opening cut short: cut off, a sentence may say the reverse."""
    opening = " ".join(title.split())
    return "" if opening.endswith("…") and " ".join(text.split()).startswith(opening.rstrip("… ")) else title


def _as_written(found: Extraction, spelt: Respelt, text: str) -> Extraction:
    if spelt.places is None:
        return found
    claims = (msgspec.structs.replace(claim, span=spelt.as_written(claim.span)) for claim in found.claims)
    seen = found.near_miss
    if seen is not None and not seen.in_title:
        start, end = spelt.as_written(seen.span)
        seen = replace(seen, sentence=text[start:end], span=(start, end))
    further = tuple(_as_written(each, spelt, text) for each in found.further)
    return replace(found, claims=tuple(claims), near_miss=seen, further=further)


def warm_up() -> None:
    """Loads and compiles what would otherwise make the first articles wait: some seconds, so in a thread of its own."""
    compile_everything()
    compile_shares()
    compile_furniture()
    compile_second_act()
    compile_said_plainly()
    for language in LANGUAGES:
        extract("Minsk 1 2020. Ivan Ivan. Иван Иван.", language=language)


def _skimmed(text: str, language: str, reference: date | None, outlet: Party | None) -> Extraction:
    found = skim(text, language, reference, outlet)
    iso = found.day.isoformat() if found.day else None
    claims = with_names_counted(found.kind, found.claims, found.persons, (0, len(text)), more=bool)
    return Extraction(
        kind=found.kind,
        language=language,
        facts=facts_of(found.kind, claims, found.persons, None, None, iso),
        claims=claims,
        persons=found.persons,
        occurred_on=iso,
        doubts=_doubts((DOUBT,) if found.kind is not Kind.OTHER else (), by_names=claims is not found.claims),
    )


def _news(text: ReadText, title: ReadText, *, at_home: bool) -> News:
    """The text's own words decide; a title decides only where they state nothing, since titles exaggerate."""
    at_home = at_home and not any(is_abroad(title, index) for index in range(len(title.readings)))
    of_text = news(text, at_home=at_home)
    if of_text.kind is not Kind.OTHER or not title.readings or of_text.otherwise:
        return of_text
    of_title = news(title, at_home=at_home)
    acts = (0,) if text.readings and of_title.acts else ()
    told = of_title.kind is not Kind.OTHER
    home = of_text.home or of_title.home
    return News(of_title.kind, acts, of_text.background - {0}, by_title=told, home=home)


def _extraction(text: ReadText, title: ReadText, found: News) -> Extraction:
    claims: tuple[Claim, ...] = ()
    if found.kind is Kind.PARDON:
        claims, text = pardon_claims(text, found)
    elif found.kind is Kind.ARREST:
        claims = arrest_claims(text, title, found)
    if found.home:
        claims = without_repeats([*claims, *total_claims(text, claims)])
    people = _roles_of(found.kind, persons(text, found.background, found.kind))
    claims = with_further_claims(text, found, claims, people)
    told_where = where(text, found) if found.kind is Kind.ARREST else Where()
    claims = without_repeats((*claims, *told_where.claims)) if told_where.claims else claims
    more = partial(leaves_some_unnamed, text, title, found, people)
    counted = with_names_counted(found.kind, claims, people, _span_of(text, found), more=more)
    day = day_of(text, found)
    iso = day.isoformat() if day else None
    return Extraction(
        kind=found.kind,
        language=text.lexicon.language,
        facts=facts_of(found.kind, counted, people, told_where.place, told_where.region, iso),
        claims=counted,
        persons=people,
        place=told_where.place,
        occurred_on=iso,
        vague_day=None if day else vague_day_of(text, found),
        stale=found.retold,
        doubts=_doubts(
            (
                *doubts_of(text, title, found, claims),
                *((SEVERAL_TOWNS,) if told_where.parted and told_where.several else ()),
            ),
            by_names=counted is not claims and text.speakers.outlet.party_class not in VOUCHING,
        ),
    )


def _span_of(text: ReadText, found: News) -> tuple[int, int]:
    """Of the sentence that states the act."""
    if not text.readings:
        return (0, 0)
    sentence = text.readings[found.act or 0].sentence
    return sentence.start, sentence.start + len(sentence.plain.rstrip())


def _doubts(found: tuple[str, ...], *, by_names: bool) -> tuple[str, ...]:
    return tuple(sorted({*found, COUNTED_BY_NAMES})) if by_names else found


_FITTING: Final = {
    Kind.PARDON: {Role.PARDONED, Role.STILL_HELD},
    Kind.ARREST: {Role.DETAINED, Role.STILL_HELD},
    Kind.OTHER: {Role.STILL_HELD},
}


def _roles_of(kind: Kind, people: tuple[Person, ...]) -> tuple[Person, ...]:
    """In news of a pardon nobody is newly detained, and the reverse: such a person is only mentioned."""
    return tuple(
        person if person.role in _FITTING[kind] else msgspec.structs.replace(person, role=Role.MENTIONED, said_by=None)
        for person in people
    )
