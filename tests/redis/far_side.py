"""A far side that takes everything, or does what it is told with what comes next."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from services.contract import Event
from services.notify.channels.base import (
    Composed,
    Delivery,
    NoLongerWanted,
    Outcome,
    Reason,
    Refused,
    Rendered,
    Sent,
    Trouble,
)
from services.subscribers.address import Address, Mode

Answer = Outcome | Exception | asyncio.Event
"""An event is a far side that hangs until the event is set, and then takes the message."""


@dataclass
class FarSide:
    """`Channel`, without a network: it keeps what was attempted, and what it took of that."""

    name: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    languages: ClassVar[Literal["reader", "all"]] = "reader"
    personal: ClassVar[bool] = True
    shared: bool = True
    deadline: float = 1.0
    trouble: Trouble | None = None
    attempted: list[Delivery] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)
    rendered: list[Mapping[str, Rendered]] = field(default_factory=list)
    script: list[Answer] = field(default_factory=list)
    _at: dict[str, Answer] = field(default_factory=dict)

    def will(self, *script: Answer) -> None:
        """Answers in turn, and then takes everything."""
        self.script = list(script)

    def at(self, target: str, answer: Answer) -> None:
        """What this address answers from now on."""
        self._at[target] = answer

    def takers(self) -> list[int]:
        """The numbers of those who got something, in the order in which they got it."""
        return [delivery.number for delivery in self.taken]

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        return Address(self.name, target, secrets)

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> Composed:
        return rendered

    async def send(self, delivery: Delivery, composed: Composed) -> Outcome:
        answer = self._at.get(delivery.address.target) or (self.script.pop(0) if self.script else _taken(delivery))
        if isinstance(answer, Exception):
            self.attempted.append(delivery)
            raise answer
        try:
            delivery.leave()
        except NoLongerWanted:
            return Refused(Reason.STOPPED)
        self.attempted.append(delivery)
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            answer = _taken(delivery)
        if isinstance(answer, Sent):
            self.taken.append(delivery)
            self.rendered.append(composed)
        return answer

    async def ask(self) -> Trouble | None:
        """What `trouble` says."""
        return self.trouble

    async def close(self) -> None:
        return None


class MailSide(FarSide):
    name: ClassVar[str] = "email"
    parts: ClassVar[tuple[str, ...]] = ("subject",)


class ChatSide(FarSide):
    name: ClassVar[str] = "telegram"
    parts: ClassVar[tuple[str, ...]] = ("plain",)


@dataclass
class HookSide(FarSide):
    """Each address is a far side of its own."""

    name: ClassVar[str] = "webhook"
    parts: ClassVar[tuple[str, ...]] = ("headline",)
    shared: bool = False


def _taken(delivery: Delivery) -> Sent:
    return Sent(f"{delivery.event.id}/{delivery.number}")
