"""Do we know who? Names of those the news is about, only where naming them does no harm; and who is still in prison.

The rule is `Names and harm` of the design: a person is named when an official source or a rights group named them.
Somebody who is merely mentioned is in no list at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.contract import Event, Kind, Party, PartyClass, Person, Role
from services.notify.alerts.facts import COUNTED
from services.notify.alerts.model import Names
from services.notify.alerts.statements import by_authority, statements
from services.notify.alerts.values import hedged_number
from services.notify.languages import Language

_ACTING = {Kind.PARDON: Role.PARDONED, Kind.ARREST: Role.DETAINED}
_FEW = 3
"""Names that a sentence holds; more make a list."""

_MAY_NAME = (PartyClass.OFFICIAL, PartyClass.DEFENDER)


def nameable(event: Event) -> tuple[Person, ...]:
    """Those pardoned or detained whom an official source or a rights group named, each once."""
    return tuple(p for p in _acting(event) if _may_be_named(event, p) and p.key not in _held_keys(event))


def acting_count(event: Event) -> int:
    """How many people texts name as pardoned or detained, whether or not we may name them."""
    return len(_acting(event))


def who_sentences(event: Event, language: Language) -> tuple[str, ...]:
    """What stands beside the names, or in their place; it never names anybody whom the rule protects."""
    if event.data.kind not in _ACTING:
        return ()
    named, hidden = nameable(event), _hidden(event)
    sentences = [_how_many_named(event, language, len(named))] if named else [_no_names(event, language, bool(hidden))]
    if hidden:
        outlets = language.listed([language.party(party).name for party in _namers(hidden)])
        key = "who.hidden" if outlets else "who.hidden_by_somebody"
        sentences.append(language.plural(key, len(hidden), outlets=outlets))
    sentences += [
        language.phrase("who.contradicted", name=shown(language, person))
        for person in _acting(event)
        if person.key in _held_keys(event) and _may_be_named(event, person)
    ]
    return tuple(sentence for sentence in sentences if sentence)


def named_groups(event: Event, language: Language) -> tuple[Names, ...]:
    """The names that may be told, under who published them."""
    groups: dict[str, list[str]] = {}
    for person in nameable(event):
        namers = [p for p in _namers_of(event, person) if p.party_class in _MAY_NAME]
        sentence = language.voices("who.named_by", namers)
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
            said_by = [person.said_by] if person.said_by else []
            sentence = language.voices("still_held.according_to" if said_by else "still_held.plain", said_by)
            groups.setdefault(sentence, []).append(shown(language, person))
    return tuple(Names(sentence, tuple(names)) for sentence, names in groups.items())


def shown(language: Language, person: Person) -> str:
    """The name in the reader's language first, then as published where that differs."""
    own = person.names.get(language.code) or person.name
    return own if own == person.name else f"{own} ({person.name})"


def _acting(event: Event) -> tuple[Person, ...]:
    role = _ACTING.get(event.data.kind)
    return _each_once(p for p in event.data.persons if p.role is role and p.name)


def _hidden(event: Event) -> tuple[Person, ...]:
    return tuple(p for p in _acting(event) if not _may_be_named(event, p))


def _held_keys(event: Event) -> frozenset[str]:
    return frozenset(p.key for p in event.data.persons if p.role is Role.STILL_HELD)


def _each_once(persons: Iterable[Person]) -> tuple[Person, ...]:
    """One entry a key; the entry that may be named wins, since each text that names a person may add one."""
    found: dict[str, Person] = {}
    for person in persons:
        if person.key not in found or _said_with_authority(person):
            found[person.key] = person
    return tuple(found.values())


def _said_with_authority(person: Person) -> bool:
    return person.said_by is not None and person.said_by.party_class in _MAY_NAME


def _may_be_named(event: Event, person: Person) -> bool:
    return any(party.party_class in _MAY_NAME for party in _namers_of(event, person))


def _namers_of(event: Event, person: Person) -> tuple[Party, ...]:
    spellings = {name.casefold() for name in (person.name, *person.names.values())}
    claimed = (
        claim.said_by
        for claim in event.data.claims
        if claim.field in ("names", "names_pardoned") and isinstance(claim.value, tuple)
        if any(name.casefold() in spellings for name in claim.value)
    )
    return by_authority([*([person.said_by] if person.said_by else []), *claimed])


def _namers(persons: tuple[Person, ...]) -> tuple[Party, ...]:
    return by_authority(person.said_by for person in persons if person.said_by)


def _how_many_named(event: Event, language: Language, named: int) -> str:
    counts = statements(event, COUNTED[event.data.kind])
    if len(counts) != 1 or not isinstance(counts[0].value, int) or counts[0].value <= named:
        return ""
    total = hedged_number(language, counts[0].value, counts[0].precision)
    return language.phrase("who.some", named=language.number(named), total=total)


def _no_names(event: Event, language: Language, hidden: bool) -> str:
    facts = event.data.headline_facts
    disclosed = facts.names_disclosed
    if hidden:
        return language.phrase("who.none_official")
    return language.phrase("who.none_known" if disclosed is None else "who.elsewhere" if disclosed else "who.none")
