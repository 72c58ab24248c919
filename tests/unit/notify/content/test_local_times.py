"""When a message was made, by the clock of Minsk and by that of its reader, in the words of each language."""

from __future__ import annotations

import pytest

from services.notify.content.example_events import example_events
from services.notify.content.local_times import sent_sentence
from services.notify.content.reader_view import ReaderView
from services.subscribers.address import Mode
from tests.letters import LANGUAGES, renderer_at

RENDERER = renderer_at()
WINTER, SUMMER, NIGHT = "2024-12-28T09:14:00Z", "2025-07-04T09:14:00Z", "2024-12-28T22:30:00Z"
CYRILLIC = [one for one in LANGUAGES if one != "en"]
ABROAD = ["Warsaw", "Vilnius", "Berlin", "Prague", "Riga", "Tallinn", "Paris", "Brussels", "London", "Rome", "Kyiv"]


@pytest.mark.parametrize(
    ("zone", "moment", "said"),
    [
        ("Europe/Warsaw", WINTER, "Sent on 28 December 2024 at 12:14 in Minsk (10:14 in Warsaw)."),
        ("Europe/Warsaw", SUMMER, "Sent on 4 July 2025 at 12:14 in Minsk (11:14 in Warsaw)."),
        ("Asia/Tbilisi", WINTER, "Sent on 28 December 2024 at 12:14 in Minsk (13:14 in Tbilisi)."),
        (
            "America/New_York",
            NIGHT,
            "Sent on 29 December 2024 at 01:30 in Minsk (on 28 December 2024 at 17:30 in New York).",
        ),
        ("Europe/Minsk", WINTER, "Sent on 28 December 2024 at 12:14 in Minsk."),
        (None, WINTER, "Sent on 28 December 2024 at 12:14 in Minsk (09:14 UTC)."),
    ],
)
def test_it_says_both_clocks_by_the_season_and_the_day_there(zone: str | None, moment: str, said: str) -> None:
    assert sent_sentence(RENDERER.words["en"], moment, zone) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Отправлено 28 декабря 2024 года в 12:14 по минскому времени (11:14, Киев)."),
        ("be", "Адпраўлена 28 снежня 2024 года ў 12:14 паводле мінскага часу (11:14, Кіеў)."),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Europe/Kiev"])
def test_a_city_is_found_under_every_name_of_its_zone(language: str, zone: str, said: str) -> None:
    assert sent_sentence(RENDERER.words[language], WINTER, zone) == said


@pytest.mark.parametrize("city", ABROAD)
@pytest.mark.parametrize("language", CYRILLIC)
def test_the_cities_of_those_who_left_are_written_in_the_readers_letters(language: str, city: str) -> None:
    assert city not in sent_sentence(RENDERER.words[language], WINTER, f"Europe/{city}")


@pytest.mark.parametrize("zone", ["", "UTC", "Etc/GMT+3", "Mars/Olympus", "../../etc/passwd", "Europe/", "A/B\0"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_place_gets_the_hour_of_utc(language: str, zone: str) -> None:
    words = RENDERER.words[language]
    assert sent_sentence(words, WINTER, zone) == sent_sentence(words, WINTER)


@pytest.mark.parametrize("mode", ["plain", "discreet"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", example_events())
def test_every_message_that_a_person_gets_says_it_once_in_each_of_its_parts(
    name: str, language: str, mode: Mode
) -> None:
    event = example_events()[name]
    said = sent_sentence(RENDERER.words[language], event.time, "Europe/Warsaw")
    for channel, parts in (("email", ("text", "html")), ("telegram", ("html", "plain"))):
        rendered = RENDERER.render(
            event, channel=channel, parts=parts, language=language, mode=mode, view=ReaderView("Europe/Warsaw")
        )
        assert [" ".join(text.split()).count(said) for text in rendered.parts.values()] == [1, 1]
        assert all(len(line) <= 72 or "://" in line for line in dict(rendered.parts).get("text", "").splitlines())
    last = f"<tg-spoiler>{said}</tg-spoiler>" if mode == "discreet" else said
    assert rendered.parts["html"].rstrip().endswith(last)
