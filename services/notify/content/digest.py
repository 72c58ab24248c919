"""Several stories in one message: each as an alert tells it, under a subject that begins with the first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date

from services.contract import Event, EventType, Kind
from services.notify.content.alerts import Alert
from services.notify.content.alerts.headline import short_subjects
from services.notify.content.alerts.subjects import SUBJECT_LENGTH, preheader
from services.notify.content.alerts.values import sentence_case
from services.notify.content.as_news import without_before
from services.notify.content.languages import Language
from services.notify.content.minsk_days import MINSK
from services.notify.content.zone_names import city_of_zone

_FIRST_NEWS: Final = {Kind.PARDON: EventType.PARDON_ANNOUNCED, Kind.ARREST: EventType.ARREST_REPORTED}


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One story. `goes_on`: the reader was told of it before; `plain`: a sentence, where it cannot be told as usual."""

    event: Event
    goes_on: bool = False
    plain: str = ""

    @property
    def told(self) -> Event:
        """As this reader is to be told of it."""
        return self.event if self.goes_on else as_first_news(self.event)


@dataclass(frozen=True, slots=True)
class DigestStory:
    alert: Alert | None
    """None where it is told in a plain sentence."""
    plain: str
    code: str
    url: str
    """Of its page; "" where there are none."""


@dataclass(frozen=True, slots=True)
class Digest:
    subject: str
    preheader: str
    title: str
    until: str
    """Up to when it tells, by the reader's clock and by Minsk's."""
    stories: tuple[DigestStory, ...]

    @property
    def practice(self) -> bool:
        """Is nothing of it about the world?"""
        return all(story.alert is not None and bool(story.alert.practice) for story in self.stories)


def as_first_news(event: Event) -> Event:
    """The newest state for somebody who never heard of the story: nothing in it answers to an earlier message."""
    data = event.data
    if data.revision == 1 and not data.changes:
        return event
    fresh = msgspec.structs.replace(without_before(data), revision=1, replaces=None)
    return msgspec.structs.replace(event, type=_FIRST_NEWS.get(data.kind, event.type), data=fresh)


def digest_of(
    stories: Sequence[DigestStory], entries: Sequence[DigestEntry], language: Language, due: float, zone: str
) -> Digest:
    """`due`: Unix seconds, up to when it tells; `zone`: the reader's (IANA)."""
    first, *others = stories
    own = datetime.fromtimestamp(due, ZoneInfo(zone))
    subject = _subject(first, entries[0].told, len(others), language, own)
    beside = [_sentence(story, language) for story in others] if others else [_beside(first)]
    title = language.plural("digest.title", len(stories))
    return Digest(subject, preheader(beside), title, _until(language, own, zone), tuple(stories))


def _subject(first: DigestStory, event: Event, others: int, language: Language, own: datetime) -> str:
    """The first story in its fullest wording that a phone shows whole, and how many others there are. `own`: when it is
    due, by the reader's clock."""
    if first.alert is None or first.alert.practice:
        return _counted(others + 1, language, own)
    if not others:
        return first.alert.subject
    wordings = (first.alert.subject, *(() if first.alert.opening else short_subjects(event, language)))
    whole = [sentence_case(language.plural("digest.subject", others, first=one)) for one in wordings]
    return next((one for one in whole if len(one) < SUBJECT_LENGTH), _counted(others + 1, language, own))


def _counted(stories: int, language: Language, own: datetime) -> str:
    date = format_date(own.date(), language.date_pattern, locale=language.locale)
    return language.plural("digest.counted", stories, date=date)


def _sentence(story: DigestStory, language: Language) -> str:
    if story.alert is None:
        return story.plain
    opening = story.alert.opening
    return opening[0] if opening else language.phrase("headline.sentence", text=story.alert.headline.act)


def _beside(story: DigestStory) -> str:
    return story.plain if story.alert is None else story.alert.preheader


def _until(language: Language, own: datetime, zone: str) -> str:
    minsk = own.astimezone(MINSK)
    date = format_date(own.date(), language.date_pattern, locale=language.locale)
    if own.utcoffset() == minsk.utcoffset():
        return language.phrase("digest.until", date=date, minsk=f"{minsk:%H:%M}")
    city = city_of_zone(zone, language.locale)
    times = {"own": f"{own:%H:%M}", "city": city, "minsk": f"{minsk:%H:%M}"}
    return language.phrase("digest.until_elsewhere", date=date, **times)
