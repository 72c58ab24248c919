"""What of a story a report is compared with: what stands, and of an authority's own word only what is own word too.

What one outlet said and nobody was told must not decide where another's report belongs: else it could draw an
authority's next act into the last one, or hold it as doubtful.
"""

from __future__ import annotations

import msgspec

from services.contract import Claim
from services.ingest.reports import Report
from services.ingest.stories.accounts import is_firm, standing_sources
from services.ingest.stories.standing import standing_claims
from services.ingest.stories.story import Story
from services.ingest.stories.story_facts import facts_of
from services.sourcing import is_own, is_own_word, is_trusted


def as_compared(story: Story, report: Report) -> Story:
    if story.is_preexisting:
        return _as_its_file_has_it(story)
    if is_own_word(report.source) and is_firm(story):
        return _own_words(story)
    if len(story.accounts) < 2:  # most of thousands: nothing in it can stand aside
        return story
    shown = standing_sources(story)
    return msgspec.structs.replace(
        story,
        claims=standing_claims(story, of_every_act=True),
        persons=tuple(person for person in story.persons if person.source is None or person.source in shown),
    )


def _as_its_file_has_it(story: Story) -> Story:
    persons = tuple(person for person in story.persons if person.source is None)
    return msgspec.structs.replace(story, claims=(), persons=persons)


def _own_words(story: Story) -> Story:
    """As if nobody else had spoken of it."""
    claims = tuple(claim for claim in story.claims if _is_own(claim, story))
    persons = tuple(one for one in story.persons if one.source is None or is_trusted(story.sources[one.source]))
    facts = msgspec.structs.replace(
        facts_of(claims, persons, story.sources),
        place=story.facts.place,
        region=story.facts.region,
        occurred_on=story.facts.occurred_on,
    )
    return msgspec.structs.replace(story, claims=claims, persons=persons, facts=facts)


def _is_own(claim: Claim, story: Story) -> bool:
    return is_own(claim.said_by, story.sources[claim.source])
