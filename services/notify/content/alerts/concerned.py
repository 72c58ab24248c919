"""Do we know who? Names of those the news is about, with who named them; and who is still in prison.

Who may be named was decided where the event was made, once for every channel: what stands in it may be told. Somebody
who is merely mentioned is in no list at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.contract import Event, Kind, Person, Role
from services.notify.content.alerts.fact_rows import COUNTED
from services.notify.content.alerts.model import Names
from services.notify.content.alerts.statements import statements, voice_of
from services.notify.content.alerts.values import hedged_number
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
    groups: dict[str, list[str]] = {}
    for person in nameable(event):
        sentence = _as_said(event, person, language, "who.named_by", "who.named_plain")
        groups.setdefault(sentence, []).append(shown(language, person))
    return tuple(Names(sentence, tuple(names)) for sentence, names in groups.items())


def in_short(named: tuple[Names, ...], who: tuple[str, ...]) -> str:
    """Groups of a few names as sentences, then what else there is to say about who."""
    few = [f"{group.sentence} {', '.join(group.names)}." for group in named if len(group.names) <= _FEW]
    return " ".join([*few, *who])


def still_held(event: Event, language: Language) -> tuple[Names, ...]:
    """People a text names as remaining in prison, so that nobody takes them for pardoned."""
    acting = {person.key for person in _acting(event)}
    groups: dict[str, list[str]] = {}
    for person in _each_once(p for p in event.data.persons if p.role is Role.STILL_HELD):
        if person.key not in acting and person.name:
            sentence = _as_said(event, person, language, "still_held.according_to", "still_held.plain")
            groups.setdefault(sentence, []).append(shown(language, person))
    return tuple(Names(sentence, tuple(names)) for sentence, names in groups.items())


def shown(language: Language, person: Person) -> str:
    """The name in the reader's language first, then as published where that differs."""
    own = person.names.get(language.code) or person.name
    return own if own == person.name else f"{own} ({person.name})"


def _acting(event: Event) -> tuple[Person, ...]:
    role = _ACTING.get(event.data.kind)
    return _each_once(p for p in event.data.persons if p.role is role and p.name)


def _as_said(event: Event, person: Person, language: Language, by: str, plain: str) -> str:
    """Who names them, and through whom; `plain` where no text does."""
    if person.said_by is None:
        return language.phrase(plain)
    voice = voice_of(event, person.said_by, person.source)
    return language.voices(by, [voice.party], voice.through)


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
    return language.phrase("who.some", named=language.number(named), total=total)


def _no_names(event: Event, language: Language) -> str:
    disclosed = event.data.headline_facts.names_disclosed
    return language.phrase("who.none_official" if disclosed is None else "who.elsewhere" if disclosed else "who.none")
