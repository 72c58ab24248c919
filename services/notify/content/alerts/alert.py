"""What one message about an event says, in one language, in the order of the design.

Each part is made when it is first asked for, since most channels say only some of them: a webhook's two lines need
neither the table of facts nor the sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from services.contract import Certainty, Event
from services.notify.content.alerts.concerned import in_short, named_groups, still_held, who_sentences
from services.notify.content.alerts.fact_rows import fact_rows, plea_sentences
from services.notify.content.alerts.followed import followed, followed_sentence, followed_subjects, tells_all_names
from services.notify.content.alerts.headline import headline, practice
from services.notify.content.alerts.model import (
    ActsPicture,
    Balance,
    FactRow,
    Headline,
    MessageKind,
    Names,
    SourceLine,
)
from services.notify.content.alerts.openings import message_kind, opening, own_words
from services.notify.content.alerts.parties import identified
from services.notify.content.alerts.pictures import acts_picture, balance
from services.notify.content.alerts.source_lines import caution, certainty_sentence, source_lines, unknown
from services.notify.content.alerts.subjects import preheader, subject
from services.notify.content.alerts.wider_counts import wider_note, wider_rows
from services.notify.content.earlier_acts import EarlierAct
from services.notify.content.languages import Language

_TOLD_IN_FULL: Final = (MessageKind.RETRACTION, MessageKind.HOLD)
_OPENED: Final = (MessageKind.UPDATE, *_TOLD_IN_FULL)
"""What they open with says all."""


class Alert:
    """Of an event that is `tellable`. Whatever is asked of it raises LanguageFault where the language lacks words."""

    def __init__(
        self,
        event: Event,
        language: Language,
        earlier: Sequence[EarlierAct] = (),
        watched: frozenset[str] = frozenset(),
    ) -> None:
        """`earlier`: acts to draw this one among. `watched`: keys of those in it whom the reader watches."""
        self._event = identified(event, language)
        self._followed = followed(self._event, watched)
        self._language = language
        self._earlier = earlier

    @cached_property
    def kind(self) -> MessageKind:
        return message_kind(self._event)

    @cached_property
    def subject(self) -> str:
        return subject(self._event, self._language, tuple(followed_subjects(self._language, self._followed)))

    @cached_property
    def preheader(self) -> str:
        """What a mailbox shows beside the subject: adds to it, does not repeat it."""
        beside = () if self.kind in _TOLD_IN_FULL else (self.who_in_short, self.headline.said, self.certainty_sentence)
        if self.followed:
            beside = (self.headline.whole, *beside)
        return preheader((self.practice, *_beside(self.subject, self.opening, beside)))

    @cached_property
    def practice(self) -> str:
        """ "This is an exercise …", or empty. Said before anything else."""
        mark = practice(self._event)
        return self._language.phrase(f"practice.{mark}") if mark else ""

    @cached_property
    def opening(self) -> tuple[str, ...]:
        """What changed (update), what was wrong (retraction) or is being checked (hold); empty in a first alert."""
        told_apart = tells_all_names(self._event, self._followed)
        return opening(self._event, self._language, self.headline.act, names_told=told_apart)

    @cached_property
    def followed(self) -> str:
        """That somebody is named whom the reader watches: the first line of their message, or empty."""
        return followed_sentence(self._event, self._language, self._followed)

    @cached_property
    def own_words(self) -> str:
        """What an operator adds in this language; no other language need say the same."""
        return own_words(self._event, self._language)

    @cached_property
    def headline(self) -> Headline:
        return headline(self._event, self._language, opened=self.kind in _OPENED)

    @cached_property
    def who(self) -> tuple[str, ...]:
        return who_sentences(self._event, self._language)

    @cached_property
    def who_in_short(self) -> str:
        """The same with a few names in one sentence, for places that have no room for a list."""
        return in_short(self.named, self.who)

    @cached_property
    def named(self) -> tuple[Names, ...]:
        return named_groups(self._event, self._language)

    @cached_property
    def facts(self) -> tuple[FactRow, ...]:
        return fact_rows(self._event, self._language)

    @cached_property
    def pleas(self) -> tuple[str, ...]:
        """What the authorities say that prisoners said, as a saying of theirs."""
        return plea_sentences(self._event, self._language)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        return unknown(self._event, self._language)

    @cached_property
    def caution(self) -> str:
        """What must not be read into the news, whatever is known."""
        return caution(self._event, self._language)

    @cached_property
    def wider(self) -> tuple[FactRow, ...]:
        return wider_rows(self._event, self._language)

    @cached_property
    def wider_note(self) -> str:
        return wider_note(self._event, self._language)

    @cached_property
    def still_held(self) -> tuple[str, ...]:
        """People who remain in prison, a line for each who says so: never a list that could be read as of the freed."""
        return still_held(self._event, self._language)

    @cached_property
    def sources(self) -> tuple[SourceLine, ...]:
        return source_lines(self._event, self._language)

    @cached_property
    def certainty(self) -> Certainty:
        return self._event.data.certainty

    @cached_property
    def certainty_sentence(self) -> str:
        """Why it is so certain, where who says so does not tell it already."""
        return certainty_sentence(self._event, self._language)

    @cached_property
    def acts(self) -> ActsPicture | None:
        return acts_picture(self._event, self._language, self._earlier)

    @cached_property
    def balance(self) -> Balance | None:
        return balance(self._event, self._language)

    def __repr__(self) -> str:
        parts = (name for name, part in vars(Alert).items() if isinstance(part, cached_property))
        return f"Alert({', '.join(f'{name}={getattr(self, name)!r}' for name in parts)})"


def _beside(told: str, first: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """What adds to the subject: not the change that it tells already."""
    if len(first) > 1 and first[0][:20].casefold() in told.casefold():
        first = first[1:]
    return (*first, *others)
