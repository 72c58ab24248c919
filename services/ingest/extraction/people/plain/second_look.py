"""Whom an act touched, read a second time where the first saw nothing in a sentence: without titles and remarks, by
whoever follows those counted before, and by "they" of those whom the sentence before names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from services.contract import Kind, Role
from services.fact_table import ACTS
from services.ingest.extraction.dialect.patterns import NAME
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.namings import Naming
from services.ingest.extraction.people.never_taken import tells_of_before
from services.ingest.extraction.people.plain.said_plainly import SaidPlainly, said_plainly, starts_of
from services.ingest.extraction.people.plain.skeleton import skeleton_of
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import Signal, signal_of

_NEAR: Final = 2
"""Sentences behind those that speak of whom the act touched, which may go on about them."""
_SIGNALS: Final = {Kind.PARDON: Signal.PARDON, Kind.ARREST: Signal.ARREST}


_LONGEST_HEADING: Final = 140
"""Characters."""


def heads_list(line: str, role: Role, language: str) -> bool:
    """Does a line with a colon say that a list of those follows whom the act touched ("Those released:")?"""
    heading = line.strip()
    short = heading.endswith(":") and len(heading) <= _LONGEST_HEADING
    return short and not tells_of_before(heading) and said_plainly(role, language).heading.first(heading) is not None


class SecondLook:
    """One text's, sentence by sentence and in their order; background sentences are not shown to it."""

    def __init__(self, lexicon: Lexicon, kind: Kind) -> None:
        self._lexicon, self._kind, self._role = lexicon, kind, ACTS[kind].role
        self._said: SaidPlainly = said_plainly(self._role, lexicon.language)
        self._named: int | None = None
        """The last sentence that names somebody whom the act touched."""
        self._shown: list[tuple[int, Reading]] = []
        self._before: tuple[Reading, Sequence[Naming]] | None = None
        """The last sentence that names anybody."""

    def roles(
        self, index: int, reading: Reading, names: Sequence[Naming], roles: Mapping[int, Role]
    ) -> dict[int, Role]:
        """Role by where the name starts, of those whose role is another than `roles` says."""
        found = self._roles(index, reading, names, roles) if names else {}
        if names:
            self._before = reading, names
            if self._role in {**roles, **found}.values():
                self._named = index
        self._shown = [*self._shown[1 - _NEAR :], (index, reading)]
        return found

    def meant(self, reading: Reading) -> tuple[Naming, ...]:
        """Those named before of whom this sentence, which names nobody itself, says it by a pronoun."""
        if self._before is None:
            return ()
        before, names = self._before
        said = self._said.one if len(names) == 1 else self._said.several
        if not said.first(reading.counted):
            return ()
        speaking = starts_of(self._said.speaks, skeleton_of(before.sentence.plain, names, self._lexicon.language))
        meant = tuple(each for each in names if each.start not in speaking)
        return meant if len(meant) == len(names) or len(meant) > 1 else ()

    def _goes_on(self, index: int) -> bool:
        """Does one of the sentences right before speak of those whom the act touched?"""
        if self._named is not None and index - self._named <= _NEAR:
            return True
        signal = _SIGNALS[self._kind]
        near = (reading for at, reading in self._shown if index - at <= _NEAR)
        return any(signal_of(reading, self._lexicon) is signal for reading in near)

    def _roles(
        self, index: int, reading: Reading, names: Sequence[Naming], roles: Mapping[int, Role]
    ) -> dict[int, Role]:
        plain, said = reading.sentence.plain, self._said
        left = {each.start for each in names if roles.get(each.start) not in {self._role, Role.STILL_HELD}}
        asked = (self._lexicon.roles[self._role.value], said.touched, said.going_on) if left else ()
        touching = [each for each in asked if each.may_match(plain, masking=(NAME,))]
        if said.going_on in touching and not self._goes_on(index):
            touching.remove(said.going_on)
        if not touching and not said.not_sure.may_match(plain, masking=(NAME,)):
            return {}
        skeleton = skeleton_of(plain, names, self._lexicon.language)
        unsure = starts_of(said.not_sure, skeleton)
        left -= unsure
        taken_back = {start for start in unsure if roles.get(start) is self._role}
        touched = frozenset().union(*(starts_of(each, skeleton) for each in touching)) if left else frozenset()
        held = starts_of(self._lexicon.roles[Role.STILL_HELD.value], skeleton) if left & touched else frozenset()
        return {**dict.fromkeys((left & touched) - held, self._role), **dict.fromkeys(taken_back, Role.MENTIONED)}
