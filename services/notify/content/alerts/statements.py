"""Who says what of one fact: claims of one field, the same values joined, differing values kept apart."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.contract import Claim, Event, Party, PartyClass, Precision, Value
from services.fact_table import WHOLES, Measure, counting
from services.notify.content.alerts.acts import act_of, act_said
from services.sourcing import is_firsthand

AUTHORITY: Final = (PartyClass.OFFICIAL, PartyClass.DEFENDER, PartyClass.MEDIA)
"""The order in which parties speak."""

WIDER: Final = counting(Measure.ORDINAL, Measure.TALLY)
"""Numbers that go beyond the event."""
_RUNNING: Final = frozenset({*WIDER, "counted_since"})
OUR_DESK: Final = "vestka"
"""The outlet of what an operator corrects."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says it; `through`: the outlet that quotes them, where they were not heard themselves."""

    party: Party
    through: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of one fact, and all who say just this."""

    value: Value
    precision: Precision
    voices: tuple[Voice, ...]
    stated: str | None = None
    """When it was so: `as_of` of the claim, else when its source was published."""
    texts: frozenset[int] = frozenset()
    """Which of the event's sources carried it."""

    @property
    def parties(self) -> tuple[Party, ...]:
        return tuple(voice.party for voice in self.voices)


def statements(event: Event, field: str) -> tuple[Statement, ...]:
    """Every value of a fact, official parties first; a value without any claim is said by nobody we know. Of how many
    went free, only who counts those of the event's own act."""
    return _told_of(event).of(field)


class _Told:
    """This very event, which is asked for the same facts some sixty times while it is told in a language."""

    __slots__ = ("_claims", "_event", "_found")

    def __init__(self, event: Event) -> None:
        self._event = event
        self._found: dict[str, tuple[Statement, ...]] = {}
        self._claims: dict[str, list[Claim]] = {}
        for claim in event.data.claims:
            if claim.scope == "act" or claim.field in _RUNNING:
                self._claims.setdefault(claim.field, []).append(claim)

    def is_of(self, event: Event) -> bool:
        return self._event is event

    def of(self, field: str) -> tuple[Statement, ...]:
        found = self._found.get(field)
        if found is None:
            found = self._found[field] = self._statements(field)
        return found

    def standing(self, field: str) -> list[Claim]:
        """All of them but those that were taken back."""
        claims = self._claims.get(field, [])
        return [claim for claim in claims if not _is_taken_back(self._event, claim, claims)]

    def _statements(self, field: str) -> tuple[Statement, ...]:
        event, claims = self._event, self.standing(field)
        if claims and field in WHOLES:
            claims = [claim for claim in claims if act_said(event, claim) == act_of(event)] or claims
        if claims:
            return _joined(event, claims)
        value = getattr(event.data.headline_facts, field, None)
        return () if value is None else (Statement(value, Precision.EXACT, ()),)


_lately: Final[OrderedDict[int, _Told]] = OrderedDict()
"""By the identity of the event, which `_Told` keeps alive."""
_TOLD_LATELY: Final = 16


def _told_of(event: Event) -> _Told:
    told = _lately.get(id(event))
    if told is None or not told.is_of(event):
        told = _lately[id(event)] = _Told(event)
        if len(_lately) > _TOLD_LATELY:
            _lately.popitem(last=False)
    return told


def of_other_acts(event: Event, field: str) -> tuple[tuple[str, Statement], ...]:
    """How many went free otherwise than by the event's act, each with the act: no number of the same thing."""
    claims = _told_of(event).standing(field)
    if all(act_said(event, claim) != act_of(event) for claim in claims):
        return ()
    acts = dict.fromkeys(act_said(event, claim) for claim in claims)
    return tuple(
        (act, said)
        for act in acts
        if act != act_of(event)
        for said in _joined(event, [claim for claim in claims if act_said(event, claim) == act])
    )


def by_authority(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Each party once, official first."""
    unique = {party.id: party for party in parties}
    return tuple(sorted(unique.values(), key=lambda party: AUTHORITY.index(party.party_class)))


def by_weight(voices: Iterable[Voice]) -> tuple[Voice, ...]:
    """Each party once, heard itself where it was; official first."""
    found: dict[str, Voice] = {}
    for voice in voices:
        known = found.get(voice.party.id)
        if known is None or (known.through and not voice.through):
            found[voice.party.id] = voice
    return tuple(sorted(found.values(), key=lambda voice: AUTHORITY.index(voice.party.party_class)))


def _is_taken_back(event: Event, claim: Claim, claims: list[Claim]) -> bool:
    # Whoever says both the value before a change and the one after it has corrected itself; anybody else disagrees.
    return any(
        change.field == claim.field
        and change.before == claim.value
        and any(other.said_by.id == claim.said_by.id and other.value == change.after for other in claims)
        for change in event.data.changes
    )


def _joined(event: Event, claims: list[Claim]) -> tuple[Statement, ...]:
    groups: dict[tuple[Value, Precision], list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: AUTHORITY.index(claim.said_by.party_class)):
        groups.setdefault((claim.value, claim.precision), []).append(claim)
    return tuple(
        Statement(
            value,
            precision,
            _voices(event, group),
            _stated(event, group[0]),
            frozenset(claim.source for claim in group if any(claim.span)),
        )
        for (value, precision), group in groups.items()
    )


def _voices(event: Event, claims: list[Claim]) -> tuple[Voice, ...]:
    return by_weight(voice_of(event, claim.said_by, claim.source) for claim in claims)


def voice_of(event: Event, party: Party, source: int | None) -> Voice:
    sources = event.data.sources
    if source is None or not 0 <= source < len(sources) or is_firsthand(party, sources[source]):
        return Voice(party)
    if sources[source].outlet == OUR_DESK:  # an operator has it from the party
        return Voice(party)
    return Voice(party, sources[source].name)


def _stated(event: Event, claim: Claim) -> str | None:
    sources = event.data.sources
    published = sources[claim.source].published if 0 <= claim.source < len(sources) else None
    return claim.as_of or published
