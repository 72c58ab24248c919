"""Readers read a moment ago are not read again, unless anything changed of them; events at one moment ask together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from services.contract import Event, Kind, event_id
from services.notify.delivery import kept_readers
from services.notify.delivery.asked_together import AskedTogether
from services.notify.delivery.kept_readers import KeptReaders
from services.subscribers.change_notices import ChangesHeard
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.redis.house import House
from tests.redis.samples import pardon


class Counted(Vault):
    """Notes who was read of it."""

    read: list[int]

    async def some(self, numbers: Sequence[int]) -> Any:
        self.read.extend(numbers)
        return await super().some(numbers)


@pytest.fixture
def vault(house: House) -> Counted:
    house.vault.__class__ = Counted
    assert isinstance(house.vault, Counted)
    house.vault.read = []
    return house.vault


def another(number: int) -> Event:
    """A pardon of a story of its own."""
    event, story = pardon(), f"pardon-2024-12-28-n{number}"
    data = msgspec.structs.replace(event.data, story_id=story)
    return msgspec.structs.replace(event, id=event_id(story, 1), subject=story, data=data)


async def test_who_was_read_a_moment_ago_is_not_read_again(house: House, vault: Counted) -> None:
    numbers = [(await house.subscribe()).number for _ in range(3)]
    readers = KeptReaders(vault, house.changes)
    _, first = await readers.some(numbers)
    _, again = await readers.some(numbers[1:])
    assert vault.read == numbers
    assert again == {number: first[number] for number in numbers[1:]}


async def test_who_stopped_is_read_anew_and_gets_nothing_of_the_next_event(house: House, vault: Counted) -> None:
    one, other = await house.subscribe(), await house.subscribe()
    await house.deliver(another(1))
    assert sorted(house.mail.takers()) == [one.number, other.number]
    await vault.stop(one.number)
    await house.deliver(another(2))
    assert sorted(house.mail.takers()) == [one.number, other.number, other.number]


async def test_whoever_changed_what_they_ask_for_is_read_anew(house: House, vault: Counted) -> None:
    one = await house.subscribe(Interest(kinds=(Kind.PARDON,)))
    readers = KeptReaders(vault, house.changes)
    await readers.some([one.number])
    await vault.amend(one.number, lambda was: msgspec.structs.replace(was, interests=(Interest(kinds=(Kind.ARREST,)),)))
    _, found = await readers.some([one.number])
    kept = found[one.number]
    assert not isinstance(kept, Exception)
    assert kept.interests == (Interest(kinds=(Kind.ARREST,)),)


async def test_nothing_is_used_while_changes_may_go_unheard(house: House, vault: Counted) -> None:
    one = await house.subscribe()
    deaf = ChangesHeard(house.redis)
    readers = KeptReaders(vault, deaf)
    await readers.some([one.number])
    await readers.some([one.number])
    assert vault.read == [one.number] * 2


async def test_what_was_read_stands_since_the_oldest_of_it(house: House, vault: Counted) -> None:
    one, other = await house.subscribe(), await house.subscribe()
    readers = KeptReaders(vault, house.changes)
    since, _ = await readers.some([one.number])
    assert (await readers.some([one.number, other.number]))[0] == since


async def test_it_is_forgotten_soon(house: House, vault: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_readers, "_SECONDS", 0.01)
    one = await house.subscribe()
    readers = KeptReaders(vault, house.changes)
    await readers.some([one.number])
    async with asyncio.timeout(60):
        while readers._kept:
            await asyncio.sleep(0.01)
    await readers.some([one.number])
    assert vault.read == [one.number] * 2


class Asked:
    """In place of a vault: notes what it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times, self._error = 0, error

    async def few_asking(self, channel: str, first: Sequence[str], topics: Sequence[str], most: int) -> list[int]:
        self.times += 1
        await asyncio.sleep(0)
        if self._error is not None:
            raise self._error
        return [len(first), len(topics), most, self.times]


async def test_those_who_ask_the_same_at_one_moment_ask_once_and_who_asks_later_asks_anew() -> None:
    asked = Asked()
    together = AskedTogether(asked, "email")  # type: ignore[arg-type]
    first = [asyncio.create_task(together.few(["a"], ["b"], 9)) for _ in range(10)]
    other = asyncio.create_task(together.few([], ["b"], 9))
    while not asked.times:
        await asyncio.sleep(0)
    late = asyncio.create_task(together.few(["a"], ["b"], 9))
    answers = await asyncio.gather(*first)
    assert [one[:3] for one in answers if one] == [[1, 1, 9]] * 10
    assert len({id(one) for one in answers}) == 10, "each may change its own"
    assert (await other or [])[:3] == [0, 1, 9]
    assert (await late or [])[:3] == [1, 1, 9]
    assert asked.times == 3


async def test_what_goes_wrong_is_told_to_each_who_asked() -> None:
    together = AskedTogether(Asked(OSError()), "email")  # type: ignore[arg-type]
    found = await asyncio.gather(*(together.few([], ["b"], 9) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [OSError] * 3
