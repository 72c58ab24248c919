"""What is handed in is accepted once, durably; and the store's small memories beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.contract import ITEMS_STREAM, PartyClass
from services.ingest.intake import Intake, decode_item
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results, item_key
from services.ingest.watching.health import SourceState
from services.ingest.watching.poll_memory import SourceStates
from services.runtime.streams import entries_between

ITEM = Item(
    source_id="sample",
    source_name="Sample Wire",
    source_class=PartyClass.MEDIA,
    body="Twenty people were pardoned.",
    title="A pardon",
    url="https://sample.example.org/1",
    published=datetime(2024, 12, 28, 9, 0, tzinfo=UTC),
)


async def items(redis: Redis) -> list[Item]:
    return [decode_item(one.fields["item"]) for one in await entries_between(redis, ITEMS_STREAM)]


async def test_what_is_accepted_is_on_the_stream_whole_and_its_sender_can_ask_for_it(redis: Redis) -> None:
    accepted = await Intake(redis).accept(ITEM)
    assert not accepted.duplicate
    assert [replace(item, evidence=None) for item in await items(redis)] == [ITEM]
    (entry,) = await entries_between(redis, ITEMS_STREAM)
    assert entry.fields["id"] == accepted.id
    assert await Results(redis).get(accepted.id) == ReadResult(state="accepted")


async def test_the_same_content_again_is_a_duplicate_and_is_not_read_again(redis: Redis) -> None:
    intake = Intake(redis)
    first = await intake.accept(ITEM)
    again = await intake.accept(replace(ITEM, received=datetime(2025, 1, 1, tzinfo=UTC)))
    assert (again.id, again.duplicate) == (first.id, True)
    assert len(await items(redis)) == 1


async def test_whoever_copies_a_text_first_does_not_make_the_authoritys_own_a_duplicate(redis: Redis) -> None:
    intake = Intake(redis)
    copies = [replace(ITEM, source_id="partner:newsroom"), replace(ITEM, source_id="copyist", source_name="Copyist")]
    for copy in copies:
        await intake.accept(copy)
    own = await intake.accept(replace(ITEM, source_id="president-ru", speaks_for="president"))
    assert not own.duplicate
    assert len(await items(redis)) == 3


async def test_a_duplicate_does_not_unmake_what_is_known_of_the_first(redis: Redis) -> None:
    intake, results = Intake(redis), Results(redis)
    accepted = await intake.accept(ITEM)
    read = ReadResult(state="read", outcome="new", story="pardon-20241228-aaaaaa")
    await results.put(accepted.id, read)
    await intake.accept(ITEM)
    assert await results.get(accepted.id) == read


async def test_of_many_who_hand_in_one_text_at_once_one_is_first(redis: Redis) -> None:
    answers = await asyncio.gather(*(Intake(redis).accept(ITEM) for _ in range(10)))
    assert [one.duplicate for one in answers].count(False) == 1
    assert len(await items(redis)) == 1


async def test_an_edited_text_is_another_item(redis: Redis) -> None:
    intake = Intake(redis)
    await intake.accept(ITEM)
    assert not (await intake.accept(replace(ITEM, body="Twenty-two people were pardoned."))).duplicate
    assert len(await items(redis)) == 2


async def test_what_became_of_an_item_is_remembered_for_a_while(redis: Redis) -> None:
    accepted = await Intake(redis).accept(ITEM)
    assert await redis.ttl(item_key(accepted.id)) > 29 * 86_400
    assert await Results(redis).get("it-unknown") is None


async def test_the_state_of_a_source_and_its_pause_are_kept(redis: Redis) -> None:
    states = SourceStates(redis)
    assert await states.load("sample") == SourceState()
    await states.save("sample", SourceState(failures=3))
    await states.pause("sample")
    again = SourceStates(redis)
    assert (await again.load("sample")).failures == 3
    assert await again.is_paused("sample")
    assert not await again.is_paused("other")
    await again.resume("sample")
    assert not await states.is_paused("sample")
