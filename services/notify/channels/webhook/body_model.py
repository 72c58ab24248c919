"""What a webhook's body holds: the types from which it is written, and from which its JSON Schema is made.

It differs from an event of our stream in what a stranger needs: who speaks is said by a party's id, a day and a place
stand once, each value comes with all who say it, and nothing is in it that only we can use.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from services.contract import Certainty, EventType, Facts, Kind, PartyClass, Precision, ReasonCode, Role, Status, Value
from services.contract_bounds import (
    ByLanguage,
    Count,
    Day,
    EventId,
    Index,
    Moment,
    Revision,
    Sequence,
    Slug,
    StoryId,
    Text,
    Url,
    ZonedMoment,
)
from services.notify.channels.stated import ClaimScope, FactName, GivenOn, PartyId, ValueSaid, WirePart

NOT_IN_FACTS: Final = ("occurred_on", "place", "region", "attribution")
"""Of `Facts`: the day and the place have one home in `data`, and who speaks stands beside each value."""


class Speaker(WirePart, frozen=True, kw_only=True):
    """Somebody who says something. One party has one id, whatever the texts call it."""

    name: Annotated[Text, Meta(description="As the texts call it.")]
    party_class: PartyClass = msgspec.field(name="class")


class StatedClaim(WirePart, frozen=True, kw_only=True):
    """One statement of one text."""

    field: FactName
    value: Value
    said_by: PartyId
    span: Annotated[
        tuple[Count, Count],
        Meta(description="Where it stands in the cleaned text whose sha256 its source gives: code points, end not in."),
    ]
    source: Annotated[Index, Meta(description="Index into `data.sources`.")]
    quote: Annotated[str, Meta(description="The words at the span, where they name nobody.", max_length=200)] | None = (
        None
    )
    precision: Precision = Precision.EXACT
    scope: ClaimScope = "act"
    as_of: GivenOn | None = None


class PersonNamed(WirePart, frozen=True, kw_only=True):
    """A person who may be named: `role` says what of."""

    name: Annotated[Text, Meta(description="As published.")]
    role: Role
    said_by: PartyId | None = None
    names: Annotated[ByLanguage, Meta(description="The name by language, where it is known.")] = {}
    position: Annotated[Slug, Meta(description="What the text calls them, like journalist or lawyer.")] | None = None
    source: Annotated[Index, Meta(description="Index into `data.sources`: which text carried the name.")] | None = None


class PlaceKnown(WirePart, frozen=True, kw_only=True):
    """Where it happened: a town, its region, or both."""

    name: Annotated[Text, Meta(description="The town, as published.")] | None = None
    region: (
        Annotated[Slug, Meta(description="brest, vitebsk, gomel, grodno, minsk_region, mogilev or minsk_city.")] | None
    ) = None
    names: Annotated[ByLanguage, Meta(description="The town by language, where it is known.")] = {}


class SourceRead(WirePart, frozen=True, kw_only=True):
    """A text that carried the news, official ones first."""

    name: Text
    source_class: PartyClass = msgspec.field(name="class")
    language: Annotated[Slug, Meta(description="A BCP 47 tag; `und` where it is not known.")]
    sha256: Annotated[Slug, Meta(description="Over the cleaned text, in hexadecimal digits.")]
    outlet: Annotated[Slug, Meta(description="Who carried it: one slug for an outlet's site and its channels.")] = ""
    url: Annotated[Url, Meta(extra_json_schema={"format": "iri"})] | None = None
    published: Annotated[ZonedMoment, Meta(extra_json_schema={"format": "date-time"})] | None = None
    evidence: Annotated[Slug, Meta(description="The hash of the bytes it was read from, which we keep.")] | None = None
    owner: Annotated[Slug, Meta(description="Whose outlet it is, where that is somebody else.")] | None = None
    speaks_for: Annotated[Slug, Meta(description="The party whose own source this is.")] | None = None
    origin: (
        Annotated[PartyId, Meta(description="The party behind the account: ten texts of one origin are one.")] | None
    ) = None
    claimed_party: Annotated[Slug, Meta(description="Whose name a text bore that somebody handed in.")] | None = None


class ValueChange(WirePart, frozen=True, kw_only=True):
    """What this revision changes; `before` is null for what was not known, `after` for what is not said any more."""

    field: Annotated[Slug, Meta(description="Which fact, or certainty.")]
    before: Value | None
    after: Value | None
    said_by: PartyId | None = None


class AlertWords(WirePart, frozen=True, kw_only=True):
    """The alert in one language: the same facts in words."""

    headline: Annotated[str, Meta(min_length=1)]
    summary: str
    changes: Annotated[
        tuple[str, ...],
        Meta(description="Sentences: what an update changed, what a retraction takes back. Empty in a first alert."),
    ]
    withdrawn: Annotated[str, Meta(description="What must not be relied on: the sentence we told before.")] | None = (
        None
    )


class WebhookData(WirePart, frozen=True, kw_only=True):
    """The happening as far as it is known. Whatever is not said is absent."""

    story_id: Annotated[
        StoryId, Meta(description="The same in every revision of one happening; the event's `subject`.")
    ]
    revision: Revision
    sequence: Annotated[
        Sequence, Meta(description="Counts all our events, from 1, without a gap: a gap is a lost call.")
    ]
    kind: Kind
    status: Status
    disputed: Annotated[
        tuple[Slug, ...], Meta(description="Fields for which parties give values that cannot both be true.")
    ]
    texts: Annotated[dict[str, AlertWords], Meta(description="The alert in words, by language.", min_length=1)]
    url: (
        Annotated[str, Meta(description="The story's page for everybody.", extra_json_schema={"format": "uri"})] | None
    ) = None
    certainty: Annotated[Certainty, Meta(description="Absent in what takes an alert back.")] | None = None
    occurred_on: (
        Annotated[
            Day, Meta(description="The day of the act, by the calendar in Minsk.", extra_json_schema={"format": "date"})
        ]
        | None
    ) = None
    place: PlaceKnown | None = None
    headline_facts: Annotated[Facts, Meta(description="One value a fact; `values` says who says so.")] | None = None
    values: Annotated[
        tuple[ValueSaid, ...], Meta(description="Every value of every fact, each with all who say it.")
    ] = ()
    claims: Annotated[
        tuple[StatedClaim, ...], Meta(description="Statement by statement, with its place in a text.")
    ] = ()
    persons: Annotated[
        tuple[PersonNamed, ...], Meta(description="Only pardoned and detained are those the news is about.")
    ] = ()
    sources: tuple[SourceRead, ...] = ()
    parties: Annotated[dict[str, Speaker], Meta(description="Whoever is named by id anywhere here, by that id.")] = {}
    replaces: Annotated[EventId, Meta(description="The id of the event that this one takes the place of.")] | None = (
        None
    )
    changes: tuple[ValueChange, ...] = ()
    reason: Annotated[Text, Meta(description="Why an operator retracted, corrected, held or merged.")] | None = None
    reason_code: Annotated[ReasonCode, Meta(description="The same as one of six.")] | None = None
    replaced_at: (
        Annotated[
            Moment,
            Meta(description="When the event in `replaces` went out.", extra_json_schema={"format": "date-time"}),
        ]
        | None
    ) = None
    ends_hold: Annotated[bool, Meta(description="True where the event before was story.held, and we have looked.")] = (
        False
    )
    merged_from: (
        Annotated[StoryId, Meta(description="The story that turned out to be a second account of this one, and ends.")]
        | None
    ) = None
    merged_into: Annotated[StoryId, Meta(description="The story that goes on in place of this one.")] | None = None
    truncated: Annotated[bool, Meta(description="True where lists were cut to keep the body small.")] = False


class WebhookEvent(WirePart, frozen=True, kw_only=True):
    """A CloudEvents 1.0 document (https://github.com/cloudevents/spec, JSON event format)."""

    specversion: Literal["1.0"]
    id: Annotated[EventId, Meta(description="The same on every retry and replay: what you have seen, ignore.")]
    source: Annotated[Url, Meta(min_length=1, extra_json_schema={"format": "uri-reference"})]
    type: EventType
    subject: Annotated[StoryId, Meta(description="The story's id.")]
    time: Annotated[
        Moment, Meta(description="When we published it, in UTC.", extra_json_schema={"format": "date-time"})
    ]
    datacontenttype: Literal["application/json"]
    dataschema: Annotated[
        str, Meta(description="Where the schema of `data` is answered.", extra_json_schema={"format": "uri"})
    ]
    data: WebhookData
