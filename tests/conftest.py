from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.road import Road, open_road

# The same inputs on every run, and no test that a slow machine can fail.
settings.register_profile("vestka", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("vestka")


@pytest.fixture(autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its own for every test: a store that one test empties is no accident to the next."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    async with open_road(tmp_path) as whole:
        yield whole
