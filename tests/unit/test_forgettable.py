"""What is remembered for speed and may be somebody's is forgotten: all of it, wherever it is remembered."""

from __future__ import annotations

import functools
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

from services import forgettable
from services.names import fold, match_names, parts_of_key, parts_of_name
from services.runtime.forgetting import FORGET_EVERY, forget_forever
from services.subscribers import watched_persons
from services.subscribers.address_index import canonical

NAME = "Здзіслаў Канарэйчык"
_HOLDING = ("services.names.", "services.subscribers.watched_persons", "services.subscribers.address_index")
"""Rooms whose functions are asked about somebody's name or address."""


def _bounded() -> list[Any]:
    """Whatever remembers some answers of these rooms. What is unbounded there is asked about nobody."""
    rooms = [room for name, room in sys.modules.items() if name.startswith(_HOLDING)]
    found = [one for room in rooms for one in vars(room).values() if isinstance(one, functools._lru_cache_wrapper)]
    found = [one for one in found if one is not urlsplit]  # Python's, which is forgotten as well
    return [one for one in found if one.cache_parameters()["maxsize"] is not None]


def _remembered() -> list[str]:
    return [str(one) for one in _bounded() if one.cache_info().currsize]


def test_nothing_of_a_watched_name_or_an_address_is_remembered_after_it_was_forgotten() -> None:
    key = fold(NAME)
    match_names(parts_of_key(key), parts_of_name(NAME))
    canonical("email", "reader@mail.example.org")
    canonical("webhook", "https://partner.example.org/path")
    watched_persons._named(NAME, key)
    assert _remembered()
    forgettable.forget()
    assert _remembered() == []
    assert urlsplit.cache_info().currsize == 0  # type: ignore[attr-defined]
    assert fold(NAME) == key, "and everything goes on"


def test_whatever_remembers_there_can_be_made_to_forget() -> None:
    assert len(_bounded()) > 10
    assert [one.__qualname__ for one in _bounded() if one not in forgettable._remembering] == []


async def test_it_is_done_twice_a_minute() -> None:
    waits: list[float] = []
    done: list[str] = []

    class Over(Exception):
        pass

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > 2:
            raise Over

    fold_again = fold.__globals__["fold_token"]
    fold_again("канарэйчык")
    with pytest.raises(Over):
        await forget_forever(lambda: done.append("besides"), sleep=sleep)
    assert waits == [FORGET_EVERY] * 3
    assert FORGET_EVERY <= 30
    assert done == ["besides"] * 2
    assert fold_again.cache_info().currsize == 0
