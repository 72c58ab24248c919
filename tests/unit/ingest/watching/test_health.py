from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from services.contract import PartyClass
from services.ingest.sources.base import Cursor, FetchResult, Item, SourceTrouble
from services.ingest.sources.cursors import PageMark, PagesCursor
from services.ingest.watching.health import SourceCondition, SourceState, check, judge

NOW = datetime(2024, 12, 28, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def healthy(newest_item: datetime | None) -> SourceState:
    return SourceState().after_success(FetchResult(), NOW, {}, newest_item)


class Answering:
    id = "sample"
    name = "Sample"
    source_class = PartyClass.MEDIA
    every = 60.0
    slowest = 900.0
    quiet_after = 259_200.0

    def __init__(self, answer: FetchResult | SourceTrouble) -> None:
        self.answer = answer

    async def ask(self, cursor: Cursor) -> FetchResult:
        if isinstance(self.answer, SourceTrouble):
            raise self.answer
        return self.answer


def test_a_source_is_judged_by_the_age_of_its_newest_item() -> None:
    assert judge(SourceState(), NOW).condition is SourceCondition.UNASKED
    assert judge(healthy(NOW - DAY), NOW).condition is SourceCondition.OK
    silent = judge(healthy(NOW - 4 * DAY), NOW)
    assert (silent.condition, silent.since) == (SourceCondition.SILENT, NOW - 4 * DAY)


def test_a_failing_source_says_since_when_and_why() -> None:
    state = healthy(NOW).after_trouble(SourceTrouble("refused", "ask elsewhere"), NOW)
    state = state.after_trouble(SourceTrouble("shape", "look at the page"), NOW + DAY)
    health = judge(state, NOW + DAY)
    assert (health.condition, health.since, health.reason) == (SourceCondition.FAILING, NOW, "shape: look at the page")
    assert judge(state.after_success(FetchResult(), NOW + DAY, {}, NOW), NOW + DAY).condition is SourceCondition.OK


def test_a_state_survives_being_stored() -> None:
    cursor = PagesCursor(
        '"1"', None, {"https://news.example/a": PageMark(etag='"2"'), "https://news.example/b": PageMark(gone=True)}
    )
    state = SourceState().after_success(FetchResult(cursor=cursor), NOW, {"a": "b"}, NOW)
    assert msgspec.json.decode(msgspec.json.encode(state), type=SourceState) == state
    assert state.cursor == cursor


async def test_a_check_counts_items_and_finds_the_newest() -> None:
    items = [Item("sample", "Sample", PartyClass.MEDIA, "x", published=date) for date in (NOW, NOW - DAY, None)]
    report = await check(Answering(FetchResult(tuple(items))))
    assert (report.items, report.newest, report.trouble) == (3, NOW, None)


async def test_a_check_tells_trouble() -> None:
    report = await check(Answering(SourceTrouble("refused", "ask elsewhere")))
    assert report.trouble is not None
    assert report.trouble.what == "refused"
