"""Time here is a list of pauses: nothing waits, and what would have been waited for is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from structlog.testing import capture_logs

from services.contract import PartyClass
from services.ingest.sources.base import Cursor, FetchResult, Item, SourceTrouble
from services.ingest.sources.cursors import PageMark, PagesCursor, pages_of
from services.ingest.watching.health import SourceCondition, SourceHealth, SourceState
from services.ingest.watching.pauses import interval, pause_after
from services.ingest.watching.poll import Observers, Result
from services.ingest.watching.scheduler import Scheduler

NOW = datetime(2024, 12, 28, 15, 0, tzinfo=UTC)
Answer = FetchResult | Exception


def item(number: int, text: str = "Text.", *, hours_ago: float | None = 0) -> Item:
    published = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    return Item("a", "A", PartyClass.MEDIA, text, title="T", url=f"https://news.example/{number}", published=published)


def given(*items: Item) -> FetchResult:
    return FetchResult(items, Cursor(etag='"1"'))


class Scripted:
    """A source that answers by a script; its last answer it gives for ever."""

    name = "A"
    source_class = PartyClass.MEDIA
    every = 60.0
    slowest = 900.0
    quiet_after = 259_200.0

    def __init__(self, *answers: Answer, id_: str = "a") -> None:
        self.id = id_
        self.answers = list(answers)
        self.cursors: list[Cursor] = []

    async def ask(self, cursor: Cursor) -> FetchResult:
        self.cursors.append(cursor)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Remembering:
    def __init__(self) -> None:
        self.states: dict[str, SourceState] = {}
        self.paused: set[str] = set()
        self.look_requests: set[str] = set()
        self.held_elsewhere: set[str] = set()
        self.let_go_of: frozenset[str] = frozenset()

    async def load(self, source_id: str) -> SourceState:
        return self.states.get(source_id, SourceState())

    async def save(self, source_id: str, state: SourceState) -> None:
        self.states[source_id] = state

    async def is_paused(self, source_id: str) -> bool:
        return source_id in self.paused

    async def hold(self, source_id: str) -> bool:
        return source_id not in self.held_elsewhere

    async def let_go(self, source_ids: Iterable[str]) -> None:
        self.let_go_of = frozenset(source_ids)

    async def take_look_request(self, source_id: str) -> bool:
        requested = source_id in self.look_requests
        self.look_requests.discard(source_id)
        return requested


class Desk:
    """Takes what is offered, and counts what is told. It knows again what it took (`id` and text)."""

    def __init__(self) -> None:
        self.taken: list[Item] = []
        self.results: list[str] = []
        self.newest: dict[str, float] = {}
        self.removed: list[str] = []
        self.health: list[SourceHealth] = []
        self.fails = False

    async def offer(self, one: Item) -> bool:
        if self.fails:
            raise ConnectionError
        known = any((one.url, one.body) == (other.url, other.body) for other in self.taken)
        self.taken.append(one)
        return not known

    async def remove(self, _source_id: str, url: str) -> None:
        self.removed.append(url)

    async def return_(self, _source_id: str, url: str) -> None:
        self.removed.remove(url)

    async def note_health(self, _source_id: str, health: SourceHealth) -> None:
        self.health.append(health)

    @property
    def observers(self) -> Observers:
        return Observers(
            lambda _id, result: self.results.append(result), self.newest.__setitem__, self.remove, self.return_
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def memory() -> Remembering:
    return Remembering()


def scheduler(
    desk: Desk, memory: Remembering, *sources: Scripted, sleep: Callable[[float], object] | None = None
) -> Scheduler:
    async def pause(seconds: float) -> None:
        if sleep:
            sleep(seconds)
        await asyncio.sleep(0)

    return Scheduler(
        sources,
        memory,
        desk.offer,
        clock=lambda: NOW,
        dice=lambda: 0.5,
        sleep=pause,
        observers=desk.observers,
        on_health=desk.note_health,
    )


async def test_what_is_new_is_passed_on_once_and_oldest_first(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(2, hours_ago=1), item(1, hours_ago=2)))
    one = scheduler(desk, memory, source)
    await one.poll(source)
    await one.poll(source)
    assert [taken.url for taken in desk.taken] == ["https://news.example/1", "https://news.example/2"]
    assert desk.results == [Result.NEW, Result.NEW, Result.SEEN, Result.SEEN]
    assert desk.taken[0].received == NOW


async def test_an_edited_page_is_passed_on_again(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1, "20 people.")), given(item(1, "22 people.")))
    one = scheduler(desk, memory, source)
    await one.poll(source)
    await one.poll(source)
    assert [taken.body for taken in desk.taken] == ["20 people.", "22 people."]
    assert desk.results == [Result.NEW, Result.EDITED]


async def test_another_process_that_was_sooner_makes_it_known(desk: Desk, memory: Remembering) -> None:
    desk.taken.append(item(1))
    source = Scripted(given(item(1)))
    await scheduler(desk, memory, source).poll(source)
    assert desk.results == [Result.SEEN]


async def test_what_could_not_be_passed_on_is_offered_again(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1)))
    one = scheduler(desk, memory, source)
    desk.fails = True
    with pytest.raises(ConnectionError):
        await one.poll(source)
    desk.fails = False
    await one.poll(source)
    assert [cursor.etag for cursor in source.cursors] == [None, None], "a validator was kept although nothing was taken"
    assert len(desk.taken) == 1


async def test_the_site_is_asked_with_what_it_said_the_last_time(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1)), FetchResult(cursor=Cursor(etag='"1"'), unchanged=True))
    one = scheduler(desk, memory, source)
    for _ in range(3):
        await one.poll(source)
    assert [cursor.etag for cursor in source.cursors] == [None, '"1"', '"1"']


async def test_an_unreadable_item_hides_no_other(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(replace(item(1, ""), title=None), item(2)))
    await scheduler(desk, memory, source).poll(source)
    assert sorted(desk.results) == [Result.NEW, Result.UNREADABLE]


async def test_an_item_that_trips_our_own_cleaning_hides_no_other(desk: Desk, memory: Remembering) -> None:
    broken = replace(item(1), body=cast("str", None))
    source = Scripted(given(broken, item(2)))
    with capture_logs() as lines:
        await scheduler(desk, memory, source).poll(source)
    assert sorted(desk.results) == [Result.NEW, Result.UNREADABLE]
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["source.item_failed"]


async def test_items_that_are_all_unreadable_are_trouble(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(replace(item(1, ""), title=None)))
    poll = await scheduler(desk, memory, source).poll(source)
    assert poll.state.trouble == "unreadable"


async def test_a_page_that_vanished_is_told_once(desk: Desk, memory: Remembering) -> None:
    url = "https://news.example/1"
    there, gone = (FetchResult(cursor=PagesCursor(pages={url: PageMark(gone=gone)})) for gone in (False, True))
    source = Scripted(there, gone)
    one = scheduler(desk, memory, source)
    for _ in range(3):
        await one.poll(source)
    assert desk.results == [Result.VANISHED]


async def test_the_newest_item_is_known_and_a_date_to_come_is_not_believed(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1, hours_ago=5)), given(item(2, hours_ago=-500)))
    one = scheduler(desk, memory, source)
    await one.poll(source)
    assert desk.newest["a"] == (NOW - timedelta(hours=5)).timestamp()
    await one.poll(source)
    assert desk.newest["a"] == NOW.timestamp()


async def test_items_without_a_date_count_from_when_they_came(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1, hours_ago=None)))
    await scheduler(desk, memory, source).poll(source)
    assert desk.newest["a"] == NOW.timestamp()


async def test_memory_of_what_was_seen_is_bounded_and_keeps_what_is_still_shown(
    desk: Desk, memory: Remembering
) -> None:
    source = Scripted(*(given(item(0), *(item(n) for n in range(k, k + 100))) for k in range(1, 1001, 100)))
    one = scheduler(desk, memory, source)
    for _ in range(10):
        await one.poll(source)
    assert len(memory.states["a"].seen) == 500
    assert desk.results.count(Result.NEW) == 1001


async def test_a_condition_is_logged_when_it_changes_and_not_before(desk: Desk, memory: Remembering) -> None:
    trouble = SourceTrouble("refused", "look for another way")
    source = Scripted(given(item(1)), trouble, trouble, given(item(1)))
    one = scheduler(desk, memory, source)
    with capture_logs() as lines:
        for _ in range(5):
            await one.poll(source)
    assert [line["event"] for line in lines] == ["source.failing", "source.ok"]
    assert lines[0]["reason"] == "refused: look for another way"


async def test_a_fault_of_our_own_reader_is_trouble_of_one_source(desk: Desk, memory: Remembering) -> None:
    source = Scripted(ZeroDivisionError())
    with capture_logs():
        poll = await scheduler(desk, memory, source).poll(source)
    assert poll.state.trouble == "reader"


class Enough(Exception):
    pass


async def pauses_of(desk: Desk, memory: Remembering, source: Scripted, looks: int) -> list[float]:
    """The seconds before each look, a pause in portions summed up."""
    before: dict[int, float] = {}

    def note(seconds: float) -> None:
        if len(source.cursors) == looks:
            raise Enough
        before[len(source.cursors)] = before.get(len(source.cursors), 0.0) + seconds

    with pytest.raises(ExceptionGroup), capture_logs():
        await scheduler(desk, memory, source, sleep=note).run()
    return [round(seconds, 6) for seconds in before.values()]


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
    slept: list[float] = []

    def note(seconds: float) -> None:
        slept.append(seconds)
        if sum(slept) > 120:
            raise Enough

    with pytest.raises(ExceptionGroup):
        await scheduler(desk, memory, source, sleep=note).run()
    assert source.cursors == []


async def test_a_source_that_another_process_asks_is_left_to_it_until_it_is_gone(
    desk: Desk, memory: Remembering
) -> None:
    memory.held_elsewhere.add("a")
    source = Scripted(given(item(1)))
    slept: list[float] = []

    def note(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            assert source.cursors == []
            memory.held_elsewhere.clear()
        if source.cursors:
            raise Enough

    with pytest.raises(ExceptionGroup):
        await scheduler(desk, memory, source, sleep=note).run()
    assert slept == [5.0, 20.0, 20.0, 20.0, 20.0]
    assert memory.let_go_of == {"a"}


async def test_a_site_that_hints_at_longer_pauses_is_heard_within_reason(desk: Desk, memory: Remembering) -> None:
    source = Scripted(replace(given(item(1)), wait=300.0), replace(given(item(1)), wait=86_400.0), given(item(1)))
    assert await pauses_of(desk, memory, source, 4) == [5.0, 315.0, 945.0, 63.0]


async def test_a_back_off_outlives_a_restart(desk: Desk, memory: Remembering) -> None:
    trouble = SourceTrouble("rate_limited", "later", retry_after=600)
    with capture_logs():
        await scheduler(desk, memory, Scripted(trouble)).poll(Scripted(trouble))
    assert await pauses_of(desk, memory, Scripted(given(item(1))), 2) == [630.0, 63.0]


async def test_whoever_requests_a_look_ends_a_back_off(desk: Desk, memory: Remembering) -> None:
    memory.states["a"] = SourceState(failures=9, alone_until=NOW + timedelta(hours=1))
    memory.look_requests.add("a")
    pauses = await pauses_of(desk, memory, Scripted(given(item(1))), 2)
    assert pauses == [20.0, 63.0]
    assert memory.states["a"].failures == 0
    assert memory.states["a"].alone_until is None


@pytest.mark.parametrize(
    ("answers", "needed"),
    [
        ([given(item(1))], [False]),
        ([SourceTrouble("shape", "look")], [True]),
        ([SourceTrouble("not_a_feed", "look"), given(item(1))], [True, False]),
        ([SourceTrouble("timeout", "later"), given(item(1))], [False, False]),
        ([SourceTrouble("timeout", "later")] * 3, [False, False, True]),
        ([given(item(1, hours_ago=96))], [True]),
    ],
)
async def test_a_person_is_needed_where_it_does_not_pass_by_itself(
    answers: list[Answer], needed: list[bool], desk: Desk, memory: Remembering
) -> None:
    source = Scripted(*answers)
    one = scheduler(desk, memory, source)
    with capture_logs():
        for _ in answers:
            await one.poll(source)
    assert [health.needs_a_person for health in desk.health] == needed


async def test_what_could_be_read_of_a_broken_answer_is_passed_on_and_the_trouble_counts(
    desk: Desk, memory: Remembering
) -> None:
    broken = FetchResult((item(1),), flaw=SourceTrouble("cut_off", "it ends in the middle"))
    source = Scripted(broken, broken, broken, given(item(1)))
    one = scheduler(desk, memory, source)
    with capture_logs():
        failures = [(await one.poll(source)).state.failures for _ in range(4)]
    assert failures == [1, 2, 3, 0]
    assert len(desk.taken) == 1
    assert [health.needs_a_person for health in desk.health] == [False, False, True, False]
    assert [cursor.etag for cursor in source.cursors] == [None, None, None, None]


async def test_how_long_silence_is_strange_depends_on_the_source(desk: Desk, memory: Remembering) -> None:
    source = Scripted(given(item(1, hours_ago=96)))
    source.quiet_after = 7 * 86_400.0
    await scheduler(desk, memory, source).poll(source)
    assert desk.health[-1].condition is SourceCondition.OK


async def test_a_removal_is_recorded_and_withdrawn_when_the_page_returns(desk: Desk, memory: Remembering) -> None:
    url = "https://news.example/1?utm_source=x"
    there, gone = (FetchResult(cursor=PagesCursor(pages={url: PageMark(gone=gone)})) for gone in (False, True))
    source = Scripted(there, gone, there)
    one = scheduler(desk, memory, source)
    await one.poll(source)
    await one.poll(source)
    assert desk.removed == ["https://news.example/1"]
    await one.poll(source)
    assert desk.removed == []


async def test_a_copy_in_latin_letters_is_no_second_article(desk: Desk, memory: Remembering) -> None:
    copy = replace(item(1, "Paŭtorna."), url="https://nashaniva.com/be_latn/361234/")
    source = Scripted(given(item(1), copy))
    await scheduler(desk, memory, source).poll(source)
    assert sorted(desk.results) == [Result.COPY, Result.NEW]


class Stuck(Scripted):
    async def ask(self, cursor: Cursor) -> FetchResult:
        return await asyncio.Future()


async def test_a_source_that_never_answers_delays_no_other_and_stopping_stops_it(
    desk: Desk, memory: Remembering
) -> None:
    arrived = asyncio.Event()

    async def offer(one: Item) -> bool:
        arrived.set()
        return True

    desk.offer = offer  # type: ignore[method-assign]
    running = asyncio.create_task(scheduler(desk, memory, Stuck(id_="stuck"), Scripted(given(item(1)))).run())
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


@pytest.mark.parametrize(
    ("every", "hint", "slowest", "seconds"),
    [(60, None, 900, 60), (60, 30, 900, 60), (60, 300, 900, 300), (60, 86_400, 900, 900), (3600, 60, 900, 3600)],
)
def test_hints_by_the_table(every: float, hint: float | None, slowest: float, seconds: float) -> None:
    assert interval(every, hint, slowest) == seconds


async def test_once_a_day_a_source_is_asked_without_conditions(desk: Desk, memory: Remembering) -> None:
    hours = iter((0, 23.9, 24.1, 24.2, -5))
    marked = PagesCursor('"1"', "Sat, 28 Dec 2024 15:00:00 GMT", {"https://news.example/1": PageMark('"2"')})
    source = Scripted(FetchResult((item(1),), marked))
    for passed in hours:
        watch = scheduler(desk, memory, source)
        watch._clock = lambda passed=passed: NOW + timedelta(hours=passed)  # type: ignore[misc]
        await watch.poll(source)
    assert [cursor.etag for cursor in source.cursors] == [None, '"1"', None, '"1"', None]
    marks = [pages_of(cursor) for cursor in source.cursors]
    assert [[mark.etag for mark in one.values()] for one in marks] == [[], ['"2"'], [None], ['"2"'], [None]]


async def test_trouble_on_that_day_leaves_the_question_open(desk: Desk, memory: Remembering) -> None:
    memory.states["a"] = SourceState(etag='"1"', unconditional=NOW - timedelta(days=2))
    source = Scripted(SourceTrouble("timeout", "x"), given(item(1)))
    for _ in range(3):
        await scheduler(desk, memory, source).poll(source)
    assert [cursor.etag for cursor in source.cursors] == [None, None, '"1"']
