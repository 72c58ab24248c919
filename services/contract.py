"""What the services say to each other: events and their parts, stream names, the schema version.

Everything here travels as JSON and is read by people who are not us (`XRANGE`, webhooks), so a field is added
with care and never changes its meaning. Nothing here says who is subscribed to anything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

import msgspec

from services.contract_bounds import (
    ByLanguage,
    Count,
    Day,
    EventId,
    Index,
    Moment,
    Number,
    Revision,
    Sequence,
    Slug,
    StoryId,
    Text,
    Texts,
    Url,
    YearOfBirth,
    ZonedMoment,
    where_wrong,
    wrong_time,
)
from services.contract_facts import Facts as Facts
from services.contract_facts import Part

SCHEMA_VERSION: Final = "1.0"
EVENT_SCHEMA_ID: Final = "urn:vestka:schema:event:1.0"
ITEMS_STREAM: Final = "vestka:items"
"""Accepted and not yet read through: what sources gave, what partners and operators handed in."""
EVENTS_STREAM: Final = "vestka:events"
"""One entry per revision of a story; the field `event` is a CloudEvents 1.0 JSON document."""

INGEST_GROUP: Final = "ingest"
NOTIFY_GROUP: Final = "notify"
"""Who reads the one stream, and the other and its deliveries."""


def deliveries_stream(channel: str) -> str:
    """The stream of work for one channel: one entry per event and shard of subscribers."""
    return f"vestka:deliveries:{channel}"


class Kind(StrEnum):
    PARDON = "pardon"
    ARREST = "arrest"
    OTHER = "other"


class EventType(StrEnum):
    PARDON_ANNOUNCED = "pardon.announced"
    PARDON_UPDATED = "pardon.updated"
    ARREST_REPORTED = "arrest.reported"
    ARREST_UPDATED = "arrest.updated"
    STORY_RETRACTED = "story.retracted"
    STORY_HELD = "story.held"
    STORY_MERGED = "story.merged"
    SYSTEM_TEST = "system.test"


class Status(StrEnum):
    """Is this about the world, or are we practising? (The words are those of CAP 1.2.)"""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


class Certainty(StrEnum):
    CONFIRMED = "confirmed"  # an authority's or a rights group's own source said it, or independent outlets: `sourcing`
    REPORTED = "reported"  # one outlet's word, or an authority heard through somebody else
    DISPUTED = "disputed"  # those who say so give numbers that differ


class PartyClass(StrEnum):
    OFFICIAL = "official"
    DEFENDER = "defender"
    MEDIA = "media"


class Precision(StrEnum):
    """How a text hedges a number: "20", "about 20", "at least 20", "over 20", "almost 20"."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    OVER = "over"
    ALMOST = "almost"


class ReasonCode(StrEnum):
    """Why a person changed or took back what readers were told; every language has a phrase for each."""

    MISREAD = "misread"
    OLD_EVENT = "old_event"
    SAME_EVENT = "same_event"
    SOURCE_CORRECTED = "source_corrected"
    WRONG_PERSON = "wrong_person"
    WRONG_PLACE = "wrong_place"


class Role(StrEnum):
    """What the text says of a named person. Only PARDONED and DETAINED are those the alert is about."""

    PARDONED = "pardoned"
    DETAINED = "detained"
    STILL_HELD = "still_held"
    MENTIONED = "mentioned"


class Party(Part, frozen=True, kw_only=True):
    """Who says something. `id` is a slug known to the gazetteer ("president", "viasna") or derived from the name."""

    id: Slug
    name: Text
    party_class: PartyClass = msgspec.field(name="class")


Value = Number | bool | Text | Texts


class Claim(Part, frozen=True, kw_only=True):
    """One statement of one text: `field` is a key of `Facts`, `span` counts code points in the cleaned text."""

    field: Slug
    value: Value
    said_by: Party
    span: tuple[Count, Count]
    precision: Precision = Precision.EXACT
    scope: Literal["act", "total"] = "act"
    as_of: Day | None = None
    source: Index = 0  # into the event's `sources`: which text carried it
    quote: Text | None = None  # the words at the span, where they can name nobody


class Person(Part, frozen=True, kw_only=True):
    """A person a text names. `key` is the folded name (`services.names.fold`), by which spellings meet.

    A key is no identity: namesakes share it.
    """

    name: Text
    role: Role
    key: Text
    said_by: Party | None = None
    names: ByLanguage = {}
    """The name by language ("en", "ru", "be"), where the gazetteer or another report gives it."""
    position: Slug | None = None
    """What the text calls them: spokesperson, judge, lawyer, former_prisoner, exile, prisoner, defender, journalist,
    relative, official or politician; null where it does not say."""
    source: Index | None = None
    """Index into the event's `sources`: which text carried the name; null where no text did."""
    born: YearOfBirth | None = None
    """In which year, where the text says it."""


class Place(Part, frozen=True, kw_only=True):
    """`region` is one of brest, vitebsk, gomel, grodno, minsk_region, mogilev, minsk_city, or null."""

    name: Text
    region: Slug | None = None
    names: ByLanguage = {}


class Source(Part, frozen=True, kw_only=True):
    """One text that carried the news. `sha256` is over the cleaned text, `evidence` over the bytes it was read from,
    which ingest keeps: whoever has the page can see that we read the same. Who carried it and whom it quotes decides
    what it is worth: `services.sourcing`.
    """

    name: Text
    source_class: PartyClass = msgspec.field(name="class")
    language: Slug
    sha256: Slug
    url: Url | None = None
    published: ZonedMoment | None = None
    evidence: Slug | None = None
    outlet: Slug = ""
    """Who carried it: the same slug for an outlet's site and its Telegram channel."""
    owner: Slug | None = None
    """Whose outlet it is, where that is somebody else."""
    speaks_for: Slug | None = None
    """The party whose own source this is, by our configuration; null for whatever was handed in."""
    origin: Party | None = None
    """Who is behind the account: whom the text quotes for the act, or the outlet itself."""
    claims_to_be: Text | None = None
    """A name that came in with the text, when somebody handed it in: it proves nothing."""
    claimed_party: Slug | None = None
    """The known party, or outlet, whose name that is."""


class Change(Part, frozen=True, kw_only=True):
    """What a revision changes: `before` is null for a fact that was not known."""

    field: Slug
    before: Value | None
    after: Value | None
    said_by: Party | None = None
    was: Precision = Precision.EXACT
    """How a number before was hedged."""
    ours: bool = False
    """The value before was our error, and no source's."""


class EventData(Part, frozen=True, kw_only=True):
    """The happening as far as it is known. `sequence` counts events of this stream, from 1, without gaps."""

    story_id: StoryId
    revision: Revision
    sequence: Sequence
    kind: Kind
    status: Status
    certainty: Certainty
    headline_facts: Facts
    claims: Annotated[tuple[Claim, ...], msgspec.Meta(max_length=10_000)] = ()
    persons: Annotated[tuple[Person, ...], msgspec.Meta(max_length=10_000)] = ()
    place: Place | None = None
    occurred_on: Day | None = None
    sources: Annotated[tuple[Source, ...], msgspec.Meta(max_length=1_000)] = ()
    replaces: EventId | None = None
    """The id of the event of the revision before this one."""
    changes: Annotated[tuple[Change, ...], msgspec.Meta(max_length=1_000)] = ()
    replaced_at: Moment | None = None
    """When that event went out."""
    reason: Text | None = None
    """Why a story was retracted, corrected, split or merged, as the operator gave it; null otherwise."""
    reason_code: ReasonCode | None = None
    """The same as one of six; null where none was chosen."""
    reason_lines: ByLanguage = {}
    """What the operator adds to it, by language."""
    ends_hold: bool = False
    """The event before said "do not rely on it", and this one that it was looked at."""
    merged_from: StoryId | None = None
    """The story that turned out to be a second account of this one, which readers of both are told. It ends."""
    merged_at: Moment | None = None
    """When readers were last told of that story."""
    merged_into: StoryId | None = None
    """The story that this one turned out to be a second account of. It goes on; of this one nothing more will come."""


class Event(Part, frozen=True, kw_only=True):
    """A CloudEvents 1.0 document (https://github.com/cloudevents/spec, JSON event format)."""

    id: EventId
    source: Annotated[Url, msgspec.Meta(min_length=1)]
    type: EventType
    subject: StoryId
    time: Moment
    data: EventData
    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str = EVENT_SCHEMA_ID


class Undecodable(ValueError):
    """A stream entry that is not an event of ours. The message says where, never what stood there."""


def event_id(story_id: str, revision: int) -> str:
    """Derived, so that publishing again meets itself; without a dot, since it is signed as a `webhook-id`."""
    return f"{story_id}-r{revision}"


_REQUIRED_DEFAULTS: Final = {"specversion": "1.0", "datacontenttype": "application/json", "dataschema": EVENT_SCHEMA_ID}


def document(event: Event) -> dict[str, Any]:
    """The event as plain JSON values, CloudEvents' own attributes written out even where they are defaults."""
    return {**_REQUIRED_DEFAULTS, **msgspec.to_builtins(event)}


def encode_event(event: Event) -> str:
    return msgspec.json.encode(document(event)).decode()


def decode_event(raw: str | bytes) -> Event:
    """Checks every bound and format as well. Raises Undecodable."""
    try:
        event = msgspec.json.decode(raw, type=Event)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Undecodable(where_wrong(error)) from None
    if wrong := wrong_time(event):
        raise Undecodable(f"event does not match the schema at {wrong}: there is no such time")
    return event
