"""What an operator sees of stories, reports and decisions, as plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from services.contract import document
from services.ingest.desk.as_text import as_texts
from services.ingest.desk.decisions import Decision
from services.ingest.desk.foreseen import differences, fingerprint
from services.ingest.desk.overdue import waiting_since
from services.ingest.evidence import Kept
from services.ingest.reports import Report
from services.ingest.stories import Story
from services.ingest.stories.stored import stored
from services.runtime.clock import rfc3339


def story_row(story: Story, now: float) -> dict[str, Any]:
    """One line of a list."""
    return {
        "id": story.id,
        "kind": story.kind.value,
        "state": story.state,
        "revision": story.revision,
        "certainty": story.certainty.value,
        "reports": len(story.report_ids),
        "hold_reason": story.hold.reason if story.hold else None,
        "held_by_operator": story.is_held_by_operator,
        "candidates": list(story.candidates),
        "occurred_on": story.occurred_on,
        "updated_at": story.updated_at,
        **waiting(story, now),
    }


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of the pages behind reports: when they vanished, by address (`removals.Removals.dates`), and where
    their bytes are kept, by SHA-256 (`evidence.EvidenceStore.of`)."""

    removed: Mapping[str, str]
    evidence: Mapping[str, Kept]


def story_whole(story: Story, reports: Iterable[Report], now: float, background: Background) -> dict[str, Any]:
    """All that is kept of a story, and the reports it is made of."""
    found: dict[str, Any] = as_texts(
        {
            **msgspec.to_builtins(stored(story)),
            **waiting(story, now),
            "reports": [report_row(report, background) for report in reports],
        }
    )
    return found


def report_row(report: Report, background: Background) -> dict[str, Any]:
    """What an operator needs to tell a report from the others."""
    shown: dict[str, Any] = {
        "id": report.id,
        "source": report.source.name,
        "url": report.source.url,
        "published": report.source.published,
        "source_removed": background.removed.get(report.source.url or ""),
        "evidence": _evidence(report.source.evidence, background.evidence),
        "outlet": report.source.outlet,
        "claims_to_be": report.source.claims_to_be,
        "origin": report.source.origin.id if report.source.origin else None,
        "doubts": list(report.doubts),
        "facts": msgspec.to_builtins(report.facts),
    }
    return {name: value for name, value in shown.items() if value not in (None, [], {})}


def _evidence(sha256: str | None, kept: Mapping[str, Kept]) -> dict[str, Any] | None:
    if sha256 is None:
        return None
    found = kept.get(sha256)
    if found is None:
        return {"sha256": sha256, "where": None}
    until = rfc3339(found.until.timestamp())
    return {"sha256": sha256, "where": found.where, "fetched": found.about.fetched, "kept_until": until}


def waiting(story: Story, now: float) -> dict[str, Any]:
    """Since when it waits, and for how many seconds; null where it does not."""
    since = waiting_since(story)
    if since is None:
        return {"waiting_since": None, "waiting_seconds": None}
    return {"waiting_since": rfc3339(since), "waiting_seconds": max(0, int(now - since))}


def decision_document(decision: Decision) -> dict[str, Any]:
    return {"stories": _states(decision), "events": [event.id for event in decision.events]}


def trial_document(decision: Decision) -> dict[str, Any]:
    """What would come of it: the events as they would be published, and what their readers would know otherwise."""
    found = differences(decision.events, decision.announced)
    return {
        "dry_run": True,
        "stories": _states(decision),
        "events": [document(event) for event in decision.events],
        "difference": [msgspec.to_builtins(one) for one in found],
        "fingerprint": fingerprint(decision.events),
    }


def _states(decision: Decision) -> list[dict[str, Any]]:
    return [{"id": story.id, "state": story.state, "merged_into": story.merged_into} for story in decision.stories]
