"""Several reports of one happening make a story; a story that is new or materially changed makes an event.

    place → Placement ─┬─ published ── the event went out with this state
                       ├─ hold ─────── a rule or a person says: wait
                       ├─ set_aside ── it is too old to be told
                       └─ known_act ── it tells of an act that was there before us

An operator's verbs (approve, hold, correct, merge_stories, split, retract) give a Step for every story they change.

All pure: no clock, no store, no network.
"""

from services.ingest.stories.accounts import voices, waiting_accounts
from services.ingest.stories.aging import set_aside
from services.ingest.stories.deciding import Step, WrongState, approve, has_news, hold, hold_of, published, retract
from services.ingest.stories.grouping import group
from services.ingest.stories.identity import WINDOW_DAYS, Likeness, Verdict, compare
from services.ingest.stories.known_acts import (
    InvalidKnownActs,
    brought_up_to_date,
    load_known_acts,
    without_later_acts,
)
from services.ingest.stories.materiality import changes_since_announced
from services.ingest.stories.operator_correction import CORRECTABLE, correct
from services.ingest.stories.placing import place
from services.ingest.stories.publishable import waiting_persons
from services.ingest.stories.splitting import split
from services.ingest.stories.story import Placement, ReportOutcome, Story, StoryState, announced_revision
from services.ingest.stories.story_merge import merge_stories
from services.ingest.stories.to_event import EVENT_SOURCE, event_data, event_type, to_event

__all__ = [
    "CORRECTABLE",
    "EVENT_SOURCE",
    "WINDOW_DAYS",
    "InvalidKnownActs",
    "Likeness",
    "Placement",
    "ReportOutcome",
    "Step",
    "Story",
    "StoryState",
    "Verdict",
    "WrongState",
    "announced_revision",
    "approve",
    "brought_up_to_date",
    "changes_since_announced",
    "compare",
    "correct",
    "event_data",
    "event_type",
    "group",
    "has_news",
    "hold",
    "hold_of",
    "load_known_acts",
    "merge_stories",
    "place",
    "published",
    "retract",
    "set_aside",
    "split",
    "to_event",
    "voices",
    "waiting_accounts",
    "waiting_persons",
    "without_later_acts",
]
