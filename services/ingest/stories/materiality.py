"""What has changed since readers last heard, and whether that is worth a revision; the table is in `fields`."""

from __future__ import annotations

from collections.abc import Iterator

from services.contract import Certainty, Change, Facts, Party, Precision, Value, event_id
from services.fact_table import NAME_FIELDS
from services.ingest.stories.absorbing import disputed_numbers
from services.ingest.stories.accounts import is_firm
from services.ingest.stories.fields import POLICIES, Materiality, Shape
from services.ingest.stories.hedged_numbers import HedgedNumber, Relation, relate
from services.ingest.stories.publishable import publishable
from services.ingest.stories.standing import is_said_by_one, standing_claims
from services.ingest.stories.story import Announcement, Story


def changes_since_announced(story: Story) -> tuple[Change, ...]:
    """What a revision would have to say; () where nothing of it is worth a revision, or nothing was published yet."""
    if story.announcement is None:
        return ()
    if story.owed_reason:
        return all_changes_since_announced(story, story.announcement)
    facts = publishable(story).facts
    differing = [field for field in POLICIES if _differs(field, story.announcement, facts, story)]
    certainty = _certainty_change(story, story.announcement)
    if not certainty and not any(
        _is_material(field, story.announcement.facts) and _has_weight(field, facts, story) for field in differing
    ):
        return ()
    changes = (_change(field, story.announcement.facts, facts, story) for field in differing)
    return (*certainty, *changes)


def all_changes_since_announced(story: Story, announced: Announcement) -> tuple[Change, ...]:
    """Every difference, however small: an operator's step is told as it is."""
    facts = publishable(story).facts
    differing = [
        field
        for field, policy in POLICIES.items()
        if policy.materiality is not Materiality.NEVER and getattr(announced.facts, field) != getattr(facts, field)
    ]
    certainty = Change(field="certainty", before=announced.certainty.value, after=story.certainty.value)
    changes = (_change(field, announced.facts, facts, story) for field in differing)
    return (*([certainty] if announced.certainty is not story.certainty else []), *changes)


def as_announced(story: Story) -> Announcement:
    """What readers know once the story is published as it stands."""
    shown = publishable(story)
    facts = shown.facts
    return Announcement(
        event_id=event_id(story.id, story.revision),
        facts=facts,
        named=tuple(person.key for person in shown.persons),
        certainty=story.certainty,
        hedges=dict(_hedges(facts, story)),
        disputed=disputed_numbers(story),
    )


def precision_of(story: Story, field: str, value: Value) -> Precision:
    found = (claim.precision for claim in standing_claims(story) if claim.field == field and claim.value == value)
    return next(found, Precision.EXACT)


def _hedges(facts: Facts, story: Story) -> Iterator[tuple[str, Precision]]:
    for field, policy in POLICIES.items():
        value = getattr(facts, field)
        if policy.shape is Shape.NUMBER and value is not None:
            precision = precision_of(story, field, value)
            if precision is not Precision.EXACT:
                yield field, precision


def _differs(field: str, announced: Announcement, facts: Facts, story: Story) -> bool:
    before, after = getattr(announced.facts, field), getattr(facts, field)
    if before == after or POLICIES[field].materiality is Materiality.NEVER:
        return False
    if POLICIES[field].shape is Shape.NUMBER and before is not None and after is not None:
        was = HedgedNumber(before, announced.hedges.get(field, Precision.EXACT))
        return relate(was, HedgedNumber(after, precision_of(story, field, after))) is not Relation.SAME
    return True


def _is_material(field: str, before: Facts) -> bool:
    materiality, was_announced = POLICIES[field].materiality, getattr(before, field) is not None
    return materiality is Materiality.ALWAYS or materiality is (
        Materiality.CORRECTED if was_announced else Materiality.GAINED
    )


def _has_weight(field: str, facts: Facts, story: Story) -> bool:
    """Beside an authority's or a group's own word, what one outlet adds is told along and is no reason to write."""
    if not is_firm(story) or field in NAME_FIELDS:
        return True
    value = getattr(facts, field)
    claims = [claim for claim in standing_claims(story) if claim.field == field and _is_of(claim.value, value)]
    return not claims or not is_said_by_one(claims, story.sources)


def _is_of(claimed: Value, value: Value | None) -> bool:
    if isinstance(value, tuple):
        return any(one in value for one in (claimed if isinstance(claimed, tuple) else (claimed,)))
    return claimed == value


def _certainty_change(story: Story, announced: Announcement) -> tuple[Change, ...]:
    """Whoever was told "not yet confirmed" hears that it is; that numbers are disputed is told again only with another
    number among them. A dispute that ends is told by the number that stands."""
    disputed = story.certainty is Certainty.DISPUTED and disputed_numbers(story) != announced.disputed
    confirmed = story.certainty is Certainty.CONFIRMED and announced.certainty is not Certainty.CONFIRMED
    if not disputed and not confirmed:
        return ()
    return (Change(field="certainty", before=announced.certainty.value, after=story.certainty.value),)


def _change(field: str, before: Facts, after: Facts, story: Story) -> Change:
    value = getattr(after, field)
    was = story.announcement.hedges.get(field, Precision.EXACT) if story.announcement else Precision.EXACT
    return Change(
        field=field,
        before=getattr(before, field),
        after=value,
        said_by=_said_by(story, field, value),
        was=was,
        ours=_is_ours(story, field, getattr(before, field)),
    )


def _is_ours(story: Story, field: str, before: Value | None) -> bool:
    """Did an operator say that we, and no source, had what readers were told?"""
    made = next((one for one in story.corrections if one.field == field), None)
    if made is None or not made.ours:
        return False
    told = before if isinstance(before, tuple) else (before,)
    return before is None or any(one in made.overruled for one in told)


def _said_by(story: Story, field: str, value: Value | None) -> Party | None:
    claims = [claim for claim in standing_claims(story) if claim.field == field]
    exact = [claim for claim in claims if claim.value == value]
    return (exact or claims)[-1].said_by if claims else None
