"""An event of our stream → the `data` of a webhook: who speaks by id, each thing once, and nothing only we can use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

import msgspec

from services.contract import Change, Claim, Event, EventData, Party, Person, Source
from services.notify.channels.base import Rendered
from services.notify.channels.stated import disputed_fields_of
from services.notify.channels.webhook.body_model import (
    NOT_IN_FACTS,
    AlertWords,
    PersonNamed,
    PlaceKnown,
    SourceRead,
    Speaker,
    StatedClaim,
    ValueChange,
    WebhookData,
)
from services.notify.channels.webhook.public_addresses import PublicAddresses
from services.sourcing import certainty_by

TAKEN_BACK: Final = frozenset({"story.retracted", "story.held"})
"""What says "do not rely on it" carries no facts: a program would take them as standing."""


def body_data(event: Event, rendered: Mapping[str, Rendered], addresses: PublicAddresses) -> WebhookData:
    """Raises KeyError for a part that was not rendered."""
    taken_back = event.type.value in TAKEN_BACK
    bare = WebhookData(
        story_id=event.data.story_id,
        revision=event.data.revision,
        sequence=event.data.sequence,
        kind=event.data.kind,
        status=event.data.status,
        disputed=(),
        texts={language: _words(rendered[language], taken_back=taken_back) for language in sorted(rendered)},
        url=addresses.story(event.data.story_id),
        replaces=event.data.replaces,
        reason=event.data.reason,
        reason_code=event.data.reason_code,
        replaced_at=event.data.replaced_at,
        ends_hold=event.data.ends_hold,
        merged_from=event.data.merged_from,
        merged_into=event.data.merged_into,
    )
    return bare if taken_back else _with_facts(bare, event.data, next(iter(rendered.values())))


def _with_facts(bare: WebhookData, data: EventData, rendered: Rendered) -> WebhookData:
    return msgspec.structs.replace(
        bare,
        certainty=certainty_by(data.sources, data.certainty),
        disputed=disputed_fields_of(rendered.stated),
        occurred_on=data.occurred_on or data.headline_facts.occurred_on,
        place=_place(data),
        headline_facts=msgspec.structs.replace(data.headline_facts, **dict.fromkeys(NOT_IN_FACTS)),
        values=rendered.stated,
        claims=tuple(_claim(one) for one in data.claims),
        persons=tuple(_person(one) for one in data.persons),
        sources=tuple(_source(one) for one in data.sources),
        parties={party.id: Speaker(name=party.name, party_class=party.party_class) for party in _speakers(data)},
        changes=tuple(_change(one) for one in data.changes),
    )


def _words(rendered: Rendered, *, taken_back: bool) -> AlertWords:
    parts = rendered.parts
    return AlertWords(
        headline=parts["headline"].strip(),
        summary=parts["summary"].strip(),
        changes=tuple(line for line in parts["changes"].splitlines() if line.strip()),
        withdrawn=rendered.headline if taken_back else None,
    )


def _place(data: EventData) -> PlaceKnown | None:
    if data.place is not None:
        return PlaceKnown(name=data.place.name or None, region=data.place.region, names=data.place.names)
    name, region = data.headline_facts.place, data.headline_facts.region
    return PlaceKnown(name=name, region=region) if name or region else None


def _claim(one: Claim) -> StatedClaim:
    return StatedClaim(
        field=one.field,
        value=one.value,
        said_by=one.said_by.id,
        span=one.span,
        source=one.source,
        quote=one.quote,
        precision=one.precision,
        scope=one.scope,
        as_of=one.as_of,
    )


def _person(one: Person) -> PersonNamed:
    """Without the key by which spellings meet: it is no identity, and whoever took it for one would harm a namesake."""
    return PersonNamed(
        name=one.name,
        role=one.role,
        said_by=one.said_by.id if one.said_by else None,
        names=one.names,
        position=one.position,
        source=one.source,
    )


def _source(one: Source) -> SourceRead:
    return SourceRead(
        name=one.name,
        source_class=one.source_class,
        language=one.language,
        sha256=one.sha256,
        outlet=one.outlet,
        url=_web_address(one.url),
        published=one.published,
        evidence=one.evidence,
        owner=one.owner,
        speaks_for=one.speaks_for,
        origin=one.origin.id if one.origin else None,
        claimed_party=one.claimed_party,
    )


def _change(one: Change) -> ValueChange:
    said_by = one.said_by.id if one.said_by else None
    return ValueChange(field=one.field, before=one.before, after=one.after, said_by=said_by)


def _speakers(data: EventData) -> Iterator[Party]:
    """The last of an id gives its name, so the weightiest text's comes last."""
    yield from (one.said_by for one in reversed(data.changes) if one.said_by)
    yield from (one.origin for one in reversed(data.sources) if one.origin)
    yield from (one.said_by for one in reversed(data.persons) if one.said_by)
    yield from (one.said_by for one in reversed(data.claims))


def _web_address(url: str | None) -> str | None:
    """A text's address as it stands, if it is one of the web."""
    try:
        parts = urlsplit(url or "")
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
