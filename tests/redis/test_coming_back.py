"""A far side that is away spends nobody's attempts, is looked at, and gets whatever waits as soon as it is back."""

from __future__ import annotations

import pytest

from services.notify.channels.base import Reason, Retry
from services.notify.delivery.outage import PROBE_AGAIN_AFTER
from services.notify.delivery.probes import PROBE_EVERY, PROBED_FOR
from services.notify.delivery.record import DeliveryState
from services.notify.delivery.retries import ATTEMPTS, SCHEDULE
from services.notify.repair.coming_back import hasten
from tests.redis.house import House
from tests.redis.samples import pardon

EVENT, OTHER = pardon(), pardon("pardon-20241229-bbbbbb")
AWAY = [
    Retry(Reason.UNREACHABLE),
    Retry(Reason.TIMEOUT),
    Retry(Reason.TLS),
    Retry(Reason.SERVER_ERROR, of_all=True),
]


async def probe_is_due(house: House) -> None:
    """The time between two probes runs by the server's clock."""
    await house.redis.delete("vestka:channel:email:probe")


@pytest.mark.parametrize("away", AWAY, ids=lambda retry: str(retry.reason))
async def test_a_shared_far_side_that_is_away_spends_nobodys_attempts_and_gets_all_when_it_is_back(
    house: House, away: Retry
) -> None:
    numbers = [(await house.subscribe()).number for _ in range(5)]
    for _ in range(5 + 2 * ATTEMPTS):
        house.mail.script.append(away)
    await house.deliver(EVENT)
    for _ in range(2 * ATTEMPTS):
        await probe_is_due(house)
        house.clock.forward(PROBE_AGAIN_AFTER)
        await house.deliver_due()
    records = await house.senders["email"].ledger.records(EVENT.id)
    assert {(record.state, record.attempt) for record in records.values()} == {(DeliveryState.WAITING, 0)}
    house.mail.script.clear()
    await probe_is_due(house)
    house.clock.forward(PROBE_AGAIN_AFTER)
    await house.deliver_due()
    assert len(house.mail.taken) == 1, "one goes ahead"
    house.clock.forward(PROBE_AGAIN_AFTER)
    await house.deliver_due()
    assert sorted(house.mail.takers()) == numbers
    assert {one.attempt for one in house.mail.taken} == {1}
    assert await house.dead.all() == []


async def test_between_two_probes_nobody_is_bothered(house: House) -> None:
    for _ in range(5):
        await house.subscribe()
    house.mail.script.extend(AWAY[:1] * 6)
    await house.deliver(EVENT)
    before = len(house.mail.attempted)
    await house.deliver(OTHER)
    await house.deliver_due()
    assert len(house.mail.attempted) == before
    await probe_is_due(house)
    await house.deliver_due()
    await house.deliver_due()
    assert len(house.mail.attempted) == before + 1


async def test_one_reader_who_cannot_be_reached_while_others_are_holds_nobody_back(house: House) -> None:
    """A relay that hangs at one recipient is not away; that delivery goes by its own schedule."""
    hanging = await house.subscribe(targets={"email": "hangs"})
    await house.subscribe(targets={"email": "good"})
    house.mail.at("hangs", Retry(Reason.TIMEOUT))
    await house.deliver(EVENT, OTHER)
    for _ in range(4):
        await probe_is_due(house)
        house.clock.forward(PROBE_AGAIN_AFTER / 2)
        await house.deliver_due()
    goods = {one.event.id for one in house.mail.taken if one.address.target == "good"}
    assert goods == {EVENT.id, OTHER.id}
    assert hanging.number not in house.mail.takers()


async def test_an_endpoint_is_looked_at_early_and_then_gets_all_that_waits(house: House) -> None:
    someone = await own_endpoint(house, EVENT, OTHER)
    assert house.mail.taken == []
    house.mail.script.clear()
    await look(house)
    assert house.mail.taken == [], "not before it is time"
    house.clock.forward(PROBE_EVERY)
    await look(house)
    assert len(house.mail.taken) == 1
    await house.deliver_due()
    assert house.mail.takers() == [someone, someone]


async def test_looking_at_an_endpoint_spends_no_attempt_and_leaves_its_schedule(house: House) -> None:
    someone = await own_endpoint(house, EVENT)
    house.clock.forward(SCHEDULE[0])
    await house.deliver_due()
    before = await house.record(EVENT, someone)
    for _ in range(5):
        house.clock.forward(PROBE_EVERY)
        await look(house)
    assert len(house.mail.attempted) == 2 + 5
    assert await house.record(EVENT, someone) == before


async def test_an_endpoint_is_looked_at_in_its_first_ten_minutes_only(house: House) -> None:
    await own_endpoint(house, EVENT)
    house.clock.forward(PROBED_FOR)
    await look(house)
    assert len(house.mail.attempted) == 1
    await house.deliver(OTHER)
    house.clock.forward(PROBE_EVERY)
    await look(house)
    assert len(house.mail.attempted) == 2, "the ten minutes began when it first failed"


async def test_an_operator_makes_all_that_waits_due_or_what_waits_for_one(house: House) -> None:
    first, second = (await house.subscribe()).number, (await house.subscribe()).number
    house.mail.script.extend([Retry(Reason.SERVER_ERROR)] * 2)
    await house.deliver(EVENT)
    house.mail.script.clear()
    ledger, queue = house.senders["email"].ledger, house.queues["email"]
    assert await hasten(house.events, ledger, queue, first) == 1
    await house.deliver_due()
    assert house.mail.takers() == [first]
    assert await hasten(house.events, ledger, queue) == 1
    await house.deliver_due()
    assert house.mail.takers() == [first, second]
    assert await hasten(house.events, ledger, queue) == 0


async def test_an_endpoint_whose_answers_are_lost_is_not_looked_at_with_copies(house: House) -> None:
    house.mail.shared = False
    await house.subscribe()
    house.mail.script.extend([Retry(Reason.UNREACHABLE, may_have_arrived=True)] * 20)
    await house.deliver(EVENT)
    for _ in range(5):
        house.clock.forward(PROBE_EVERY)
        await look(house)
    assert len(house.mail.attempted) == 1


async def own_endpoint(house: House, *events: object) -> int:
    """A subscriber whose far side is away when the events come."""
    house.mail.shared = False
    someone = await house.subscribe()
    house.mail.script.extend(AWAY[:1] * 20)
    await house.deliver(*events)  # type: ignore[arg-type]
    return someone.number


async def look(house: House) -> None:
    await house.notifier.look_at_endpoints(house.senders["email"])
    await house.finish()
