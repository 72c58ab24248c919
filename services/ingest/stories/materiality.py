"""What has changed since readers last heard, and whether that is worth a revision; the table is in `fields`."""

from __future__ import annotations

from collections.abc import Iterator

from services.contract import Certainty, Change, Facts, Party, Precision, Value
from services.ingest.stories.accounts import is_firm
from services.ingest.stories.facts import NAME_FIELDS
from services.ingest.stories.fields import POLICIES, Shape, Weight
from services.ingest.stories.merging import disputed_numbers
from services.ingest.stories.numbers import Number, Relation, relate
from services.ingest.stories.standing import is_said_by_one, standing_claims
from services.ingest.stories.story import Story, Told
from services.ingest.stories.tellable import tellable


def changes_since_told(story: Story) -> tuple[Change, ...]:
    """What a revision would have to say; () where nothing of it is worth a revision, or nothing was published yet."""
    if story.told is None:
        return ()
    if story.owed_reason:
        return all_changes_since_told(story, story.told)
    facts = tellable(story).facts
    differing = [field for field in POLICIES if _differs(field, story.told, facts, story)]
    certainty = _certainty_change(story, story.told)
    if not certainty and not any(
        _is_material(field, story.told.facts) and _has_weight(field, facts, story) for field in differing
    ):
        return ()
    changes = (_change(field, story.told.facts, facts, story) for field in differing)
    return (*certainty, *changes)


def all_changes_since_told(story: Story, told: Told) -> tuple[Change, ...]:
    """Every difference, however small: an operator's step is told as it is."""
    facts = tellable(story).facts
    differing = [
        field
        for field, policy in POLICIES.items()
        if policy.weight is not Weight.NEVER and getattr(told.facts, field) != getattr(facts, field)
    ]
    certainty = Change(field="certainty", before=told.certainty.value, after=story.certainty.value)
    changes = (_change(field, told.facts, facts, story) for field in differing)
    return (*([certainty] if told.certainty is not story.certainty else []), *changes)


def as_told(story: Story) -> Told:
    """What readers know once the story is published as it stands."""
    shown = tellable(story)
    facts = shown.facts
    return Told(
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


def _differs(field: str, told: Told, facts: Facts, story: Story) -> bool:
    before, after = getattr(told.facts, field), getattr(facts, field)
    if before == after or POLICIES[field].weight is Weight.NEVER:
        return False
    if POLICIES[field].shape is Shape.NUMBER and before is not None and after is not None:
        was = Number(before, told.hedges.get(field, Precision.EXACT))
        return relate(was, Number(after, precision_of(story, field, after))) is not Relation.SAME
    return True


def _is_material(field: str, before: Facts) -> bool:
    weight, was_told = POLICIES[field].weight, getattr(before, field) is not None
    return weight is Weight.ALWAYS or weight is (Weight.CORRECTED if was_told else Weight.GAINED)


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


def _certainty_change(story: Story, told: Told) -> tuple[Change, ...]:
    """Whoever was told "not yet confirmed" hears that it is; that numbers are disputed is told again only with another
    number among them. A dispute that ends is told by the number that stands."""
    disputed = story.certainty is Certainty.DISPUTED and disputed_numbers(story) != told.disputed
    confirmed = story.certainty is Certainty.CONFIRMED and told.certainty is not Certainty.CONFIRMED
    if not disputed and not confirmed:
        return ()
    return (Change(field="certainty", before=told.certainty.value, after=story.certainty.value),)


def _change(field: str, before: Facts, after: Facts, story: Story) -> Change:
    value = getattr(after, field)
    return Change(field=field, before=getattr(before, field), after=value, said_by=_said_by(story, field, value))


def _said_by(story: Story, field: str, value: Value | None) -> Party | None:
    claims = [claim for claim in standing_claims(story) if claim.field == field]
    exact = [claim for claim in claims if claim.value == value]
    return (exact or claims)[-1].said_by if claims else None
