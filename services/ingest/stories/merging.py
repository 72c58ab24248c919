"""Puts a report's account into a story: each party's latest word stands, beside those that disagree with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import combinations

import msgspec

from services.contract import Certainty, Claim, Facts, Kind, PartyClass, Person, Role, Source
from services.ingest.reports import Report
from services.ingest.stories.correcting import corrected
from services.ingest.stories.dating import date_of, firmer
from services.ingest.stories.facts import is_number, merge_facts
from services.ingest.stories.numbers import Number, Relation, relate
from services.ingest.stories.people import Match, match, merge_persons
from services.ingest.stories.story import Story
from services.names import fold
from services.runtime.clock import rfc3339


def merge(story: Story, report: Report, now: datetime) -> Story:
    """The story with this report counted. Says nothing of revisions: whether it is news, `materiality` knows."""
    counted = with_account(story, report, now)
    facts = merge_facts(story.facts, report.facts, counted.claims, counted.sources)
    facts = _without_held(facts, report.kind, counted.persons)
    merged = msgspec.structs.replace(
        counted,
        facts=facts,
        place=story.place or report.place,
        occurred_on=facts.occurred_on,
        dated=firmer(story.dated, date_of(report)),
        vague_day=story.vague_day or report.vague_day,
    )
    return weighed(corrected(merged))


def weighed(story: Story) -> Story:
    """With the certainty that its claims and origins give it."""
    return msgspec.structs.replace(story, certainty=_certainty(story))


def with_account(story: Story, report: Report, now: datetime) -> Story:
    """The story with what the report says beside what others say; its facts are left as they are."""
    sources, index = _with_source(story.sources, report.source)
    counts = report.direct or not report.doubts  # what is doubtfully read vouches for nobody but its own site
    is_new = counts and report.origin.id not in story.origins
    told = tuple(msgspec.structs.replace(claim, source=index) for claim in _one_a_party(report))
    return msgspec.structs.replace(
        story,
        claims=merge_claims(story.claims, told, sources),
        persons=merge_persons(story.persons, report.persons),
        sources=sources,
        origins=(*story.origins, report.origin.id) if is_new else story.origins,
        vouched=story.vouched or (counts and report.origin.party_class is not PartyClass.MEDIA),
        heard_directly=story.heard_directly or _is_authority_itself(report),
        report_ids=tuple(dict.fromkeys((*story.report_ids, report.id))),
        updated_at=rfc3339(now.timestamp()),
    )


def merge_claims(known: Iterable[Claim], told: Iterable[Claim], sources: tuple[Source, ...]) -> tuple[Claim, ...]:
    """A party's later word on a field replaces its earlier one; different parties are kept beside each other."""
    claims = list(known)
    for claim in told:
        place = next((i for i, old in enumerate(claims) if _on_the_same(old, claim)), None)
        if place is None:
            claims.append(claim)
        elif not _agree(claims[place], claim):
            if _may_correct(claims[place], claim, sources):
                claims[place] = claim
            elif not _is_older(sources[claim.source], sources[claims[place].source]):
                claims.append(claim)
    return tuple(claims)


def _one_a_party(report: Report) -> list[Claim]:
    """Of several numbers that one party gives for one field (a part, the whole), the one that became the fact."""
    chosen: dict[tuple[str, str, str], Claim] = {}
    others: list[Claim] = []
    for claim in report.claims:
        key = (claim.field, claim.said_by.id, claim.scope)
        if not is_number(claim.field):
            others.append(claim)
        elif key not in chosen or claim.value == getattr(report.facts, claim.field):
            chosen[key] = claim
    return [*chosen.values(), *others]


def _on_the_same(old: Claim, new: Claim) -> bool:
    same_point = old.field == new.field and old.scope == new.scope and old.said_by.id == new.said_by.id
    # Several names or articles of one party stand in several claims.
    return same_point and (is_number(new.field) or old.value == new.value)


def _agree(old: Claim, new: Claim) -> bool:
    """Nothing to add: the same number, or a vaguer word for it."""
    if not isinstance(old.value, int) or not isinstance(new.value, int):
        return old.value == new.value
    a, b = Number(old.value, old.precision), Number(new.value, new.precision)
    return a == b or (relate(a, b) is Relation.SAME and b.precision != "exact")


def _may_correct(old: Claim, new: Claim, sources: tuple[Source, ...]) -> bool:
    """The same outlet or an official page may; another outlet only with a quote that is known to be later."""
    was, now = sources[old.source], sources[new.source]
    if _is_older(now, was) or _is_relayed(was, now):
        return False
    if now.name == was.name or now.source_class is PartyClass.OFFICIAL:
        return True
    return _is_older(was, now)


def _is_relayed(was: Source, now: Source) -> bool:
    """Somebody quotes otherwise what an official page says itself: no correction, but a disagreement."""
    return was.source_class is PartyClass.OFFICIAL and now.source_class is not PartyClass.OFFICIAL


def _is_older(a: Source, b: Source) -> bool:
    return a.published is not None and b.published is not None and a.published < b.published


def _with_source(sources: tuple[Source, ...], source: Source) -> tuple[tuple[Source, ...], int]:
    """An edited page takes its own place again; the same text at another address adds nothing."""
    for index, known in enumerate(sources):
        if known.url is not None and known.url == source.url:
            return (*sources[:index], source, *sources[index + 1 :]), index
        if known.sha256 == source.sha256:
            return sources, index
    return (*sources, source), len(sources)


def _without_held(facts: Facts, kind: Kind, persons: tuple[Person, ...]) -> Facts:
    """Nobody who is said to be still in prison is listed among those freed."""
    if kind is not Kind.PARDON or not facts.names_pardoned:
        return facts
    held = [person.key for person in persons if person.role is Role.STILL_HELD]
    freed = tuple(name for name in facts.names_pardoned if not any(match(fold(name), key) is Match.ONE for key in held))
    return msgspec.structs.replace(facts, names_pardoned=freed or None)


def _is_authority_itself(report: Report) -> bool:
    return report.direct and report.origin.party_class is PartyClass.OFFICIAL


def _certainty(story: Story) -> Certainty:
    """Two media that name nobody may have the same hidden source, so one of two origins has to be more than that."""
    if disputed_fields(story.claims):
        return Certainty.DISPUTED
    if _is_overruled(story):
        return Certainty.REPORTED
    if story.heard_directly or (len(story.origins) > 1 and story.vouched):
        return Certainty.CONFIRMED
    return Certainty.REPORTED


def _is_overruled(story: Story) -> bool:
    """An operator gives another number on somebody else's word than an authority's: that authority confirms it not."""
    return any(
        one.field in ("pardoned", "detained") and one.said_by.party_class is not PartyClass.OFFICIAL
        for one in story.corrections
    )


def disputed_numbers(story: Story) -> dict[str, tuple[int, ...]]:
    """Of each disputed field all the numbers that parties give."""
    given = {
        field: {claim.value for claim in story.claims if claim.field == field}
        for field in disputed_fields(story.claims)
    }
    return {
        field: tuple(sorted(value for value in values if isinstance(value, int))) for field, values in given.items()
    }


def disputed_fields(claims: Iterable[Claim]) -> tuple[str, ...]:
    """Fields of the act for which two accounts give numbers that cannot both be true."""
    numbers = [claim for claim in claims if claim.scope == "act" and is_number(claim.field)]
    pairs = ((a, b) for a, b in combinations(numbers, 2) if a.field == b.field)
    return tuple(dict.fromkeys(a.field for a, b in pairs if _contradict(a, b)))


def _contradict(a: Claim, b: Claim) -> bool:
    if not isinstance(a.value, int) or not isinstance(b.value, int):
        return False
    return relate(Number(a.value, a.precision), Number(b.value, b.precision)) is Relation.DIFFERENT
