"""Time here is a list of pauses: nothing waits, and what would have been waited for is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from services.contract import PartyClass
from services.ingest.source_health import SourceState
from services.ingest.sources.base import Given, Item, SourceTrouble, Visit
from services.ingest.sources.visits import PageMark, PagesVisit
from services.ingest.watching import Observers, Result, Watcher, pause_after

NOW = datetime(2024, 12, 28, 15, 0, tzinfo=UTC)
Answer = Given | Exception


def item(number: int, text: str = "Text.", *, hours_ago: float | None = 0) -> Item:
    published = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    return Item("a", "A", PartyClass.MEDIA, text, title="T", url=f"https://news.example/{number}", published=published)


def given(*items: Item) -> Given:
    return Given(items, Visit(etag='"1"'))


class Scripted:
    """A source that answers by a script; its last answer it gives for ever."""

    name = "A"
    source_class = PartyClass.MEDIA
    every = 60.0

    def __init__(self, *answers: Answer, id_: str = "a") -> None:
        self.id = id_
        self.answers = list(answers)
        self.visits: list[Visit] = []

    async def ask(self, visit: Visit) -> Given:
        self.visits.append(visit)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Remembering:
    def __init__(self) -> None:
        self.states: dict[str, SourceState] = {}
        self.paused: set[str] = set()

    async def load(self, source_id: str) -> SourceState:
        return self.states.get(source_id, SourceState())

    async def save(self, source_id: str, state: SourceState) -> None:
        self.states[source_id] = state

    async def is_paused(self, source_id: str) -> bool:
        return source_id in self.paused


class Desk:
    """Takes what is offered, and counts what is told. It knows again what it took (`id` and text)."""

    def __init__(self) -> None:
        self.taken: list[Item] = []
        self.results: list[str] = []
        self.newest: dict[str, float] = {}
        self.fails = False

    async def offer(self, one: Item) -> bool:
        if self.fails:
            raise ConnectionError
        known = any((one.url, one.body) == (other.url, other.body) for other in self.taken)
        self.taken.append(one)
        return not known

    @property
    def observers(self) -> Observers:
        return Observers(lambda _id, result: self.results.append(result), self.newest.__setitem__)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def memory() -> Remembering:
    return Remembering()


def watcher(
    desk: Desk, memory: Remembering, *sources: Scripted, sleep: Callable[[float], object] | None = None
) -> Watcher:
    async def pause(seconds: float) -> None:
        if sleep:
            sleep(seconds)
        await asyncio.sleep(0)

    return Watcher(
        sources, memory, desk.offer, clock=lambda: NOW, dice=lambda: 0.5, sleep=pause, observers=desk.observers
    )


async def test_what_is_new_is_passed_on_once_and_oldest_first(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(2, hours_ago=1), item(1, hours_ago=2)))
    one = watcher(desk, memory, source)
    await one.look(source)
    await one.look(source)
    assert [taken.url for taken in desk.taken] == ["https://news.example/1", "https://news.example/2"]
    assert desk.results == [Result.NEW, Result.NEW, Result.KNOWN, Result.KNOWN]
    assert desk.taken[0].received == NOW


async def test_an_edited_page_is_passed_on_again(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1, "20 people.")), given(item(1, "22 people.")))
    one = watcher(desk, memory, source)
    await one.look(source)
    await one.look(source)
    assert [taken.body for taken in desk.taken] == ["20 people.", "22 people."]
    assert desk.results == [Result.NEW, Result.EDITED]


async def test_another_process_that_was_sooner_makes_it_known(desk: Desk, memory: Remembering) -> None:
    desk.taken.append(item(1))
    source = Scripted(given(item(1)))
    await watcher(desk, memory, source).look(source)
    assert desk.results == [Result.KNOWN]


async def test_what_could_not_be_passed_on_is_offered_again(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1)))
    one = watcher(desk, memory, source)
    desk.fails = True
    with pytest.raises(ConnectionError):
        await one.look(source)
    desk.fails = False
    await one.look(source)
    assert [visit.etag for visit in source.visits] == [None, None], "a validator was kept although nothing was taken"
    assert len(desk.taken) == 1


async def test_the_site_is_asked_with_what_it_said_the_last_time(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1)), Given(visit=Visit(etag='"1"'), unchanged=True))
    one = watcher(desk, memory, source)
    for _ in range(3):
        await one.look(source)
    assert [visit.etag for visit in source.visits] == [None, '"1"', '"1"']


async def test_an_unreadable_item_hides_no_other(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(replace(item(1, ""), title=None), item(2)))
    await watcher(desk, memory, source).look(source)
    assert sorted(desk.results) == [Result.NEW, Result.UNREADABLE]


async def test_items_that_are_all_unreadable_are_trouble(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(replace(item(1, ""), title=None)))
    look = await watcher(desk, memory, source).look(source)
    assert look.state.trouble == "unreadable"


async def test_a_page_that_vanished_is_told_once(desk: Desk, memory: Remembering) -> None:
    url = "https://news.example/1"
    there, gone = (Given(visit=PagesVisit(pages={url: PageMark(gone=gone)})) for gone in (False, True))
    source = Scripted(there, gone)
    one = watcher(desk, memory, source)
    for _ in range(3):
        await one.look(source)
    assert desk.results == [Result.VANISHED]


async def test_the_newest_item_is_known_and_a_date_to_come_is_not_believed(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1, hours_ago=5)), given(item(2, hours_ago=-500)))
    one = watcher(desk, memory, source)
    await one.look(source)
    assert desk.newest["a"] == (NOW - timedelta(hours=5)).timestamp()
    await one.look(source)
    assert desk.newest["a"] == NOW.timestamp()


async def test_items_without_a_date_count_from_when_they_came(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1, hours_ago=None)))
    await watcher(desk, memory, source).look(source)
    assert desk.newest["a"] == NOW.timestamp()


async def test_memory_of_what_was_seen_is_bounded_and_keeps_what_is_still_shown(
    desk: Desk, memory: Remembering
) -> None:
    source = Scripted(*(given(item(0), *(item(n) for n in range(k, k + 100))) for k in range(1, 1001, 100)))
    one = watcher(desk, memory, source)
    for _ in range(10):
        await one.look(source)
    assert len(memory.states["a"].seen) == 500
    assert desk.results.count(Result.NEW) == 1001


async def test_a_condition_is_logged_when_it_changes_and_not_before(desk: Desk, memory: Remembering) -> None:
    trouble = SourceTrouble("refused", "look for another way")
    source = Scripted(given(item(1)), trouble, trouble, given(item(1)))
    one = watcher(desk, memory, source)
    with capture_logs() as lines:
        for _ in range(5):
            await one.look(source)
    assert [line["event"] for line in lines] == ["source.failing", "source.ok"]
    assert lines[0]["reason"] == "refused: look for another way"


async def test_a_fault_of_our_own_reader_is_trouble_of_one_source(desk: Desk, memory: Remembering) -> None:
    source = Scripted(ZeroDivisionError())
    with capture_logs():
        look = await watcher(desk, memory, source).look(source)
    assert look.state.trouble == "reader"


class Enough(Exception):
    pass


async def pauses_of(desk: Desk, memory: Remembering, source: Scripted, count: int) -> list[float]:
    pauses: list[float] = []

    def note(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == count:
            raise Enough

    with pytest.raises(ExceptionGroup), capture_logs():
        await watcher(desk, memory, source, sleep=note).run()
    return pauses


async def test_looks_are_spread_and_trouble_makes_them_rarer(desk: Desk, memory: Remembering) -> None:
    trouble = SourceTrouble("server_error", "later")
    source = Scripted(given(item(1)), trouble, trouble, trouble, given(item(1)))
    assert await pauses_of(desk, memory, source, 6) == [5.0, 63.0, 63.0, 126.0, 252.0, 63.0]


async def test_our_own_failure_is_no_fault_of_the_source(desk: Desk, memory: Remembering) -> None:
    desk.fails = True
    pauses = await pauses_of(desk, memory, Scripted(given(item(1))), 3)
    assert pauses[1:] == [5.25, 5.25]
    assert memory.states == {}


async def test_a_paused_source_is_not_asked(desk: Desk, memory: Remembering) -> None:
    memory.paused.add("a")
    source = Scripted(given(item(1)))
    assert await pauses_of(desk, memory, source, 3) == [5.0, 60.0, 60.0]
    assert source.visits == []


class Stuck(Scripted):
    async def ask(self, visit: Visit) -> Given:
        return await asyncio.Future()


async def test_a_source_that_never_answers_delays_no_other_and_stopping_stops_it(
    desk: Desk, memory: Remembering
) -> None:
    arrived = asyncio.Event()

    async def offer(one: Item) -> bool:
        arrived.set()
        return True

    desk.offer = offer  # type: ignore[method-assign]
    running = asyncio.create_task(watcher(desk, memory, Stuck(id_="stuck"), Scripted(given(item(1)))).run())
    await arrived.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize(
    ("every", "failures", "retry_after", "dice", "seconds"),
    [
        (60, 0, None, 0, 60),
        (60, 0, None, 1, 66),
        (60, 1, None, 0, 60),
        (60, 4, None, 0, 480),
        (60, 99, None, 0, 3600),
        (60, 1, 900, 0, 900),
        (60, 5, 10, 0, 960),
        (60, 1, 86_400, 0, 3600),
        (86_400, 3, None, 0, 86_400),
    ],
)
def test_pauses_by_the_table(
    every: float, failures: int, retry_after: float | None, dice: float, seconds: float
) -> None:
    assert pause_after(every, failures, retry_after, dice) == pytest.approx(seconds)
