"""An operator's corrections stand over what reports say, however often the values they overruled are said again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from services.contract import Claim, Facts, Person, Source, Value
from services.fact_table import NAME_FIELDS, TALLIES
from services.ingest.stories.dating import Dated, DayBasis
from services.ingest.stories.fields import POLICIES, Shape
from services.ingest.stories.person_match import Match, match
from services.ingest.stories.story import Correction, Story
from services.names import fold


def apply_corrections(story: Story) -> Story:
    """The story with its corrections applied anew; a story without any is left as it is."""
    for correction in story.corrections:
        story = _apply(correction, story)
    return story


def overruled_by(story: Story, field: str, value: Value | None) -> tuple[int | bool | str, ...]:
    """What is said of the field so far and is no longer to be believed."""
    said = [getattr(story.facts, field), *(claim.value for claim in story.claims if claim.field == field)]
    earlier = [one for correction in story.corrections if correction.field == field for one in correction.overruled]
    values = [single for one in said for single in _singles(one)] + earlier
    return tuple(dict.fromkeys(one for one in values if one not in _singles(value)))


def _apply(correction: Correction, story: Story) -> Story:
    field, value = correction.field, correction.value
    sources, index = _with_desk(story.sources, correction.source)
    kept = [left for claim in story.claims if (left := _left_of(claim, correction)) is not None]
    own = [] if value is None else [_claim(correction, index)]
    facts = msgspec.structs.replace(story.facts, **{field: _standing(story.facts, correction)})
    changed = msgspec.structs.replace(story, facts=facts, claims=(*kept, *own), sources=sources)
    return _persons_corrected(correction, _place_corrected(correction, _dated_anew(field, changed)))


def _left_of(claim: Claim, correction: Correction) -> Claim | None:
    """The claim without what was overruled; our own is made anew."""
    if claim.field != correction.field:
        return claim
    if claim.said_by == correction.said_by and claim.value == correction.value:
        return None
    if not isinstance(claim.value, tuple):
        return None if claim.value in correction.overruled else claim
    left = tuple(one for one in claim.value if one not in correction.overruled)
    return msgspec.structs.replace(claim, value=left) if left else None


def _claim(correction: Correction, source: int) -> Claim:
    assert correction.value is not None
    return Claim(
        field=correction.field,
        value=correction.value,
        said_by=correction.said_by,
        span=(0, 0),  # it stands in no article
        scope="total" if correction.field in TALLIES else "act",
        as_of=correction.at[:10] if correction.field in TALLIES else None,
        source=source,
    )


def _standing(facts: Facts, correction: Correction) -> Any:
    """The corrected value; to a corrected list later reports may still add."""
    if POLICIES[correction.field].shape is not Shape.LIST:
        return correction.value
    corrected_list = _texts(correction.value)
    known = (*corrected_list, *(str(one) for one in correction.overruled))
    added = (one for one in _texts(getattr(facts, correction.field)) if not _is_among(correction.field, one, known))
    return (*corrected_list, *added) or None


def _is_among(field: str, text: str, known: Iterable[str]) -> bool:
    if field not in NAME_FIELDS:
        return text in known
    return any(match(fold(text), fold(one)) is Match.ONE for one in known)


def _dated_anew(field: str, story: Story) -> Story:
    day = story.facts.occurred_on
    if field != "occurred_on":
        return story
    dated = Dated(day, DayBasis.TEXT) if day else story.dated
    return msgspec.structs.replace(story, occurred_on=day, dated=dated)


def _place_corrected(correction: Correction, story: Story) -> Story:
    """A place brings its region with it, which may be none: who asked for a region must not hear of another's news."""
    if correction.field == "place":
        region = correction.place.region if correction.place else None
        facts = msgspec.structs.replace(story.facts, region=region)
        claims = tuple(claim for claim in story.claims if claim.field != "region" or claim.value == region)
        return msgspec.structs.replace(story, place=correction.place, facts=facts, claims=claims)
    if correction.field == "region" and story.place:
        place = msgspec.structs.replace(story.place, region=story.facts.region)
        return msgspec.structs.replace(story, place=place)
    return story


def _persons_corrected(correction: Correction, story: Story) -> Story:
    """Whom it strikes out is freed or detained no longer; whom it adds may be named, since a person said so."""
    role = NAME_FIELDS.get(correction.field)
    if role is None:
        return story
    wrong = [fold(str(one)) for one in correction.overruled]
    kept = [one for one in story.persons if one.role is not role or not _meets(one.key, wrong)]
    named = {fold(name): name for name in _texts(correction.value)}
    added = [
        Person(name=name, role=role, key=key, said_by=correction.said_by)
        for key, name in named.items()
        if not _meets(key, [one.key for one in kept if one.role is role])
    ]
    released = tuple(dict.fromkeys((*story.released, *named)))
    return msgspec.structs.replace(story, persons=(*kept, *added), released=released)


def _meets(key: str, keys: Iterable[str]) -> bool:
    return any(key == one or match(key, one) is Match.ONE for one in keys)


def _with_desk(sources: tuple[Source, ...], source: Source) -> tuple[tuple[Source, ...], int]:
    """The desk stands among the sources once for each day, however much it corrected on it: readers see the list."""
    index = next((index for index, one in enumerate(sources) if _reads_alike(one, source)), None)
    return ((*sources, source), len(sources)) if index is None else (sources, index)


def _reads_alike(one: Source, other: Source) -> bool:
    return _as_read(one) == _as_read(other)


def _as_read(source: Source) -> tuple[Any, ...]:
    return source.name, source.source_class, source.language, source.url, (source.published or "")[:10]


def _singles(value: Any) -> tuple[Any, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in _singles(value))
