"""No trouble in silence: each kind of it sounds once, says what to do, names nobody, and is over by itself."""

from __future__ import annotations

import re

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.contract import NOTIFY_GROUP, deliveries_stream
from services.notify.channels.base import Reason, Refused, Retry, Trouble
from services.notify.channels.composing import CannotCompose
from services.notify.delivery.retries import SCHEDULE
from services.notify.topology import ensure_groups
from services.notify.watching import AlarmLimits, open_watches
from services.notify.watching.forever import look_once
from services.operations.alarms import Alarms, Found
from services.runtime.lease import Lease
from services.runtime.streams import milliseconds_of
from services.subscribers.subscriber import Subscriber
from tests.redis.far_side import HookSide
from tests.redis.house import House
from tests.redis.samples import pardon, subscriber
from tests.redis.waiting import eventually

EVENT = pardon()
GONE = Trouble(Reason.UNREACHABLE, "no connection to it")
DOWN = Retry(Reason.UNREACHABLE)
LABEL = "newsroom"
TEMPLATES = "01234567"
"""The version of those in use."""


class Watched:
    """The house, looked at by its own clock."""

    def __init__(self, house: House, limits: AlarmLimits) -> None:
        self.house = house
        self.hook = HookSide()
        house.add(self.hook)
        self.alarms = Alarms(house.redis, house.metrics, house.clock)
        self._watches = open_watches(
            house.redis, house.senders, house.queues, house.dead, limits, house.vault, TEMPLATES
        )

    async def sounding(self, after: float = 0.0, at: float | None = None) -> list[tuple[str, str]]:
        """What sounds after so many seconds more; `at`: or at this time of the server's."""
        self.house.clock.forward(after)
        for watch in self._watches:
            await look_once(watch, self.alarms, self.house.clock() if at is None else at)
        return [(alarm.kind, alarm.about) for alarm in await self.alarms.list()]

    async def said(self) -> str:
        return " ".join(alarm.says for alarm in await self.alarms.list())


@pytest.fixture
def watched(house: House) -> Watched:
    return Watched(house, AlarmLimits(retries_pending=2))


async def test_a_house_in_which_all_is_well_is_silent(watched: Watched) -> None:
    await watched.house.subscribe(channels=("email", "telegram"))
    await watched.house.deliver(EVENT)
    assert await watched.sounding(after=7200) == []


async def test_a_far_side_that_does_not_answer_for_a_minute_sounds_with_nothing_to_send_and_is_over_when_it_does(
    watched: Watched,
) -> None:
    watched.house.mail.trouble = GONE
    assert await watched.sounding() == []
    assert await watched.sounding(after=59) == []
    assert await watched.sounding(after=1) == [("channel_unreachable", "email")]
    assert "no connection to it" in await watched.said()
    watched.house.mail.trouble = None
    assert await watched.sounding(after=5) == []


async def test_an_answer_that_failed_is_still_known_after_a_restart(watched: Watched) -> None:
    watched.house.mail.trouble = GONE
    await watched.sounding()
    again = Watched(watched.house, AlarmLimits())
    assert await again.sounding(after=60) == [("channel_unreachable", "email")]


async def test_a_login_or_token_that_is_refused_sounds_in_seconds(watched: Watched) -> None:
    await watched.house.subscribe()
    watched.house.mail.will(*[Retry(Reason.MISCONFIGURED, after=60, holds_channel=True)] * 3)
    await watched.house.deliver(EVENT)
    assert await watched.sounding(after=4) == []
    assert await watched.sounding(after=1) == [("channel_unreachable", "email")]
    assert "VESTKA_CHANNELS__EMAIL__" in await watched.said()
    watched.house.mail.will()
    await watched.house.senders["email"].channel_hold.resume()
    watched.house.clock.forward(60)
    await watched.house.deliver_due()
    assert len(watched.house.mail.taken) == 1
    assert await watched.sounding() == []


async def test_a_far_side_that_is_back_is_well_before_the_next_attempt_which_is_minutes_away(watched: Watched) -> None:
    await watched.house.subscribe()
    watched.house.mail.will(DOWN, DOWN)
    watched.house.mail.trouble = GONE
    await watched.house.deliver(EVENT)
    await watched.sounding(after=SCHEDULE[0])
    await watched.house.deliver_due()
    assert await watched.sounding(after=60) == [("channel_unreachable", "email")]
    watched.house.mail.trouble = None
    assert await watched.sounding(after=5) == []
    assert watched.house.mail.taken == []


async def test_one_readers_mailbox_that_is_full_or_asked_to_come_later_is_no_alarm(watched: Watched) -> None:
    await watched.house.subscribe()
    watched.house.mail.will(Retry(Reason.MAILBOX_FULL), Retry(Reason.SERVER_ERROR))
    await watched.house.deliver(EVENT)
    assert await watched.sounding(after=120) == []


async def test_more_deliveries_waiting_than_the_setting_allows_sound_until_they_are_fewer(watched: Watched) -> None:
    for _ in range(3):
        await watched.house.subscribe()
    watched.house.mail.will(*[Retry(Reason.SERVER_ERROR)] * 3)
    await watched.house.deliver(EVENT)
    assert await watched.sounding() == [("retries_pending", "email")]
    watched.house.clock.forward(SCHEDULE[0] * 2)
    await watched.house.deliver_due()
    assert await watched.sounding() == []


async def test_a_refusal_because_of_who_we_are_sounds_for_an_hour_after_the_last_of_them(watched: Watched) -> None:
    for _ in range(2):
        await watched.house.subscribe()
    watched.house.mail.will(Refused(Reason.POLICY))
    await watched.house.deliver(EVENT)
    assert await watched.sounding(after=3599) == [("reputation_refused", "email")]
    assert await watched.sounding(after=1) == []


async def test_a_far_side_that_asks_for_a_long_silence_sounds_and_a_short_one_does_not(watched: Watched) -> None:
    channel_hold = watched.house.senders["telegram"].channel_hold
    await channel_hold.hold(200)
    assert await watched.sounding() == []
    await channel_hold.hold(3600)
    assert await watched.sounding() == [("channel_held", "telegram")]
    await channel_hold.resume()
    assert await watched.sounding() == []


def tag_of(watched: Watched, someone: Subscriber) -> str:
    return watched.house.references.endpoint_tag("webhook", someone.number)


async def test_an_endpoint_that_takes_nothing_for_an_hour_sounds_by_its_tag_and_is_over_when_it_takes_something(
    watched: Watched,
) -> None:
    someone = await watched.house.subscribe(channels=("webhook",), label=LABEL)
    watched.hook.will(*[Retry(Reason.TIMEOUT)] * 4)
    await watched.house.deliver(EVENT)
    assert await watched.sounding(after=3599) == []
    assert await watched.sounding(after=1) == [("endpoint_failing", tag_of(watched, someone))]
    assert "timeout" in await watched.said()
    watched.hook.will()
    await watched.house.deliver_due()
    assert await watched.sounding() == []


async def test_an_endpoint_that_ended_itself_sounds_until_an_operator_has_resumed_it(watched: Watched) -> None:
    someone = await watched.house.subscribe(channels=("webhook",), label=LABEL)
    watched.hook.will(Refused(Reason.GONE, ends_address=True))
    await watched.house.deliver(EVENT)
    assert await watched.sounding() == [("endpoint_ended", tag_of(watched, someone))]
    await watched.house.vault.resume(someone.number)
    assert await watched.sounding() == []


async def test_an_endpoint_whose_subscriber_was_erased_is_no_trouble_any_more(watched: Watched) -> None:
    someone = await watched.house.subscribe(channels=("webhook",))
    watched.hook.will(Refused(Reason.GONE, ends_address=True))
    await watched.house.deliver(EVENT)
    assert len(await watched.sounding()) == 1
    await watched.house.vault.erase(someone.number)
    assert await watched.sounding() == []


async def test_no_alarm_shows_an_address_a_number_or_a_label_and_an_endpoint_keeps_its_tag(
    watched: Watched,
) -> None:
    target = "https://partner.example.org/hooks/secret-path"
    someone = await watched.house.subscribe(channels=("webhook",), targets={"webhook": target}, label=LABEL)
    watched.hook.at(target, Retry(Reason.CLIENT_ERROR))
    with capture_logs() as lines:
        await watched.house.deliver(EVENT)
        ((_kind, about),) = await watched.sounding(after=3600)
    assert about == tag_of(watched, someone)
    said = await watched.said() + str([line for line in lines if line["event"] == "alarm"])
    assert "partner.example.org" not in said
    assert LABEL not in said
    assert re.fullmatch(r"webhook-[a-z2-7]{8}", about)


async def test_an_event_that_reached_nobody_by_a_channel_within_a_quarter_of_an_hour_sounds_and_a_late_yes_ends_it(
    watched: Watched,
) -> None:
    await watched.house.subscribe(channels=("email", "telegram"))
    watched.house.mail.will(Retry(Reason.SERVER_ERROR))
    entry = await watched.house.publish(EVENT)
    await watched.house.deliver()
    published = milliseconds_of(entry) / 1000
    about = f"{EVENT.id}/email"
    assert ("nobody_reached", about) not in await watched.sounding(at=published + 899)
    assert ("nobody_reached", about) in await watched.sounding(at=published + 901)
    assert f"vestka replay --event {EVENT.id}" in await watched.said()
    watched.house.clock.forward(SCHEDULE[0] * 2)
    await watched.house.deliver_due()
    assert ("nobody_reached", about) not in await watched.sounding(at=published + 960)


async def test_an_event_that_was_never_even_routed_sounds_where_somebody_would_have_got_it(watched: Watched) -> None:
    await watched.house.subscribe(channels=("telegram",))
    entry = await watched.house.publish(EVENT)
    found = await watched.sounding(at=milliseconds_of(entry) / 1000 + 901)
    assert ("nobody_reached", f"{EVENT.id}/telegram") in found
    assert ("nobody_reached", f"{EVENT.id}/email") not in found


@pytest.mark.parametrize("reason", ["nobody asked", "paused", "replaced", "stopped"])
async def test_where_nobody_is_to_be_reached_nobody_is_missed(watched: Watched, reason: str) -> None:
    if reason != "nobody asked":
        someone = await watched.house.subscribe()
    entry = await watched.house.publish(EVENT)
    if reason == "paused":
        await watched.house.senders["email"].channel_hold.pause()
    if reason == "replaced":
        await watched.house.revisions.note(pardon(revision=2).data)
    if reason == "stopped":
        await watched.house.vault.set_active(someone.number, False)
    found = await watched.sounding(at=milliseconds_of(entry) / 1000 + 901)
    assert [kind for kind, _about in found if kind == "nobody_reached"] == []


async def test_work_that_was_buried_as_our_fault_sounds_until_its_letters_are_gone(watched: Watched) -> None:
    await watched.house.subscribe()
    watched.house.mail.will(CannotCompose("KeyError"))
    with capture_logs():
        await watched.house.deliver(EVENT)
    assert ("poison", "email") in await watched.sounding()
    for buried in await watched.house.dead.all():
        await watched.house.dead.drop(buried)
    assert ("poison", "email") not in await watched.sounding()


@pytest.mark.parametrize("read", [True, False])
async def test_an_entry_that_nobody_reads_or_finishes_sounds_until_it_is_finished(
    watched: Watched, redis: Redis, read: bool
) -> None:
    await ensure_groups(redis, list(watched.house.senders))
    entry = str(await redis.xadd(deliveries_stream("email"), {"entry": "1-1"}))
    written = milliseconds_of(entry) / 1000
    if read:
        await redis.xreadgroup(NOTIFY_GROUP, "one", {deliveries_stream("email"): ">"})
    assert await watched.sounding(at=written + 299) == []
    assert await watched.sounding(at=written + 301) == [("entries_stand_still", "deliveries:email")]
    if not read:
        await redis.xreadgroup(NOTIFY_GROUP, "one", {deliveries_stream("email"): ">"})
    await redis.xack(deliveries_stream("email"), NOTIFY_GROUP, entry)
    assert await watched.sounding(at=written + 302) == []


async def test_a_server_that_keeps_no_file_of_what_is_written_sounds_until_it_does(
    watched: Watched, redis: Redis
) -> None:
    await redis.config_set("appendonly", "no")
    try:
        assert await watched.sounding() == [("persistence_failing", "redis")]
    finally:
        await redis.config_set("appendonly", "yes")

    async def rewritten() -> bool:
        info = await redis.info("persistence")
        return not info["aof_rewrite_in_progress"]

    await eventually(rewritten)
    assert await watched.sounding() == []


async def test_of_two_processes_one_looks_and_the_other_takes_over_when_it_is_gone(redis: Redis) -> None:
    first, second = Lease(redis, "watch", "one", lasts=60), Lease(redis, "watch", "two", lasts=60)
    assert await first.take()
    assert await first.take()
    assert not await second.take()
    await second.give_back()
    assert not await second.take(), "nobody gives back what is another's"
    await first.give_back()
    assert await second.take()


class _Broken:
    kinds = frozenset({"broken"})

    async def look(self, now: float) -> list[Found]:
        raise KeyError("a mistake of ours")


async def test_a_watch_that_fails_keeps_no_other_from_looking_and_clears_nothing(watched: Watched) -> None:
    await watched.alarms.sound("broken", "x", "it is")
    with capture_logs() as lines:
        await look_once(_Broken(), watched.alarms, 0.0)
    assert [line["event"] for line in lines] == ["watch_failed"]
    assert [alarm.kind for alarm in await watched.alarms.list()] == ["broken"]


async def test_records_that_do_not_open_sound_until_they_do_and_name_nobody(house: House) -> None:
    watched = Watched(house, AlarmLimits())
    one = await house.vault.put(subscriber(number=3))
    kept = await house.redis.dump("vestka:shard:{3}:records")
    await house.redis.hset("vestka:shard:{3}:records", str(one.number), b"broken" * 20)
    assert await house.vault.in_shard(3) == []
    assert await watched.sounding() == [("records_unreadable", "subscribers")]
    await house.redis.restore("vestka:shard:{3}:records", 0, kept, replace=True)  # type: ignore[arg-type]
    assert await watched.sounding() == []
