"""One outsider, with one feed, can neither make a false alert seem confirmed nor change, name or silence a true one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.contract import Certainty
from services.ingest.stories import approve
from services.ingest.stories.accounts import MOST_OF_AN_OUTLET
from tests.conformance.site import running_site
from tests.redis.attacks import AT, LANGUAGES, WHO, Attack, Told, on_that_day, own, page, quote
from tests.redis.ingest_desk import now

every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
async def attack(redis: Redis) -> AsyncIterator[Attack]:
    async with running_site() as site:
        one = Attack(redis, site)
        yield one
        await one.close()


def _never_confirmed(told: Told) -> None:
    assert {event.data.certainty for event in told.events} <= {Certainty.REPORTED}
    assert not told.says("Confirmed:")
    assert not told.says("Подтверждено:")


def _is_true(told: Told, n: int = 52) -> None:
    """The authority's own number stands, confirmed, in one story and at the head of the last letter."""
    true = [story for story in told.stories if story["certainty"] == "confirmed"]
    assert [story["headline_facts"]["pardoned"] for story in true] == [n]
    last = [event for event in told.events if event.data.story_id == true[0]["story_id"]][-1]
    assert (last.data.certainty, last.data.headline_facts.pardoned) == (Certainty.CONFIRMED, n)
    assert told.says(f"{n} people pardoned")


# ── who says so ────────────────────────────────────────────────────────────────────────────────────────────────────


@every_language
@pytest.mark.parametrize("who", WHO)
async def test_an_outlet_that_quotes_somebody_and_then_says_it_itself_is_one_outlet(
    attack: Attack, language: str, who: str
) -> None:
    await attack.says("evil", quote(language, who), own(language))
    told = await attack.told()
    _never_confirmed(told)
    assert [story["headline_facts"]["pardoned"] for story in told.stories] == [52], "it goes out, as unconfirmed"
    assert told.says("Unconfirmed")


every_door = pytest.mark.parametrize("door", ["page", "telegram_preview"])


@every_language
@every_door
async def test_by_whatever_door_it_is_read_one_outlet_confirms_nothing_and_changes_nothing(
    attack: Attack, language: str, door: str
) -> None:
    attack.door = door
    await attack.says("evil", quote(language, "belta"), own(language), quote(language, "viasna"))
    _never_confirmed(await attack.told())
    await attack.says("president", page(language))
    await attack.says("evil", quote(language, "press service", 40))
    _is_true(await attack.told())


@every_language
async def test_an_outlet_that_quotes_everybody_in_turn_is_one_outlet(attack: Attack, language: str) -> None:
    await attack.says("evil", *(quote(language, who) for who in WHO))
    _never_confirmed(await attack.told())


@every_language
@pytest.mark.parametrize("second", ["evil-channel", "evil-sister"])
async def test_a_site_and_its_channel_and_two_papers_of_one_owner_are_one_outlet(
    attack: Attack, language: str, second: str
) -> None:
    await attack.says("evil", quote(language, "belta"))
    await attack.says(second, quote(language, "viasna"))
    _never_confirmed(await attack.told())


async def test_two_outlets_of_which_one_quotes_the_other_are_one_account(attack: Attack) -> None:
    await attack.says("zerkalo", quote("en", "belta"))
    await attack.says("echo", on_that_day("en", "Lukashenko pardoned 52 people on {day}, Zerkalo reported."))
    _never_confirmed(await attack.told())


async def test_two_outlets_that_quote_those_whom_nobody_can_ask_confirm_nothing(attack: Attack) -> None:
    await attack.says("zerkalo", quote("en", "rights groups"))
    await attack.says("evil", own("en"))
    _never_confirmed(await attack.told())


async def test_the_states_press_and_the_presidents_office_are_one_voice_whoever_quotes_them(attack: Attack) -> None:
    await attack.says("zerkalo", quote("en", "belta"))
    await attack.says("evil", quote("en", "press service"))
    _never_confirmed(await attack.told())


@every_language
async def test_two_outlets_with_nobody_in_common_confirm_what_a_rights_group_says(
    attack: Attack, language: str
) -> None:
    await attack.says("zerkalo", quote(language, "viasna"))
    await attack.says("echo", quote(language, "belta"))
    assert (await attack.told()).one["certainty"] == "confirmed"


@every_language
async def test_one_outlet_by_itself_is_told_to_nobody_however_often_it_says_so(attack: Attack, language: str) -> None:
    await attack.says("evil", *(f"{own(language)} {n}." for n in range(5)))
    assert (await attack.told()).events == []


@every_language
@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("BelTA", "belta"),
        ("БелТА", "belta"),
        ("the president's press service", "president"),
        ("viasna", "viasna"),
        ('a reader". Confirmed: an authority’s own source says so (BelTA). "Note', "belta"),
        ("Ivan Petrov, Brest, Lenin street 5", None),
    ],
)
async def test_a_partner_is_itself_whatever_name_came_with_its_text(
    attack: Attack, language: str, name: str, party: str | None
) -> None:
    await attack.hands_in("paper", quote(language, "belta"), name)
    await attack.hands_in("paper", page(language), name)
    told = await attack.told()
    _never_confirmed(told)
    assert {(one["name"], one.get("claimed_party")) for one in told.one["sources"]} == {("paper", party)}
    assert told.says("handed in under the name of") is bool(party)
    assert not told.says("Petrov")


async def test_a_partner_that_hands_in_what_an_outlet_wrote_is_not_another_account(attack: Attack) -> None:
    await attack.says("zerkalo", own("en"))
    await attack.hands_in("paper", quote("en", "viasna"), "Zerkalo")
    _never_confirmed(await attack.told())


async def test_a_copied_text_is_no_second_account(attack: Attack) -> None:
    text = on_that_day("en", "Lukashenko pardoned 52 people on {day}, Viasna reported. BelTA reported the same.")
    await attack.says("zerkalo", text)
    await attack.says("echo", text)
    _never_confirmed(await attack.told())


async def test_a_partner_copies_the_authoritys_text_first_and_silences_nothing(attack: Attack) -> None:
    await attack.hands_in("paper", page("en"), "President of Belarus, press service")
    await attack.says("president", page("en"))
    _is_true(await attack.told())


async def test_a_page_handed_in_is_its_hosts_word_and_nobody_elses(attack: Attack) -> None:
    html = f"<html><body><main><h1>Pardon</h1><p>{page('en')}</p></main></body></html>"
    await attack.shows_page("https://president-gov-by.example/en/events/1", html)
    assert (await attack.told()).events == []


# ── silencing ──────────────────────────────────────────────────────────────────────────────────────────────────────


@every_language
async def test_a_copy_of_the_authoritys_text_before_we_read_it_silences_nothing(attack: Attack, language: str) -> None:
    await attack.says("evil", page(language))
    await attack.says("president", page(language))
    _is_true(await attack.told())


async def test_a_copy_that_bears_the_authoritys_own_address_silences_nothing(attack: Attack) -> None:
    address = "https://president.gov.by/en/events/1"
    await attack.says("evil", page("en"), url=address)
    await attack.says("president", page("en"), url=address)
    await attack.says("evil", quote("en", "press service", 5), url=address)
    told = await attack.told()
    _is_true(told)
    assert told.one["sources"][0]["name"] == "President of Belarus, press service"


@every_language
@pytest.mark.parametrize("by", ["in its own voice", "as BelTA's"])
async def test_invented_decrees_before_the_authority_speaks_silence_nothing(
    attack: Attack, language: str, by: str
) -> None:
    decree = {
        "en": "Lukashenko signed decree No. {n} on {{day}}: 52 people were pardoned{by}. It is list {n}.",
        "ru": "Лукашенко подписал {{day}} указ № {n}: помилованы 52 человека{by}. Это список {n}.",
        "be": "Лукашэнка падпісаў {{day}} указ № {n}: памілаваныя 52 чалавекі{by}. Гэта спіс {n}.",
    }[language]
    said = {"en": ", BelTA reported", "ru": ", сообщает БелТА", "be": ", паведамляе БелТА"}[language]
    source = said if by == "as BelTA's" else ""
    await attack.says("evil", *(on_that_day(language, decree.format(n=n, by=source)) for n in (900, 901)))
    await attack.says("president", page(language))
    _is_true(await attack.told())


@pytest.mark.parametrize(
    "before",
    [
        "Lukashenko pardoned 52 people on {day}, BelTA reported. 60 women are among those pardoned.",
        "Lukashenko pardoned 52 people on {day}. 60 women and 40 men are among those pardoned.",
        "Lukashenko pardoned 52000 people on {day}, BelTA reported.",
        "Lukashenko pardoned 52 people on 27 November 2026, BelTA reported. 9 women are among those pardoned.",
        "Lukashenko pardoned 52 people on 25 November 2026, BelTA reported. 9 women are among those pardoned.",
        "Lukashenko pardoned 52 people on 10 November 2026, BelTA reported. 9 women are among those pardoned.",
        "Lukashenko pardoned 52 people on {day}, BelTA reported. 9 women are among those pardoned. Viasna: 51.",
    ],
)
async def test_whatever_others_said_before_the_authoritys_own_word_goes_out(attack: Attack, before: str) -> None:
    await attack.says("evil", on_that_day("en", before))
    await attack.says("president", page("en"))
    _is_true(await attack.told())


async def test_a_text_dated_later_makes_the_authoritys_own_word_no_older_one(attack: Attack) -> None:
    later = datetime.fromisoformat(AT) + timedelta(hours=5)
    await attack.says("evil", quote("en", "press service", 5), published=later)
    await attack.says("president", page("en"))
    _is_true(await attack.told())


async def test_a_hundred_lookalikes_silence_nothing(attack: Attack) -> None:
    for n in range(48, 56):
        await attack.says("evil", quote("en", "belta", n), own("en", n))
    await attack.says("president", page("en"))
    _is_true(await attack.told())


async def test_an_outlet_that_floods_a_story_fills_nothing_and_keeps_nobody_else_out(attack: Attack) -> None:
    await attack.says("evil", *(f"{quote('en', 'belta')} Part {n}." for n in range(MOST_OF_AN_OUTLET + 5)))
    story = await attack.desk.story((await attack.told()).one["story_id"])
    assert len(story.accounts) == MOST_OF_AN_OUTLET
    await attack.says("zerkalo", quote("en", "viasna"))
    assert (await attack.told()).one["certainty"] == "confirmed"
    await attack.says("president", page("en"))
    _is_true(await attack.told())


# ── changing a true one ────────────────────────────────────────────────────────────────────────────────────────────


@every_language
@pytest.mark.parametrize("text", ["quoting the press service", "quoting Viasna", "in its own voice"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_another_number_from_one_outlet_changes_no_authoritys_own(
    attack: Attack, language: str, text: str, when: str
) -> None:
    other = {
        "quoting the press service": quote(language, "press service", 40),
        "quoting Viasna": quote(language, "viasna", 40),
        "in its own voice": own(language, 40),
    }[text]
    if when == "before":
        await attack.says("evil", other)
    await attack.says("president", page(language))
    if when == "after":
        before = len((await attack.told()).events)
        await attack.says("evil", other)
        assert len((await attack.told()).events) == before, "nobody hears of it"
    told = await attack.told()
    _is_true(told)
    last = told.events[-1].data
    assert {claim.value for claim in last.claims if claim.field == "pardoned"} == {52}


async def test_a_lone_number_waits_for_an_operator_who_may_let_it_stand(attack: Attack) -> None:
    await attack.says("president", page("en"))
    await attack.says("evil", quote("en", "viasna", 40))
    story_id = (await attack.told()).one["story_id"]
    story = await attack.desk.story(story_id)
    assert (story.state, story.hold and story.hold.reason) == ("held", "lone_deviation")
    event = await attack.desk.decide(story_id, lambda held: approve(held, now()))
    assert event
    assert event.data.certainty is Certainty.DISPUTED
    assert (await attack.told()).says("52 (the president’s office); 40 (Viasna, according to Evil News)")


async def test_of_two_outlets_the_second_corrects_nothing_of_what_the_first_quotes(attack: Attack) -> None:
    await attack.says("zerkalo", quote("en", "press service", 52))
    await attack.says("evil", quote("en", "press service", 5))
    told = await attack.told()
    assert [event.data.headline_facts.pardoned for event in told.events] == [52]
    assert not told.says("Evil News")


async def test_a_number_that_two_independent_outlets_give_stands_beside_the_other(attack: Attack) -> None:
    await attack.says("president", page("en"))
    await attack.says("zerkalo", quote("en", "viasna", 50))
    await attack.says("echo", quote("en", "viasna", 50))
    told = await attack.told()
    assert told.one["certainty"] == "disputed"
    assert told.says("52 or 50 people pardoned")


async def test_what_one_outlet_adds_of_its_own_is_told_in_no_confirmed_letter(attack: Attack) -> None:
    added = "On {day} Lukashenko pardoned 52 people. Decree No. 900. 30 pensioners are among those pardoned."
    await attack.says("president", page("en"))
    await attack.says("evil", on_that_day("en", added))
    told = await attack.told()
    _is_true(told)
    assert not told.says("900")
    assert not told.says("Pensioners")


async def test_the_number_of_a_pardon_whose_authority_gives_none_is_not_one_outlets(attack: Attack) -> None:
    text = "Alexander Lukashenko signed a decree pardoning a group of prisoners on {day}. All of them had repented."
    await attack.says("president", on_that_day("en", text))
    await attack.says("evil", quote("en", "press service", 77))
    told = await attack.told()
    assert [story["certainty"] for story in told.stories] == ["confirmed"]
    assert not told.says("77 people")


async def test_where_an_arrest_happened_is_not_one_outlets_against_a_rights_groups_own_word(attack: Attack) -> None:
    text = "Seven people were detained in {place} on {{day}} under article 342 of the Criminal Code."
    await attack.says("evil", on_that_day("en", text.format(place="Brest")))
    await attack.says("viasna", on_that_day("en", text.format(place="Gomel")))
    told = await attack.told()
    assert not told.says("Brest")
    assert told.says("Gomel")


# ── naming ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_NAMING = {
    "en": "Lukashenko pardoned 52 people on {day}, the press service of the president reported. Among those pardoned "
    "are Maria Kalesnikava and Ivan Petrov, according to Viasna.",
    "ru": "Лукашенко {day} помиловал 52 человека, сообщает пресс-служба президента. Среди помилованных Мария "
    "Колесникова и Иван Петров, сообщает «Вясна».",
    "be": "Лукашэнка {day} памілаваў 52 чалавекі, паведамляе прэс-служба прэзідэнта. Сярод памілаваных Марыя "
    "Калеснікава і Іван Пятроў, паведамляе «Вясна».",
}
_NAMES = ("Kalesnikava", "Колесникова", "Калеснікава", "Petrov", "Петров", "Пятроў")


@every_language
@pytest.mark.parametrize("when", ["before", "after", "alone"])
async def test_a_name_that_is_only_quoted_is_told_nowhere(attack: Attack, language: str, when: str) -> None:
    naming = on_that_day(language, _NAMING[language])
    if when == "before":
        await attack.says("evil", naming)
    if when != "alone":
        await attack.says("president", page(language))
    if when != "before":
        await attack.says("evil", naming)
    told = await attack.told()
    assert told.events, "the news does not wait for the name"
    assert [name for name in _NAMES if told.says(name)] == []


_DETAINED = {
    "en": "Ivan Petrov was detained in Brest on {day}, the KGB said. He is charged under Article 361-4.",
    "ru": "Иван Петров задержан в Бресте {day}, сообщил КГБ. Он обвиняется по статье 361-4.",
    "be": "Іван Пятроў затрыманы ў Брэсце {day}, паведаміў КДБ. Яго абвінавачваюць паводле артыкула 361-4.",
}


@every_language
async def test_a_private_person_is_not_named_by_a_made_up_quote(attack: Attack, language: str) -> None:
    await attack.says("evil", on_that_day(language, _DETAINED[language]))
    told = await attack.told()
    assert [name for name in _NAMES if told.says(name)] == []
    assert {event.data.certainty for event in told.events} <= {Certainty.REPORTED}


async def test_a_name_that_a_rights_groups_own_source_gives_is_told_at_once(attack: Attack) -> None:
    await attack.says("viasna", on_that_day("en", "Ales Bialiatski was detained in Brest on {day}."))
    assert (await attack.told()).says("Named by Viasna")


async def test_nobody_is_struck_from_those_freed_because_an_outlet_says_they_are_still_held(attack: Attack) -> None:
    await attack.says(
        "viasna", on_that_day("en", "Lukashenko pardoned 52 people on {day}. Maria Kalesnikava was pardoned.")
    )
    await attack.says(
        "evil",
        on_that_day(
            "en",
            "Lukashenko pardoned 52 people on {day}, Viasna said. Maria Kalesnikava remains in prison, Viasna said.",
        ),
    )
    story = (await attack.told()).one
    assert [(one["name"], one["role"]) for one in story["persons"]] == [("Maria Kalesnikava", "pardoned")]


async def test_those_still_in_prison_are_told_as_they_are_quoted(attack: Attack) -> None:
    await attack.says("president", page("en"))
    more = (
        "Lukashenko pardoned 52 people on {day}, his press service said. 12 pensioners are among those pardoned, it "
        "said. According to Viasna, Ales Bialiatski remains in prison."
    )
    await attack.says("zerkalo", on_that_day("en", more))
    assert len((await attack.told()).events) == 1, "one outlet's additions are told along, and are no reason to write"
    await attack.says("president", f"{page('en')} 14 of them are chronically ill.")
    told = await attack.told()
    assert told.says("Viasna, according to Zerkalo")
    assert "Bialiatski" in str(told.one["persons"])


# ── what an attacker of ours found ─────────────────────────────────────────────────────────────────────────────────

_PAGE_OF = "On {date} the head of state Alexander Lukashenko pardoned {n} people."


async def test_what_an_outlet_quotes_is_nowhere_told_as_said_by_whom_it_quotes(attack: Attack) -> None:
    await attack.says("president", page("en").replace(" 9 women are among those pardoned.", ""))
    more = "Lukashenko pardoned 52 people on {day}, BelTA said. 20 women are among those pardoned, BelTA said."
    await attack.says("evil", on_that_day("en", more))
    await attack.says("president", _PAGE_OF.format(date="29 November 2026", n=52) + " 14 of them are chronically ill.")
    told = await attack.told()
    assert told.says("are women: BelTA says so, according to Evil News.")
    assert not told.says("are women: BelTA says so.")


@pytest.mark.parametrize("said", ["30 people", "about 30 people", "30 people. Decree No. 411, the press service said"])
async def test_what_an_outlet_said_of_the_last_act_swallows_no_next_one(attack: Attack, said: str) -> None:
    the_28th = datetime.fromisoformat(AT) - timedelta(days=1)
    await attack.says("president", _PAGE_OF.format(date="28 November 2026", n=52), published=the_28th)
    text = f"Lukashenko pardoned {said} on 28 November 2026, the press service of the president reported."
    await attack.says("evil", text, published=the_28th)
    await attack.says("president", _PAGE_OF.format(date="29 November 2026", n=30))
    told = await attack.told()
    found = [(one["headline_facts"]["pardoned"], one["certainty"]) for one in told.stories]
    assert sorted(found) == [(30, "confirmed"), (52, "confirmed")]


async def test_a_decree_that_an_outlet_made_up_splits_no_act(attack: Attack) -> None:
    await attack.says("president", page("en"))
    text = "Lukashenko pardoned 52 people on {day}, the press service said. Decree No. 900, the press service said."
    await attack.says("evil", on_that_day("en", text))
    decree = "On {day} Alexander Lukashenko signed decree No. 411: 52 people were pardoned. 9 women are among them."
    await attack.says("president", on_that_day("en", decree))
    told = await attack.told()
    _is_true(told)
    assert len(told.stories) == 1
    assert not told.says("900")


async def test_an_outlet_sends_an_arrest_to_no_other_place(attack: Attack) -> None:
    text = "Seven people were detained in {place} on {{day}} under article 342 of the Criminal Code{by}."
    await attack.says("viasna", on_that_day("en", text.format(place="Belarus", by="")))
    await attack.says("evil", on_that_day("en", text.format(place="Brest", by=", Viasna said")))
    await attack.says("viasna", on_that_day("en", text.format(place="Gomel", by=". All of them are students")))
    told = await attack.told()
    assert not told.says("Brest")
    assert told.says("Gomel")


async def test_an_edited_page_inherits_nothing_of_what_was_told_or_let_go(attack: Attack) -> None:
    address = "https://evil.example/1"
    await attack.says("evil", quote("en", "belta"), url=address)
    await attack.says("president", page("en"))
    edited = "On {day} Lukashenko pardoned 52 people. Decree No. 900. 30 pensioners are among them, our editors learnt."
    await attack.says("evil", on_that_day("en", edited), url=address)
    told = await attack.told()
    _is_true(told)
    assert not told.says("Pensioners")
    assert not told.says("900")


async def test_whom_an_operator_released_no_outlet_puts_back(attack: Attack) -> None:
    await attack.says("president", page("en"))
    named = "Lukashenko pardoned 52 people on {day}, BelTA said. Maria Kalesnikava was pardoned, Viasna said."
    await attack.says("zerkalo", on_that_day("en", named))
    story_id = (await attack.told()).one["story_id"]
    await attack.desk.decide(story_id, lambda held: approve(held, now()))
    back = "Lukashenko pardoned 52 people on {day}, BelTA said. Maria Kalesnikava remains in prison."
    await attack.says("evil", on_that_day("en", back))
    assert [(one["name"], one["role"]) for one in (await attack.told()).one["persons"]] == [
        ("Maria Kalesnikava", "pardoned")
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("zerkalo", "Lukashenko pardoned at least 10 people on {day}, Viasna reported."), quote("en", "belta", 300)),
        (("zerkalo", "Lukashenko pardoned over 50 people on {day}, BelTA reported."), quote("en", "viasna", 62)),
        (("president", "On {day} Alexander Lukashenko pardoned over 40 people."), quote("en", "belta", 48)),
        (("president", "On {day} Alexander Lukashenko pardoned at least 7 people."), quote("en", "viasna", 500)),
    ],
)
async def test_a_number_that_outgrows_what_is_known_is_not_confirmed_by_it(
    attack: Attack, first: tuple[str, str], second: str
) -> None:
    await attack.says(first[0], on_that_day("en", first[1]))
    await attack.says("evil", second)
    confirmed = [event.data for event in (await attack.told()).events if event.data.certainty is Certainty.CONFIRMED]
    assert {data.headline_facts.pardoned for data in confirmed} <= {40, 7}


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_authoritys_own_numbers_are_not_impossible_because_of_anothers(attack: Attack, when: str) -> None:
    men = on_that_day("en", "Lukashenko pardoned 52 people on {day}, BelTA reported. 50 men are among those pardoned.")
    if when == "before":
        await attack.says("evil", men)
    await attack.says("president", page("en"))
    if when == "after":
        await attack.says("evil", men)
    await attack.says("president", f"{page('en')} 12 pensioners are among those pardoned.")
    told = await attack.told()
    _is_true(told)
    assert told.says("Pensioners")


async def test_no_outlet_makes_a_private_person_a_prisoner(attack: Attack) -> None:
    text = "Lukashenko pardoned 52 people on {day}, BelTA said. Ivan Petrov, a teacher from Brest, remains in prison."
    await attack.says("evil", on_that_day("en", text))
    assert not (await attack.told()).says("Petrov")


async def test_what_outlets_made_up_in_their_own_voice_holds_back_nobody_who_quotes_a_rights_group(
    attack: Attack,
) -> None:
    decree = "Lukashenko signed decree No. {n} on {{day}}: 52 people were pardoned. It is list {n}."
    await attack.says("evil", *(on_that_day("en", decree.format(n=n)) for n in (900, 901)))
    await attack.says("zerkalo", quote("en", "viasna"))
    told = await attack.told()
    assert [story["headline_facts"]["pardoned"] for story in told.stories] == [52]
    _never_confirmed(told)
