"""Work beside the event loop: it keeps nobody waiting, ends when it is called off, and its faults are ours to see."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from services.runtime.deadline import TookTooLong
from services.runtime.side_thread import CalledOff, SideThread, at_once


@pytest.fixture
def thread() -> Iterator[SideThread]:
    one = SideThread("aside", 60.0)
    yield one
    one.close()


async def test_the_event_loop_goes_on_while_the_work_does(thread: SideThread) -> None:
    loop, seen = asyncio.get_running_loop(), threading.Event()

    def work() -> bool:
        loop.call_soon_threadsafe(seen.set)
        return seen.wait(30)

    assert await thread.run(work), "the loop had its turn while the work waited for that"


async def test_what_takes_too_long_is_called_off_and_the_next_has_its_turn() -> None:
    thread, ended = SideThread("aside", 0.05), threading.Event()

    def endless() -> None:
        try:
            while True:
                thread.go_on()
        except CalledOff:
            ended.set()
            raise

    with pytest.raises(TookTooLong, match=r"longer than 0\.05 s"):
        await thread.run(endless)
    assert await asyncio.to_thread(ended.wait, 30)
    thread.close()


async def test_work_whose_asker_is_gone_is_called_off(thread: SideThread) -> None:
    began, ended = threading.Event(), threading.Event()

    def endless() -> None:
        began.set()
        try:
            while True:
                thread.go_on()
        finally:
            ended.set()

    asking = asyncio.create_task(thread.run(endless))
    assert await asyncio.to_thread(began.wait, 30)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await asyncio.to_thread(ended.wait, 30)
    assert await thread.run(lambda: "the next") == "the next"


@pytest.mark.parametrize("run", ["beside", "at once"])
async def test_a_fault_of_the_work_reaches_whoever_asked(thread: SideThread, run: str) -> None:
    def fails() -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        await (thread.run if run == "beside" else at_once)(fails)
