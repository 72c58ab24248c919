"""What it rests on: the sources, official first, how certain it is and why, and what nobody has said."""

from __future__ import annotations

from typing import Final

from services.contract import Certainty, Event, Kind, Source
from services.fact_table import FREED
from services.notify.content.alerts.acts import act_of
from services.notify.content.alerts.concerned import acting_count
from services.notify.content.alerts.fact_rows import is_of_one
from services.notify.content.alerts.foreign import link
from services.notify.content.alerts.model import SourceLine
from services.notify.content.alerts.statements import AUTHORITY, OUR_DESK, statements
from services.notify.content.alerts.values import sentence_case
from services.notify.content.languages import Language
from services.sourcing import Basis, basis_of, witnesses

_ASKED: Final[dict[Kind, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    Kind.PARDON: (
        ("how_many", ("pardoned",)),
        ("when", ("occurred_on",)),
        ("decree", ("decree_number",)),
        ("women_and_men", ("women", "men")),
        ("why_convicted", ("convicted_of_extremism",)),
        ("whether_free", (FREED, "left_prison", "went_to")),
    ),
    Kind.ARREST: (
        ("how_many", ("detained",)),
        ("when", ("occurred_on",)),
        ("where", ("place", "region")),
        ("which_authority", ("authority",)),
        ("criminal_or_administrative", ("administrative", "criminal_articles")),
        ("what_for", ("criminal_articles", "charge")),
        ("where_held", ("where_held", "whereabouts_known")),
    ),
    Kind.OTHER: (),
}
"""What a reader would ask, and the facts of which any one answers it: only what reading looks for."""


_OF_A_PARDON: Final = frozenset({"decree", "whether_free"})
"""Who was released, exchanged or taken abroad is out, and by no decree."""


def unknown(event: Event, language: Language) -> tuple[str, ...]:
    """One line for each question that no text answers."""
    return tuple(
        language.phrase(f"unknown.{act_of(event)}.{question}")
        for question, answers in _ASKED[event.data.kind]
        if not (question in _OF_A_PARDON and act_of(event) != "pardoned")
        and not (question == "women_and_men" and is_of_one(event))
        and not any(_is_answered(event, field) for field in answers)
    )


def caution(event: Event, language: Language) -> str:
    """What the news does not mean, whoever tells it: a pardon signed is nobody let out."""
    left = any(said.value is True for said in statements(event, "left_prison"))
    if event.data.kind is not Kind.PARDON or act_of(event) != "pardoned" or left:
        return ""
    return language.phrase("caution.pardoned")


def source_lines(event: Event, language: Language) -> tuple[SourceLine, ...]:
    """Official first. Our own desk is no source."""
    ordered = sorted(event.data.sources, key=lambda source: AUTHORITY.index(source.source_class))
    return tuple(_line(source, language) for source in ordered if source.outlet != OUR_DESK)


def certainty_sentence(event: Event, language: Language) -> str:
    """Why it is so certain, as the sources of this very event bear it out; "" where who says so tells it."""
    if event.data.kind is Kind.OTHER or event.data.certainty is Certainty.DISPUTED:
        return ""
    sources = [source for source in event.data.sources if source.outlet != OUR_DESK]
    basis = basis_of(sources)
    key = "confirmed" if event.data.certainty is Certainty.CONFIRMED else "reported"
    if basis not in _WORTH_SAYING[key]:
        return ""
    outlets = dict.fromkeys(source.name for source in witnesses(sources) or sources[:1])
    return language.phrase(f"certainty.{key}.{basis}", outlets=language.listed(list(outlets)))


_WORTH_SAYING: Final = {
    "confirmed": (Basis.INDEPENDENT,),
    "reported": (Basis.SEVERAL, Basis.ALONE, Basis.OWN_OFFICIAL, Basis.OWN_DEFENDER, Basis.INDEPENDENT),
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
    # Our own words for it begin a line here; a name of theirs stays as it is.
    name = sentence_case(source.name) if language.knows_name(source.name) else source.name
    return SourceLine(name, ", ".join(part for part in about if part), link(source.url), source.evidence or "")
