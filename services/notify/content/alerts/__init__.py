"""An event becomes an alert: what one message says, in one language. Pure, and the same for every channel."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from services.contract import Event
from services.notify.content.alerts.changes import message_kind, opening
from services.notify.content.alerts.concerned import in_short, named_groups, still_held, who_sentences
from services.notify.content.alerts.fact_rows import fact_rows, wider_note, wider_rows
from services.notify.content.alerts.foreign import cleaned
from services.notify.content.alerts.headline import headline, practice, subject
from services.notify.content.alerts.model import (
    Alert,
    Attributed,
    FactRow,
    Headline,
    MessageKind,
    Names,
    SourceLine,
    one_voice,
)
from services.notify.content.alerts.pictures import acts_picture, balance
from services.notify.content.alerts.source_lines import certainty_sentence, source_lines, unknown
from services.notify.content.earlier_acts import EarlierAct
from services.notify.content.languages import Language
from services.sourcing import certainty_by

__all__ = [
    "Alert",
    "Attributed",
    "FactRow",
    "Headline",
    "MessageKind",
    "Names",
    "SourceLine",
    "compose",
    "message_kind",
    "one_voice",
]


def borne_out(event: Event) -> Event:
    """The event with no more certainty than its sources bear out."""
    certainty = certainty_by(event.data.sources, event.data.certainty)
    return msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, certainty=certainty))


def compose(event: Event, language: Language, earlier: Sequence[EarlierAct] = ()) -> Alert:
    """Everything the message about `event` says, in the order of the design. `earlier`: acts to draw this one among.
    Raises LanguageFault."""
    event = borne_out(cleaned(event))
    kind, head, mark = message_kind(event), headline(event, language), practice(event)
    warning = language.phrase(f"practice.{mark}") if mark else ""
    first, why = opening(event, language, head.act), certainty_sentence(event, language)
    who, named = who_sentences(event, language), named_groups(event, language)
    short = in_short(named, who)
    return Alert(
        kind=kind,
        subject=subject(event, language, kind),
        preheader=" ".join(first[:1] or (short, why)).strip() or warning,
        practice=warning,
        opening=first,
        headline=head,
        who=who,
        who_in_short=short,
        named=named,
        facts=fact_rows(event, language),
        unknown=unknown(event, language),
        wider=wider_rows(event, language),
        wider_note=wider_note(event, language),
        still_held=still_held(event, language),
        sources=source_lines(event, language),
        certainty=event.data.certainty,
        certainty_sentence=why,
        acts=acts_picture(event, language, earlier),
        balance=balance(event, language),
    )
