"""What happened, in one sentence: act, number or name, place, date; how certain in a word; and who says so."""

from __future__ import annotations

from typing import Final

from services.contract import Certainty, Event, EventType, Kind, PartyClass, Precision, Status
from services.notify.content.alerts.acts import act_of
from services.notify.content.alerts.concerned import acting_count, nameable
from services.notify.content.alerts.fact_rows import COUNTED
from services.notify.content.alerts.model import Headline
from services.notify.content.alerts.statements import Statement, Voice, by_weight, statements, voice_of
from services.notify.content.alerts.values import counted_people, hedged_number, place_name, sentence_case, where_it_was
from services.notify.content.kindred_spelling import person_in_script_of
from services.notify.content.languages import Language

_FEW_NAMES: Final = 2
COUNTED_AS_IT_IS: Final = (Precision.EXACT, Precision.ALMOST)
"""After these words people stand in the case of those counted, and the verb agrees: "почти 21 человек задержан"."""


def headline(event: Event, language: Language, *, opened: bool = False) -> Headline:
    """`opened`: sentences stand before it, which say of a dispute who gives which number."""
    told = _standing_act(event, language) if opened else happening(event, language)
    act, tag = sentence_case(told), _tag(event, language)
    said = "" if _tells_both(event) else sentence_case(_by(language, event))
    if said:
        said = language.phrase("headline.sentence", text=said)
    return Headline(act, tag, said, language.phrase("headline.whole", act=act, tag=tag) if tag else act)


def happening(event: Event, language: Language) -> str:
    """ "Belarus: 20 people pardoned, 28 December 2024"; of a dispute both numbers, and who gives which."""
    act = _standing_act(event, language)
    if not _tells_both(event):
        return act
    return language.phrase("dispute.headline", act=act, accounts=accounts(event, language, COUNTED[event.data.kind]))


def _standing_act(event: Event, language: Language) -> str:
    act = _with_date(language, event, _with_place(language, event, act_words(event, language, "headline")))
    return language.phrase("headline.uncounted", act=act) if _is_uncounted(event) else act


def accounts(event: Event, language: Language, field: str) -> str:
    """ "the president's office says 22, Viasna 19", in the language's order."""
    told = [said for said in _in_order(language, statements(event, field)) if said.parties]
    words = []
    for place, said in enumerate(told):
        number = hedged_number(language, _number(said), said.precision)
        words.append(language.voices(f"dispute.{'next' if place else 'first'}", said.parties, number=number))
    return language.phrase("dispute.mark").join(words)


def short_subjects(event: Event, language: Language) -> tuple[str, ...]:
    """The happening as the subject of a letter, the fullest wording first; number or name first in each."""
    act = act_words(event, language, "subject")
    placed = _with_place(language, event, act)
    shorter = placed if placed != act else _with_date(language, event, act)
    if event.data.kind is Kind.PARDON:
        placed = language.phrase("subject.in_country", act=act)
    return _with_date(language, event, placed), shorter, act


def practice(event: Event) -> str | None:
    """ "exercise" or "test" when this is not about the world."""
    if event.data.status is Status.EXERCISE:
        return "exercise"
    return "test" if event.data.status is Status.TEST or event.type is EventType.SYSTEM_TEST else None


def speakers(event: Event) -> tuple[Voice, ...]:
    """Those who say that it happened: who counts, else who names, else whoever claims anything; two at most. Where some
    were heard themselves, it is they who speak."""
    counted = [voice for said in statements(event, COUNTED.get(event.data.kind, "")) for voice in said.voices]
    naming = [voice_of(event, one.said_by, one.source) for one in nameable(event) if one.said_by]
    claiming = [voice_of(event, claim.said_by, claim.source) for claim in event.data.claims if claim.scope == "act"]
    found = next((group for group in (counted, naming, claiming) if group), [])
    heard = [voice for voice in found if voice.through is None and voice.party.party_class is not PartyClass.MEDIA]
    disputed = event.data.certainty is Certainty.DISPUTED
    return by_weight(heard if heard and not disputed else found)[:2]


def act_words(event: Event, language: Language, use: str) -> str:
    """ "20 people pardoned", as a headline or a subject has it."""
    act, counts = _key(event), statements(event, COUNTED.get(event.data.kind, ""))
    named = nameable(event)
    counts = counts or _least_count(event)
    if is_told_by_name(event):
        names = language.listed([own_name(person.names, person.name, language) for person in named])
        only = bool(counts) and counts[0].precision is Precision.EXACT
        return language.plural(f"{use}.{act}.named", len(named) if only else max(2, len(named)), names=names)
    if not counts:
        return language.phrase(f"{use}.{act}.bare")
    counts = _in_order(language, counts)
    if len(counts) > 1:
        return language.phrase(f"{use}.{act}.several", people=_people(language, counts))
    key = "counted" if counts[0].precision in COUNTED_AS_IT_IS else "hedged"
    return language.plural(f"{use}.{act}.{key}", _number(counts[0]), people=_people(language, counts))


def is_told_by_name(event: Event) -> bool:
    """Does the headline name people, since they are few and no others are counted?"""
    named, counts = nameable(event), statements(event, COUNTED.get(event.data.kind, "")) or _least_count(event)
    return 0 < len(named) <= _FEW_NAMES and (not counts or counts[0].value in (len(named), 0))


def _is_uncounted(event: Event) -> bool:
    """Does no text count or name anybody? That is told last, since it is not what happened."""
    counts = statements(event, COUNTED.get(event.data.kind, "")) or _least_count(event)
    return event.data.kind is not Kind.OTHER and not counts and not nameable(event)


def own_name(names: dict[str, str], published: str, language: Language) -> str:
    """The stored form of the language, else the published one in its letters."""
    return names.get(language.code) or person_in_script_of(published, language.code)


def _key(event: Event) -> str:
    return "other" if event.data.kind is Kind.OTHER else act_of(event)


def _tag(event: Event, language: Language) -> str:
    return "" if event.data.kind is Kind.OTHER else language.phrase(f"tag.{event.data.certainty}")


def _tells_both(event: Event) -> bool:
    counts = statements(event, COUNTED.get(event.data.kind, ""))
    return len({said.value for said in counts if said.parties}) > 1


def _in_order(language: Language, counts: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """An authority's number first, or the smaller where the language wants it so."""
    return tuple(sorted(counts, key=_number)) if language.phrase("dispute.order") == "smaller first" else counts


def _least_count(event: Event) -> tuple[Statement, ...]:
    """No text counts, but texts name people: at least so many, since nobody said that there are no others."""
    people = acting_count(event)
    return (Statement(people, Precision.AT_LEAST, ()),) if people else ()


def _people(language: Language, counts: tuple[Statement, ...]) -> str:
    """ "20 people"; "22 or 20 people" where parties disagree."""
    *others, last = counts
    words = [hedged_number(language, _number(other), other.precision) for other in others]
    return language.listed([*words, counted_people(language, _number(last), last.precision)], style="or")


def _number(statement: Statement) -> int:
    return statement.value if isinstance(statement.value, int) else 0


def _with_place(language: Language, event: Event, act: str) -> str:
    place = place_name(language, event) if event.data.kind is Kind.ARREST else None
    where = where_it_was(language, event) if place else None
    if where:
        return language.phrase("headline.placed_where", act=act, where=where)
    return language.phrase("headline.placed", act=act, place=place) if place else act


def _with_date(language: Language, event: Event, act: str) -> str:
    date = language.date(event.data.occurred_on or event.data.headline_facts.occurred_on)
    return language.phrase("headline.dated", act=act, date=date) if date else act


def _by(language: Language, event: Event) -> str:
    voices = speakers(event)
    if not voices:
        return ""
    through = {voice.through for voice in voices}
    verb = "announced" if voices[0].party.party_class is PartyClass.OFFICIAL else "reported_by"
    if len(through) == 1:
        said = language.voices(f"headline.{verb}", [voice.party for voice in voices])
        return language.quoted(said, *through)
    return language.spoken("headline.reported_by", [(voice.party, voice.through) for voice in voices])
