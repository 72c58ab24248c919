"""What the release rules' answer comes to, as a step of the story. Pure."""

from __future__ import annotations

from datetime import datetime

from services.ingest.release.rules import OLD_NEWS, Ruling
from services.ingest.stories import Placement, ReportOutcome, Step, hold, set_aside


def step_of(placement: Placement, ruling: Ruling, now: datetime) -> Step:
    match ruling.action:
        case "publish" | "publish_unconfirmed":
            return Step(placement.story, publish=True, changes=placement.changes, waits_for=ruling.part_waits)
        case "hold":
            return Step(hold(placement.story, ruling.reason, now))
        case _ if ruling.reason in OLD_NEWS:
            return Step(set_aside(placement, now))
        case _:
            return Step(placement.story, write=placement.outcome not in (ReportOutcome.REPEATED, ReportOutcome.CROWDED))
