"""To a reader who watches somebody whom the event names for the first time: that they are named, before all else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.contract import Event, Person
from services.fact_table import NAME_FIELDS
from services.notify.content.alerts.acts import act_of
from services.notify.content.alerts.changes import newly_named
from services.notify.content.alerts.concerned import nameable, shown
from services.notify.content.alerts.fact_rows import spoken
from services.notify.content.alerts.headline import own_name
from services.notify.content.alerts.model import MessageKind
from services.notify.content.alerts.openings import message_kind
from services.notify.content.alerts.statements import Voice, voice_of
from services.notify.content.languages import Language

_LISTED: Final = 4
"""Names that a first line holds; more are counted there and listed below."""


def named_now(event: Event) -> tuple[Person, ...]:
    """Those whom this message is the first to name: all that may be named in a first alert, the new ones in an update;
    none where we take back or doubt what we told."""
    kind = message_kind(event)
    if kind is MessageKind.ALERT and not event.data.merged_into:
        return nameable(event)
    if kind is not MessageKind.UPDATE:
        return ()
    changes = [change for change in event.data.changes if change.field in NAME_FIELDS]
    return tuple({person.key: person for change in changes for person in newly_named(event, change)}.values())


def followed(event: Event, watched: frozenset[str]) -> tuple[Person, ...]:
    """Whom of them the reader watches. `watched`: keys of persons."""
    return tuple(person for person in named_now(event) if person.key in watched) if watched else ()


def followed_sentence(event: Event, language: Language, people: tuple[Person, ...]) -> str:
    """ "Someone you follow is named: Ales Bialiatski (Алесь Бяляцкі), pardoned (Viasna)."; "" where there is nobody."""
    if not people:
        return ""
    if len(people) > _LISTED:
        return language.plural("followed.counted", len(people))
    groups: dict[Voice | None, list[str]] = {}
    for person in people:
        voice = voice_of(event, person.said_by, person.source) if person.said_by else None
        groups.setdefault(voice, []).append(shown(language, person))
    acted = language.phrase(f"acted.{act_of(event)}")
    named = (
        language.phrase("followed.by", names=language.listed(names), acted=acted, by=spoken(language, voice))
        if voice
        else language.phrase("followed.plain", names=language.listed(names), acted=acted)
        for voice, names in groups.items()
    )
    return _counted(language, "sentence", len(people), named=language.phrase("list_mark").join(named))


def followed_subjects(language: Language, people: tuple[Person, ...]) -> Iterator[str]:
    """As the subject of a letter, the fullest wording first."""
    if people:
        names = language.listed([own_name(person.names, person.name, language) for person in people])
        yield _counted(language, "subject", len(people), names=names)
        yield _counted(language, "subject_bare", len(people))


def tells_all_names(event: Event, people: tuple[Person, ...]) -> bool:
    """Are those the reader watches all that are named now? Then no other sentence need name them."""
    return 0 < len(people) <= _LISTED and len(people) == len(named_now(event))


def _counted(language: Language, key: str, count: int, **values: str) -> str:
    if count == 1:
        return language.phrase(f"followed.{key}", **values)
    return language.plural(f"followed.{key}_several", count, **values)
