"""Puts a report's account into a story, and says anew what the story comes to: facts only of what stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from services.contract import Certainty, Claim, Facts, Kind, PartyClass, Person, Place, Role, Source
from services.fact_table import WHOLES
from services.ingest.reports import Report
from services.ingest.stories.accounts import (
    Account,
    account_of,
    is_firm,
    standing_accounts,
    standing_sources,
    voices,
    with_account_of,
)
from services.ingest.stories.corrections import apply_corrections
from services.ingest.stories.dating import Dated, DayBasis
from services.ingest.stories.kept_claims import is_number, merge_claims
from services.ingest.stories.person_match import Match, match, merge_persons
from services.ingest.stories.standing import agreeing, disputed_fields, has_own_count, judged, standing_claims
from services.ingest.stories.story import Story
from services.ingest.stories.story_facts import facts_of
from services.names import fold
from services.runtime.clock import rfc3339
from services.sourcing import CONFIRMING, Basis, basis_of, is_own_word, is_trusted


def absorb_report(story: Story, report: Report, now: datetime) -> Story:
    """The story with this report counted. Says nothing of revisions: whether it is news, `materiality` knows."""
    counted = with_account(story, report, now)
    new = next(i for i, one in enumerate(counted.sources) if _is_of(one, report.source))
    first_word = has_own_count(counted) and not has_own_count(story)
    return derived(msgspec.structs.replace(counted, accounts=judged(counted, new, anew=first_word)))


def derived(story: Story) -> Story:
    """The story with all that follows from which of its accounts stand."""
    claims, shown = standing_claims(story), standing_sources(story)
    persons = [person for person in story.persons if person.source is None or person.source in shown]
    facts = msgspec.structs.replace(facts_of(claims, persons, story.sources), **_where_and_when(story))
    facts = _without_held(facts, story.kind, persons)
    place, _ = _place(story)
    settled = msgspec.structs.replace(story, facts=facts, place=place, occurred_on=facts.occurred_on, **_dating(story))
    return weighed(apply_corrections(settled))


def weighed(story: Story) -> Story:
    """With the certainty that the accounts which stand give it."""
    return msgspec.structs.replace(story, certainty=_certainty(story))


def with_account(story: Story, report: Report, now: datetime) -> Story:
    """The story with what the report says beside what others say; its facts are left as they are."""
    sources, index = _with_source(story.sources, report.source)
    story = _without_earlier_text(story, index, report.source)
    stated = tuple(msgspec.structs.replace(claim, source=index) for claim in _one_a_party(report))
    named = (msgspec.structs.replace(person, source=index) for person in report.persons)
    return msgspec.structs.replace(
        story,
        claims=merge_claims(story.claims, stated, sources),
        persons=merge_persons(story.persons, named, sources, story.released),
        sources=sources,
        accounts=with_account_of(story.accounts, account_of(report, index), same_text=_is_kept(story, index, report)),
        report_ids=tuple(dict.fromkeys((*story.report_ids, report.id))),
        updated_at=rfc3339(now.timestamp()),
    )


def _is_kept(story: Story, index: int, report: Report) -> bool:
    return index < len(story.sources) and story.sources[index].sha256 == report.source.sha256


def _without_earlier_text(story: Story, index: int, source: Source) -> Story:
    """An edited page says no longer what it said before."""
    if index >= len(story.sources) or story.sources[index].sha256 == source.sha256:
        return story
    return msgspec.structs.replace(
        story,
        claims=tuple(claim for claim in story.claims if claim.source != index),
        persons=tuple(person for person in story.persons if person.source != index),
    )


def _one_a_party(report: Report) -> list[Claim]:
    """Of several numbers that one party gives for one field (a part, the whole), the one that became the fact; and
    first what did, where two parties differ."""
    chosen: dict[tuple[str, str, str], Claim] = {}
    others: list[Claim] = []
    for claim in report.claims:
        key = (claim.field, claim.said_by.id, claim.scope)
        if not is_number(claim.field):
            others.append(claim)
        elif key not in chosen or claim.value == getattr(report.facts, claim.field):
            chosen[key] = claim
    as_fact_first = sorted(chosen.values(), key=lambda claim: claim.value != getattr(report.facts, claim.field))
    return [*as_fact_first, *others]


def _with_source(sources: tuple[Source, ...], source: Source) -> tuple[tuple[Source, ...], int]:
    """An edited page takes its own place again, and the same text of one outlet adds nothing. Another outlet's is
    another account, whatever address and words it bears."""
    for index, known in enumerate(sources):
        if known.outlet == source.outlet and known.url is not None and known.url == source.url:
            return (*sources[:index], source, *sources[index + 1 :]), index
        if _is_of(known, source):
            return sources, index
    return (*sources, source), len(sources)


def _is_of(known: Source, source: Source) -> bool:
    return known.outlet == source.outlet and known.sha256 == source.sha256


def _where_and_when(story: Story) -> dict[str, str | None]:
    """The facts that stand in no claim."""
    place, region = _place(story)
    day = next((one.occurred_on for one in _weightiest_first(story) if one.occurred_on), None) or _announced_day(story)
    return {"place": place.name if place else None, "region": region, "occurred_on": day}


def _announced_day(story: Story) -> str | None:
    """Where an own word gives no day: the one that readers were told, if it is the day on which that word came out."""
    day = _dating(story)["dated"]
    announced = (one.occurred_on for one in standing_accounts(story) if one.announced)
    return next((one for one in announced if isinstance(day, Dated) and one == day.day), None)


def _place(story: Story) -> tuple[Place | None, str | None]:
    found = ((one.place, one.region) for one in _weightiest_first(story) if one.place or one.region)
    return next(found, (None, None))


def _weightiest_first(story: Story) -> list[Account]:
    """An authority's or a group's own accounts, then the others as they came. Beside an own word nobody else says where
    and when it was: news would go to those who asked for another place."""
    accounts = standing_accounts(story)
    if is_firm(story):
        accounts = tuple(one for one in accounts if one.admitted or is_trusted(story.sources[one.source]))
    return sorted(accounts, key=lambda one: not is_trusted(story.sources[one.source]))


def _dating(story: Story) -> dict[str, Dated | str | None]:
    accounts: Sequence[Account] = standing_accounts(story)
    if not accounts:
        return {"dated": story.dated, "vague_day": story.vague_day}
    firmest = min(accounts, key=lambda one: _firmness(one, story.sources))
    vague = next((one.vague_day for one in accounts if one.vague_day), None)
    return {"dated": firmest.dated, "vague_day": vague}


def _firmness(account: Account, sources: tuple[Source, ...]) -> tuple[bool, int, str]:
    """The day of an authority's or a group's own text is the firmest; of equals the earlier, since news only ever comes
    after."""
    own = is_own_word(sources[account.source])
    return not own, tuple(DayBasis).index(account.dated.basis), account.dated.day


def _without_held(facts: Facts, kind: Kind, persons: Iterable[Person]) -> Facts:
    """Nobody who is said to be still in prison is listed among those freed."""
    if kind is not Kind.PARDON or not facts.names_pardoned:
        return facts
    held = [person.key for person in persons if person.role is Role.STILL_HELD]
    freed = tuple(name for name in facts.names_pardoned if not any(match(fold(name), key) is Match.ONE for key in held))
    return msgspec.structs.replace(facts, names_pardoned=freed or None)


def _certainty(story: Story) -> Certainty:
    claims = standing_claims(story)
    if disputed_fields(claims):
        return Certainty.DISPUTED
    basis = basis_of(voices(story))
    if _is_overruled(story) or basis not in CONFIRMING:
        return Certainty.REPORTED
    if basis is Basis.INDEPENDENT and basis_of(agreeing(story, claims)) is not basis:
        return Certainty.REPORTED
    return Certainty.CONFIRMED


def _is_overruled(story: Story) -> bool:
    """An operator gives another number on somebody else's word than that of whoever confirms it: they confirm it not.
    That we had misread somebody makes their word no weaker."""
    return any(
        one.field in WHOLES and one.said_by.party_class is not PartyClass.OFFICIAL and not one.carrier
        for one in story.corrections
    )


def disputed_numbers(story: Story) -> dict[str, tuple[int, ...]]:
    """Of each disputed field all the numbers that stand side by side."""
    claims = standing_claims(story)
    given = {field: {claim.value for claim in claims if claim.field == field} for field in disputed_fields(claims)}
    return {
        field: tuple(sorted(value for value in values if isinstance(value, int))) for field, values in given.items()
    }
