"""Acts that were there before us, from a file: stories that reports join and that alert nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from services.contract import Certainty, Facts, Kind, PartyClass, Person, Role, Source, Status
from services.contract_bounds import Count
from services.data_files import read_shaped
from services.ingest.news_time import MINSK
from services.ingest.reports import Report
from services.ingest.stories.absorbing import with_account
from services.ingest.stories.dating import Dated, DayBasis
from services.ingest.stories.story import Story, StoryState
from services.names import fold
from services.runtime.clock import rfc3339


class InvalidKnownActs(ValueError):
    """The file of known acts cannot be used. The message names the act, what is wrong and what to do."""


class Breakdown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    women: Count | None = None
    men: Count | None = None
    minors_at_offence: Count | None = None
    chronically_ill: Count | None = None
    with_disability: Count | None = None
    pensioners: Count | None = None
    with_children: Count | None = None
    convicted_of_extremism: Count | None = None


class KnownAct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the file; what each part means stands at the file's head."""

    id: Annotated[str, msgspec.Meta(pattern=r"^pardon-BY-\d{4}-\d{2}-\d{2}(-\d)?$")]
    date: date
    people: Annotated[int, msgspec.Meta(ge=1)]
    breakdown: Breakdown = Breakdown()
    decree: str | None = None
    persons: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Annotated[str, msgspec.Meta(pattern=r"^https?://[^/\s]+")], ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    acts: tuple[KnownAct, ...]


def load_known_acts(text: str) -> tuple[Story, ...]:
    """Reads the text of a file like infra/known_acts.yaml. Raises InvalidKnownActs."""
    acts = read_shaped(text, _File, "known acts", InvalidKnownActs).acts
    _check(acts)
    return tuple(_story(act) for act in acts)


def without_later_acts(stories: Iterable[Story], day: date) -> list[Story]:
    """Without the known acts that a text read on that day cannot know of; on its own day an act is still news."""
    return [story for story in stories if not story.is_preexisting or story.dated.day < day.isoformat()]


def count_in(act: Story, report: Report, now: datetime) -> Story:
    """The act with this report counted: who says what is kept, and what is known of the act stays as it is."""
    counted = with_account(act, report, now)
    return msgspec.structs.replace(counted, facts=act.facts, dated=act.dated, occurred_on=act.occurred_on)


def brought_up_to_date(stored: Story, act: Story) -> Story:
    """What was counted so far, under what the file says today."""
    return msgspec.structs.replace(stored, facts=act.facts, dated=act.dated, occurred_on=act.occurred_on, note=act.note)


def _check(acts: tuple[KnownAct, ...]) -> None:
    seen: set[str] = set()
    for act in acts:
        if act.id in seen:
            raise InvalidKnownActs(f"known acts: {act.id} stands there twice; give a second act of one day the end -2")
        seen.add(act.id)
        if not act.id.startswith(f"pardon-BY-{act.date.isoformat()}"):
            raise InvalidKnownActs(f"known acts: {act.id} has the date {act.date}; make the two agree")
        _check_breakdown(act)


def _check_breakdown(act: KnownAct) -> None:
    parts = act.breakdown
    for name, part in msgspec.structs.asdict(parts).items():
        if part is not None and part > act.people:
            raise InvalidKnownActs(f"known acts: {act.id} has more {name} ({part}) than people ({act.people})")
    if (parts.women or 0) + (parts.men or 0) > act.people:
        raise InvalidKnownActs(f"known acts: {act.id} has more women and men than people ({act.people})")


_NO_EVIDENCE: Final = ""
"""The SHA-256 of a text of which only the address is known."""


def _story(act: KnownAct) -> Story:
    day = act.date.isoformat()
    stamp = rfc3339(datetime.combine(act.date, time(), MINSK).astimezone(UTC).timestamp())
    return Story(
        id=act.id,
        kind=Kind.PARDON,
        status=Status.ACTUAL,
        certainty=Certainty.REPORTED,
        facts=Facts(
            pardoned=act.people,
            occurred_on=day,
            names_pardoned=act.persons or None,
            decree_number=act.decree,
            **msgspec.structs.asdict(act.breakdown),
        ),
        dated=Dated(day, DayBasis.TEXT),
        occurred_on=day,
        opened_at=stamp,
        updated_at=stamp,
        state=StoryState.PREEXISTING,
        note=act.note,
        persons=tuple(Person(name=name, role=Role.PARDONED, key=fold(name)) for name in act.persons),
        sources=tuple(_source(url) for url in act.sources),
    )


def _source(url: str) -> Source:
    return Source(
        name=urlsplit(url).hostname or url,
        source_class=PartyClass.MEDIA,
        language="und",
        sha256=_NO_EVIDENCE,
        url=url,
    )
