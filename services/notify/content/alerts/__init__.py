"""An event becomes an alert: what one message says, in one language. Pure, and the same for every channel."""

from __future__ import annotations

import msgspec

from services.contract import Event
from services.notify.content.alerts.concerned import in_short, named_groups, still_held, who_sentences
from services.notify.content.alerts.fact_rows import fact_rows, plea_sentences
from services.notify.content.alerts.foreign import cleaned
from services.notify.content.alerts.headline import headline, practice
from services.notify.content.alerts.model import (
    Alert,
    Attributed,
    FactBlock,
    FactRow,
    Headline,
    MessageKind,
    Names,
    SourceLine,
    blocks,
)
from services.notify.content.alerts.openings import message_kind, opening, own_words
from services.notify.content.alerts.parties import identified
from services.notify.content.alerts.source_lines import caution, certainty_sentence, source_lines, unknown
from services.notify.content.alerts.subjects import preheader, subject
from services.notify.content.alerts.wider_counts import wider_note, wider_rows
from services.notify.content.languages import Language
from services.sourcing import certainty_by

__all__ = [
    "Alert",
    "Attributed",
    "FactBlock",
    "FactRow",
    "Headline",
    "MessageKind",
    "Names",
    "SourceLine",
    "blocks",
    "compose",
    "message_kind",
]


def borne_out(event: Event) -> Event:
    """The event with no more certainty than its sources bear out."""
    certainty = certainty_by(event.data.sources, event.data.certainty)
    return msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, certainty=certainty))


def compose(event: Event, language: Language) -> Alert:
    """Everything the message about `event` says, in the order of the design. Raises LanguageFault."""
    event = identified(borne_out(cleaned(event)), language)
    kind, mark = message_kind(event), practice(event)
    head = headline(event, language, opened=kind is MessageKind.UPDATE)
    warning = language.phrase(f"practice.{mark}") if mark else ""
    first, why = opening(event, language, head.act), certainty_sentence(event, language)
    who, named = who_sentences(event, language), named_groups(event, language)
    short = in_short(named, who)
    beside = () if kind in (MessageKind.RETRACTION, MessageKind.HOLD) else (short, head.said, why)
    return Alert(
        kind=kind,
        subject=subject(event, language),
        preheader=preheader((warning, *_beside(subject(event, language), first, beside))),
        practice=warning,
        opening=first,
        own_words=own_words(event, language),
        headline=head,
        who=who,
        who_in_short=short,
        named=named,
        facts=fact_rows(event, language),
        pleas=plea_sentences(event, language),
        unknown=unknown(event, language),
        caution=caution(event, language),
        wider=wider_rows(event, language),
        wider_note=wider_note(event, language),
        still_held=still_held(event, language),
        sources=source_lines(event, language),
        certainty=event.data.certainty,
        certainty_sentence=why,
    )


def _beside(told: str, first: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """What adds to the subject: not the change that it tells already."""
    if len(first) > 1 and first[0][:20].casefold() in told.casefold():
        first = first[1:]
    return (*first, *others)
