"""What somebody would write who is paid to plant a false release: handed in by a feed, none of it goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from services.contract import PartyClass
from services.ingest.intake import Intake
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results
from tests.road import PATIENCE, Road

TEXTS: Mapping[str, Mapping[str, list[Any]]] = yaml.safe_load(
    (Path(__file__).parents[1] / "unit" / "ingest" / "extraction" / "doubtful_texts.yaml").read_text()
)
"""Each quotes BelTA, Viasna or the press service for an act that is joked, supposed, denied, asked, dreamt or old."""

TRUE = (
    "Lukashenko pardoned 17 people, BelTA reported.",
    "В Гродно милиция задержала 9 человек, сообщила «Вясна».",
    "Лукашэнка памілаваў 29 чалавек, паведаміла БелТА.",
)
"""The like without words of doubt, which goes out by itself."""


def item(text: str | Mapping[str, str], outlet: str) -> Item:
    given = {"text": text} if isinstance(text, str) else text
    now = datetime.now(UTC)
    return Item(
        source_id=outlet,
        source_name=outlet.capitalize(),
        source_class=PartyClass.MEDIA,
        body=given["text"],
        title=given.get("title"),
        published=now,
        received=now,
    )


async def read(road: Road, texts: Sequence[str | Mapping[str, str]], outlet: str) -> list[ReadResult]:
    """Hands all in, then waits until each is read."""
    ids = [(await Intake(road.redis).accept(item(text, outlet))).id for text in texts]
    results = Results(road.redis)
    async with asyncio.timeout(PATIENCE):
        while True:
            found = [await results.get(each) for each in ids]
            if all(result is not None and result.state == "read" for result in found):
                return [result for result in found if result is not None]
            await asyncio.sleep(0.1)


async def test_an_act_that_is_joked_supposed_or_denied_waits_and_the_plain_one_goes_out(road: Road) -> None:
    await road.start("ingest")
    texts = [text for language in TEXTS.values() for text in language["planted"]]
    results = await read(road, texts, "feed")
    assert [text for text, result in zip(texts, results, strict=True) if result.event is not None] == []
    assert await road.events() == []
    told = await read(road, TRUE, "another")
    assert {event.id for event in await road.events()} == {result.event for result in told}
    assert None not in {result.event for result in told}
