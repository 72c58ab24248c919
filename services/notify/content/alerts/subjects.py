"""The subject of a letter and what a mailbox shows beside it: of an update the change, of an alert number or name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from services.contract import Certainty, Change, Event
from services.fact_table import NAME_FIELDS, SHARES
from services.notify.content.alerts.acts import act_of
from services.notify.content.alerts.changes import (
    fact_now,
    in_order,
    is_replaced,
    let_out_sentence,
    newly_named,
    share_sentence,
)
from services.notify.content.alerts.fact_rows import COUNTED, label
from services.notify.content.alerts.headline import act_words, own_name, practice, short_subjects
from services.notify.content.alerts.model import MessageKind
from services.notify.content.alerts.openings import is_correction, message_kind
from services.notify.content.alerts.values import hedged_number, sentence_case
from services.notify.content.languages import Language

SUBJECT_LENGTH: Final = 60
"""Characters that a phone shows of a subject."""
_SUBJECT_AT_MOST: Final = 160
PREHEADER_LENGTH: Final = 100
_CERTAINTY_NOW: Final[dict[object, str]] = {
    ("reported", "confirmed"): "now_confirmed",
    ("disputed", "confirmed"): "now_confirmed",
    ("confirmed", "reported"): "no_longer_confirmed",
    ("disputed", "reported"): "no_longer_disputed",
}
"""Which mark a change of certainty has."""
_IN_A_SUBJECT: Final = frozenset({"where_held", "went_to", "charge", "authority", "decree_number"})
"""Facts whose change a subject tells with label and value."""


def subject(event: Event, language: Language, followed: Sequence[str] = ()) -> str:
    """The fullest wording that a phone shows whole; number or name first, unless it is an update or a test. `followed`:
    wordings that say whom its reader watches, and stand in place of all others."""
    kind, mark = message_kind(event), _mark(event)
    if followed:
        return _fullest(followed, language, None if mark == MessageKind.UPDATE else mark)
    wordings = (*_changed(event, language), *short_subjects(event, language)) if kind is MessageKind.UPDATE else (
        short_subjects(event, language)
    )  # fmt: skip
    return _fullest(wordings, language, mark)


def _fullest(wordings: Sequence[str], language: Language, mark: str | None) -> str:
    marked = [language.phrase(f"subject.{mark}", subject=one) if mark else one for one in wordings]
    return _bounded(sentence_case(next((text for text in marked if len(text) < SUBJECT_LENGTH), min(marked, key=len))))


def _is_told_in_a_subject(event: Event, change: Change) -> bool:
    """Where parties disagree, their numbers are what a subject is for."""
    return change.field in _IN_A_SUBJECT and event.data.certainty is not Certainty.DISPUTED


def _begun_small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _bounded(text: str) -> str:
    """Whatever names it holds, a subject ends."""
    return text if len(text) <= _SUBJECT_AT_MOST else text[: _SUBJECT_AT_MOST - 1].rstrip() + "…"


def preheader(sentences: Sequence[str]) -> str:
    """As many of the sentences, from the first on, as a mailbox shows; of a first one too long, its beginning."""
    shown = ""
    for sentence in sentences:
        if sentence and len(shown) + len(sentence) + 1 < PREHEADER_LENGTH:
            shown = f"{shown} {sentence}".strip()
    first = next((sentence for sentence in sentences if sentence), "")
    return shown or first[: PREHEADER_LENGTH - 2].rsplit(" ", 1)[0] + "…" if first else ""


def _mark(event: Event) -> str | None:
    """Which word stands before the subject."""
    kind = message_kind(event)
    if practice(event):
        return practice(event)
    if event.data.merged_into or event.data.merged_from:
        return "merged"
    if kind is MessageKind.UPDATE and event.data.ends_hold:
        return "hold_ended"
    if kind is MessageKind.UPDATE and is_correction(event):
        return "correction"
    if kind is MessageKind.UPDATE and (first := next(iter(in_order(event)), None)):
        return _mark_of(event, first)
    return None if kind is MessageKind.ALERT else kind.value


def _mark_of(event: Event, first: Change) -> str | None:
    """Whoever is named stands before everything else, the word "update" too; how certain it is now stands in its
    place."""
    if first.field in NAME_FIELDS and newly_named(event, first):
        return None
    return _CERTAINTY_NOW.get((first.before, first.after), "update") if first.field == "certainty" else "update"


def _changed(event: Event, language: Language) -> Iterator[str]:
    """The first change that has words for a subject."""
    for change in in_order(event):
        if (change.before, change.after) in _CERTAINTY_NOW:
            return
        if words := tuple(_words(event, language, change)):
            yield from words
            return


def _words(event: Event, language: Language, change: Change) -> Iterator[str]:
    main = COUNTED.get(event.data.kind)
    named = newly_named(event, change) if change.field in NAME_FIELDS else ()
    names = language.listed([own_name(one.names, one.name, language) for one in named])
    if named and change.before is not None:
        yield language.phrase("subject.more_names", names=names)
        yield language.phrase("subject.more_names_bare")
    elif named:
        yield language.phrase("subject.first_names", names=names)
        acted = language.phrase(f"acted.{act_of(event)}")
        yield language.plural("subject.first_names_counted", len(named), acted=acted)
        yield language.phrase("subject.first_names_bare")
    elif change.field == main and isinstance(change.before, int) and event.data.certainty is not Certainty.DISPUTED:
        act = act_words(event, language, "subject")
        before = hedged_number(language, change.before, change.was)
        date = language.date(event.data.occurred_on)
        key = "instead" if is_replaced(event, change) else "beside"
        instead = language.phrase(f"subject.{key}", act=act, before=before)
        if date:
            yield language.phrase("headline.dated", act=instead, date=date)
        yield instead
    elif change.field in SHARES and isinstance(change.after, int):
        yield share_sentence(event, language, change.field, change.after)
    elif change.field == "left_prison" and isinstance(change.after, bool):
        yield let_out_sentence(event, language, out=change.after)
    elif _is_told_in_a_subject(event, change) and (now := fact_now(event, language, change)):
        yield language.phrase("subject.fact", label=_begun_small(label(language, event, change.field)), value=now)
