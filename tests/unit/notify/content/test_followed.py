"""Whoever watches somebody whom an event names reads it first, in their own message; nobody else learns of it."""

from __future__ import annotations

import re

import msgspec
import pytest

from services.contract import Event, Kind, Role
from services.names import fold
from services.notify.content.example_events import example_events
from services.notify.content.parity import differences
from services.notify.content.reader_view import ReaderView
from services.subscribers.address import Mode
from services.subscribers.interests import Interest
from services.subscribers.persons_named import persons_watched
from tests.letters import LANGUAGES, renderer_at

EVENTS = example_events()
FIRST, FOLLOWING = EVENTS["arrest_first"], EVENTS["pardon_names"]
PARTS = {"email": ("subject", "preheader", "text", "html"), "telegram": ("html", "plain")}
SAID = {"en": "Someone you follow is named: ", "ru": "Назван тот, за кем вы следите: "}
SAID["be"] = "Названы той, за кім вы сочыце: "
RENDERER = renderer_at()


def keys(event: Event) -> list[str]:
    return [one.key for one in event.data.persons if one.role in (Role.PARDONED, Role.DETAINED)]


def parts(event: Event, language: str, *watched: str, channel: str = "email", mode: Mode = "plain") -> dict[str, str]:
    view = ReaderView(watched=frozenset(watched))
    return dict(
        RENDERER.render(event, channel=channel, parts=PARTS[channel], language=language, mode=mode, view=view).parts
    )


def named(event: Event, count: int) -> Event:
    """The event with so many people in it, every one of them named by whoever names the first."""
    one = next(person for person in event.data.persons if person.key in keys(event))
    sounds = [first + second for first in "бдзклм" for second in "нпрст"]
    names = [f"Імя{sound} Прозвішча{sound}" for sound in sounds[:count]]
    people = tuple(msgspec.structs.replace(one, name=name, key=fold(name), names={}) for name in names)
    facts = msgspec.structs.replace(event.data.headline_facts, names=tuple(names))
    return msgspec.structs.replace(
        event, data=msgspec.structs.replace(event.data, persons=people, headline_facts=facts)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", [FIRST, FOLLOWING], ids=["a first alert", "names that follow"])
def test_a_watcher_reads_first_that_somebody_they_follow_is_named(event: Event, language: str) -> None:
    watched = keys(event)[0]
    email, telegram = (parts(event, language, watched, channel=channel) for channel in PARTS)
    assert email["subject"].startswith(SAID[language])
    assert len(email["subject"]) < 60
    assert email["text"].startswith(SAID[language])
    assert telegram["html"].startswith(f"<b>{SAID[language]}")
    assert telegram["plain"].startswith(SAID[language])
    assert not email["preheader"].startswith(SAID[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [2, 3, 4, 5, 21])
def test_of_several_it_says_how_many(count: int, language: str) -> None:
    event = named(FIRST, count)
    said = parts(event, language, *keys(event))
    assert re.search(rf"\b{count}\b", said["text"].split("\n\n")[0])
    assert re.search(rf"\b{count}\b", said["subject"])
    assert len(said["subject"]) < 60


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVENTS)
def test_whoever_watches_nobody_in_it_gets_what_everybody_gets(name: str, language: str) -> None:
    assert parts(EVENTS[name], language, "somebody else") == parts(EVENTS[name], language)
    assert SAID[language] not in "".join(parts(EVENTS[name], language).values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["retraction", "arrest_retracted", "held", "hold_ended", "pardon_update"])
def test_names_that_are_no_news_or_no_longer_stand_are_not_said_anew(name: str, language: str) -> None:
    event = EVENTS[name]
    assert parts(event, language, *(one.key for one in event.data.persons)) == parts(event, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_those_who_are_still_in_prison_it_is_never_said(language: str) -> None:
    still = msgspec.structs.replace(FIRST.data.persons[0], role=Role.STILL_HELD)
    event = msgspec.structs.replace(FIRST, data=msgspec.structs.replace(FIRST.data, persons=(still,)))
    assert SAID[language] not in parts(event, language, still.key)["text"]
    assert persons_watched([Interest(persons=(still.key,))], event.data) == frozenset()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", [FIRST, FOLLOWING], ids=["a first alert", "names that follow"])
def test_in_discreet_mode_no_glance_reads_it(event: Event, language: str) -> None:
    watched = keys(event)[0]
    plain, discreet = (parts(event, language, *who, mode="discreet") for who in ((), (watched,)))
    assert [discreet[one] for one in ("subject", "preheader")] == [plain[one] for one in ("subject", "preheader")]
    assert discreet["text"].index(SAID[language]) > 100
    assert discreet["html"].index(SAID[language]) > discreet["html"].index("height:900px")
    telegram = parts(event, language, watched, channel="telegram", mode="discreet")["html"]
    assert f"<tg-spoiler><b>{SAID[language]}" in telegram


@pytest.mark.parametrize("event", [FIRST, FOLLOWING, named(FIRST, 4)], ids=["first", "names", "four"])
@pytest.mark.parametrize("channel", PARTS)
def test_all_languages_say_the_same_to_a_watcher(event: Event, channel: str) -> None:
    for watched in (keys(event)[:1], keys(event)):
        texts = {one: parts(event, one, *watched, channel=channel) for one in LANGUAGES}
        assert differences(event, texts, RENDERER.words, followed=True) == ()


def test_nothing_that_is_printed_of_a_view_says_whom_somebody_watches() -> None:
    assert "kalasn" not in repr(ReaderView(watched=frozenset({"kalasnakava mara"})))


@pytest.mark.parametrize(
    ("interest", "is_watched"),
    [
        (Interest(persons=("kalasnakava mara",)), True),
        (Interest(persons=("kalasnakava mara",), kinds=(Kind.PARDON,)), False),
        (Interest(persons=("kalasnakava m",)), False),
        (Interest(persons=("kalasnakava",)), False),
        (Interest(persons=("someone else",)), False),
        (Interest(), False),
    ],
)
def test_a_name_is_somebodys_by_the_whole_of_it_where_they_asked(interest: Interest, is_watched: bool) -> None:
    assert bool(persons_watched([interest], FIRST.data)) is is_watched


def test_a_name_that_gives_an_initial_only_is_nobodys_for_sure() -> None:
    person = msgspec.structs.replace(FIRST.data.persons[0], name="М. Калеснікава", key="kalasnakava m")
    data = msgspec.structs.replace(FIRST.data, persons=(person,))
    for key in ("kalasnakava m", "kalasnakava mara"):
        assert persons_watched([Interest(persons=(key,))], data) == frozenset()
