from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.road import Road, open_road

pytest_plugins = ("tests.at_once",)

# The same inputs on every run, and no test that a slow machine can fail.
settings.register_profile("vestka", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("vestka")


@pytest.fixture(scope="session")
def state_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder after the other. pytest's own would look through all that there are for the next number."""
    root = tmp_path_factory.mktemp("states")
    return (root / str(number) for number in count())


@pytest.fixture(autouse=True)
def state_folder(state_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its own for every test: a store that one test empties is no accident to the next."""
    folder = next(state_folders)
    folder.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that runs in the test's own process sets up its logs; the next test's lines would go to its streams."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    if root.handlers != before[0]:
        root.handlers[:], level = before
        root.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    async with open_road(tmp_path) as whole:
        yield whole
