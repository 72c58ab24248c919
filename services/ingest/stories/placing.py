"""Decides whether a report tells of a story that is already open, and whether it adds anything to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

import msgspec

from services.ingest.reports import Report
from services.ingest.stories.absorbing import absorb_report
from services.ingest.stories.accounts import has_had_its_say, is_firm, voices, waiting_accounts
from services.ingest.stories.candidates import candidates
from services.ingest.stories.identity import WINDOW_DAYS, Likeness, Verdict, compare
from services.ingest.stories.known_acts import count_in
from services.ingest.stories.materiality import changes_since_announced
from services.ingest.stories.story import (
    Hold,
    Placement,
    ReportOutcome,
    Story,
    StoryState,
    announced_revision,
    keep_back,
    shell,
)
from services.sourcing import Basis, basis_of, is_own_word, quotes_weight

DOUBTFUL_MATCH = "doubtful_match"


def place(
    report: Report,
    open_stories: Iterable[Story],
    now: datetime,
    window_days: int = WINDOW_DAYS,
    go_on: Callable[[], None] = lambda: None,
) -> Placement:
    """`open_stories` are all that may still be meant, the held and the lately retracted among them. `go_on` is called
    before each comparison, and may raise to end it."""
    stories = list(open_stories)
    for story in stories:
        if report.id in story.report_ids:
            return _read_anew(story, report, now) or Placement(story, ReportOutcome.REPEATED)
    likely = _without_acts_that_readers_know(_likely(report, stories, window_days, go_on))
    if is_own_word(report.source):
        likely = _without_mere_words(likely)
    elif quotes_weight(report.source):
        likely = _without_lone_words(likely)
    same = [likeness for likeness in likely if likeness.verdict is Verdict.SAME]
    acts = [likeness for likeness in same if likeness.story.is_preexisting]
    if acts and not _is_tie(acts):
        return Placement(count_in(acts[0].story, report, now), ReportOutcome.JOINED_PREEXISTING)
    if same and not _is_tie(same) and same[0].story.state is not StoryState.RETRACTED:
        if report.doubts and _would_change(same[0].story, report, now):
            # What is doubtfully read changes nothing that readers know: it stands aside until a person has looked.
            return replace(_doubt(report, same, now), guess=same[0].story.id)
        if has_had_its_say(same[0].story, report.source):
            return Placement(same[0].story, ReportOutcome.CROWDED)
        return _join(same[0].story, report, now)
    if likely:
        return _doubt(report, likely, now)
    return _open(report, now)


def _read_anew(story: Story, report: Report, now: datetime) -> Placement | None:
    """A report that was old or undated, now read as on its own day; None where that changes nothing."""
    if (
        report.as_of is None
        or announced_revision(story)
        or story.candidates
        or story.state not in (StoryState.OLD, StoryState.HELD)
    ):
        return None
    return Placement(msgspec.structs.replace(absorb_report(story, report, now), revision=1), ReportOutcome.NEW)


def _without_acts_that_readers_know(likely: list[Likeness]) -> list[Likeness]:
    """An act that was put on the file of known acts while its story goes on: what is reported of it later still reaches
    those who were told of that story. Only where both are plainly meant, and of one day."""
    same = [one.story for one in likely if one.verdict is Verdict.SAME]
    told = {
        one.dated.day for one in same if announced_revision(one) and one.state in (StoryState.OPEN, StoryState.HELD)
    }
    return [one for one in likely if not (one.story.is_preexisting and one.story.dated.day in told)]


def _without_mere_words(likely: list[Likeness]) -> list[Likeness]:
    """What an authority or a rights group says itself is never made doubtful, known or held by what others said before:
    it joins the one such story that it is plainly about, or opens its own. Nor does another own word hold it back, but
    for one that an operator took back."""
    firm = [one for one in likely if one.story.is_preexisting or is_firm(one.story)]
    same = [one for one in firm if one.verdict is Verdict.SAME]
    if same:
        return same[:1]
    mere = [one for one in likely if one not in firm and one.verdict is Verdict.SAME and _may_be_joined(one.story)]
    return mere if len(mere) == 1 else []


def _without_lone_words(likely: list[Likeness]) -> list[Likeness]:
    """Nor does what one outlet says by itself, and nobody was told, hold back those who quote somebody of weight."""
    lone = [one for one in likely if not announced_revision(one.story) and basis_of(voices(one.story)) is Basis.ALONE]
    lone = [one for one in lone if not one.story.is_preexisting and not one.story.is_held_by_operator]
    others = [one for one in likely if one not in lone]
    same = [one for one in lone if one.verdict is Verdict.SAME and _may_be_joined(one.story)]
    return others or (same if len(same) == 1 else [])


def _may_be_joined(story: Story) -> bool:
    ended = story.state in (StoryState.RETRACTED, StoryState.MERGED)
    return not (ended or story.is_held_by_operator or story.candidates)


def _likely(report: Report, stories: list[Story], window_days: int, go_on: Callable[[], None]) -> list[Likeness]:
    """Best first. A story that waits for a person to say whether it is another one steps back behind that one, and what
    nobody of weight says behind what an authority or a group does."""
    likely: list[Likeness] = []
    for story in candidates(report, stories):
        go_on()
        likeness = compare(report, story, window_days)
        if likeness.verdict is not Verdict.DIFFERENT:
            likely.append(likeness)
    return sorted(likely, key=lambda one: (_standing_of(one.story), -one.score, one.story.id))


def _standing_of(story: Story) -> int:
    if story.candidates:
        return 2
    return 0 if story.is_preexisting or is_firm(story) else 1


def _is_tie(same: list[Likeness]) -> bool:
    if len(same) < 2 or _standing_of(same[0].story) != _standing_of(same[1].story):
        return False
    return same[0].score == same[1].score


def _open(report: Report, now: datetime) -> Placement:
    story = absorb_report(shell(report, now), report, now)
    return Placement(msgspec.structs.replace(story, revision=1), ReportOutcome.NEW)


def _doubt(report: Report, likely: list[Likeness], now: datetime) -> Placement:
    candidates = tuple(likeness.story.id for likeness in likely)
    story = absorb_report(shell(report, now), report, now)
    held = keep_back(msgspec.structs.replace(story, candidates=candidates), Hold(reason=DOUBTFUL_MATCH))
    return Placement(held, ReportOutcome.DOUBTFUL, candidates=candidates, guess=_guess(likely))


def _guess(likely: list[Likeness]) -> str | None:
    fair = [likeness for likeness in likely if likeness.is_a_fair_guess]
    return fair[0].story.id if fair and not (len(fair) > 1 and fair[0].score == fair[1].score) else None


def _would_change(known: Story, report: Report, now: datetime) -> bool:
    """Would it tell readers of the story something, or have something wait, if it were surely read?"""
    sure = _join(known, replace(report, doubts=()), now)
    return sure.outcome is ReportOutcome.REVISED or len(waiting_accounts(sure.story)) > len(waiting_accounts(known))


def _join(known: Story, report: Report, now: datetime) -> Placement:
    announced = announced_revision(known)
    story = absorb_report(known, report, now)
    if story.candidates:
        return Placement(story, ReportOutcome.DOUBTFUL, candidates=story.candidates)
    if announced == 0:
        # Never published, so the release rules look again: the new report may be what it waited for.
        return Placement(msgspec.structs.replace(story, revision=1), ReportOutcome.NEW)
    changes = changes_since_announced(story)
    if not changes:
        return Placement(story, ReportOutcome.JOINED)
    return Placement(msgspec.structs.replace(story, revision=announced + 1), ReportOutcome.REVISED, changes)
