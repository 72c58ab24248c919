"""The table of facts: a row for each known thing, in a fixed order for each kind of news."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.contract import Event, Kind, Precision
from services.fact_table import ACTS, FREED, PARTS, SHARES
from services.notify.content.alerts.acts import DETAINED, act_of
from services.notify.content.alerts.model import Attributed, FactRow
from services.notify.content.alerts.statements import Statement, Voice, by_weight, of_other_acts, statements, voice_of
from services.notify.content.alerts.values import place_and_region, sentence_case, value_text
from services.notify.content.languages import Language
from services.sourcing import is_own_word

COUNTED: Final = {kind: act.number for kind, act in ACTS.items()}
"""The one number a kind of news is about."""

_AFTERWARDS: Final = ("left_prison", "went_to", "where_held")
_ROWS: Final = {
    Kind.PARDON: ("pardoned", "occurred_on", "decree_number", FREED, *PARTS, "recognised_by", *_AFTERWARDS),
    Kind.ARREST: (
        "detained",
        "occurred_on",
        "place",
        "authority",
        "administrative",
        "administrative_article",
        "administrative_days",
        "criminal_articles",
        "charge",
        "sentence_threatened",
        *_AFTERWARDS,
        "whereabouts_known",
        "earlier_detentions",
        "detained_before",
        "recognised_by",
    ),
    Kind.OTHER: (),
}
_IN_HEADLINE: Final = frozenset({"occurred_on"})
"""A row of its own only where parties disagree."""


def fact_rows(event: Event, language: Language) -> tuple[FactRow, ...]:
    rows: list[FactRow | None] = []
    for field in _ROWS[event.data.kind]:
        rows.append(_place_row(event, language) if field == "place" else _row(event, language, field))
        if field == COUNTED.get(event.data.kind):
            rows += _other_acts(event, language, field)
    return tuple(row for row in rows if row is not None)


def label(language: Language, event: Event, field: str) -> str:
    if field == COUNTED.get(event.data.kind) and act_of(event) != DETAINED:
        return language.phrase(f"facts.acts.{act_of(event)}")
    return language.phrase(f"facts.{field}")


def plea_sentences(event: Event, language: Language) -> tuple[str, ...]:
    """ "The president's office says they asked for a pardon and expressed remorse.", one for each who says so."""
    said = {field: statements(event, field) for field in ("petitioned", "repented")}
    told: dict[Voice, list[str]] = {}
    for field, of_it in said.items():
        for voice in (voice for one in of_it if one.value is True for voice in one.voices):
            told.setdefault(voice, []).append(field)
    key = "plea_of_one" if is_of_one(event) else "plea"
    pleas = (language.said(f"{key}.{'_and_'.join(fields)}", [one.party], one.through) for one, fields in told.items())
    return tuple(language.phrase("headline.sentence", text=sentence_case(plea)) for plea in pleas)


def is_of_one(event: Event) -> bool:
    """Is one person, and nobody else, whom the news is about?"""
    counts = statements(event, COUNTED.get(event.data.kind, ""))
    return len(counts) == 1 and (counts[0].value, counts[0].precision) == (1, Precision.EXACT)


def _row(event: Event, language: Language, field: str) -> FactRow | None:
    known = statements(event, field)
    if not known or (field in _IN_HEADLINE and len(known) == 1) or _goes_without_saying(event, field, known):
        return None
    said = tuple(_said(event, language, field, statement) for statement in known)
    return FactRow(label(language, event, field), said)


def _goes_without_saying(event: Event, field: str, known: tuple[Statement, ...]) -> bool:
    """That they were not detained before, or were where it is said how often, or that it is known where they are: other
    rows say more."""
    if field == "left_prison" and statements(event, FREED):
        return all(said.value is True for said in known)  # how many says it
    if field == "left_prison" and event.data.kind is Kind.PARDON and act_of(event) != "pardoned":
        return all(said.value is True for said in known)  # so the act says
    if field == "detained_before" and statements(event, "earlier_detentions"):
        return all(said.value is True for said in known)
    return (field, known[0].value) in {("detained_before", False), ("whereabouts_known", True)} and len(known) == 1


def _other_acts(event: Event, language: Language, field: str) -> list[FactRow | None]:
    return [
        FactRow(language.phrase(f"facts.acts.{act}"), (_said(event, language, field, said),))
        for act, said in of_other_acts(event, field)
    ]


def _place_row(event: Event, language: Language) -> FactRow | None:
    """Town and region in one row; whoever says the one says the other."""
    where = place_and_region(language, event)
    if where is None:
        return None
    voices = [voice for field in ("place", "region") for one in statements(event, field) for voice in one.voices]
    return FactRow(language.phrase("facts.place"), (Attributed(where, spoken_together(language, by_weight(voices))),))


def _said(event: Event, language: Language, field: str, statement: Statement) -> Attributed:
    value = value_text(language, event, field, statement.value, statement.precision)
    if field in SHARES:
        value = _of_whole(event, language, statement, value)
    by = who_says(event, language, statement)
    return Attributed(value, "" if value == by else by)  # nobody speaks of itself


def _of_whole(event: Event, language: Language, part: Statement, value: str) -> str:
    """ "11 of 20", where one party tells both in one text: eleven of yesterday's 20 are no share of today's 22."""
    whole = _whole_told_with(event, part)
    if whole is None or whole == 1:
        return value
    if part.value == whole:
        return language.phrase("all_of_them", number=value)
    return language.phrase("of_whole", part=value, whole=language.number(whole))


def who_says(event: Event, language: Language, statement: Statement) -> str:
    """Names of parties; without a claim, those who are behind the texts."""
    voices = statement.voices or _behind_the_texts(event)
    return spoken_together(language, voices)


def _behind_the_texts(event: Event) -> tuple[Voice, ...]:
    sources = list(enumerate(event.data.sources))
    own = [(index, source) for index, source in sources if is_own_word(source)]
    origins = [(source.origin, index) for index, source in own or sources if source.origin]
    voices = {origin.id: voice_of(event, origin, index) for origin, index in reversed(origins)}
    return tuple(reversed(voices.values()))[:2]


def spoken_together(language: Language, voices: Sequence[Voice]) -> str:
    """ "the KGB and Viasna". Where an outlet quotes one of them, nobody may take it for quoting the others."""
    names = list(dict.fromkeys(spoken(language, voice) for voice in voices))
    if len(names) > 1 and any(voice.through for voice in voices):
        return language.phrase("list_mark").join(names)
    return language.listed(names) if names else ""


def spoken(language: Language, voice: Voice) -> str:
    """ "Viasna", or "Viasna, according to Example Wire"."""
    return language.relayed(language.party(voice.party).name, voice.through)


def _whole_told_with(event: Event, part: Statement) -> int | None:
    whole = statements(event, COUNTED.get(event.data.kind, ""))
    if len(whole) != 1 or whole[0].precision is not Precision.EXACT or not isinstance(whole[0].value, int):
        return None
    if not isinstance(part.value, int) or part.value > whole[0].value or not told_together(part, whole[0]):
        return None
    return whole[0].value


def told_together(one: Statement, other: Statement) -> bool:
    """Does one party say both in one text?"""
    parties = {party.id for party in one.parties} & {party.id for party in other.parties}
    return bool(parties and one.texts & other.texts)
