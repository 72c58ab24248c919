"""Several stories in one message: each once, under a subject that a phone shows whole, and discreet where asked."""

from __future__ import annotations

import re
from itertools import permutations

import pytest

from services.contract import Event, EventType
from services.notify.channels.base import Rendered
from services.notify.channels.email.channel import EmailChannel
from services.notify.channels.telegram.bot_text import plain
from services.notify.channels.telegram.composed_text import ComposedText
from services.notify.content.alerts.subjects import SUBJECT_LENGTH
from services.notify.content.digest import DigestEntry, as_first_news
from services.notify.content.example_events import example_events
from services.runtime.clock import unix_of
from services.subscribers.address import Mode
from tests.letters import LANGUAGES
from tests.unit.notify.content.test_discreet_words import OWN, assert_says_nothing, renderer, seen_of_page

_NEVER: frozenset[EventType] = frozenset({EventType.STORY_RETRACTED, EventType.STORY_HELD, EventType.SYSTEM_TEST})
STORIES = {name: event for name, event in example_events().items() if event.type not in _NEVER}
PARTS = {"email": (*EmailChannel.parts, "preheader"), "telegram": ("html", "plain")}
DUE = unix_of("2024-12-29T07:00:00Z")


def digest(
    *entries: DigestEntry,
    language: str = "en",
    channel: str = "email",
    mode: Mode = "plain",
    zone: str = "Europe/Minsk",
    parts: tuple[str, ...] = (),
) -> Rendered:
    """`parts`: only those, where hundreds of digests are asked for them."""
    asked = parts or PARTS[channel]
    return renderer().digest(entries, channel=channel, parts=asked, language=language, mode=mode, due=DUE, zone=zone)


def entries(*events: Event, goes_on: bool = False) -> list[DigestEntry]:
    return [DigestEntry(event, goes_on) for event in events]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("goes_on", [False, True])
def test_a_subject_is_short_and_begins_with_the_first_story_or_with_how_many_there_are(
    language: str, goes_on: bool
) -> None:
    for first, second in permutations(STORIES.values(), 2):
        for others in (1, 2, 4, 5, 21):
            told = entries(first, *[second] * others, goes_on=goes_on)
            found = digest(*told, language=language, parts=("subject",)).parts["subject"]
            assert len(found) < SUBJECT_LENGTH, found
            assert found.count(str(others)) or found.count(str(others + 1)), found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STORIES)
def test_one_story_has_the_subject_of_an_alert(name: str, language: str) -> None:
    event = STORIES[name]
    alert = renderer().render(event, channel="email", parts=("subject",), language=language, mode="plain")
    assert digest(*entries(event, goes_on=True), language=language).parts["subject"] == alert.parts["subject"]


@pytest.mark.parametrize("channel", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_story_stands_there_once_by_its_headline(channel: str, language: str) -> None:
    part = "text" if channel == "email" else "plain"
    whole = " ".join(digest(*entries(*STORIES.values()), language=language, channel=channel).parts[part].split())
    headlines = [renderer().alert(as_first_news(event), language).headline.whole for event in STORIES.values()]
    for headline in set(headlines):
        assert whole.count(headline) == headlines.count(headline)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_never_heard_of_a_story_reads_of_no_earlier_message(name: str, language: str) -> None:
    alert = renderer().alert(as_first_news(STORIES[name]), language)
    assert alert.opening == ()


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Europe/Minsk", "29 December 2024, 10:00 in Minsk."),
        ("Europe/Moscow", "29 December 2024, 10:00 in Minsk."),
        ("Europe/Warsaw", "29 December 2024, 08:00 (Warsaw), 10:00 in Minsk."),
        ("Pacific/Auckland", "29 December 2024, 20:00 (Auckland), 10:00 in Minsk."),
        ("Etc/UTC", "29 December 2024, 07:00 (UTC), 10:00 in Minsk."),
    ],
)
def test_times_are_the_readers_and_minsks(zone: str, told: str) -> None:
    assert told in " ".join(digest(*entries(STORIES["pardon"]), zone=zone).parts["text"].split())


def test_what_cannot_be_told_as_usual_is_told_in_a_sentence_between_the_others() -> None:
    first, second = STORIES["pardon"], STORIES["arrest"]
    found = digest(DigestEntry(first, plain="Told in a sentence."), DigestEntry(second))
    assert "Told in a sentence." in found.parts["text"]
    assert "detained" in found.parts["text"]
    assert found.parts["subject"].startswith("2 stories")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discreet_one_says_nothing_at_a_glance(language: str) -> None:
    told = entries(*STORIES.values())
    mailed = digest(*told, language=language, mode="discreet").parts
    composed = ComposedText(digest(*told, language=language, channel="telegram", mode="discreet"), "discreet")
    for event in STORIES.values():
        assert_says_nothing(event, mailed["subject"], "subject")
        assert_says_nothing(event, mailed["preheader"], "preview")
        assert_says_nothing(event, mailed["text"][:100], "text")
        assert_says_nothing(event, seen_of_page(mailed["html"])[:100], "preview")
        for markup in composed.markup(OWN.stop_url):
            assert_says_nothing(event, plain(markup)[:100], "message")
            in_sight = re.sub(r"(?s)<tg-spoiler>.*?</tg-spoiler>|<a href=[^>]*>", " ", markup)
            assert_says_nothing(event, plain(in_sight), "in sight")
