"""How the suite uses the cores that it is given: see `pytest_plugins` in the conftest.

Half of the tests wait for processes, for what is to be silent, for a deadline; the other half computes. So there are
three workers to a core. One of them takes the files that compute, and gives way to the others, which take those that
wait; whoever has none left of their own kind takes from the other.

Each worker collects every test. What they would all compile, each compiles its share of; and the tens of thousands of
objects that stay until the end are looked through by the garbage collector neither while they are made nor later.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

WORKERS_TO_A_CORE: Final = 3
"""As the Makefile has it."""
_COMPUTING: Final = ("tests/unit/", "tests/golden/", "tests/fences/")
_FIRST: Final = ("tests/journey/", "tests/faults/")
"""The longest waits, so that none of them begins last."""
_GIVING_WAY: Final = 5
"""Of nice(2)."""


def computes(worker: str) -> bool:
    """Whether a worker, such as "gw3", takes the files that compute."""
    return int(worker.removeprefix("gw")) % WORKERS_TO_A_CORE == 0


class SideBySide(LoadFileScheduling):
    """A file stays in one worker. Which file is next depends on whose turn it is."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        chosen = next_file(list(self.workqueue), computing=computes(node.gateway.id))
        self.workqueue.move_to_end(chosen, last=False)
        super()._assign_work_unit(node)


def next_file(files: list[str], *, computing: bool) -> str:
    """Of the files that are left, of which there is one at least."""
    own = [file for file in files if file.startswith(_COMPUTING) == computing] or files
    first = [file for file in own if file.startswith(_FIRST)]
    return (first or own)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SideBySide | None:
    return SideBySide(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_sessionstart(session: pytest.Session) -> None:
    worker: dict[str, Any] | None = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    if computes(worker["workerid"]):
        os.nice(_GIVING_WAY)
    if not sys.dont_write_bytecode and session.config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        _compile_share(session.config, int(worker["workerid"].removeprefix("gw")), worker["workercount"])


def _compile_share(config: pytest.Config, place: int, places: int) -> None:
    """By importing it, as pytest does; what cannot be imported, it tells of when it collects."""
    ignored = [Path(path).resolve() for path in config.getoption("ignore") or ()]
    files = sorted(config.rootpath.glob("tests/**/test_*.py"))
    collected = [file for file in files if not any(file.is_relative_to(path) for path in ignored)]
    for file in collected[place::places]:
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(config.rootpath).with_suffix("").parts))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[None]:
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
