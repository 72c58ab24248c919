"""What a chat is shown keeps within what Telegram takes, whatever somebody chose, in every language and mode."""

from __future__ import annotations

import pytest
from msgspec import structs

from services.contract import Certainty, Kind, PartyClass
from services.demo.bot_html import parse_html
from services.demo.bot_markup import DATA_MAX
from services.fact_table import Region
from services.portal.bot import chat_views as views
from services.portal.bot import views_of_narrowing as narrow
from services.portal.bot.chat_answer import BotWords, ChatAnswer
from services.portal.bot.chat_steps import VERBS
from services.portal.signup.towns import towns
from services.subscribers.habits import Frequency
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from tests.letters import LANGUAGES, renderer_at

RENDERER = renderer_at()
LONGEST_KEY = "x" * 100


def tag(_key: str) -> str:
    return "n" + "a" * 16


def reader(*interests: Interest) -> Subscriber:
    return Subscriber(
        number=1, since="2026-01-01T00:00:00.000Z", interests=interests, quiet=(0, 60), zone="Europe/Minsk"
    )


def answers(words: BotWords) -> list[ChatAnswer]:
    every_town = sorted(towns(), key=len)[-20:]
    names = tuple(f"{letter}{LONGEST_KEY}" for letter in "abcdefghijklmnopqrst")
    most = reader(
        Interest(regions=tuple(region.value for region in Region), towns=tuple(every_town)), Interest(persons=names)
    )
    everybody = tuple(f"{LONGEST_KEY * 3}{number}"[-300:] for number in range(200))
    by_file = reader(Interest(towns=tuple(sorted(towns()))), Interest(persons=everybody))
    left_out = (*(Interest(towns=(town,)) for town in every_town), *(Interest(persons=(name,)) for name in everybody))
    articles = tuple(f"{number}-1" for number in range(301, 321))
    one = Interest(
        kinds=(Kind.ARREST,), sources=(PartyClass.MEDIA, PartyClass.DEFENDER), least=Certainty.CONFIRMED,
        articles=articles, without=left_out, towns=tuple(every_town),
    )  # fmt: skip
    often: tuple[Frequency, ...] = ("daily", "weekly", "at_once")
    narrowest = reader(*(structs.replace(one, articles=(f"{at}",), frequency=often[at % 3]) for at in range(300)))
    return [
        *(
            view
            for known in (most, by_file, narrowest, reader(), reader(Interest()), reader(Interest(persons=("x y",))))
            for view in (
                views.menu(words, known),
                views.chosen_list(words, known, tag),
                views.name_list(words, known, tag),
                views.place_list(words, known),
                narrow.each_frequency(words, known, tag),
                narrow.aspects(words, known),
                narrow.kinds_list(words, known),
                narrow.sources_list(words, known),
                narrow.confirmed_list(words, known),
                narrow.updates_list(words, known),
                narrow.articles_list(words, known),
                narrow.left_out_list(words, known, tag),
                *(narrow.one_frequency(words, one, tag) for one in known.interests),
                *(views.town_list(words, known, region.value) for region in Region),
                views.quiet_list(words, known),
            )
        ),
        views.language_list(words, LANGUAGES),
        views.welcome(words, LANGUAGES, "https://alerts.example.org", group=True),
        views.returning(words),
        views.regions_of_towns(words),
        words.question("articles"),
        words.question("not"),
        words.question("watch"),
        words.question("place"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("discreet", [True, False])
def test_every_answer_is_one_message_that_telegram_takes(language: str, discreet: bool) -> None:
    for answer in answers(BotWords(RENDERER.language(language), discreet)):
        assert 0 < len(parse_html(answer.text).text.encode("utf-16-le")) / 2 <= 4096
        buttons = [button for row in answer.buttons for button in row]
        assert len(buttons) <= 100
        assert all(1 <= len(row) <= 8 for row in answer.buttons)
        for button in buttons:
            assert button.label
            assert 1 <= len(button.data.encode()) <= DATA_MAX
            assert button.data.partition(":")[0] in VERBS


def test_every_town_that_can_be_chosen_fits_into_a_button() -> None:
    assert len(towns()) > 100
    assert max(len(f"place:+{town}".encode()) for town in towns()) <= DATA_MAX


def test_what_is_filled_in_is_never_markup() -> None:
    words = BotWords(RENDERER.language("en"))
    for hostile in ("<b>x</b>", "&amp;", '"><a href="x">', "{name}", "</tg-spoiler>"):
        said = words.answer("done", words.say("watch.done", name=hostile))
        assert parse_html(said.text).text.endswith(f"{hostile}.")
        assert parse_html(said.text).entities == ()


def test_a_list_that_is_longer_than_a_message_says_so_and_each_number_stays_its_own() -> None:
    words = BotWords(RENDERER.language("en"))
    known = reader(Interest(persons=tuple(f"a{number} b" for number in range(90))))
    for view in (views.chosen_list(words, known, str), views.name_list(words, known, str)):
        lines = view.text.splitlines()
        assert "40. A39 B" in lines
        assert "…" in lines
        takes = [button for row in view.buttons for button in row if button.data.startswith("unwatch:")]
        assert [(one.label, one.data) for one in takes][-1] == ("✕ 40", "unwatch:a39 b")
