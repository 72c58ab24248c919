from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.road import Road, open_road

# The same inputs on every run, and no test that a slow machine can fail.
settings.register_profile("vestka", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("vestka")


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    async with open_road(tmp_path) as whole:
        yield whole
