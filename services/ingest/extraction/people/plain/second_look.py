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
        self._spoken_of: int | None = None
        """The last sentence that spoke of whom the act touched."""
        self._before: tuple[Naming, ...] = ()

    def roles(
        self, index: int, reading: Reading, names: Sequence[Naming], roles: Mapping[int, Role]
    ) -> dict[int, Role]:
        """Role by where the name starts, of those whose role is another than `roles` says."""
        found = self._roles(index, reading, names, roles) if names else {}
        if (names and self._role in {**roles, **found}.values()) or self._is_of_act(reading):
            self._spoken_of = index
        self._before = self._told(reading, names) if names else self._before
        return found

    def meant(self, reading: Reading) -> tuple[Naming, ...]:
        """Those named before of whom this sentence, which names nobody itself, says it by a pronoun."""
        if len(self._before) == 1 and self._said.one.first(reading.counted):
            return self._before
        if len(self._before) > 1 and self._said.several.first(reading.counted):
            return self._before
        return ()

    def _is_of_act(self, reading: Reading) -> bool:
        return signal_of(reading, self._lexicon) is _SIGNALS[self._kind]

    def _told(self, reading: Reading, names: Sequence[Naming]) -> tuple[Naming, ...]:
        """Those of the sentence whom "they" of the next one may mean."""
        skeleton = skeleton_of(reading.sentence.plain, names, self._lexicon.language)
        speaking = starts_of(self._said.speaks, skeleton)
        return tuple(each for each in names if each.start not in speaking)

    def _roles(
        self, index: int, reading: Reading, names: Sequence[Naming], roles: Mapping[int, Role]
    ) -> dict[int, Role]:
        plain, said = reading.sentence.plain, self._said
        goes_on = self._spoken_of is not None and index - self._spoken_of <= _NEAR
        touching = [self._lexicon.roles[self._role.value], said.touched, *([said.going_on] if goes_on else [])]
        if not any(each.may_match(plain, masking=(NAME,)) for each in (*touching, said.not_sure)):
            return {}
        skeleton = skeleton_of(plain, names, self._lexicon.language)
        unsure = starts_of(said.not_sure, skeleton)
        left = {each.start for each in names if roles.get(each.start) not in {self._role, Role.STILL_HELD}} - unsure
        taken_back = {start for start in unsure if roles.get(start) is self._role}
        touched = frozenset().union(*(starts_of(each, skeleton) for each in touching)) if left else frozenset()
        held = starts_of(self._lexicon.roles[Role.STILL_HELD.value], skeleton) if left & touched else frozenset()
        return {**dict.fromkeys((left & touched) - held, self._role), **dict.fromkeys(taken_back, Role.MENTIONED)}
