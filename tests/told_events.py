"""Events that one party tells of, made up fact by fact, and what is said of them."""

from __future__ import annotations

from msgspec.structs import replace

from services.contract import Change, Claim, Event, EventType, Facts, Kind, Party, PartyClass, Value
from services.notify.content.alerts import Alert, compose
from tests.conformance.samples import event
from tests.letters import renderer_at

RENDERER = renderer_at()
OFFICE = Party(id="president", name="President's office", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
GROUPS = Party(id="rights-groups", name="rights groups", party_class=PartyClass.DEFENDER)
STATE = Party(id="state-media", name="state media", party_class=PartyClass.MEDIA)


def told(by: Party = OFFICE, kind: Kind = Kind.PARDON, *, changes: tuple[Change, ...] = (), **facts: Value) -> Event:
    """An event that one party tells of, with these facts; an update, where something changes."""
    claims = tuple(Claim(field=field, value=value, said_by=by, span=(0, 9)) for field, value in facts.items())
    first, later = {
        Kind.PARDON: (EventType.PARDON_ANNOUNCED, EventType.PARDON_UPDATED),
        Kind.ARREST: (EventType.ARREST_REPORTED, EventType.ARREST_UPDATED),
    }[kind]
    made = event(revision=2 if changes else 1, kind=kind, headline_facts=Facts(), changes=changes)
    return replace(made, type=later if changes else first, data=replace(made.data, claims=claims))


def alert(of: Event, language: str) -> Alert:
    return compose(of, RENDERER.words[language])


def rows(of: Event, language: str) -> dict[str, str]:
    return {row.label: "; ".join(one.value for one in row.said) for row in alert(of, language).facts}
