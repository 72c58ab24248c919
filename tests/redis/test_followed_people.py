"""On the road: who watches a person that an event names reads it in their own message, by their own clock, and nothing
that we write down says so."""

from __future__ import annotations

import structlog
from prometheus_client import generate_latest

from services.names import fold
from services.notify.channels.base import Reason, Retry, Sent
from services.notify.channels.composing import CannotCompose
from services.notify.delivery.retries import SCHEDULE
from services.subscribers.interests import Interest, watched
from tests.redis.far_side import FarSide
from tests.redis.house import House
from tests.redis.samples import pardon

NAME = "Iryna Prykladnaja"
CHAT = ("telegram",)
EVENT = pardon(of=(NAME, "Piotr Uzorny"))


def texts(side: FarSide) -> dict[int, str]:
    """What each reader got, by their number."""
    return {
        delivery.number: " ".join(part for one in rendered.values() for part in one.parts.values())
        for delivery, rendered in zip(side.taken, side.rendered, strict=True)
    }


async def test_each_reads_what_is_theirs(house: House) -> None:
    hers = await house.subscribe(Interest(persons=(watched(NAME),)), zone="Europe/Warsaw", channels=CHAT)
    both = await house.subscribe(Interest(persons=(watched(NAME), watched("Piotr Uzorny"))), channels=CHAT)
    anybody = await house.subscribe(Interest(), channels=CHAT)
    await house.deliver(EVENT)
    got = texts(house.chat)
    assert "Someone you follow is named: Iryna Prykladnaja, pardoned" in got[hers.number]
    assert "in Warsaw" in got[hers.number]
    assert "2 people you follow are named" in got[both.number]
    assert "UTC" in got[both.number]
    assert "you follow" not in got[anybody.number]


async def test_whom_somebody_watches_is_in_no_log_metric_or_dead_letter(house: House) -> None:
    await house.subscribe(Interest(persons=(watched(NAME),)))
    house.mail.will(Retry(Reason.SERVER_ERROR), CannotCompose("ValueError"), Sent())
    with structlog.testing.capture_logs() as lines:
        await house.deliver(EVENT)
        house.clock.forward(SCHEDULE[0])
        await house.deliver_due()
    (letter,) = await house.dead.all()
    metrics = generate_latest(house.metrics.registry).decode()
    written = f"{lines} {letter.letter.encode()} {metrics}"
    for word in (*NAME.split(), *fold(NAME).split()):
        assert word not in written
