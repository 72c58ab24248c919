"""Finds named people and says what the text makes of them: pardoned, detained, still held or mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

import msgspec

from services.contract import Kind, Person, Role
from services.fact_table import ACTS
from services.ingest.extraction.dialect.patterns import NAME, Patterns
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.behind_colon import behind_colon, opens_list
from services.ingest.extraction.people.births import year_of_birth
from services.ingest.extraction.people.counted_before import of_those_counted_before
from services.ingest.extraction.people.lists import veiled
from services.ingest.extraction.people.namings import Naming, Strangers, namings
from services.ingest.extraction.people.nearest_group import bound_role
from services.ingest.extraction.people.never_taken import stands_aside, tells_of_before, without_officials
from services.ingest.extraction.people.one_person import one_person_twice
from services.ingest.extraction.people.open_list import OpenList
from services.ingest.extraction.people.plain.second_look import SecondLook, heads_list
from services.ingest.extraction.people.positions import position_of
from services.ingest.extraction.people.touched import touched_lists
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.earlier import earlier_clauses
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import Signal, signal_of
from services.names import fold, without_patronymic

_STRENGTH: Final = (Role.STILL_HELD, Role.PARDONED, Role.DETAINED, Role.MENTIONED)
"""Where a text puts a person into two roles, the earlier one here holds: nobody still held may look as if freed."""

_STRENGTH_IN_ARRESTS: Final = (Role.DETAINED, Role.STILL_HELD, Role.PARDONED, Role.MENTIONED)
"""In news of an arrest: whoever was taken sits in a cell afterwards, or is let go before the day is over."""


_OF_ACT: Final = {(Signal.PARDON, Kind.PARDON): Role.PARDONED, (Signal.ARREST, Kind.ARREST): Role.DETAINED}

_CONCERNED: Final = frozenset({Role.PARDONED, Role.DETAINED})


_ABOUT_ONE: Final = re.compile(r"(?<!\W)\W*(?:he|she|он|она|ён|ен|яна)(?!\w)", re.IGNORECASE)
"""How a sentence opens that goes on about the one named before, whomever else it names."""


def persons(text: ReadText, background: frozenset[int], kind: Kind) -> tuple[Person, ...]:
    """One entry a person, in order of first naming. In a background sentence nobody is newly pardoned or detained."""
    people = _People(text, background, kind)
    for index, reading in enumerate(text.readings):
        people.read(index, reading)
    for fuller, other in [*one_person_twice(people.found)]:
        people.are_one(fuller, other)
    return tuple(people.found.values())


class _People:
    """Those of one text, found sentence by sentence."""

    def __init__(self, text: ReadText, background: frozenset[int], kind: Kind) -> None:
        self.found: dict[str, Person] = {}
        self._text, self._lexicon, self._background, self._kind = text, text.lexicon, background, kind
        self._act = ACTS.get(kind)
        self._strength = _STRENGTH_IN_ARRESTS if kind is Kind.ARREST else _STRENGTH
        self._met, self._listed = Strangers(), OpenList(text.lexicon.language)
        self._second = SecondLook(text.lexicon, kind) if self._act else None
        self._before: Role | None = None
        """What the last sentence made of the last it named."""
        self._alone: Naming | None = None

    def read(self, index: int, reading: Reading) -> None:
        plain, lexicon = reading.sentence.plain, self._lexicon
        names = self._met.again(plain, namings(reading.sentence, lexicon.language))
        self._met.meet(names)
        told = without_officials(plain, names)
        for naming, role in self._by_pronoun(index, reading, told):
            self._add(_person(naming, role, self._text, index))
        if told and not _ABOUT_ONE.match(plain):
            self._alone = _only_one(told, reading, lexicon)
        in_lists = _in_lists(reading, told, lexicon, self._act.role) if self._act and told else {}
        roles = self._roles(index, reading, names, told)
        self._before = roles[max(roles)] if roles else None
        for naming in names:
            role = _bound(reading, naming, roles.get(naming.start, Role.MENTIONED))
            role = in_lists.get(naming.start, role) if role is not Role.STILL_HELD else role
            if role in _CONCERNED and (index in self._background or _is_passed_over(reading, naming, lexicon, role)):
                role = Role.MENTIONED
            self._add(_person(naming, role, self._text, index, _position(naming, reading)))

    def _by_pronoun(self, index: int, reading: Reading, told: Sequence[Naming]) -> list[tuple[Naming, Role]]:
        """Those named before of whom this sentence tells as "he" or "they"."""
        lexicon = self._lexicon
        if index in self._background:
            return []
        free = all(_is_aside(reading, naming, lexicon) for naming in told)
        said = _role_by_pronoun(reading, lexicon) if self._alone and free else None
        if self._alone and said:
            return [(self._alone, said)]
        if self._second and self._act and not told:
            return [(each, self._act.role) for each in self._second.meant(reading)]
        return []

    def _roles(self, index: int, reading: Reading, names: Sequence[Naming], told: Sequence[Naming]) -> dict[int, Role]:
        """Role by where the name starts."""
        lexicon, kind, act, fresh = self._lexicon, self._kind, self._act, index not in self._background
        roles = _roles(reading, names, lexicon, self._before, self._strength)
        roles |= of_those_counted_before(self._text, index, self._background, names, told, kind)
        if act and fresh and (behind := behind_colon(reading, told, lexicon, kind)):
            roles = {naming.start: act.role for naming in behind.names} | roles
        if self._second and fresh:
            meant = [each for each in told if _may_be_meant(each, reading, lexicon)]
            roles |= self._second.roles(index, reading, meant, roles)
        if going_on := self._listed.role_in(reading, told):
            roles = {naming.start: roles.get(naming.start, going_on) for naming in told}
        if fresh:
            last = roles.get(told[-1].start) if told else None
            self._listed.after(reading, told, last, partial(_announced, reading, lexicon, kind))
        return roles

    def are_one(self, fuller: str, other: str) -> None:
        """The names of the first stand, with what the text makes of either."""
        one, same = self.found[fuller], self.found.pop(other)
        told = _stronger(one, same, self._strength)
        self.found[fuller] = msgspec.structs.replace(told, name=one.name, key=one.key, names=one.names)

    def _add(self, person: Person) -> None:
        key = without_patronymic(person.key)
        self.found[key] = _stronger(self.found.get(key), person, self._strength)


def _only_one(names: Sequence[Naming], reading: Reading, lexicon: Lexicon) -> Naming | None:
    """Whom "he" or "her" in the next sentence means: the only person that this one names, rulers aside."""
    only = names[0] if len(names) == 1 else None
    return None if only is None or is_private(reading.sentence.plain, only, lexicon) else only


def _role_by_pronoun(reading: Reading, lexicon: Lexicon) -> Role | None:
    """ "He came to Brest. They took him"."""
    if lexicon.arrest["pronoun"].first(reading.sentence.plain):
        return Role.DETAINED
    roles = (Role(role) for role, patterns in lexicon.pronouns.items() if patterns.first(reading.counted))
    return next(roles, None)


def _is_passed_over(reading: Reading, naming: Naming, lexicon: Lexicon, role: Role) -> bool:
    """A private person, one who only speaks or was met, or one of an earlier act that a clause tells of."""
    of_before = any(start <= naming.start < end for start, end in earlier_clauses(reading, lexicon))
    private = is_private(reading.sentence.plain, naming, lexicon)
    plain = reading.sentence.plain
    aside = stands_aside(plain, naming, role) or tells_of_before(plain) or _is_aside(reading, naming, lexicon)
    return of_before or private or aside


def _may_be_meant(naming: Naming, reading: Reading, lexicon: Lexicon) -> bool:
    return not (_is_aside(reading, naming, lexicon) or is_private(reading.sentence.plain, naming, lexicon))


def _is_aside(reading: Reading, naming: Naming, lexicon: Lexicon) -> bool:
    """Does the name stand there only since somebody speaks, or was met?"""
    aside = lexicon.named_aside
    return aside is not None and _stands_before(aside, reading.sentence.plain, naming.start)


_NEAR: Final = 300
"""Characters before a name in which whatever introduces it begins."""


def _stands_before(introduction: re.Pattern[str], plain: str, start: int) -> bool:
    """Does the pattern, which ends where it is told to, end right before the name?"""
    return introduction.search(plain, max(0, start - _NEAR), start) is not None


def _is_ruler(naming: Naming) -> bool:
    return bool(naming.known and naming.known.ruler)


def is_private(plain: str, naming: Naming, lexicon: Lexicon) -> bool:
    """A relative, introduced as one, or a minor: never named, whatever became of them."""
    before = _stands_before(lexicon.private_before, plain, naming.start)
    return before or lexicon.private_after.search(plain[naming.end : naming.end + _NEAR]) is not None


def _roles(
    reading: Reading, names: Sequence[Naming], lexicon: Lexicon, before: Role | None, strength: Sequence[Role]
) -> dict[int, Role]:
    """Role by where the name starts. `before` is what the sentence before this one made of the last it named."""
    starts = [naming.start for naming in without_officials(reading.sentence.plain, names)]
    if not starts:
        return {}
    if not any(patterns.may_match(reading.sentence.plain, masking=(NAME,)) for patterns in _of_roles(lexicon)):
        return {}
    shown = veiled(reading, [naming for naming in names if naming.start in starts])
    roles: dict[int, Role] = {}
    for role in strength:
        for match in lexicon.roles[role.value].all(shown) if role.value in lexicon.roles else ():
            first, last = match.span("names")
            for start in starts:
                if first <= start < last:
                    roles.setdefault(start, role)
    for match in lexicon.likewise.all(shown):
        earlier = [start for start in sorted(roles) if start < match.start("names")]
        shared = roles[earlier[-1]] if earlier else before
        if shared is not None:
            roles.update((start, shared) for start in starts if match.start("names") <= start < match.end("names"))
    return roles


def _in_lists(reading: Reading, names: Sequence[Naming], lexicon: Lexicon, role: Role) -> dict[int, Role]:
    """Role by where the name starts, of those whom a list names that the act touched ("Ivan Ivanov and two others")."""
    lists = touched_lists(role, reading, lexicon.language)
    return {each.start: role for each in names for listed in lists if listed.start <= each.start < listed.end}


def _of_roles(lexicon: Lexicon) -> tuple[Patterns, ...]:
    return (*lexicon.roles.values(), lexicon.likewise)


def _announced(reading: Reading, lexicon: Lexicon, kind: Kind) -> Role | None:
    """Whose list a line with a colon opens: of the act, where it states one and denies none, else of those counted as
    held."""
    act = ACTS.get(kind)
    if act and opens_list(reading.sentence.plain.partition(":")[0], kind):
        return act.role
    if act and heads_list(reading.sentence.plain, act.role, lexicon.language):
        return act.role
    signal = signal_of(reading, lexicon)
    if signal is not Signal.NOTHING:
        return _OF_ACT.get((signal, kind))
    return Role.STILL_HELD if lexicon.counts["still_held"].first(reading.counted) else None


def _bound(reading: Reading, naming: Naming, role: Role) -> Role:
    """The role, unless "among them" binds the name to another group than those of the act."""
    return (bound_role(reading.sentence.plain, naming.start) or role) if role in _CONCERNED else role


def _position(naming: Naming, reading: Reading) -> str | None:
    if _is_ruler(naming):
        return "official"
    return position_of(reading.sentence.plain, naming.start, naming.end)


def _person(naming: Naming, role: Role, text: ReadText, index: int, position: str | None = None) -> Person:
    # Who announced an act need not have named anybody: the namer speaks there, else it is the outlet.
    said_by = None if role is Role.MENTIONED else text.speakers.of(index, naming.start, naming.end, act=False)
    known = naming.known
    names = dict(known.names) if known else {}
    return Person(
        name=names.get(text.lexicon.language, naming.name),
        role=role,
        key=known.key if known else fold(naming.name),
        said_by=said_by,
        names=names,
        position=position,
        born=year_of_birth(text.readings[index].sentence.plain, naming.end),
    )


def _stronger(before: Person | None, now: Person, strength: Sequence[Role]) -> Person:
    if before is None:
        return now
    stronger = min(before, now, key=lambda person: strength.index(person.role))
    return msgspec.structs.replace(stronger, position=before.position or now.position, born=before.born or now.born)


def named(people: Iterable[Person], role: Role) -> tuple[str, ...]:
    return tuple(person.name for person in people if person.role is role)
