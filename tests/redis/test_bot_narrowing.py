"""In a chat one chooses what the form lets one choose: typed, by buttons, and in every language."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from msgspec import structs
from redis.asyncio import Redis

from services.contract import Certainty, Kind, PartyClass
from services.portal.bot.typed_words import NO
from services.subscribers.interests import Interest, following, marked
from services.subscribers.topics import asks_for
from tests.letters import LANGUAGES
from tests.redis.bot_room import BotRoom, open_bot_room
from tests.redis.samples import arrest


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[BotRoom]:
    async with open_bot_room(redis) as room:
        yield room


async def chosen(room: BotRoom) -> Interest:
    return (await room.reader()).interests[0]


async def test_by_buttons_alone_everything_is_reached_from_the_menu(room: BotRoom) -> None:
    await room.join()
    await room.say("/list")
    await room.press(room.button("list:more"))
    await room.press(room.button("list:kinds"))
    await room.press(room.button("list:kinds -pardon"))
    await room.press(room.button("list:more"))
    await room.press(room.button("list:sources"))
    await room.press(room.button("list:sources +media"))
    await room.press(room.button("list:more"))
    await room.press(room.button("list:confirmed"))
    await room.press(room.button("list:confirmed on"))
    await room.press(room.button("list:more"))
    await room.press(room.button("list:updates"))
    await room.press(room.button("list:updates off"))
    assert await chosen(room) == Interest(kinds=(Kind.ARREST,), sources=(PartyClass.MEDIA,), least=Certainty.CONFIRMED)
    assert not (await room.reader()).updates
    (said,) = await room.say("/list")
    for words in ("Detentions", "Independent media", "confirmed", "first news only"):
        assert words in said.text
    await room.press(room.button("list:more"))
    await room.press("list:kinds +pardon")
    await room.press("list:sources -media")
    await room.press("list:confirmed off")
    assert await chosen(room) == Interest()


async def test_a_button_pressed_twice_leaves_what_it_left_once(room: BotRoom) -> None:
    await room.join()
    for data in ("list:kinds -pardon", "list:kinds -pardon", "list:sources +official", "list:sources +official"):
        await room.press(data)
    assert await chosen(room) == Interest(kinds=(Kind.ARREST,), sources=(PartyClass.OFFICIAL,))


async def test_articles_are_asked_for_or_typed_and_what_is_none_is_refused(room: BotRoom) -> None:
    await room.join()
    await room.say("/list articles")
    await room.press(room.button("list:articles ?"))
    asked = room.newest()
    await room.say("342, 361-4", reply_to=asked.message_id)
    assert (await chosen(room)).articles == ("342", "361-4")
    (said,) = await room.say("/list articles all of them")
    assert "article" in said.text.casefold()
    assert (await chosen(room)).articles == ("342", "361-4")
    await room.say("/list articles 130")
    assert (await chosen(room)).articles == ("130",)
    for word in NO[:1]:
        await room.say(f"/list articles {word}")
    assert await chosen(room) == Interest()


async def test_what_is_left_out_does_not_come_and_can_be_taken_back(room: BotRoom) -> None:
    await room.join()
    await room.say("/list not Гомель")
    await room.say("/list not Brest Region")
    await room.say("/list not Иван Лосев")
    one = await chosen(room)
    assert set(one.without) == {
        Interest(towns=("gomel:Gomel",)), Interest(regions=("brest",)), following([marked("Иван Лосев")])
    }  # fmt: skip
    assert not asks_for(one, arrest(region="brest").data)
    assert asks_for(one, arrest(region="grodno").data)
    while any(one.data.startswith("list:not -") for one in room.newest().markup.buttons()):
        await room.press(room.button("list:not -"))
    assert await chosen(room) == Interest()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_follows_list_may_be_said_in_ones_own_language(room: BotRoom, language: str) -> None:
    await room.join(language=language)
    word = {"en": "confirmed on", "ru": "подтверждённое вкл", "be": "пацверджанае так"}[language]
    await room.say(f"/list {word}")
    assert (await chosen(room)).least is Certainty.CONFIRMED


async def test_each_interest_has_its_own_frequency(room: BotRoom) -> None:
    await room.join()
    await room.say("/watch Иван Лосев")
    await room.say("/frequency 2 daily")
    assert [one.frequency for one in (await room.reader()).interests] == ["at_once", "daily"]
    await room.say("/frequency")
    await room.press(room.button("frequency:n"))
    weekly = [one.data for one in room.newest().markup.buttons() if one.data.endswith(" weekly")]
    await room.press(weekly[0])
    assert [one.frequency for one in (await room.reader()).interests] == ["weekly", "daily"]
    (said,) = await room.say("/list")
    assert "Once a week" in said.text
    assert "Once a day" in said.text
    for wrong in ("/frequency 3 daily", "/frequency 2 hourly", "/frequency x daily", "/frequency 0 weekly"):
        (said,) = await room.say(wrong)
        assert "/frequency" in said.text
    assert [one.frequency for one in (await room.reader()).interests] == ["weekly", "daily"]
    await room.say("/frequency 2 at once")
    assert [one.frequency for one in (await room.reader()).interests] == ["weekly", "at_once"]
    await room.say("/frequency at once")
    assert [one.frequency for one in (await room.reader()).interests] == ["at_once", "at_once"]


async def test_a_town_is_chosen_by_buttons(room: BotRoom) -> None:
    await room.join()
    await room.say("/place")
    await room.press(room.button("place:towns"))
    await room.press(room.button("place:towns gomel"))
    await room.press(room.button("place:+gomel:"))
    assert len((await chosen(room)).towns) == 1


async def test_whoever_hears_of_certain_people_alone_is_told_that_there_is_nothing_to_narrow(room: BotRoom) -> None:
    reader = await room.join()
    people = following([marked("Иван Лосев")])
    await room.vault.amend(reader.number, lambda one: structs.replace(one, interests=(people,)))
    await room.say("/list sources +media")
    (said,) = await room.say("/list more")
    assert "nothing to narrow" in said.text
    assert (await room.reader()).interests == (people,)


async def test_what_is_urgent_and_whether_it_sounds_is_chosen_beside_quiet_hours(room: BotRoom) -> None:
    await room.join()
    await room.say("/quiet 22:00-07:00")
    await room.press(room.button("quiet:urgent on"))
    await room.press("quiet:urgent on")
    await room.press(room.button("quiet:silent on"))
    reader = await room.reader()
    assert (reader.urgent, reader.silent, reader.quiet) == (True, True, (22 * 60, 7 * 60))
    await room.say("/quiet срочное нет")
    await room.say("/quiet silent off")
    reader = await room.reader()
    assert (reader.urgent, reader.silent) == (False, False)
    (said,) = await room.say("/quiet urgent maybe")
    assert "two times of day" in said.text


WAITS = {
    "en": ("at the latest when it would have come", "together with what is new"),
    "ru": ("самое позднее тогда", "вместе с новым"),
    "be": ("не пазней, чым прыйшло б", "разам з новым"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_change_of_frequency_says_what_becomes_of_what_has_waited(room: BotRoom, language: str) -> None:
    sooner, later = WAITS[language]
    await room.join(language=language)
    (said,) = await room.say("/frequency daily", language=language)
    assert sooner not in said.text
    assert later not in said.text
    (said,) = await room.say("/frequency weekly", language=language)
    assert later in said.text
    (said,) = await room.say("/frequency at once", language=language)
    assert sooner in said.text
    (said,) = await room.say("/frequency at once", language=language)
    assert sooner not in said.text, "nothing was changed"
