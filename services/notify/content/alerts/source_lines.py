"""What it rests on: the sources, official first, how certain it is and why, and what nobody has said."""

from __future__ import annotations

from typing import Final

from services.contract import Certainty, Event, Kind, Source
from services.notify.content.alerts.concerned import acting_count
from services.notify.content.alerts.foreign import link
from services.notify.content.alerts.model import SourceLine
from services.notify.content.alerts.statements import AUTHORITY, statements
from services.notify.content.alerts.values import sentence_case
from services.notify.content.languages import Language
from services.sourcing import basis_of, witnesses

_ASKED: Final[dict[Kind, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    Kind.PARDON: (
        ("how_many", ("pardoned",)),
        ("when", ("occurred_on",)),
        ("decree", ("decree_number",)),
        ("women_and_men", ("women", "men")),
        ("why_convicted", ("convicted_of_extremism",)),
        ("whether_free", ()),
    ),
    Kind.ARREST: (
        ("how_many", ("detained",)),
        ("when", ("occurred_on",)),
        ("where", ("place", "region")),
        ("which_authority", ("authority",)),
        ("criminal_or_administrative", ("administrative", "criminal_articles")),
        ("what_for", ("criminal_articles", "charge")),
        ("where_held", ()),
    ),
    Kind.OTHER: (),
}
"""What a reader would ask, and the facts of which any one answers it. Nothing in our facts can answer the last ones."""


OUR_DESK: Final = "vestka"
"""The outlet of what an operator corrects."""


def unknown(event: Event, language: Language) -> tuple[str, ...]:
    """One line for each question that no text answers."""
    return tuple(
        language.phrase(f"unknown.{event.data.kind}.{question}")
        for question, answers in _ASKED[event.data.kind]
        if not any(_is_answered(event, field) for field in answers)
    )


def source_lines(event: Event, language: Language) -> tuple[SourceLine, ...]:
    ordered = sorted(event.data.sources, key=lambda source: AUTHORITY.index(source.source_class))
    return tuple(_line(source, language) for source in ordered)


def certainty_sentence(event: Event, language: Language) -> str:
    """ "Unconfirmed: …": the word, and why, as the sources of this very event bear it out."""
    if event.data.kind is Kind.OTHER:
        return ""
    if event.data.certainty is Certainty.DISPUTED:
        return language.phrase("certainty.disputed")
    basis = basis_of(event.data.sources)
    if event.data.certainty is Certainty.CONFIRMED:
        return language.phrase(f"certainty.confirmed.{basis}", **_behind(event, language))
    if any(source.outlet == OUR_DESK for source in event.data.sources):
        return language.phrase("certainty.reported.corrected")
    return language.phrase(f"certainty.reported.{basis}", **_behind(event, language))


def _behind(event: Event, language: Language) -> dict[str, str]:
    """Who bears it out: the parties whose word it is, and the outlets that carried it."""
    resting = witnesses(event.data.sources)
    origins = {source.origin.id: source.origin for source in resting if source.origin}
    outlets = dict.fromkeys(source.name for source in resting or event.data.sources[:1])
    return {
        "parties": language.listed([language.party(party).genitive for party in origins.values()]),
        "outlets": language.listed([language.outlet(name) for name in outlets]),
    }


def _is_answered(event: Event, field: str) -> bool:
    if field == "occurred_on" and event.data.occurred_on:
        return True
    if field in ("place", "region") and event.data.place is not None:
        return True
    return bool(statements(event, field)) or (field == "detained" and acting_count(event) > 0)


def _line(source: Source, language: Language) -> SourceLine:
    tongue = "" if source.language == "und" else language.language_name(source.language)
    known = language.known_party(source.claimed_party) if source.claimed_party else None
    claimed = language.phrase("claims_to_be", name=known.name) if known else ""
    about = [claimed, tongue, language.date(source.published)]
    name = language.outlet(source.name)
    if name != source.name:  # our own words for it begin a line here; a name of theirs stays as it is
        name = sentence_case(name)
    return SourceLine(name, ", ".join(part for part in about if part), link(source.url), source.evidence or "")
