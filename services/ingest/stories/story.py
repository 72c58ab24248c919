"""What ingest keeps of a happening, as it is stored, and what becomes of a report that meets it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from services.contract import (
    Certainty,
    Change,
    Claim,
    Facts,
    Kind,
    Party,
    Person,
    Place,
    Precision,
    ReasonCode,
    Source,
    Status,
    Value,
    event_id,
)
from services.ingest.reports import Report
from services.ingest.stories.accounts import Account
from services.ingest.stories.dating import Dated, date_of
from services.runtime.clock import rfc3339


class StoryState(StrEnum):
    """Where a story stands, as it is stored and shown."""

    OPEN = "open"
    HELD = "held"
    RETRACTED = "retracted"
    MERGED = "merged"
    PREEXISTING = "known"  # an act that was there before us, from the file of known acts; never told
    OLD = "old"  # it was past its age when we first heard of it; never told


class ReportOutcome(StrEnum):
    """What became of a report, as it is stored, counted and shown."""

    NEW = "new"  # nothing of the story is published yet
    REVISED = "revised"  # materially new
    JOINED = "joined"  # the same story, and nothing worth a message
    REPEATED = "known"  # this very report was counted before
    CROWDED = "crowded"  # its outlet has said enough of the story
    JOINED_PREEXISTING = "known_act"  # it tells of an act that was there before us, and alerts nobody
    DOUBTFUL = "doubtful"  # a person has to say which story it is


class Announcement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the last published revision said: whatever differs from it has not been told yet."""

    event_id: str = ""
    """Of that revision's event. Stored beside the rest, see `stored`."""
    at: str = ""
    """RFC 3339. When that event went out; "" in a story of before this was kept."""
    on_hold: bool = False
    """It told readers not to rely on what they were told before."""
    facts: Facts
    certainty: Certainty
    hedges: dict[str, Precision] = {}
    """How numbers were hedged, by field; a number not listed was exact."""
    disputed: dict[str, tuple[int, ...]] = {}
    """The numbers that stood side by side, by field."""
    named: tuple[str, ...] = ()
    """Keys of those who were named, in whatever role."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Why a story waits."""

    reason: str
    """A rule's name, or an operator's words."""
    by_operator: bool = False
    """Then only an operator lets it go, whatever else is reported."""
    since: str | None = None
    """RFC 3339. When it began to wait."""
    telling: bool = False
    """Its readers are being told so by this very revision. Never kept."""


class Correction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an operator says of one fact. It stands over what reports say, until an operator says otherwise."""

    field: str
    value: Value | None
    """None: the fact is not known."""
    said_by: Party
    """Whom the operator has it from; our own desk where nobody else is named."""
    source: Source
    """The operator's word as a source of its own, since it stands in no article."""
    place: Place | None = None
    """For the field `place`: what is known of it, its region and its names in other languages."""
    overruled: tuple[int | bool | str, ...] = ()
    """Values that are not believed any more, whoever repeats them."""
    ours: bool = True
    """We had it wrong; False: the source itself had."""
    carrier: str = ""
    """SHA-256 of the text that says so, where we misread it: the value stays that source's."""
    at: str
    """RFC 3339."""


class MergedStory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A story that readers know, and that turned out to be a second account of another one."""

    id: str
    at: str = ""
    """RFC 3339. When readers were last told of it."""


class StoryParts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a story is made of, as it is kept and as it is worked with."""

    id: str
    kind: Kind
    status: Status
    certainty: Certainty
    facts: Facts
    dated: Dated
    opened_at: str
    updated_at: str
    revision: int = 0
    state: StoryState = StoryState.OPEN
    decided_at: str | None = None
    """RFC 3339. When an operator last decided about it."""
    reason: str | None = None
    """Why it was retracted, in the operator's words."""
    owed_reason: str | None = None
    """Why it was corrected while it was held, in the operator's words: the next revision says so."""
    reason_code: ReasonCode | None = None
    """The same as one of six, for a retraction as for what is owed."""
    reason_lines: dict[str, str] = {}
    """What the operator adds to it, by language."""
    owed_merge: MergedStory | None = None
    """The next revision tells readers of both that these are one."""
    merged_into: str | None = None
    """The story that goes on in its place."""
    corrections: tuple[Correction, ...] = ()
    """One a field, the latest last."""
    claims: tuple[Claim, ...] = ()
    """All that were made; `Claim.source` is an index into this story's `sources`. Which of them stand, `standing`
    knows, and facts come from no others."""
    persons: tuple[Person, ...] = ()
    place: Place | None = None
    occurred_on: str | None = None
    sources: tuple[Source, ...] = ()
    accounts: tuple[Account, ...] = ()
    """What each text says beside its claims, and whether it stands: `accounts`."""
    released: tuple[str, ...] = ()
    """Keys of the persons whom nobody entitled named and an operator let out; whoever is named later waits anew."""
    report_ids: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    """Stories that this one may be the same as; a person decides."""
    vague_day: str | None = None
    """Of an undated story: what its first report says of the day, as `Report.vague_day`."""
    note: str | None = None
    """What else is known of a known act, in our own words."""


class Story(StoryParts, frozen=True, kw_only=True):
    """One happening: all that its reports say. Frozen; every change is a new Story.

    Between two calls a stored story is at its last published revision: `revision` is 0 until something was published.
    """

    hold: Hold | None = None
    """Set exactly while the state is HELD: `keep_back` and `let_go` see to that."""
    announcement: Announcement | None = None

    @property
    def is_preexisting(self) -> bool:
        return self.state is StoryState.PREEXISTING

    @property
    def is_held_by_operator(self) -> bool:
        return self.hold is not None and self.hold.by_operator

    @property
    def last_event_id(self) -> str | None:
        return (self.announcement.event_id or None) if self.announcement else None


def keep_back(story: Story, why: Hold) -> Story:
    """Nothing more of it goes out."""
    return msgspec.structs.replace(story, state=StoryState.HELD, hold=why)


def let_go(story: Story, state: StoryState) -> Story:
    """The story in a state in which it waits for nobody."""
    return msgspec.structs.replace(story, state=state, hold=None)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a report belongs, and what that changes."""

    story: Story
    """The new state. For NEW and REVISED its revision is the one to publish; pass it through `published` when that
    is done, or through `hold` when a rule says to wait."""
    outcome: ReportOutcome
    changes: tuple[Change, ...] = ()
    candidates: tuple[str, ...] = ()
    """Ids of look-alikes, the likest first; only for DOUBTFUL."""
    guess: str | None = None
    """The one of them to take where nobody can be asked (grouping offline); None: rather a story of its own."""


def shell(report: Report, now: datetime) -> Story:
    """A story that nothing has been said about yet."""
    dated = date_of(report)
    stamp = rfc3339(now.timestamp())
    return Story(
        id=_story_id(report, dated.day),
        kind=report.kind,
        status=report.status,
        certainty=Certainty.REPORTED,
        facts=Facts(),
        dated=dated,
        opened_at=stamp,
        updated_at=stamp,
    )


def announced_revision(story: Story) -> int:
    """The last revision that was really published; a revision counts once its event has its id in the story."""
    if story.last_event_id == event_id(story.id, story.revision):
        return story.revision
    return max(0, story.revision - 1)


def _story_id(report: Report, day: str) -> str:
    tail = base64.b32encode(hashlib.sha256(report.id.encode()).digest()).decode().lower()[:6]
    return f"{report.kind.value}-{day.replace('-', '')}-{tail}"
