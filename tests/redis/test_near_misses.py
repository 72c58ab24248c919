"""What reading was not sure of: it waits with its evidence, reaches nobody by itself, and is answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from services.contract import PartyClass
from services.ingest.desk.correction_request import UnusableCorrection, UnusableReason
from services.ingest.desk.decisions import Operator
from services.ingest.desk.near_miss_desk import NearMissDesk, NewsAnswer
from services.ingest.desk.near_miss_routes import NearMissHandlers, near_miss_routes
from services.ingest.evidence import EvidenceStore
from services.ingest.near_misses.answered import example_of
from services.ingest.near_misses.near_miss_store import NearMisses, UnknownNearMiss, near_miss_key
from services.ingest.sources.base import Item
from services.ingest.stories import WrongState
from services.operations.audit import Audit
from services.runtime.http.web import web_app
from services.runtime.metrics import Metrics
from services.runtime.retention import DAY, Retention
from tests.redis.ingest_desk import PARDON, RULES, Desk
from tests.redis.test_desk_routes import MARIA as TOKEN
from tests.redis.test_desk_routes import handlers_of

VETOED: Item = replace(
    PARDON,
    title="Court in Gomel",
    body="The activist was sentenced in Gomel, Belarus; police had arrested six activists before the trial began.",
    url="https://sample-wire.example/court",
)
MARIA = Operator("maria", "cli")
SIX = NewsAnswer("arrest", 6, said_by="viasna", occurred_on="2024-12-27")


def desk_of(road: Desk) -> NearMissDesk:
    return NearMissDesk(road.publisher, NearMisses(road.redis), RULES, lambda: road.at)


async def waits(road: Desk, item: Item = VETOED) -> str:
    result = await road.read(item)
    assert result.outcome == "near_miss", result
    return str(result.near_miss)


@pytest.fixture
def road(redis: Redis) -> Desk:
    return Desk(redis)


async def test_it_waits_with_what_was_seen_and_reaches_nobody(road: Desk) -> None:
    one = await NearMisses(road.redis).get(await waits(road))
    assert one.seen.acts
    assert one.seen.vetoes
    assert one.seen.sentence in one.article.text
    assert await road.events() == []
    assert await road.publisher._stories.open() == []
    assert road.processor.metrics.items.labels("sample-wire", "near_miss")._value.get() == 1


async def test_its_evidence_stays_while_it_waits(road: Desk) -> None:
    one = await NearMisses(road.redis).get(await waits(road))
    kept = await EvidenceStore(road.redis).find(str(one.article.evidence), road.at)
    assert kept is not None
    assert kept.until.timestamp() - road.at > 29 * DAY


async def test_the_same_text_of_another_source_an_edit_and_a_copied_sentence_are_the_same_near_miss(road: Desk) -> None:
    first = await waits(road)
    other = replace(VETOED, source_id="other-wire", url="https://other-wire.example/x")
    edited = replace(VETOED, body=VETOED.body + " More was not said.")
    copied = replace(other, source_id="third", url="https://third.example/y", body=VETOED.body + " And the weather.")
    assert {await waits(road, one) for one in (other, edited, copied)} == {first}
    [one] = await NearMisses(road.redis).waiting(road.at)
    assert one.also_from == ("other-wire", "third")
    assert one.article.text.endswith("More was not said.")


async def test_it_is_gone_after_its_days(road: Desk) -> None:
    near_misses = NearMisses(road.redis, Retention(near_misses=3 * DAY))
    road.processor = replace(road.processor, near_misses=near_misses)
    found = await waits(road)
    assert 0 < await road.redis.ttl(near_miss_key(found)) <= 3 * DAY
    assert await near_misses.waiting(road.at + 2 * DAY)
    assert await near_misses.waiting(road.at + 4 * DAY) == []


async def test_they_are_listed_the_oldest_first(road: Desk) -> None:
    first = await waits(road)
    road.at += 60
    later = replace(VETOED, body=VETOED.body.replace("Gomel", "Brest"), url="https://sample-wire.example/brest")
    second = await waits(road, later)
    assert [one.id for one in await NearMisses(road.redis).waiting(road.at)] == [first, second]


async def test_an_answer_that_it_is_news_makes_a_story_by_the_release_rules_and_one_entry_in_the_audit(
    road: Desk,
) -> None:
    found = await waits(road)
    decision = await desk_of(road).news(MARIA, found, replace(SIX, said_by=None))
    story = await road.story(decision.stories[0].id)
    assert story.facts.detained == 6
    assert story.hold is not None
    assert story.hold.reason == "media_origins_only"
    assert await road.events() == []
    [entry] = await Audit(road.redis).entries()
    assert (entry.who, entry.what, entry.story, entry.detail) == ("maria", "near-miss news", story.id, found)
    assert await NearMisses(road.redis).waiting(road.at) == []


async def test_an_authoritys_own_word_goes_out_once_an_operator_has_answered(road: Desk) -> None:
    own = replace(VETOED, source_class=PartyClass.OFFICIAL, source_id="president-site", speaks_for="president")
    decision = await desk_of(road).news(MARIA, await waits(road, own), NewsAnswer("pardon", 30))
    assert [event.data.headline_facts.pardoned for event in await road.events()] == [30]
    assert len(decision.events) == 1


async def test_whoever_is_only_named_is_counted_by_names(road: Desk) -> None:
    named = NewsAnswer("arrest", names=("Ryhor Prykladny", "Alena Uzornaja"))
    decision = await desk_of(road).news(MARIA, await waits(road), named)
    story = await road.story(decision.stories[0].id)
    [claim] = [claim for claim in story.claims if claim.field == "detained"]
    assert (claim.value, claim.precision.value) == (2, "at_least")


@pytest.mark.parametrize(
    "given",
    [
        NewsAnswer("arrest"),
        NewsAnswer("other", 6),
        NewsAnswer("", 6),
        NewsAnswer("arrest", 0),
        NewsAnswer("arrest", -3),
        NewsAnswer("arrest", 10**9),
        NewsAnswer("arrest", names=("",)),
        NewsAnswer("arrest", names=("<b>Ryhor</b>",)),
        NewsAnswer("arrest", names=("Ryhor\u202e Prykladny",)),
        NewsAnswer("arrest", 1, ("Ryhor Prykladny", "Alena Uzornaja")),
        NewsAnswer("arrest", 6, said_by="nobody-we-know"),
        NewsAnswer("arrest", 6, occurred_on="yesterday"),
    ],
)
async def test_an_answer_without_kind_and_number_or_names_changes_nothing(road: Desk, given: NewsAnswer) -> None:
    found = await waits(road)
    with pytest.raises(UnusableCorrection):
        await desk_of(road).news(MARIA, found, given)
    assert len(await NearMisses(road.redis).waiting(road.at)) == 1
    assert await Audit(road.redis).entries() == []


async def test_a_trial_shows_what_would_come_of_it_and_writes_nothing(road: Desk) -> None:
    found = await waits(road)
    before = await road.redis.keys("*")
    assert (await desk_of(road).on_trial().news(MARIA, found, SIX)).stories[0].facts.detained == 6
    await desk_of(road).on_trial().dismiss(MARIA, found, "an earlier arrest")
    assert sorted(await road.redis.keys("*")) == sorted(before)


async def test_it_is_answered_once(road: Desk) -> None:
    found = await waits(road)
    await desk_of(road).dismiss(MARIA, found, "the arrest was before the trial")
    for again in (desk_of(road).dismiss(MARIA, found, "again"), desk_of(road).news(MARIA, found, SIX)):
        with pytest.raises(WrongState):
            await again
    with pytest.raises(UnknownNearMiss):
        await desk_of(road).dismiss(MARIA, "nm-unknown", "there is none")
    assert len(await Audit(road.redis).entries()) == 1
    assert await waits(road, replace(VETOED, source_id="late", url="https://late.example/z")) == found
    assert await NearMisses(road.redis).waiting(road.at) == []


async def test_who_dismisses_says_why(road: Desk) -> None:
    found = await waits(road)
    with pytest.raises(UnusableReason):
        await desk_of(road).dismiss(MARIA, found, " ")


async def test_both_answers_are_kept_as_labelled_examples(road: Desk) -> None:
    other = replace(VETOED, body=VETOED.body.replace("Gomel", "Brest"), url="https://sample-wire.example/brest")
    await desk_of(road).news(MARIA, await waits(road), SIX)
    road.at += 1
    await desk_of(road).dismiss(MARIA, await waits(road, other), "told before")
    news, none = [example_of(one) for one in await NearMisses(road.redis).answered(road.at)]
    assert news["label"]["kind"] == "arrest"
    assert news["label"]["detained"] == 6
    assert news["label"]["attribution"] == ["viasna"]
    assert news["published"] == "2024-12-28"
    assert VETOED.body in news["text"]
    assert none["label"] == {"kind": "other", "event": None}
    assert "told before" in none["hard"]
    assert 0 < await road.redis.ttl(near_miss_key(none["id"])) <= Retention().examples


async def asked(road: Desk, method: str, path: str, token: str | None = None, **body: Any) -> httpx.Response:
    handlers = handlers_of(road.redis, road, Metrics(), {"maria": TOKEN})
    app = web_app(near_miss_routes(NearMissHandlers(desk_of(road), handlers)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest.example.org") as client:
        headers = {"authorization": f"Bearer {token or TOKEN}"}
        return await client.request(method, path, json=body or None, headers=headers)


async def test_over_http_it_is_listed_shown_and_answered_by_whoever_bears_a_token(road: Desk) -> None:
    found = await waits(road)
    path = f"/v1/desk/near-misses/{found}"
    assert (await asked(road, "GET", path, "a-token-that-nobody-has")).status_code == 401
    listed = (await asked(road, "GET", "/v1/desk/near-misses")).json()["data"]
    assert [(one["id"], one["state"]) for one in listed] == [(found, "waiting")]
    assert (await asked(road, "GET", path)).json()["text"] == VETOED.body
    assert (await asked(road, "POST", f"{path}/news", kind="arrest")).status_code == 422
    assert (await asked(road, "POST", f"{path}/news", number=6)).status_code == 422
    assert (await asked(road, "POST", f"{path}/dismiss")).status_code == 422
    trial = await asked(road, "POST", f"{path}/news?dry_run=true", kind="arrest", number=6)
    assert trial.json()["dry_run"] is True
    assert (await asked(road, "POST", f"{path}/news", kind="arrest", number=6)).status_code == 200
    assert (await asked(road, "POST", f"{path}/dismiss", reason="too late")).status_code == 409
    assert (await asked(road, "GET", "/v1/desk/near-misses/nm-unknown")).status_code == 404
    assert (await asked(road, "POST", "/v1/desk/near-misses/nm-unknown/dismiss", reason="x")).status_code == 404


async def test_its_text_shows_as_text(road: Desk) -> None:
    nasty = replace(
        VETOED,
        body=VETOED.body + "\u202e evil \u2066 \x1b[31m &lt;script&gt; <script>alert(1)</script>",
        url="https://sample-wire.example/nasty",
        published=datetime(2024, 12, 28, 12, tzinfo=UTC),
    )
    shown = (await asked(road, "GET", f"/v1/desk/near-misses/{await waits(road, nasty)}")).text
    for what in ("\u202e", "\u2066", "\x1b", "<", "\\u001b"):
        assert what not in shown
