"""People whom a sentence lists beside one another: "Ivan Ivanov, two students and his driver" are four.

A list is read without regard to what became of them. Whether an act touched them is then asked of the patterns that
know what becomes of a name: the whole list stands where a name would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.contract import Precision
from services.ingest.extraction.dialect.patterns import MEASURE, NAME, NUMBER, masked
from services.ingest.extraction.people.beside_grammar import BesideGrammar, PersonShown, beside_grammars
from services.ingest.extraction.people.namings import Naming
from services.ingest.extraction.sentences.numbers import Quantity
from services.ingest.extraction.sentences.read_sentence import Reading


@dataclass(frozen=True, slots=True)
class _Member:
    """One of a list: a name, a number of people, one person without a name, or people whom nobody counts."""

    what: PersonShown
    start: int
    end: int
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A list of people between two offsets of its sentence; `value` is None where it has people whom nobody counts."""

    start: int
    end: int
    value: int | None
    precision: Precision
    behind: tuple[int, ...]
    """Where the words end that may belong to whoever stands last in it ("two others", "two other students")."""


def beside_one_another(reading: Reading, names: Sequence[Naming], language: str) -> Iterator[Beside]:
    """The lists of more than names. Those of names alone are read elsewhere."""
    shown = masked(reading.counted, ((each.start, each.end) for each in names), NAME)
    grammar = beside_grammars()[language]
    if not grammar.joins.search(shown):
        return
    chain = _Chain(shown, grammar, reading.quantities)
    for member in _members(shown, reading, names, grammar):
        if not chain.takes(member):
            yield from chain.listed()
            chain = _Chain(shown, grammar, reading.quantities)
            chain.takes(member)
    yield from chain.listed()


def unnamed_alone(reading: Reading, names: Sequence[Naming], language: str) -> Iterator[Beside]:
    """Whom it speaks of without a name, a number, or anybody beside them: one person, or people whom nobody counts."""
    shown = masked(reading.counted, ((each.start, each.end) for each in names), NAME)
    lists = {at for each in beside_one_another(reading, names, language) for at in range(each.start, each.end)}
    grammar = beside_grammars()[language]
    for member in _members(shown, reading, names, grammar):
        listed = member.start in lists
        if member.quantity is None and member.what is not PersonShown.NAME and not listed:
            vague = member.what is PersonShown.VAGUE
            value = None if vague or _has_unread(shown, member.start, member.end, grammar) else 1
            yield Beside(member.start, member.end, value, Precision.EXACT, ())


def speaks_of_others(plain: str, language: str) -> bool:
    """Do these words between an act and somebody part the two ("for insulting")?"""
    return beside_grammars()[language].other.search(plain) is not None


def stands_for_more(before: str, language: str) -> bool:
    """Does what stands before a number say that so many are added to others ("another")?"""
    return beside_grammars()[language].added.search(before) is not None


def binds_a_part(plain: str, language: str) -> bool:
    """Do these words bind whoever follows to people before them, as a part of those ("including")?"""
    return beside_grammars()[language].part.search(plain) is not None


def may_be_with_others(reading: Reading, start: int, end: int, names: Sequence[Naming], language: str) -> bool:
    """Does somebody stand beside the person or number at this place whom nothing here knows ("three welders and the
    foreman's neighbour")?"""
    shown = masked(reading.counted, ((each.start, each.end) for each in names), NAME)
    return _has_unread(shown, start, end, beside_grammars()[language])


def _has_unread(shown: str, start: int, end: int, grammar: BesideGrammar) -> bool:
    before = grammar.unread.search(shown, max(0, start - _UNREAD), start)
    return before is not None or grammar.unread_behind.match(shown, end) is not None


class _Chain:
    """Members that follow one another, as long as something joins them."""

    def __init__(self, shown: str, grammar: BesideGrammar, quantities: Sequence[Quantity]) -> None:
        self._shown, self._grammar, self._quantities = shown, grammar, quantities
        self._members: list[_Member] = []
        self._whole: int | None = None
        """How many members stand before those who are a part of them."""
        self._joined = self._one_person = self._may_be_one = self._apart = False

    def takes(self, member: _Member) -> bool:
        if not self._members:
            self._members.append(member)
            return True
        before = self._members[-1]
        if self._whole is None and self._is_part(before, member):
            self._whole = len(self._members)
        elif self._is_said_of(before, member):
            self._members[-1] = replace(before, end=member.end)
            return True
        elif link := self._link(before, member):
            self._joined = self._joined or bool(link["joint"])
            bare_title = before.what is PersonShown.BARE and member.what is PersonShown.NAME and link["title"]
            self._one_person = self._one_person or bool(bare_title)
            self._may_be_one = self._may_be_one or self._may_say_of_one(before, member, link)
        else:
            return False
        self._members.append(member)
        return True

    def _may_say_of_one(self, before: _Member, member: _Member, link: re.Match[str]) -> bool:
        """ "A reporter, a mother of three, and"; "поэта и переводчика": the second may only say who the first is."""
        if not link["joint"] and before.what is PersonShown.NAME and member.what is PersonShown.ONE:
            return True
        if not {before.what, member.what} <= _UNNAMED:
            return False
        if self._is_somebody_else(before, member):
            self._apart = True
            return False
        if PersonShown.ONE not in (before.what, member.what):
            return True
        of_more = self._grammar.counted.match(self._shown, member.end) is not None
        return not link["joint"] and of_more

    def _is_somebody_else(self, before: _Member, member: _Member) -> bool:
        """By an age of their own, or as one of a family: "a man and his wife"."""
        one, other = (self._shown[each.start : each.end] for each in (before, member))
        return MEASURE in other or all(self._grammar.kin.search(each) for each in (one, other))

    def _is_part(self, before: _Member, member: _Member) -> bool:
        """ "12, among them two" and "12, two of them"."""
        if before.what not in (PersonShown.NUMBER, PersonShown.VAGUE):
            return False
        if self._grammar.before_part.fullmatch(self._shown, before.end, member.start):
            return True
        joined = self._link(before, member) is not None
        return (
            joined
            and member.what is PersonShown.NUMBER
            and self._grammar.of_them.match(self._shown, member.end) is not None
        )

    def _is_said_of(self, before: _Member, member: _Member) -> bool:
        """Does the second name only say who the first is ("Ivan Ivanov, the brother of the poet Petr Petrov, and")?"""
        if (before.what, member.what) != (PersonShown.NAME, PersonShown.NAME):
            return False
        link = self._grammar.before_name.fullmatch(self._shown, before.end, member.start)
        return link is not None and not link["joint"] and self._grammar.said_of.fullmatch(link["title"]) is not None

    def _link(self, before: _Member, member: _Member) -> re.Match[str] | None:
        """What joins the two, unless it makes them one person ("Ivan Ivanov, a driver") or a number and its parts."""
        grammar = self._grammar
        pattern = grammar.before_name if member.what is PersonShown.NAME else grammar.before_other
        link = pattern.fullmatch(self._shown, before.end, member.start)
        if link is None or grammar.part.search(link.group()):
            return None
        if link["joint"]:
            return link
        parts = before.what is PersonShown.NUMBER and grammar.people.match(self._shown, before.end)
        return link if (before.what, member.what) in _BESIDE_WITH_A_COMMA and not parts else None

    def listed(self) -> Iterator[Beside]:
        counted = self._members[: self._whole]
        kinds = {member.what for member in counted}
        lone = len(self._members) < 2
        unsure = self._one_person or not (self._joined or self._whole)
        rough_sum = {
            PersonShown.NUMBER,
            PersonShown.VAGUE,
        } <= kinds  # "20 activists and their relatives": the number is what is told
        if (
            lone
            or unsure
            or rough_sum
            or kinds == {PersonShown.NAME}
            or (
                self._whole is None
                and kinds <= {PersonShown.BARE, PersonShown.VAGUE}
                and not (self._may_be_one or self._apart)
            )
        ):
            return
        numbers = [member.quantity for member in counted if member.quantity]
        rough = (each.precision for each in numbers if each.precision is not Precision.EXACT)
        uncounted = PersonShown.VAGUE in kinds or self._may_be_one or self._has_unread(counted[0])
        value = None if uncounted else _sum(counted)
        end = self._members[-1].end
        ends = [end] if self._members[-1].what is PersonShown.NAME else [end, *self._behind(end)]
        if value is not None and self._exceeds(value, counted[0].start):
            return
        closed = [each + 1 for each in ends if self._whole and self._shown[each : each + 1] in {")", ","}]
        first, *behind = closed or ends
        yield Beside(counted[0].start, first, value, next(rough, Precision.EXACT), tuple(behind))

    def _has_unread(self, first: _Member) -> bool:
        """Does somebody stand before the first whom no pattern knows ("the foreman, three welders and")?"""
        return self._grammar.unread.search(self._shown, max(0, first.start - _UNREAD), first.start) is not None

    def _exceeds(self, value: int, start: int) -> bool:
        """Is it more than the number before a colon, whose parts the list tells ("nine: two men, seven women")?"""
        opened = self._grammar.opened.search(self._shown[:start])
        if opened is None:
            return False
        whole = next((each.value for each in self._quantities if each.number_start == opened.start()), None)
        return whole is not None and value > whole

    def _behind(self, end: int) -> Iterator[int]:
        """Where the words end that may belong to those whom a number right before them counts."""
        for _ in range(_MOST_WORDS):
            word = self._grammar.counted.match(self._shown, end)
            if word is None:
                return
            end = word.end()
            yield end


_UNREAD: Final = 120
"""Characters before somebody in which others are looked for whom nothing here knows."""

_MOST_WORDS: Final = 3
"""Words behind a number that may belong to those whom it counts."""

_BESIDE_WITH_A_COMMA: Final = frozenset(
    {
        (PersonShown.NAME, PersonShown.NAME),
        (PersonShown.NUMBER, PersonShown.NUMBER),
        (PersonShown.NAME, PersonShown.NUMBER),
        (PersonShown.NAME, PersonShown.ONE),
        (PersonShown.NUMBER, PersonShown.ONE),
        (PersonShown.ONE, PersonShown.ONE),
        (PersonShown.ONE, PersonShown.NUMBER),
        (PersonShown.BARE, PersonShown.BARE),
        (PersonShown.BARE, PersonShown.ONE),
        (PersonShown.BARE, PersonShown.NUMBER),
    }
)
_UNNAMED: Final = frozenset({PersonShown.ONE, PersonShown.BARE})


_FEW: Final = 3
"""Three may well be two and one more."""


def _sum(members: Sequence[_Member]) -> int:
    """Of all; or the first number, where those behind it are what it comes to ("12, five women and seven men")."""
    values = [member.quantity.value if member.quantity else 1 for member in members]
    told_apart = len(values) > 2 and values[0] > _FEW and values[0] == sum(values[1:])
    return values[0] if told_apart else sum(values)


def _members(shown: str, reading: Reading, names: Sequence[Naming], grammar: BesideGrammar) -> list[_Member]:
    found = [_Member(PersonShown.NAME, each.start, each.end) for each in names]
    found += [
        _Member(PersonShown.NUMBER, each.start, each.end, each)
        for each in reading.quantities
        if shown[each.number_start] == NUMBER and not _is_age(shown, each) and not grammar.force.match(shown, each.end)
    ]
    taken = bytearray(len(shown))
    for each in found:
        taken[each.start : each.end] = b"\1" * (each.end - each.start)
    for what, pattern in grammar.unnamed:
        for match in pattern.finditer(shown):
            free = not any(taken[match.start() : match.end()])
            near = shown[max(0, match.start() - _NEAR) : match.start()]
            if free and not (grammar.behind.search(near) or grammar.forces.match(shown, match.start())):
                found.append(_Member(what, match.start(), match.end()))
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return sorted(found, key=lambda member: member.start)


_NEAR: Final = 12
"""Characters before somebody in which a preposition is looked for."""


def _is_age(shown: str, number: Quantity) -> bool:
    """ "Ivan Ivanov, 34, and": how old somebody is."""
    before, behind = shown[max(0, number.start - 3) : number.start], shown[number.end : number.end + 1]
    return behind in {",", ")"} and before.endswith((f"{NAME}, ", f"{NAME} ("))
