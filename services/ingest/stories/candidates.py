"""Which of the open stories a report is worth comparing with: a cheap look before the careful one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from services.contract import Kind
from services.ingest.reports import Report
from services.ingest.stories.comparing import Comparable, keys, place_key, region_of
from services.ingest.stories.dating import DayBasis, date_of
from services.ingest.stories.story import Story

_FAR_DAYS: Final = 60
"""Beyond it the scores make no arrest the same as an earlier one, whoever it is of."""
_STEM: Final = 3
"""Letters that two spellings of one folded surname share at least."""
_DATES: Final = frozenset({DayBasis.TEXT, DayBasis.PUBLISHED})


def candidates(report: Report, stories: Iterable[Story]) -> Iterator[Story]:
    """All that `identity.compare` may find the same or doubtful. Pardons are few, so only arrests are sifted."""
    alike = (story for story in stories if story.kind is report.kind and story.status is report.status)
    if report.kind is not Kind.ARREST:
        yield from alike
        return
    traits = _Traits.of(report)
    yield from (story for story in alike if not traits.is_far_from(story) and traits.may_meet(story))


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a report of an arrest can be found by, read once."""

    day: int | None
    """Days since year 1; None where only the day of receipt is known."""
    place: str
    region: str | None
    stems: frozenset[str]
    url: str | None
    articles: frozenset[str]
    charge: str | None

    @classmethod
    def of(cls, report: Report) -> Self:
        dated = date_of(report)
        return cls(
            day=date.fromisoformat(dated.day).toordinal() if dated.basis in _DATES else None,
            place=place_key(report),
            region=region_of(report),
            stems=_stems(report),
            url=report.source.url,
            articles=frozenset(report.facts.criminal_articles or ()),
            charge=report.facts.charge,
        )

    def is_far_from(self, story: Story) -> bool:
        if self.day is None or story.dated.basis not in _DATES:
            return False
        return abs(date.fromisoformat(story.dated.day).toordinal() - self.day) > _FAR_DAYS

    def may_meet(self, story: Story) -> bool:
        """In one place, as far as is known; or over a name, an address or what they are accused of."""
        place = place_key(story)
        if not place or not self.place or place == self.place:
            return True
        if self.region and self.region == region_of(story):
            return True
        return not self.stems.isdisjoint(_stems(story)) or self._is_of_one_case(story)

    def _is_of_one_case(self, story: Story) -> bool:
        if not self.articles.isdisjoint(story.facts.criminal_articles or ()):
            return True
        if self.charge is not None and self.charge == story.facts.charge:
            return True
        return self.url is not None and any(source.url == self.url for source in story.sources)


def _stems(account: Comparable) -> frozenset[str]:
    return frozenset(token[:_STEM] for key in keys(account) for token in key.split() if len(token) > _STEM)
