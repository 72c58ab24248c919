"""An event becomes an alert: what one message says, in one language. Pure, and the same for every channel."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from services.contract import Event
from services.notify.content.alerts.alert import Alert
from services.notify.content.alerts.foreign import cleaned
from services.notify.content.alerts.model import (
    Attributed,
    FactBlock,
    FactRow,
    Headline,
    MessageKind,
    Names,
    SourceLine,
    blocks,
)
from services.notify.content.alerts.openings import message_kind
from services.notify.content.earlier_acts import EarlierAct
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
    "tellable",
]


def borne_out(event: Event) -> Event:
    """The event with no more certainty than its sources bear out."""
    certainty = certainty_by(event.data.sources, event.data.certainty)
    return msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, certainty=certainty))


def tellable(event: Event) -> Event:
    """The event as it may be told: foreign text cleaned, and no more certainty than its sources bear out."""
    return borne_out(cleaned(event))


def compose(event: Event, language: Language, earlier: Sequence[EarlierAct] = ()) -> Alert:
    """Everything the message about `event` says, see `Alert`."""
    return Alert(tellable(event), language, earlier)
