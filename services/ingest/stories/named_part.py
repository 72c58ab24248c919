"""A report that names some of those whom an act touched, and counts these alone: its number is a part and no rival."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec

from services.fact_table import ACTS, WHOLES
from services.ingest.reports import Report
from services.ingest.stories.comparing import Comparable, keys, size
from services.ingest.stories.person_match import Match, match

_MOST_NAMED: Final = 40
"""Names of a report that are looked for; a list as long is no part."""


def is_named_part(report: Comparable, story: Comparable) -> bool:
    """Are all whom the report names among those whom the story names, does it count nobody else, and does the story
    count more?"""
    whole, counted = size(story), size(report)
    mine, theirs = keys(report), keys(story)
    if whole is None or not 0 < len(mine) <= _MOST_NAMED or len(mine) >= whole.value:
        return False
    if counted is not None and counted.value > len(mine):
        return False
    return all(any(match(one, other) is Match.ONE for other in theirs) for one in mine)


def without_part(report: Report, story: Comparable) -> Report:
    """The report without its number, where that is of a named part."""
    if not is_named_part(report, story):
        return report
    number = ACTS[report.kind].number
    claims = tuple(claim for claim in report.claims if claim.field not in WHOLES or claim.scope != "act")
    return replace(report, claims=claims, facts=msgspec.structs.replace(report.facts, **{number: None}))
