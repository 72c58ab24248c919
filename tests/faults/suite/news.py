"""Events and reports to send through: invented arrests, told apart by their number of people."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from redis.asyncio import Redis

from services.contract import Event, PartyClass
from services.ingest.article_reading import report_of
from services.ingest.articles import to_article
from services.ingest.publishing import Publisher
from services.ingest.sources.base import Item
from services.ingest.stories import Step, place, to_event
from services.runtime.kept_events import SEQUENCE

_TOWNS: Final = (
    *("Kobrin", "Orsha", "Mozyr", "Lida", "Krichev", "Slutsk"),
    *("Pinsk", "Polotsk", "Rechitsa", "Slonim", "Shklov", "Borisov"),
    *("Baranovichi", "Lepel", "Zhlobin", "Volkovysk", "Bobruisk", "Zhodino"),
    *("Stolin", "Braslav", "Dobrush", "Smorgon", "Osipovichi", "Molodechno"),
    *("Luninets", "Novopolotsk", "Svetlogorsk", "Novogrudok", "Bykhov", "Soligorsk"),
)
_REGIONS: Final = 6
"""Each row above has a town of every one: two arrests in one region on one day may be one, and wait for an operator."""
_DAYS: Final = 5
_LAWS: Final = (
    *(342, 361, 130, 368, 188, 364, 339, 289, 293, 369, 370, 205, 209, 210, 216),
    *(218, 222, 235, 243, 290, 295, 328, 341, 357, 358, 363, 366, 367, 371, 375),
)
DISTINCT: Final = len(_TOWNS)
"""Reports in a row that ingest takes for as many happenings; whoever needs more events publishes them."""


async def publish(redis: Redis, number: int) -> Event:
    """An event as ingest makes it, in one transaction with the story, past the rules of release."""
    step = _step(number)
    event = await Publisher(redis, time.time).commit(lambda _stories: step)
    assert event is not None
    return event


async def foresee(redis: Redis, number: int) -> Event:
    """The event that `publish` would make now. Nothing is written."""
    step, sequence = _step(number), int(await redis.get(SEQUENCE) or 0) + 1
    return to_event(step.story, sequence=sequence, changes=step.changes, now=time.time())


def _step(number: int) -> Step:
    now = datetime.now(UTC)
    report = report_of(to_article(_item(number, now), {}))
    assert report is not None, "the extraction no longer reads our sample text"
    made = place(report, [], now)
    return Step(made.story, publish=True, changes=made.changes, report=report)


def submission(number: int) -> dict[str, Any]:
    """The body of a `POST /v1/reports`; of numbers in a row, the first `DISTINCT` are happenings of their own."""
    now = datetime.now(UTC)
    return {"text": _text(number, now), "title": _title(number), "source": "Sample Wire", "language": "en"}


def _item(number: int, now: datetime) -> Item:
    return Item(
        source_id="sample-wire",
        source_name="Sample Wire",
        source_class=PartyClass.MEDIA,
        body=_text(number, now),
        title=_title(number),
        published=now,
        received=now,
        language="en",
        solicited=True,
    )


def _title(number: int) -> str:
    return f"KGB detains {number} people in {_town(number)}"


def _town(number: int) -> str:
    return _TOWNS[number % len(_TOWNS)]


def _text(number: int, now: datetime) -> str:
    day = now - timedelta(days=number // _REGIONS % _DAYS)
    return (
        f"The KGB detained {number} people in {_town(number)} on {day.day} {day:%B %Y}, the Investigative Committee "
        f"of Belarus said. A criminal case was opened under article {_LAWS[number % len(_LAWS)]} of the Criminal Code."
    )
