"""Talking to the bot: every command does what it says, typed or by a button, and answers in the reader's language."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

import pytest
from msgspec import structs
from redis.asyncio import Redis

from services.contract import Kind
from services.names import fold
from services.portal.signup.spellings import spellings
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from tests.letters import LANGUAGES
from tests.redis.bot_room import READER, BotRoom, open_bot_room

COMMANDS = (
    *("help", "list", "watch", "unwatch", "place", "language", "frequency", "quiet", "discreet", "export", "erase"),
    *("pause", "stop", "start"),
)
NAMES = ("Алесь Бяляцкі", "Алесь Беляцкий", "Ales Bialacki", "Ales Bialiatski")


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[BotRoom]:
    async with open_bot_room(redis) as room:
        yield room


async def test_the_first_answer_says_what_telegram_sees_and_that_nobody_need_ask(room: BotRoom) -> None:
    (said,) = await room.say("/start")
    for words in ("phone number", "riskier", "/feed.atom", "https://alerts.example.org/?lang=en", "/join"):
        assert words in said.text
    assert await room.nobody()
    assert "Yes, write to me here" in [one.text for one in said.markup.buttons()]


@pytest.mark.parametrize(
    "text", ["hello", "/help", "/list", "/watch Алесь Бяляцкі", "/place Lida", "/pause", "/export"]
)
async def test_nothing_is_kept_of_a_chat_before_its_one_deliberate_button(room: BotRoom, text: str) -> None:
    (said,) = await room.say(text)
    assert "Nothing comes here until you press the button" in said.text
    assert await room.vault.everybody() == []


async def test_the_button_makes_a_subscriber_who_hears_of_everything_discreetly(room: BotRoom) -> None:
    await room.say("/start")
    changed = await room.press(room.button("join:"))
    someone = await room.reader()
    assert someone.interests == (Interest(),)
    assert (someone.mode, someone.language, someone.is_reached) == ("discreet", "en", True)
    assert "phone number" not in changed.text, "what gives it away is gone from the chat"
    assert len(room.chat.messages) == 1


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("be", "be"),
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("en-GB", "en"),
        ("pl", "en"),
        ("", "en"),
        (None, "en"),
        ("BE", "be"),
    ],
)
async def test_the_app_names_the_language_until_somebody_chooses(
    room: BotRoom, code: str | None, language: str
) -> None:
    await room.say("/start", language=code)
    await room.press(room.button("join:"), language=code)
    assert (await room.reader()).language == language
    await room.say("/language be", language=code)
    (said,) = await room.say("/help", language=code)
    assert "Што змяніць?" in said.text


async def test_a_button_of_the_first_answer_says_it_in_another_language_and_keeps_nothing(room: BotRoom) -> None:
    await room.say("/start")
    changed = await room.press("start:ru")
    assert "Telegram видит ваш номер телефона" in changed.text
    assert await room.nobody()
    await room.press(room.button("join:"))
    assert (await room.reader()).language == "ru"


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_in_any_of_four_scripts_is_watched_and_shown_as_it_will_be_found(room: BotRoom, name: str) -> None:
    await room.join()
    (said,) = await room.say(f"/watch {name}")
    assert (await room.reader()).interests[1].persons == (fold(NAMES[0]),)
    assert all(spelling in said.text for spelling in spellings(name))
    assert len(spellings(name)) == 5


async def test_a_name_is_taken_away_by_its_button_its_number_or_itself(room: BotRoom) -> None:
    await room.join()
    people = ("Алесь Бяляцкі", "Марыя Калеснікава", "Віктар Бабарыка")
    for way in ("button", "number", "name"):
        for name in people:
            await room.say(f"/unwatch {name}")
        for name in people:
            await room.say(f"/watch {name}")
        (said,) = await room.say("/list")
        assert said.text.index("1. ") < said.text.index("2. ") < said.text.index("3. ")
        button = [one.data for one in said.markup.buttons() if one.text == "✕ 2"]
        if way == "button":
            await room.press(button[0])
            await room.press(button[0])  # twice takes away no other
        else:
            await room.say("/unwatch 2" if way == "number" else "/unwatch Maryja Kalesnikava")
        persons = [key for one in (await room.reader()).interests for key in one.persons]
        assert persons == [fold(people[0]), fold(people[2])], way


async def test_who_follows_nobody_any_more_is_not_sent_everything_instead(room: BotRoom) -> None:
    someone = await room.join()
    await room.vault.amend(someone.number, asking(Interest(persons=("x y",))))
    (said,) = await room.say("/unwatch 1")
    assert (await room.reader()).interests == ()
    assert "nothing will come" in said.text
    await room.press("all")
    assert (await room.reader()).interests == (Interest(),)


def asking(*interests: Interest) -> Callable[[Subscriber], Subscriber]:
    return lambda known: structs.replace(known, interests=interests)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Алесь", "single word"), ("123 456", "has letters"), ("王 小明", "Cyrillic or Latin"), ("А. Бяляцкі", "vowel")],
)
async def test_a_name_that_could_never_match_is_said_at_once(room: BotRoom, name: str, words: str) -> None:
    await room.join()
    (said,) = await room.say(f"/watch {name}")
    assert words in said.text
    assert (await room.reader()).interests == (Interest(),)


@pytest.mark.parametrize(
    ("given", "regions", "towns"),
    [
        ("gomel", ("gomel",), ()),
        ("Гомельская вобласць", ("gomel",), ()),
        ("Ліда", (), ("grodno:Lida",)),
        ("Lida", (), ("grodno:Lida",)),
        ("Минск", ("minsk_city",), ()),
        ("Мінск", ("minsk_city",), ()),
        ("minsk", ("minsk_city",), ()),
        ("Мозырь", (), ("gomel:Mozyr",)),
        ("Atlantis", (), ()),
    ],
)
async def test_a_place_by_any_of_its_names(
    room: BotRoom, given: str, regions: tuple[str, ...], towns: tuple[str, ...]
) -> None:
    await room.join()
    (said,) = await room.say(f"/place {given}")
    assert (await room.reader()).interests == (Interest(regions=regions, towns=towns),)
    assert ("not in our list" in said.text) == (given == "Atlantis")


async def test_places_by_buttons_alone_and_back_to_the_whole_country(room: BotRoom) -> None:
    await room.join()
    await room.say("/place")
    await room.press("place:+brest")
    changed = await room.press("place:+gomel")
    assert "✓ Brest Region" in [one.text for one in changed.markup.buttons()]
    await room.press("place:-brest")
    assert (await room.reader()).interests == (Interest(regions=("gomel",)),)
    await room.press("place:all")
    assert (await room.reader()).interests == (Interest(),)


async def test_what_a_chat_does_not_show_of_an_interest_stays(room: BotRoom) -> None:
    someone = await room.join()
    kept = Interest(kinds=(Kind.ARREST,), articles=("342",), without=(Interest(regions=("brest",)),))
    await room.vault.amend(someone.number, asking(kept))
    for command in ("/place gomel", "/frequency daily", "/watch Алесь Бяляцкі", "/unwatch 1", "/place all"):
        await room.say(command)
    (interest,) = (await room.reader()).interests
    assert interest == Interest(kinds=kept.kinds, articles=kept.articles, without=kept.without, frequency="daily")


async def test_how_often_quiet_hours_and_a_zone(room: BotRoom) -> None:
    await room.join()
    await room.say("/frequency")
    await room.press("frequency:weekly")
    assert (await room.reader()).interests[0].frequency == "weekly"
    await room.say("/quiet 22:30 - 06:45 Europe/Warsaw")
    someone = await room.reader()
    assert (someone.quiet, someone.zone) == ((1350, 405), "Europe/Warsaw")
    await room.press("quiet:off")
    assert (await room.reader()).quiet is None
    for wrong in ("/quiet 22:00", "/quiet 25:00-07:00", "/quiet 22:00-07:00 Nowhere/Else", "/frequency hourly"):
        (said,) = await room.say(wrong)
        assert "Write" in said.text
    assert (await room.reader()).quiet is None


async def test_pausing_stopping_and_coming_back_with_all_that_one_had(room: BotRoom) -> None:
    await room.join()
    await room.say("/watch Алесь Бяляцкі")
    before = (await room.reader()).interests
    await room.say("/pause")
    assert not (await room.reader()).active
    await room.press("resume")
    assert (await room.reader()).active
    await room.say("/stop")
    assert (await room.reader()).stopped is not None
    (said,) = await room.say("/watch Марыя Калеснікава")
    assert "Nothing comes to this chat now" in said.text
    await room.press("back")
    someone = await room.reader()
    assert (someone.active, someone.stopped, someone.interests) == (True, None, before)


async def test_a_file_is_sent_only_when_asked_for_once_more(room: BotRoom) -> None:
    await room.join()
    await room.say("/watch Алесь Бяляцкі")
    (said,) = await room.say("/export")
    assert "stays with Telegram" in said.text
    await room.press("export:file")
    file = room.newest().file
    assert file is not None
    kept = json.loads(file.content)
    assert kept["channels"] == [{"channel": "telegram", "target": str(READER)}]
    assert kept["interests"][1]["person_keys"] == [fold("Алесь Бяляцкі")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_command_is_answered_in_the_readers_language_and_taken_by_telegram(
    room: BotRoom, language: str
) -> None:
    await room.join(language=language)
    commands = (
        *COMMANDS, "export nonsense", "watch Алесь Бяляцкі", "unwatch 9", "place Lida", "quiet 22:00-07:00", "wrong",
    )  # fmt: skip
    for mode in ("off", "on"):
        await room.say(f"/discreet {mode}", language=language)
        for command in commands:
            said = await room.say(f"/{command}", language=language)
            assert len(said) == 1, command
            if command == "stop":
                await room.press("back", language=language)
    assert room.chat.refusals == []


async def test_somebody_who_types_no_command_gets_the_menu_and_reaches_all_by_buttons(room: BotRoom) -> None:
    await room.join()
    (said,) = await room.say("what now?")
    pressed = {one.data for one in said.markup.buttons()}
    assert pressed >= set(COMMANDS) - {"help", "unwatch", "start"}
    await room.press("watch:?")
    question = room.newest()
    assert question.markup.asks_for_reply
    await room.say("Алесь Бяляцкі", reply_to=question.message_id)
    assert (await room.reader()).interests[1].persons == (fold("Алесь Бяляцкі"),)


async def test_the_app_is_told_of_the_commands_by_the_words_of_their_buttons(room: BotRoom) -> None:
    (said,) = await room.say("/start")
    offered = room.chat.people.commands
    assert set(offered) == {"", *LANGUAGES}
    assert offered[""] == offered["en"]
    await room.press(room.button("join:"))
    (said,) = await room.say("/help")
    named = {one.data: one.text for one in said.markup.buttons()}
    assert {verb: words for verb, words in offered["en"].items() if verb != "help"} == named
