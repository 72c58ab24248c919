"""Release rules: an event goes out now, goes out as unconfirmed, or waits for an operator; always with a named reason.

Which condition leads to what is data (infra/release_rules.yaml); what a condition means stands in `conditions`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import msgspec

from services.data_files import read_shaped
from services.ingest.release.conditions import CONDITIONS, FactLimits
from services.ingest.reports import Report
from services.ingest.stories import Placement, ReportOutcome

Action = Literal["publish", "publish_unconfirmed", "hold", "nothing"]


@dataclass(frozen=True, slots=True)
class Ruling:
    action: Action
    reason: str
    """A slug: the condition that decided, or what there was nothing to do about. It labels a metric."""
    part_waits: str | None = None
    """The condition for which a part is left out of what goes out, until an operator releases it."""


class InvalidRules(ValueError):
    """The rules cannot be used. The message names the place and the remedy."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    when: str
    then: Action


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    limits: FactLimits
    rules: tuple[Rule, ...]
    otherwise: Action = "hold"


def rule(placement: Placement, report: Report, rules: Rules) -> Ruling:
    """What becomes of a placement. The first condition that holds decides.

    A hold on a part (a name, an account that says otherwise) holds that part alone: the rest is ruled on as if it were
    not there.
    """
    if placement.outcome in _SETTLED:
        return Ruling("nothing", _SETTLED[placement.outcome])
    holding = [entry for entry in rules.rules if CONDITIONS[entry.when](placement, report, rules.limits)]
    waits = next((entry.when for entry in holding if entry.when in _ABOUT_A_PART and entry.then == "hold"), None)
    if placement.outcome is ReportOutcome.JOINED:
        return Ruling("hold", waits) if waits else Ruling("nothing", "nothing_new")
    rest = _first([entry for entry in holding if entry.when not in _ABOUT_A_PART], rules)
    return replace(rest, part_waits=waits)


def _first(holding: list[Rule], rules: Rules) -> Ruling:
    return Ruling(holding[0].then, holding[0].when) if holding else Ruling(rules.otherwise, "nothing_against_it")


def load_rules(text: str) -> Rules:
    """Reads the text of a rules file. Raises InvalidRules."""
    rules = read_shaped(text, Rules, "release rules", InvalidRules)
    _check_conditions(rules)
    return rules


def _check_conditions(rules: Rules) -> None:
    for position, entry in enumerate(rules.rules, start=1):
        if entry.when not in CONDITIONS:
            known = ", ".join(sorted(CONDITIONS))
            raise InvalidRules(f"release rules: rule {position} asks for {entry.when!r}; `when` is one of: {known}")


OLD_NEWS: Final = frozenset({"old_text", "old_happening"})
"""Conditions for which the news is past its age."""
_SETTLED: Final = {
    ReportOutcome.REPEATED: "known_report",
    ReportOutcome.CROWDED: "too_much_of_one_outlet",
    ReportOutcome.JOINED_PREEXISTING: "known_act",
}
_ABOUT_A_PART: Final = frozenset({"name_not_given_firsthand", "lone_deviation"})
