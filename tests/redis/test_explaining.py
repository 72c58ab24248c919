"""Why this reader got that alert, or did not: one command says it."""

from __future__ import annotations

import msgspec
from redis.asyncio import Redis

from services.contract import Kind
from services.notify.channels.base import Reason, Refused, Retry, Sent
from services.notify.repair.explaining import Explainer, OnChannel
from services.runtime.retention import Retention
from services.subscribers.records import RAW
from services.subscribers.topics import Interest
from tests.redis.digest_house import open_digest_house
from tests.redis.house import House
from tests.redis.samples import pardon, subscriber

EVENT = pardon()


async def explained(house: House, number: int) -> dict[str, OnChannel]:
    ledgers = {name: sender.ledger for name, sender in house.senders.items()}
    explainer = Explainer(house.redis, ledgers, house.revisions, house.references, now=house.clock)
    (published,) = [one async for one in house.events.between()]
    return {one.channel: one for one in await explainer.explain(published, await house.vault.get(number))}


async def test_who_got_it_is_told_by_which_attempt_and_clause(house: House) -> None:
    someone = await house.subscribe(Interest(kinds=(Kind.PARDON,)))
    house.mail.will(Retry(Reason.SERVER_ERROR, code=450), Sent("ref", code=250))
    await house.deliver(EVENT)
    house.clock.forward(10)
    await house.deliver_due()
    found = await explained(house, someone.number)
    assert found["email"].answer == "got it"
    assert found["email"].because == "taken by the far side at attempt 2"
    assert found["email"].clauses == ("interest 1: asks for it (the kind pardon is one it asks for)",)
    assert [(one.attempt, one.outcome, one.reason, one.code) for one in found["email"].attempts] == [
        (1, "retry", "server_error", 450),
        (2, "sent", "", 250),
    ]
    assert (found["telegram"].answer, found["telegram"].attempts) == ("does not get it", ())
    assert "no working address" in found["telegram"].because


async def test_who_waits_is_told_when(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    told = (await explained(house, someone.number))["email"]
    assert told.answer == "will get it"
    assert "the next attempt is due at 2024-12-28T" in told.because


async def test_who_was_given_up_is_told_why(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNKNOWN_ADDRESS))
    await house.deliver(EVENT)
    told = (await explained(house, someone.number))["email"]
    assert told.answer == "did not get it"
    assert "unknown_address" in told.because


async def test_who_did_not_ask_for_it_is_told_by_which_interest(house: House) -> None:
    someone = await house.subscribe(Interest(kinds=(Kind.ARREST,)))
    await house.deliver(EVENT)
    told = (await explained(house, someone.number))["email"]
    assert told.answer == "does not get it"
    assert told.clauses == ("interest 1: does not ask for it (the kind pardon is not one it asks for)",)


async def test_the_log_shows_nobodys_number_to_whoever_lacks_the_key(house: House) -> None:
    await house.vault.put(subscriber(number=4815162342))
    await house.deliver(EVENT)
    told = await explained(house, 4815162342)
    assert [one.outcome for one in told["email"].attempts] == ["sent"]
    (key,) = [key async for key in house.redis.scan_iter("vestka:attempts:*")]
    (raw,) = await house.redis.execute_command("LRANGE", key, 0, -1, **RAW)  # type: ignore[no-untyped-call]
    assert (4815162342).to_bytes(8) not in raw
    assert 0 < await house.redis.ttl(key) <= Retention().attempts


async def test_whose_quiet_hours_it_met_is_told_until_when_it_is_deferred(house: House) -> None:
    someone = await house.subscribe(quiet=(13 * 60, 14 * 60))
    await house.deliver(EVENT)
    told = (await explained(house, someone.number))["email"]
    assert told.answer == "will get it"
    assert told.because == "deferred until 2024-12-28T11:00:00.000Z, when their quiet hours end"


async def test_whose_digest_it_waits_for_is_told_when_that_is_due(house: House) -> None:
    daily = await house.subscribe(Interest(frequency="daily"))
    weekly = await house.subscribe(Interest(frequency="weekly"), zone="Europe/Warsaw")
    await house.deliver(EVENT)
    for reader, due in ((daily, "2024-12-29T05:00:00.000Z"), (weekly, "2024-12-30T07:00:00.000Z")):
        told = (await explained(house, reader.number))["email"]
        assert told.answer == "will get it"
        assert told.because == f"they asked for it daily or weekly: deferred until {due}, in their digest"


async def test_who_chose_to_hear_sooner_is_told_when_what_waited_comes(house: House) -> None:
    reader = await house.subscribe(Interest(frequency="weekly"))
    await house.deliver(EVENT)
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, interests=(Interest(),)))
    told = (await explained(house, reader.number))["email"]
    assert told.answer == "will get it"
    assert "deferred until 2024-12-29T05:00:00.000Z, in their digest" in told.because


async def test_who_got_it_in_a_digest_is_told_in_which(redis: Redis) -> None:
    async with open_digest_house(redis) as house:
        someone = await house.subscribe(Interest(frequency="daily"))
        await house.deliver(EVENT)
        house.mail.will(Sent())
        await house.digests_at("2024-12-29T05:00:00Z")
        told = (await explained(house, someone.number))["email"]
        assert (told.answer, told.because) == ("got it", "in the digest of 2024-12-29")
