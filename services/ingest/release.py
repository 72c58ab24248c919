"""Release rules: an event goes out now, goes out as unconfirmed, or waits for an operator; always with a named reason.

Which condition leads to what is data (infra/release_rules.yaml); what a condition means is below, one function each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

import msgspec
import yaml

from services.contract import Facts, Kind, PartyClass, Role
from services.ingest.reports import Report
from services.ingest.stories import Placement, origin_classes, waiting_persons
from services.ingest.stories.dating import Basis, read_day

Action = Literal["publish", "publish_unconfirmed", "hold", "nothing"]


@dataclass(frozen=True, slots=True)
class Ruling:
    action: Action
    reason: str
    """A slug: the condition that decided, or what there was nothing to do about. It labels a metric."""
    name_waits: str | None = None
    """The condition for which a name is left out of what goes out, until an operator releases it."""


class InvalidRules(ValueError):
    """The rules cannot be used. The message names the place and the remedy."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text_age_days: int
    happening_age_days: int
    pardoned: int
    detained: int


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    when: str
    then: Action


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    limits: Limits
    rules: tuple[Rule, ...]
    otherwise: Action = "hold"


def rule(placement: Placement, report: Report, rules: Rules) -> Ruling:
    """What becomes of a placement. The first condition that holds decides.

    Once readers know of a story, a hold on a name holds the name alone: the rest is ruled on as if it were not there.
    """
    if placement.outcome in _SETTLED:
        return Ruling("nothing", _SETTLED[placement.outcome])
    holding = [entry for entry in rules.rules if _CONDITIONS[entry.when](placement, report, rules.limits)]
    if placement.outcome not in _ALREADY_TOLD:
        return _first(holding, rules)
    waits = next((entry.when for entry in holding if entry.when in _ABOUT_A_NAME and entry.then == "hold"), None)
    if placement.outcome == "joined":
        return Ruling("hold", waits) if waits else Ruling("nothing", "nothing_new")
    rest = _first([entry for entry in holding if entry.when not in _ABOUT_A_NAME], rules)
    return replace(rest, name_waits=waits)


def _first(holding: list[Rule], rules: Rules) -> Ruling:
    return Ruling(holding[0].then, holding[0].when) if holding else Ruling(rules.otherwise, "nothing_against_it")


def load_rules(text: str) -> Rules:
    """Reads the text of a rules file. Raises InvalidRules."""
    try:
        plain: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidRules(f"release rules are not YAML: {error}") from None
    try:
        rules = msgspec.convert(plain, Rules)
    except msgspec.ValidationError as error:
        raise InvalidRules(f"release rules: {error}") from None
    _check_conditions(rules)
    return rules


def _check_conditions(rules: Rules) -> None:
    for position, entry in enumerate(rules.rules, start=1):
        if entry.when not in _CONDITIONS:
            known = ", ".join(sorted(_CONDITIONS))
            raise InvalidRules(f"release rules: rule {position} asks for {entry.when!r}; `when` is one of: {known}")


OLD_NEWS: Final = frozenset({"old_text", "old_happening"})
"""Conditions for which the news is past its age."""
_SETTLED: Final = {"known": "known_report", "known_act": "known_act"}
_ALREADY_TOLD: Final = frozenset({"revised", "joined"})
_ABOUT_A_NAME: Final = frozenset({"person_named_by_media_only"})


def _is_held_by_operator(placement: Placement, _report: Report, _limits: Limits) -> bool:
    return placement.story.held_by_operator


def _is_doubtful(placement: Placement, _report: Report, _limits: Limits) -> bool:
    return placement.outcome == "doubtful"


def _is_implausible(placement: Placement, report: Report, limits: Limits) -> bool:
    # The report's own numbers count as well: a story keeps the better of two, and the worse one is still a sign.
    return any(_cannot_be(facts, limits) for facts in (placement.story.facts, report.facts))


_PARTS: Final = (
    "women",
    "men",
    "minors_at_offence",
    "chronically_ill",
    "with_disability",
    "pensioners",
    "with_children",
    "convicted_of_extremism",
)


def _cannot_be(facts: Facts, limits: Limits) -> bool:
    if (facts.pardoned or 0) > limits.pardoned or (facts.detained or 0) > limits.detained:
        return True
    if facts.pardoned is None:
        return False
    parts = [getattr(facts, part) or 0 for part in _PARTS]
    return max(parts) > facts.pardoned or (facts.women or 0) + (facts.men or 0) > facts.pardoned


def _is_in_future(_placement: Placement, report: Report, _limits: Limits) -> bool:
    today = report.received.date()
    dates = (_published_on(report), _occurred_on(report))
    return report.as_of is None and any(day is not None and day - today > timedelta(days=1) for day in dates)


def _is_undated(_placement: Placement, report: Report, _limits: Limits) -> bool:
    return report.as_of is None and _published_on(report) is None and _occurred_on(report) is None


def _is_old_text(_placement: Placement, report: Report, limits: Limits) -> bool:
    written = _published_on(report) or _occurred_on(report)
    return _is_past(written, report, limits.text_age_days)


def _is_old_happening(placement: Placement, report: Report, limits: Limits) -> bool:
    """Names may join a story long after the act; only a story that nobody was told of must be recent."""
    if report.as_of is not None or placement.outcome in _ALREADY_TOLD:
        return False
    dated = placement.story.dated
    story_day = read_day(dated.day) if dated.basis in (Basis.TEXT, Basis.PUBLISHED) else None
    days = (_occurred_on(report), story_day)
    return report.stale or any(_is_past(day, report, limits.happening_age_days) for day in days)


def _is_named_by_media_only(placement: Placement, _report: Report, _limits: Limits) -> bool:
    story = placement.story
    return story.kind is Kind.ARREST and any(person.role is Role.DETAINED for person in waiting_persons(story))


def _is_unsure_reading(_placement: Placement, report: Report, _limits: Limits) -> bool:
    return bool(report.doubts)


def _is_official_origin(placement: Placement, _report: Report, _limits: Limits) -> bool:
    return PartyClass.OFFICIAL in origin_classes(placement.story)


def _is_two_independent_origins(placement: Placement, _report: Report, _limits: Limits) -> bool:
    # Media that name nobody may have the same hidden source, so one of two has to be more than that.
    return len(placement.story.origins) > 1 and placement.story.vouched


def _is_defender_origin(placement: Placement, _report: Report, _limits: Limits) -> bool:
    return PartyClass.DEFENDER in origin_classes(placement.story)


def _is_two_media_origins(placement: Placement, _report: Report, _limits: Limits) -> bool:
    return len(placement.story.origins) > 1


def _is_media_origins_only(placement: Placement, _report: Report, _limits: Limits) -> bool:
    return not placement.story.vouched


_CONDITIONS: Final[dict[str, Callable[[Placement, Report, Limits], bool]]] = {
    "held_by_operator": _is_held_by_operator,
    "doubtful_match": _is_doubtful,
    "implausible_number": _is_implausible,
    "unsure_reading": _is_unsure_reading,
    "date_in_future": _is_in_future,
    "undated": _is_undated,
    "old_text": _is_old_text,
    "old_happening": _is_old_happening,
    "person_named_by_media_only": _is_named_by_media_only,
    "official_origin": _is_official_origin,
    "two_independent_origins": _is_two_independent_origins,
    "defender_origin": _is_defender_origin,
    "two_media_origins": _is_two_media_origins,
    "media_origins_only": _is_media_origins_only,
}


def _is_past(day: date | None, report: Report, days: int) -> bool:
    """Nothing is past for a text that a person reads as on its own day."""
    return report.as_of is None and day is not None and report.received.date() - day > timedelta(days=days)


def _published_on(report: Report) -> date | None:
    return report.published.date() if report.published else None


def _occurred_on(report: Report) -> date | None:
    return read_day(report.occurred_on)
