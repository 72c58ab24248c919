"""Joining over HTTP as a browser does it: a form, a letter, a link, a button; and that nobody learns anything by it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from redis.asyncio import Redis

from services.contract import Kind
from services.demo.form_browser import filled
from services.names import fold
from services.notify.letters.letter_request import LETTERS_STREAM
from services.portal.signup.sign_up_limits import LETTERS_A_DAY
from services.subscribers.interests import Interest, following, marked
from tests.letters import LANGUAGES, renderer_at
from tests.redis.portal_room import PortalRoom, open_portal_room, portal_on
from tests.redis.post_office import PUBLIC
from tests.store import everything_in

MOTHER = "mother@mail.example.org"
DAY = 86_400
FAR_ENOUGH = "0.0.0.0"


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[PortalRoom]:
    async with open_portal_room(redis) as room:
        yield room


async def test_a_form_a_letter_a_link_and_a_button_make_a_subscriber(room: PortalRoom) -> None:
    sent = await room.asked_to_join(
        kind=["arrest"], region=["gomel"], towns="Ліда", persons="Алесь Бяляцкі", language="ru"
    )
    assert sent.status == 200
    assert await room.vault.everybody() == []
    confirm = await room.browser.open(await room.link_in_newest())
    assert confirm.answer.headers["content-language"] == "ru"
    assert "Алесь Бяляцкі" in confirm.text
    done = await room.browser.send(confirm)
    assert done.status == 200
    (someone,) = await room.vault.everybody()
    assert someone.language == "ru"
    assert someone.interests == (
        Interest(kinds=(Kind.ARREST,), regions=("gomel",), towns=("grodno:Lida",)),
        following([marked("Алесь Бяляцкі")]),
    )
    assert someone.is_reached


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("two_bots", [True, False])
async def test_where_there_is_a_discreet_bot_it_is_named_where_discreet_is_chosen(
    room: PortalRoom, redis: Redis, language: str, two_bots: bool
) -> None:
    transport = httpx.ASGITransport(portal_on(redis, room.vault, room.portal_clock, two_bots=two_bots))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
        for path in ("/join", "/join/email"):
            page = await client.get(f"{path}?lang={language}")
            assert ('href="https://t.me/small_notes_bot"' in page.text) is two_bots


async def test_looking_a_thousand_times_changes_nothing(room: PortalRoom, redis: Redis) -> None:
    await room.asked_to_join()
    link = await room.link_in_newest()
    before = await everything_in(redis)
    for _ in range(500):
        assert (await room.browser.client.get(link)).status_code == 200
        assert (await room.browser.client.head(link)).status_code == 200
    for page in ("/join", "/join/email", "/manage"):
        assert (await room.browser.client.get(page)).status_code == 200
    assert await room.vault.everybody() == []
    assert await everything_in(redis) == before


async def test_a_link_is_used_once_and_says_so_to_whoever_presses_twice(room: PortalRoom) -> None:
    await room.asked_to_join()
    link = await room.link_in_newest()
    confirm = await room.browser.open(link)
    first, again = await room.browser.send(confirm), await room.browser.send(confirm)
    assert (first.heading, again.heading) == ("Done", "Confirmed already")
    (someone,) = await room.vault.everybody()
    await room.vault.stop(someone.number)
    assert (await room.browser.send(confirm)).status == 410
    assert not (await room.vault.get(someone.number)).active


@pytest.mark.parametrize("known", ["unknown", "active", "stopped", "ended"])
async def test_the_answer_is_the_same_byte_for_byte_whether_an_address_is_known(room: PortalRoom, known: str) -> None:
    if known != "unknown":
        await room.joined(MOTHER)
        (someone,) = await room.vault.everybody()
        if known == "stopped":
            await room.vault.stop(someone.number)
        if known == "ended":
            await room.vault.end_address(someone.number, "email", "unknown_address")
    answers = [await room.asked_to_join(one) for one in (MOTHER, "another@mail.example.org")]
    assert answers[0].answer.text == answers[1].answer.text
    assert dict(answers[0].answer.headers) == dict(answers[1].answer.headers)
    assert len({len(letter) for letter in await room.waiting_letters()}) == 1
    links = []
    for page in ("/manage?lang=en",):
        for one in (MOTHER, "nobody@mail.example.org"):
            links.append((await room.browser.send(await room.browser.open(page), "/manage", email=one)).answer.text)
    assert links[0] == links[1]


async def test_one_address_in_any_letter_case_and_form_is_one_subscriber(room: PortalRoom) -> None:
    await room.joined("mother@b\u00fccher.example")
    for form in ("Mother@B\u00dcCHER.example", "MOTHER@xn--bcher-kva.example", " mother@b\u00fccher.example. "):
        page = await room.asked_to_join(form.strip().removesuffix("."))
        assert page.status == 200
        assert "/manage/" in await room.link_in_newest()
    assert len(await room.vault.everybody()) == 1


async def test_one_address_gets_few_letters_a_day_and_the_page_says_the_same(room: PortalRoom) -> None:
    forms = (
        "mother@mail.example.org",
        "Mother@mail.example.org",
        "mother+{n}@mail.example.org",
        "mo.ther@mail.example.org",
    )
    pages = [await room.asked_to_join(forms[n % 4].format(n=n)) for n in range(LETTERS_A_DAY + 6)]
    await room.work()
    assert len(room.inbox.messages) == LETTERS_A_DAY
    assert len({page.answer.text for page in pages}) == 1


async def test_one_network_is_slowed_down_and_nothing_of_it_is_kept(redis: Redis) -> None:
    async with open_portal_room(redis, join_per_network=3) as room:
        transport = room.browser.client._transport
        assert isinstance(transport, httpx.ASGITransport)
        transport.client = ("198.51.100.7", 4711)
        pages = [await room.asked_to_join(f"mother{n}@mail.example.org") for n in range(6)]
        assert [page.status for page in pages] == [200, 200, 200, 429, 429, 429]
        assert int(pages[-1].answer.headers["retry-after"]) > 0
        assert "198.51.100" not in await everything_in(redis)
        transport.client = ("203.0.113.9", 4711)
        assert (await room.asked_to_join()).status == 200


async def test_behind_a_proxy_of_ours_each_is_counted_and_behind_a_stranger_nobody_is_believed(redis: Redis) -> None:
    async with open_portal_room(redis, join_per_network=1, portal_proxies="10.0.0.0/8") as room:
        transport = room.browser.client._transport
        assert isinstance(transport, httpx.ASGITransport)
        transport.client = ("10.0.0.5", 4711)
        for host, status in (("198.51.100.7", 200), ("198.51.100.7", 429), ("198.51.100.8", 200)):
            room.browser.client.headers["x-forwarded-for"] = f"192.0.2.1, {host}"
            assert (await room.asked_to_join()).status == status
        transport.client = ("203.0.113.9", 4711)
        for host, status in (("198.51.100.9", 200), ("198.51.100.10", 429)):
            room.browser.client.headers["x-forwarded-for"] = host
            assert (await room.asked_to_join()).status == status


async def test_a_sign_up_that_nobody_confirms_is_gone_after_seven_days(room: PortalRoom, redis: Redis) -> None:
    await room.asked_to_join()
    await room.work()
    keys = [key async for key in redis.scan_iter("vestka:signup*")]
    assert keys
    assert all([0 < await redis.ttl(key) <= 7 * DAY for key in keys])
    for key in keys:
        await redis.delete(key)  # as their time does
    link = await room.link_in_newest()
    assert (await room.browser.open(link)).status == 410


async def test_who_stopped_and_joins_anew_is_there_again(room: PortalRoom) -> None:
    await room.joined(MOTHER)
    (someone,) = await room.vault.everybody()
    await room.vault.stop(someone.number)
    await room.joined(MOTHER)
    (again,) = await room.vault.everybody()
    assert again.is_reached


NEVER = [
    ({"persons": "Алесь"}, "given name and a surname"),
    ({"persons": "А. Бяляцкі"}, "initial that is a vowel"),
    ({"persons": "\u738b\u5c0f \u660e"}, "Cyrillic or Latin"),
    ({"persons": "123 456"}, "letters, spaces"),
    ({"persons": "javascript:alert (1)"}, "letters, spaces"),
    ({"updates": "never"}, "no page of ours"),
    ({"discreet": "perhaps"}, "no page of ours"),
    ({"key": "alas balatka"}, "no page of ours"),
    ({"persons": "somebody who was taken away in the night"}, "too long"),
    ({"persons": "\n".join(f"Ivan Ivanou {chr(97 + n)}b" for n in range(21))}, "twenty at most"),
    ({"towns": "Atlantis"}, "not in our list"),
    ({"towns": "Ліда, Atlantis"}, "not in our list"),
    ({"kind": None}, "Kinds of news"),
    ({"kind": ["weather"]}, "Kinds of news"),
    ({"about": "persons"}, "named nobody"),
    ({"region": ["atlantis"]}, "Regions"),
    ({"language": "tlh"}, "Language"),
]


@pytest.mark.parametrize(("fields", "says"), NEVER)
async def test_what_can_never_match_is_said_at_once_and_nothing_is_kept(
    room: PortalRoom, redis: Redis, fields: dict[str, str], says: str
) -> None:
    page = await room.asked_to_join(**fields)
    assert page.status == 422
    assert says in page.text
    assert await redis.xlen(LETTERS_STREAM) == 0
    assert filled(page.form("/join/email"))["email"] == [MOTHER], "nothing is typed twice"


@pytest.mark.parametrize("name", ["Алесь Бяляцкі", "Беляцкий Алесь", "Aleś Białacki", "Ales Bialiatski"])
async def test_a_name_in_any_of_four_scripts_is_shown_in_those_in_which_it_is_found(
    room: PortalRoom, name: str
) -> None:
    page = await room.asked_to_join(persons=name, about="persons")
    assert page.status == 200
    assert name in page.text
    assert "Found as" in page.text
    shown = page.text.partition("Found as:")[2]
    assert any("а" <= sign <= "я" for sign in shown.lower())
    assert "lack" in shown or "lats" in shown


async def test_the_page_before_the_form_warns_and_leads_to_the_feed_and_chooses_nothing(room: PortalRoom) -> None:
    for language, words in {
        "en": ("riskier", "provider", "prosecuted", "need not"),
        "ru": ("опаснее", "видит", "преследуют", "не обязательно"),
        "be": ("небяспечнейшы", "бачыць", "караюць", "не абавязкова"),
    }.items():
        if language not in renderer_at().page_languages:
            continue
        page = await room.browser.open(f"/join?lang={language}")
        assert all(word in page.text for word in words), language
        assert page.tree.css_first('a[href^="/feed.atom"]') is not None
        assert page.forms() == []
        assert page.tree.css_first('a[href*="telegram"], a[href*="t.me"]') is None


@pytest.mark.parametrize("address", ["/join", "/join/email", "/manage"])
async def test_no_page_sets_a_cookie_runs_anything_or_asks_anybody_else(room: PortalRoom, address: str) -> None:
    page = await room.browser.open(address)
    assert "set-cookie" not in page.answer.headers
    assert page.answer.headers["cache-control"] == "no-store"
    assert page.answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.answer.headers["content-security-policy"]
    assert page.tree.css("script, img, link[rel=stylesheet], iframe, [style], [onclick]") == []


async def test_a_form_that_is_not_ours_or_of_yesterday_does_nothing(room: PortalRoom, redis: Redis) -> None:
    form = await room.browser.open("/join/email?lang=en")
    for seal in ("", "x", "0-aaaa", filled(form.form())["form"][0][:-1] + "9"):
        assert (await room.browser.send(form, email=MOTHER, form=seal)).status == 400
    other = filled((await room.browser.open("/manage")).form("/manage"))["form"][0]
    assert (await room.browser.send(form, email=MOTHER, form=other)).status == 400
    room.portal_clock.forward(25 * 3600)
    assert (await room.browser.send(form, email=MOTHER)).status == 400
    assert await redis.xlen(LETTERS_STREAM) == 0


async def test_nothing_of_a_reader_is_in_a_log_or_readable_in_the_store(room: PortalRoom, redis: Redis) -> None:
    with structlog.testing.capture_logs() as lines:
        await room.joined(MOTHER, persons="Алесь Бяляцкі")
    assert [line["event"] for line in lines if line["event"].startswith("subscriber")] == ["subscriber_joined"]
    held = await everything_in(redis)
    for secret in ("mother", "example.org", fold("Алесь Бяляцкі"), "Бяляцкі"):
        assert secret not in str(lines)
        assert secret not in held


async def test_whoever_joins_for_one_message_a_day_is_told_so_and_gets_it_so(room: PortalRoom) -> None:
    habits = {"frequency": "weekly", "quiet_from": "21:00", "quiet_until": "08:00", "zone": "Europe/Warsaw"}
    sent = await room.asked_to_join(**habits)
    assert "Once a week" in sent.text
    assert "Nothing from 21:00 until 08:00" in sent.text
    assert "By the clock of Warsaw" in sent.text
    await room.browser.send(await room.browser.open(await room.link_in_newest()))
    (someone,) = await room.vault.everybody()
    assert [one.frequency for one in someone.interests] == ["weekly"]
    assert (someone.quiet, someone.zone) == ((21 * 60, 8 * 60), "Europe/Warsaw")
