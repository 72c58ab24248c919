"""An operator says that reports were joined wrongly: they leave into a story of their own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from services.contract import Certainty, Facts
from services.ingest.reports import Report
from services.ingest.stories.absorbing import absorb_report, derived
from services.ingest.stories.accounts import carried_over
from services.ingest.stories.dating import date_of
from services.ingest.stories.deciding import Step, WrongState, accounts, must_go_on
from services.ingest.stories.known_acts import count_in
from services.ingest.stories.operator_correction import as_operator_says
from services.ingest.stories.standing import taken_back
from services.ingest.stories.story import Hold, Story, keep_back, shell
from services.ingest.stories.why import Why
from services.runtime.clock import rfc3339

SPLIT_OFF: Final = "split_off"
"""Why the new story waits: that it is another happening says nothing yet of whether it may go out."""


def split(
    story: Story,
    leaving: Sequence[str],
    reports: Mapping[str, Report],
    reason: str | Why,
    now: datetime,
    act: Story | None = None,
) -> tuple[Step, Step]:
    """What becomes of the story, and the new one, which is held. `reports`: those of the story that are still kept, by
    id; `act`: a known act as its file tells it, where the story is one. Readers of the story are told what of it no
    longer stands. Raises WrongState."""
    staying = _staying(story, leaving, reports)
    if act is not None:
        rest = act
        for report_id in staying:
            rest = count_in(rest, reports[report_id], now)
        return Step(_decided(rest, now)), _new(story, leaving, reports, now)
    rest = rebuilt(story, [reports[one] for one in staying], now)
    return as_operator_says(rest, reason, now), _new(story, leaving, reports, now)


def rebuilt(story: Story, reports: Sequence[Report], now: datetime) -> Story:
    """The story as if only these reports had come, with its own past: what was told, decided and corrected."""
    rest = msgspec.structs.replace(
        story,
        # All that reports bring.
        certainty=Certainty.REPORTED,
        facts=Facts(),
        dated=date_of(reports[0]),
        claims=(),
        persons=(),
        place=None,
        occurred_on=None,
        sources=(),
        accounts=(),
        report_ids=(),
    )
    for report in reports:
        rest = absorb_report(rest, report, now)
    return derived(msgspec.structs.replace(rest, accounts=taken_back(rest, carried_over(story, rest))))


def _staying(story: Story, leaving: Sequence[str], reports: Mapping[str, Report]) -> list[str]:
    if not story.is_preexisting:
        must_go_on(story, "split")
    unknown = [one for one in leaving if one not in story.report_ids]
    if unknown or not leaving:
        raise WrongState(
            f"story {story.id} has no report {', '.join(unknown) or '(none was named)'}; "
            f"its reports are {', '.join(story.report_ids)}"
        )
    accounts(story, story.report_ids, reports)
    staying = [one for one in story.report_ids if one not in leaving]
    if not staying and not story.is_preexisting:
        raise WrongState(f"nothing would be left of {story.id}; to take it back, use retract")
    return staying


def _new(story: Story, leaving: Sequence[str], reports: Mapping[str, Report], now: datetime) -> Step:
    gone = [reports[one] for one in story.report_ids if one in leaving]
    new = msgspec.structs.replace(shell(gone[0], now), id=_id_beside(story, gone[0], now))
    for report in gone:
        new = absorb_report(new, report, now)
    stamp = rfc3339(now.timestamp())
    held = keep_back(new, Hold(reason=SPLIT_OFF, by_operator=True, since=stamp))
    return Step(msgspec.structs.replace(held, decided_at=stamp))


def _decided(story: Story, now: datetime) -> Story:
    stamp = rfc3339(now.timestamp())
    return msgspec.structs.replace(story, decided_at=stamp, updated_at=stamp)


def _id_beside(story: Story, report: Report, now: datetime) -> str:
    """Not what the report would give a story by itself: it may have opened the one that it leaves."""
    seed = f"{story.id} {report.id} {rfc3339(now.timestamp())}"
    tail = base64.b32encode(hashlib.sha256(seed.encode()).digest()).decode().lower()[:6]
    return f"{report.kind.value}-{date_of(report).day.replace('-', '')}-{tail}"
