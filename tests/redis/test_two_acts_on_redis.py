"""An item that tells two acts opens two stories, each once, however often it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.ingest.sources.base import Item
from tests.redis.ingest_desk import PARDON, Desk

BOTH: Item = replace(
    PARDON,
    title="Pardon and arrests",
    body="Lukashenko pardoned 20 people on 28 December 2024, his press service said. On the same day the KGB "
    "detained three activists in Brest, the Viasna human rights centre said.",
    url="https://sample-wire.example/both",
)


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


async def test_an_item_with_two_acts_opens_two_stories(desk: Desk) -> None:
    result = await desk.read(BOTH)
    (second,) = result.further
    pardon, arrest = [await desk.story(str(each.story)) for each in (result, second)]
    assert (pardon.kind, pardon.facts.pardoned) == (Kind.PARDON, 20)
    assert (arrest.kind, arrest.facts.detained, arrest.facts.place) == (Kind.ARREST, 3, "Brest")


async def test_read_again_it_adds_nothing_to_either(desk: Desk) -> None:
    first = await desk.read(BOTH)
    again = await desk.read(replace(BOTH, url="https://sample-wire.example/both?again"))
    assert {again.story, *(each.story for each in again.further)} <= {first.story, first.further[0].story}
    assert len(await desk.events()) <= 2
