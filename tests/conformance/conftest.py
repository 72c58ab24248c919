"""What goes out is examined on both event loops: the one that services run on answers broken connections otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop

_ON_BOTH = {"test_egress.py", "test_transports.py", "test_webhooks.py"}


@pytest.hookimpl
def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    usual = {"asyncio": asyncio.new_event_loop}
    return {**usual, "uvloop": uvloop.new_event_loop} if item.path.name in _ON_BOTH else usual
