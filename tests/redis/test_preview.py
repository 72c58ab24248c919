"""Before an event goes out: the count is that of those who then get it, and the words are those that they read."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import httpx
import msgspec
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.contract import Event, Kind, Status, encode_event
from services.names import fold
from services.notify.assembly import ledger_of
from services.notify.channels.base import STOP_URL_SLOT
from services.notify.fanout.doubtful_matches import MatchAnswer
from services.notify.preview import EVERY_LANGUAGE, Preview, Previewer
from services.notify.preview_routes import PreviewDoor, preview_routes
from services.runtime.http.web import web_app
from services.subscribers.interests import following, marked
from services.subscribers.topics import Interest
from tests.letters import renderer_at
from tests.redis.house import House
from tests.redis.samples import STORY, arrest, pardon, retraction

TOKEN = "a-token-for-this-test-only"
ALES = fold("Ales Bialiatski")
RENDERER = renderer_at()
STOP = "https://alerts.example.org/stop/…"


@pytest.fixture
def previewer(house: House) -> Previewer:
    ledgers = {name: sender.ledger for name, sender in house.senders.items()}
    return Previewer(
        house.vault, ledgers, house.revisions, RENDERER, "https://alerts.example.org/stop/…", house.matches.answers
    )


async def a_crowd(house: House) -> None:
    """People alike and unlike, on both channels."""
    await house.subscribe()
    await house.subscribe(language="ru")
    await house.subscribe(language="ru", mode="discreet", channels=("email", "telegram"))
    await house.subscribe(language="eo", channels=("telegram",))
    await house.subscribe(Interest(persons=(ALES,)), language="ru")
    await house.subscribe(Interest(regions=("gomel",)))
    await house.subscribe(Interest(kinds=(Kind.ARREST,)))
    await house.subscribe(active=False)
    await house.subscribe(tests=True)
    await house.subscribe(since="2030-01-01T00:00:00.000Z")


def counted(preview: Preview) -> Counter[tuple[str, str, str]]:
    return Counter({(one.channel, one.language, one.mode): one.readers for one in preview.readers})


@pytest.mark.parametrize(
    "event",
    [
        pardon(),
        pardon(of=("Ales Bialiatski",)),
        pardon(of=("Ryhor Kastusiou",)),
        pardon(status=Status.EXERCISE),
        arrest(region="gomel"),
        arrest(region="brest"),
        arrest(),
        retraction(),
    ],
    ids=["a pardon", "of one watched", "of another", "an exercise", "there", "elsewhere", "nowhere", "a retraction"],
)
async def test_the_count_is_that_of_those_who_then_get_it(house: House, previewer: Previewer, event: Event) -> None:
    await a_crowd(house)
    preview = await previewer.preview(event)
    await house.deliver(event)
    got = Counter(
        (side.name, one.language if one.language in RENDERER.languages else "en", one.mode)
        for side in (house.mail, house.chat)
        for one in side.taken
    )
    assert counted(preview) == got
    assert preview.by_channel == {"email": len(house.mail.taken), "telegram": len(house.chat.taken)}


async def test_a_correction_counts_those_who_got_what_it_corrects_whatever_they_ask_for_now(
    house: House, previewer: Previewer
) -> None:
    stays, leaves = await house.subscribe(), await house.subscribe()
    await house.deliver(pardon())
    await house.vault.set_active(leaves.number, False)
    await house.vault.put(msgspec.structs.replace(stays, interests=(Interest(regions=("brest",), kinds=()),)))
    await house.subscribe()
    assert (await previewer.preview(pardon(revision=2))).by_channel["email"] == 2
    assert (await previewer.preview(retraction())).by_channel["email"] == 1


async def test_what_a_newer_revision_replaced_goes_to_nobody(house: House, previewer: Previewer) -> None:
    await house.subscribe()
    await house.deliver(pardon(), pardon(revision=2))
    assert (await previewer.preview(pardon())).by_channel == {"email": 0, "telegram": 0}


async def test_looking_ahead_changes_nothing_and_sends_nothing(
    redis: Redis, house: House, previewer: Previewer
) -> None:
    await a_crowd(house)
    before = {key: await redis.dump(key) async for key in redis.scan_iter()}
    await previewer.preview(pardon(revision=3))
    assert {key: await redis.dump(key) async for key in redis.scan_iter()} == before
    assert (house.mail.attempted, house.chat.attempted) == ([], [])


async def test_the_words_are_those_that_readers_get_in_each_language_plain_and_discreet(
    redis: Redis, house: House
) -> None:
    ledgers = {name: ledger_of(redis, name) for name in ("email", "telegram", "webhook")}
    await house.subscribe(channels=("webhook",), language="ru")
    whole = Previewer(
        house.vault, ledgers, house.revisions, RENDERER, "https://alerts.example.org/stop/…", house.matches.answers
    )
    preview = await whole.preview(pardon())
    told = {(one.channel, one.language, one.mode): one.parts for one in preview.messages}
    assert set(told) == {
        (channel, language, mode)
        for channel in ledgers
        for language in RENDERER.languages
        for mode in ("plain", "discreet")
    }
    parts = ("subject", "preheader", "text", "html")
    for (channel, language, mode), shown in told.items():
        assert STOP_URL_SLOT not in "".join(shown.values())
        if channel == "email":
            sent = RENDERER.render(pardon(), channel="email", parts=tuple(shown), language=language, mode=mode)
            link = "https://alerts.example.org/stop/…"
            assert {name: text.replace(STOP_URL_SLOT, link) for name, text in sent.parts.items()} == dict(shown)
            assert {"subject", "text"} <= set(shown) <= set(parts)
    assert "20" in told["email", "en", "plain"]["subject"]
    assert "20" not in told["email", "en", "discreet"]["subject"]
    assert counted(preview) == Counter({("webhook", EVERY_LANGUAGE, "plain"): 1})


async def ask(previewer: Previewer, body: Any, token: str | None = TOKEN, given: str = TOKEN) -> httpx.Response:
    app = web_app(preview_routes(PreviewDoor(previewer, token)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notify.example.org") as client:
        return await client.post("/v1/preview", content=body, headers={"authorization": f"Bearer {given}"})


async def test_the_door_gives_counts_and_words_and_never_who(house: House, previewer: Previewer) -> None:
    await house.subscribe(Interest(persons=(ALES,)), targets={"email": "reader@example.org"}, label="the-family")
    with capture_logs() as lines:
        answer = await ask(previewer, encode_event(pardon(of=("Ales Bialiatski",))))
    said = answer.json()
    assert (answer.status_code, said["event"], said["type"]) == (200, f"{STORY}-r1", "pardon.announced")
    assert said["channels"] == {"email": 1, "telegram": 0}
    assert said["readers"] == [{"channel": "email", "language": "en", "mode": "plain", "readers": 1}]
    assert {tuple(one) for one in said["messages"]} == {("channel", "language", "mode", "parts")}
    for hidden in ("reader@example.org", "the-family"):
        assert hidden not in answer.text + str(lines)
    assert "Bialiatski" not in str(lines)
    assert [line["readers"] for line in lines if line["event"] == "previewed"] == [1]


@pytest.mark.parametrize(
    ("token", "given", "status"), [(None, TOKEN, 403), (None, "", 403), (TOKEN, "a guess", 401), (TOKEN, "", 401)]
)
async def test_nobody_looks_ahead_without_the_token(
    previewer: Previewer, token: str | None, given: str, status: int
) -> None:
    answer = await ask(previewer, encode_event(pardon()), token, given)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "VESTKA_PREVIEW_TOKEN" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "event"),
        (encode_event(pardon()).replace("pardon.announced", "pardon.invented").encode(), "$.type"),
        (encode_event(msgspec.structs.replace(pardon(), id="another-r1")).encode(), "unchanged"),
        (encode_event(pardon(revision=1_000_000)).encode(), "$.data.revision"),
    ],
)
async def test_what_is_no_event_of_a_dry_run_is_refused(previewer: Previewer, body: bytes, says: str) -> None:
    answer = await ask(previewer, body)
    assert (answer.status_code, says in answer.json()["detail"]) == (422, True), answer.text


PEOPLE = ("Иван Лосев", "Иван Лисов", "Петр Гусев", "Петр Гусов", "Алесь Бяляцкі")
ANSWERS: tuple[MatchAnswer, ...] = ("same", "other")


def any_interest(dice: random.Random) -> Interest:
    people = [marked(name) for name in dice.sample(PEOPLE, dice.choice((0, 0, 1, 2)))]
    return msgspec.structs.replace(
        following(people),
        kinds=dice.choice(((), (Kind.PARDON,), (Kind.ARREST,))),
        regions=dice.choice(((), (), ("gomel",))),
        without=dice.choice(((), (Interest(regions=("brest",)),))),
    )


def any_event(dice: random.Random, story: int) -> Event:
    if dice.random() < 0.3:
        return arrest(f"arrest-20241228-b{story:05}", region=dice.choice(("gomel", "brest", None)))
    return pardon(f"pardon-20241228-a{story:05}", of=tuple(dice.sample(PEOPLE, dice.choice((0, 1, 2)))))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whoever_asks_for_what_and_whatever_was_answered_the_count_is_that_of_the_road(
    house: House, previewer: Previewer, seed: int
) -> None:
    dice = random.Random(seed)
    for _ in range(15):
        await house.subscribe(
            *(any_interest(dice) for _ in range(dice.choice((1, 2, 3)))),
            updates=dice.random() < 0.7,
            active=dice.random() < 0.9,
            language=dice.choice(("en", "ru", "be")),
        )
    for story in range(12):
        first = any_event(dice, story)
        await agrees(house, previewer, first)
        for doubt in await house.matches.waiting():
            if dice.random() < 0.7:
                await house.matches.answer(doubt, dice.choice(ANSWERS), "ana", "", house.clock())
        if first.data.kind is Kind.PARDON:
            data = msgspec.structs.replace(first.data, revision=2, sequence=2, replaces=first.id)
            second = msgspec.structs.replace(pardon(first.data.story_id, revision=2), data=data)
            await agrees(house, previewer, dice.choice((second, retraction(first.data.story_id))))


async def agrees(house: House, previewer: Previewer, event: Event) -> None:
    foreseen = (await previewer.preview(event)).by_channel["email"]
    await house.deliver(event)
    assert foreseen == sum(one.event.id == event.id for one in house.mail.taken), event.id
