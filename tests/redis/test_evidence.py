"""What an event rests on can be shown: the bytes as they came, under their own hash, for as long as we promise."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.contract import ITEMS_STREAM
from services.ingest.evidence import EvidenceStore, Tampered, evidence_key
from services.ingest.intake import Intake
from services.ingest.sources.base import Original
from services.runtime.streams import entries_between
from tests.redis.ingest_desk import AT, PARDON, Desk

PAGE = "<html><body>Памілаваныя 20 чалавек.</body></html>".encode("windows-1251") + b"\xff\x00"
ORIGINAL = Original(
    body=PAGE,
    headers=(("content-type", "text/html; charset=windows-1251"), ("etag", '"a1"')),
    url="https://wire.example/pardon",
    fetched=datetime(2024, 12, 28, 9, 14, tzinfo=UTC),
)
SHA256 = hashlib.sha256(PAGE).hexdigest()
NOW = datetime.fromisoformat(AT)
DAY, WEEK, YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=365)
HARVEST = replace(PARDON, body="The harvest was good.", title="Harvest")


@pytest.fixture
def store(redis: Redis) -> EvidenceStore:
    return EvidenceStore(redis)


async def test_the_bytes_come_back_as_they_came_with_where_and_when(store: EvidenceStore) -> None:
    assert await store.put(ORIGINAL) == SHA256
    assert await store.body(SHA256) == PAGE
    kept = await store.find(SHA256, NOW.timestamp())
    assert kept
    assert (kept.about.url, kept.about.headers, kept.about.size) == (ORIGINAL.url, ORIGINAL.headers, len(PAGE))
    assert kept.about.fetched == "2024-12-28T09:14:00.000Z"
    assert kept.until - NOW <= WEEK


async def test_large_evidence_takes_little_room(redis: Redis, store: EvidenceStore) -> None:
    sha256 = await store.put(replace(ORIGINAL, body=PAGE * 20_000))
    assert (await redis.memory_usage(evidence_key(sha256)) or 0) < len(PAGE) * 20_000 / 20


async def test_what_we_fetched_says_where_from_though_somebody_handed_in_the_same_bytes_before(
    store: EvidenceStore,
) -> None:
    said = replace(ORIGINAL, url="https://copyist.example/", headers=())
    for original, fetched, url in (
        (said, False, said.url),
        (ORIGINAL, True, ORIGINAL.url),
        (said, False, ORIGINAL.url),
        (replace(ORIGINAL, url="https://mirror.example/"), True, ORIGINAL.url),
    ):
        await store.put(original, fetched=fetched)
        kept = await store.find(SHA256, NOW.timestamp())
        assert kept
        assert kept.about.url == url


async def test_the_same_bytes_again_are_kept_once_and_say_when_they_first_came(store: EvidenceStore) -> None:
    await store.put(ORIGINAL)
    await store.keep(SHA256)
    assert await store.put(replace(ORIGINAL, fetched=ORIGINAL.fetched + WEEK, url="https://mirror.example/")) == SHA256
    kept = await store.find(SHA256, NOW.timestamp())
    assert kept
    assert kept.about.url == ORIGINAL.url
    assert kept.until - NOW > YEAR, "what was kept for long is not shortened"


async def test_a_text_that_is_no_news_is_forgotten_after_a_day_and_what_a_story_rests_on_is_kept(
    redis: Redis, store: EvidenceStore
) -> None:
    desk = Desk(redis)
    await desk.told(replace(PARDON, original=ORIGINAL))
    await desk.read(HARVEST)
    bodies = [key async for key in redis.scan_iter("vestka:evidence:*")]
    left = {key.rpartition(":")[2]: timedelta(seconds=await redis.ttl(key)) for key in bodies}
    assert left.pop(SHA256) > YEAR
    assert [ttl <= DAY for ttl in left.values()] == [True]


async def test_what_is_no_news_takes_nothing_from_the_story_that_rests_on_the_same_feed(
    redis: Redis, store: EvidenceStore
) -> None:
    desk = Desk(redis)
    await desk.told(replace(PARDON, original=ORIGINAL))
    await desk.read(replace(HARVEST, original=ORIGINAL))
    kept = await store.find(SHA256, NOW.timestamp())
    assert kept
    assert kept.until - NOW > YEAR


async def test_bytes_with_an_item_still_to_be_read_wait_for_it_again(redis: Redis, store: EvidenceStore) -> None:
    await store.put(ORIGINAL)
    await store.release(SHA256)
    assert await redis.ttl(evidence_key(SHA256)) <= DAY.total_seconds()
    await store.put(ORIGINAL)
    assert await redis.ttl(evidence_key(SHA256)) > DAY.total_seconds()


async def test_an_item_that_is_known_brings_no_bytes_with_it(redis: Redis, store: EvidenceStore) -> None:
    intake = Intake(redis)
    await intake.accept(replace(HARVEST, original=ORIGINAL))
    later = replace(ORIGINAL, body=PAGE + b" ")
    assert (await intake.accept(replace(HARVEST, original=later))).duplicate
    assert await store.body(hashlib.sha256(later.body).hexdigest()) is None


async def test_a_story_names_the_evidence_of_each_source_and_the_stream_holds_only_its_hash(redis: Redis) -> None:
    desk = Desk(redis)
    story = await desk.story(await desk.told(replace(PARDON, original=ORIGINAL)))
    assert [source.evidence for source in story.sources] == [SHA256]
    entries = await entries_between(redis, ITEMS_STREAM)
    assert "windows-1251" not in str(entries[0].fields)
    assert (await desk.events())[0].data.sources[0].evidence == SHA256


async def test_a_text_that_was_handed_in_is_its_own_evidence(redis: Redis, store: EvidenceStore) -> None:
    desk = Desk(redis)
    story = await desk.story(await desk.told(PARDON))
    assert await store.body(str(story.sources[0].evidence)) == PARDON.body.encode()


async def test_bytes_that_were_changed_prove_nothing_and_say_so(redis: Redis, store: EvidenceStore) -> None:
    await store.put(ORIGINAL)
    other = await store.put(replace(ORIGINAL, body=b"other"))
    await redis.copy(evidence_key(other), evidence_key(SHA256), replace=True)
    with pytest.raises(Tampered, match=evidence_key(SHA256)):
        await store.body(SHA256)
    assert await store.body("0" * 64) is None


async def test_where_memory_is_short_only_what_was_read_and_was_no_news_goes(store: EvidenceStore) -> None:
    unread, told, nothing = [
        await store.put(replace(ORIGINAL, body=PAGE + name)) for name in (b"unread", b"told", b"nothing")
    ]
    await store.keep(told)
    for sha256 in (told, nothing):
        await store.release(sha256)
    again = await store.put(replace(ORIGINAL, body=PAGE + b"read, and then it came once more"))
    await store.release(again)
    await store.put(replace(ORIGINAL, body=PAGE + b"read, and then it came once more"))
    assert await store.forget_what_was_no_news() == 1
    assert [await store.body(sha256) is None for sha256 in (unread, told, again, nothing)] == [False] * 3 + [True]
