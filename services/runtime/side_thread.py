"""Work that keeps the CPU busy, beside the event loop: in one thread, one at a time, with a deadline.

A thread and no process: what is worked on, thousands of stories, need not be sent anywhere, and Python's own code hands
the interpreter's lock on every few milliseconds, so health, signals and claims go on. What keeps that lock, like `re`
on a stranger's text, needs a process (`services.ingest.reading`).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from services.runtime.deadline import TookTooLong

T = TypeVar("T")


class Run(Protocol):
    """How work is done that may keep the CPU busy."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


async def at_once(work: Callable[[], T]) -> T:
    """On the event loop: for a process that has nothing else to do."""
    return work()


class CalledOff(Exception):
    """Nobody waits for the work any more."""


class SideThread:
    def __init__(self, name: str, deadline: float) -> None:
        """`deadline`: seconds of wall time, counted from when the work's turn comes."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._deadline = deadline
        self._turn = asyncio.Lock()
        self._called_off = threading.Event()

    async def run(self, work: Callable[[], T]) -> T:
        """Raises TookTooLong, and what `work` raises. Cancelled, it calls the work off."""
        async with self._turn:
            called_off = threading.Event()
            try:
                async with asyncio.timeout(self._deadline) as limit:
                    return await asyncio.get_running_loop().run_in_executor(self._pool, self._begin, called_off, work)
            except TimeoutError:
                if limit.expired():
                    raise TookTooLong(f"it took longer than {self._deadline:g} s") from None
                raise
            finally:
                called_off.set()

    def _begin(self, called_off: threading.Event, work: Callable[[], T]) -> T:
        """In the thread, where what was called off before has come to its end."""
        self._called_off = called_off
        self.go_on()
        return work()

    def go_on(self) -> None:
        """For the work to call now and then: raises CalledOff where nobody waits for it any more."""
        if self._called_off.is_set():
            raise CalledOff

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
