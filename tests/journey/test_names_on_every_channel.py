"""A name that waits stands in no letter, no message and no call; once an operator lets it go, it stands in each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from services.contract import PartyClass
from services.ingest.sources.base import Item
from tests.journey.test_stories import read, stories
from tests.road import Road, eventually

TODAY = datetime.now(UTC)
QUOTED = Item(
    source_id="evil-news",
    source_name="Evil News",
    source_class=PartyClass.MEDIA,
    speaks_for="evil-news",
    outlet="evil-news",
    title="Detained in Brest",
    body="Ryhor Kastusiou was detained in Brest today, the KGB said. He is charged under article 361-4.",
    url="https://evil-news.example/1",
    published=TODAY,
    received=TODAY,
)
OWN = replace(
    QUOTED,
    source_id="viasna-en",
    source_name="Viasna",
    source_class=PartyClass.DEFENDER,
    speaks_for="viasna",
    outlet="viasna",
    body="Maria Kalesnikava was detained in Gomel today. She is charged under article 342.",
    url="https://viasna.example/1",
)


def _received(road: Road) -> list[str]:
    """What each channel's reader got so far, the newest last, all of it."""
    stage = road.stage
    return [
        "\n".join(f"{letter.subject}\n{letter.text}\n{letter.html}" for letter in stage.inbox.messages),
        "\n".join(message.text for message in stage.chat.messages),
        "\n".join(call.body.decode() for call in stage.webhooks.calls),
    ]


async def _got(road: Road, count: int) -> None:
    stage = road.stage
    await eventually(
        lambda: min(len(stage.inbox.messages), len(stage.chat.messages), len(stage.webhooks.calls)) >= count,
        f"{count} message(s) at each receiver",
    )


async def test_a_name_is_told_on_every_channel_or_on_none(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.subscribe("telegram", "1001")
    await road.subscribe("webhook", road.stage.webhooks.url)
    await road.start("ingest", "notify")

    quoted = await read(road, QUOTED)
    assert quoted.action == "publish_unconfirmed", "the news does not wait for the name"
    await _got(road, 1)
    assert [("Kastusiou" in got, "Brest" in got) for got in _received(road)] == [(False, True)] * 3
    assert "Kastusiou" not in str(await stories(road))

    code, _, err = await road.vestka("story", "approve", str(quoted.story), "--confirm")
    assert code == 0, err
    await _got(road, 2)
    assert ["Kastusiou" in got for got in _received(road)] == [True] * 3
    assert "Kastusiou" in str(await stories(road))

    assert (await read(road, OWN)).reason == "own_defender_source"
    await _got(road, 3)
    assert ["Kalesnikava" in got for got in _received(road)] == [True] * 3
