"""Do we know who? Names of those the news is about, with who named them; and who is still in prison.

Who may be named was decided where the event was made, once for every channel: what stands in it may be told. Somebody
who is merely mentioned is in no list at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.contract import Event, EventType, Kind, Person, Precision, Role
from services.notify.content.alerts.acts import act_of
from services.notify.content.alerts.fact_rows import COUNTED, spoken
from services.notify.content.alerts.model import Names
from services.notify.content.alerts.statements import Voice, statements, voice_of
from services.notify.content.alerts.values import hedged_number
from services.notify.content.kindred_spelling import person_in_script_of
from services.notify.content.languages import Language

_ACTING = {Kind.PARDON: Role.PARDONED, Kind.ARREST: Role.DETAINED}
_FEW = 3
"""Names that a sentence holds; more make a list."""


def nameable(event: Event) -> tuple[Person, ...]:
    """Those pardoned or detained who are named, each once."""
    return tuple(p for p in _acting(event) if p.key not in _held_keys(event))


def acting_count(event: Event) -> int:
    """How many people the event names as pardoned or detained."""
    return len(_acting(event))


def who_sentences(event: Event, language: Language) -> tuple[str, ...]:
    """What stands beside the names, or in their place; it never names anybody whom the rule protects."""
    if event.type is EventType.SYSTEM_TEST:
        return (language.phrase("practice.body"),)
    if event.data.kind not in _ACTING:
        return ()
    named = nameable(event)
    sentences = [_how_many_named(event, language, len(named)) if named else _no_names(event, language)]
    sentences += [
        language.phrase("who.contradicted", name=shown(language, person))
        for person in _acting(event)
        if person.key in _held_keys(event)
    ]
    return tuple(sentence for sentence in sentences if sentence)


def named_groups(event: Event, language: Language) -> tuple[Names, ...]:
    """The names that may be told, under who published them."""
    groups: dict[Voice | None, list[str]] = {}
    for person in nameable(event):
        voice = voice_of(event, person.said_by, person.source) if person.said_by else None
        groups.setdefault(voice, []).append(shown(language, person))
    return tuple(Names(_namer(language, voice, len(names)), tuple(names)) for voice, names in groups.items())


def _namer(language: Language, voice: Voice | None, count: int) -> str:
    """Who names them, and through whom."""
    if voice is None:
        return language.phrase("who.named_plain")
    return language.voices("who.named_by" if count > 1 else "who.named_one_by", [voice.party], voice.through)


def in_short(named: tuple[Names, ...], who: tuple[str, ...]) -> str:
    """Groups of a few names as sentences, then what else there is to say about who."""
    few = [f"{group.sentence} {', '.join(group.names)}." for group in named if len(group.names) <= _FEW]
    return " ".join([*few, *who])


def still_held(event: Event, language: Language) -> tuple[str, ...]:
    """ "Not among the 20, still in prison (Example Wire): …", a line for each who says so."""
    acting = {person.key for person in _acting(event)}
    groups: dict[str, list[str]] = {}
    for person in _each_once(p for p in event.data.persons if p.role is Role.STILL_HELD):
        if person.key not in acting and person.name:
            voice = voice_of(event, person.said_by, person.source) if person.said_by else None
            groups.setdefault(spoken(language, voice) if voice else "", []).append(shown(language, person))
    return tuple(_still_held_line(event, language, by, names) for by, names in groups.items())


def _still_held_line(event: Event, language: Language, by: str, names: list[str]) -> str:
    counts = statements(event, COUNTED.get(event.data.kind, ""))
    exact = [one.value for one in counts if one.precision is Precision.EXACT and isinstance(one.value, int)]
    if len(counts) == 1 and exact and exact[0] > 1:
        of = language.phrase("still_held.of", number=language.number(exact[0]))
    else:
        of = language.phrase(f"still_held.{act_of(event)}")
    key = f"still_held.{'by' if by else 'plain'}{'_one' if len(names) == 1 else ''}"
    return language.phrase(key, of=of, by=by, names=", ".join(names))


def shown(language: Language, person: Person) -> str:
    """The name in the reader's language first, then as published where that differs; in the reader's letters where no
    form of their language is known."""
    own = person.names.get(language.code) or person_in_script_of(person.name, language.code)
    return own if own == person.name else f"{own} ({person.name})"


def _acting(event: Event) -> tuple[Person, ...]:
    role = _ACTING.get(event.data.kind)
    return _each_once(p for p in event.data.persons if p.role is role and p.name)


def _held_keys(event: Event) -> frozenset[str]:
    return frozenset(p.key for p in event.data.persons if p.role is Role.STILL_HELD)


def _each_once(persons: Iterable[Person]) -> tuple[Person, ...]:
    """One entry a key, the first."""
    found: dict[str, Person] = {}
    for person in persons:
        found.setdefault(person.key, person)
    return tuple(found.values())


def _how_many_named(event: Event, language: Language, named: int) -> str:
    counts = statements(event, COUNTED[event.data.kind])
    if len(counts) != 1 or not isinstance(counts[0].value, int) or counts[0].value <= named:
        return ""
    total = hedged_number(language, counts[0].value, counts[0].precision)
    return language.plural("who.some", named, total=total)


def _no_names(event: Event, language: Language) -> str:
    disclosed = event.data.headline_facts.names_disclosed
    return language.phrase("who.none_official" if disclosed is None else "who.elsewhere" if disclosed else "who.none")
