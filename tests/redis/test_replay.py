"""Replay and redrive: sending again on purpose, and only what the ledger lacks."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from services.contract import EVENTS_STREAM, deliveries_stream
from services.notify.channels.base import Outcome, Reason, Refused, Retry, Sent
from services.notify.delivery.retries import SCHEDULE
from services.notify.fanout.shard_work import ShardWork
from services.notify.references import References
from services.notify.repair.old_letters import seal_old_letters
from services.notify.repair.redriving import CannotRedrive, redrive, subscriber_of
from services.notify.repair.replay import STALE_AFTER, Plan, Selection
from services.runtime.dead_letters import DeadLetter
from services.subscribers.keyring import Keyring
from services.subscribers.vault import UnknownSubscriber
from tests.redis.house import House
from tests.redis.samples import TIME, arrest, pardon, put_event, retraction, subscriber
from tests.store import everything_in

FIRST, SECOND = pardon("pardon-20241228-aaaaaa"), arrest("arrest-20241228-bbbbbb")


def ids(plan: Plan) -> set[tuple[str, str]]:
    return {(gaps.published.event.id, gaps.channel) for gaps in plan.gaps}


async def test_what_was_missed_is_sent_and_a_second_replay_sends_nothing(house: House) -> None:
    someone = await house.subscribe()
    await house.miss(FIRST)
    plan = await house.replay(Selection(event_id=FIRST.id))
    assert plan.counts == {("email", "missing"): 1}
    await house.deliver()
    assert house.mail.takers() == [someone.number]
    again = await house.replay(Selection(event_id=FIRST.id))
    await house.deliver()
    assert (again.events, again.deliveries) == (1, 0)
    assert len(house.mail.taken) == 1


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {FIRST.id, SECOND.id}),
        (Selection(event_id=SECOND.id), {SECOND.id}),
        (Selection(type="arrest.reported"), {SECOND.id}),
        (Selection(story=FIRST.subject), {FIRST.id}),
        (Selection(since=2.0), {SECOND.id}),
        (Selection(until=1.0), {FIRST.id}),
        (Selection(since=1.5, until=1.9), set()),
        (Selection(event_id="nothing-r1"), set()),
        (Selection(status="failed"), set()),
        (Selection(status="missing"), {FIRST.id, SECOND.id}),
    ],
)
async def test_events_are_selected_by_id_time_type_story_and_status(
    house: House, selection: Selection, expected: set[str]
) -> None:
    await house.subscribe()
    await house.miss(FIRST, SECOND)
    plan = await house.replayer.plan(selection)
    assert {event_id for event_id, _ in ids(plan)} == expected


async def test_deliveries_are_selected_by_channel_and_subscriber(house: House) -> None:
    one, two = [await house.subscribe(channels=("email", "telegram")) for _ in range(2)]
    await house.miss(FIRST)
    assert ids(await house.replayer.plan(Selection(channel="telegram"))) == {(FIRST.id, "telegram")}
    plan = await house.replayer.plan(Selection(subscriber=two.number))
    assert [list(gaps.numbers) for gaps in plan.gaps] == [[two.number], [two.number]]
    assert (await house.replayer.plan(Selection())).counts == {("email", "missing"): 2, ("telegram", "missing"): 2}
    assert one.number != two.number


async def test_a_subscriber_nobody_knows_is_said_to_be_unknown(house: House) -> None:
    with pytest.raises(UnknownSubscriber):
        await house.replayer.plan(Selection(subscriber=99))


async def test_planning_changes_nothing(house: House) -> None:
    await house.subscribe()
    await house.miss(FIRST)
    await house.deliver(SECOND)
    before = await everything(house)
    await house.replayer.plan(Selection(force=True))
    assert await everything(house) == before


async def everything(house: House) -> dict[str, Any]:
    return {key: await house.redis.dump(key) async for key in house.redis.scan_iter()} | {
        "size": await house.redis.dbsize()
    }


async def test_what_failed_is_tried_anew_from_the_first_attempt(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    assert (await house.replayer.plan(Selection(status="missing"))).deliveries == 0
    plan = await house.replay(Selection(status="failed"))
    assert plan.counts == {("email", "failed"): 1}
    await house.deliver()
    assert [(one.number, one.attempt) for one in house.mail.taken] == [(someone.number, 1)]


async def test_what_is_waiting_for_its_next_attempt_is_no_gap(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(FIRST)
    assert (await house.replayer.plan(Selection(force=True))).deliveries == 0


async def test_a_plan_says_how_everything_stands_and_when_what_waits_goes(house: House) -> None:
    answers: dict[str, Outcome] = {
        "sent": Sent(),
        "waits": Retry(Reason.SERVER_ERROR),
        "refused": Refused(Reason.UNACCEPTABLE),
        "unsure": Retry(Reason.TIMEOUT, may_have_arrived=True),
    }
    for target, answer in answers.items():
        await house.subscribe(targets={"email": target})
        house.mail.at(target, answer)
    await house.deliver(FIRST)
    house.clock.forward(SCHEDULE[0])
    await house.deliver_due()
    await house.subscribe(targets={"email": "missed"})
    plan = await house.replayer.plan(Selection(event_id=FIRST.id))
    standing = plan.standing["email"]
    assert (standing.sent, standing.refused, standing.unsure, standing.missing) == (1, 1, 1, 1)
    assert (standing.waiting, standing.next_at) == (1, house.clock() + SCHEDULE[1])
    assert plan.counts == {("email", "failed"): 1, ("email", "missing"): 1}, "what waits or is unsure is no gap"
    forced = await house.replayer.plan(Selection(event_id=FIRST.id, force=True))
    assert forced.counts[("email", "unsure")] == 1


async def test_force_sends_again_what_was_sent_once_each(house: House) -> None:
    await house.subscribe()
    await house.deliver(FIRST)
    assert (await house.replayer.plan(Selection())).deliveries == 0
    plan = await house.replay(Selection(force=True))
    assert plan.counts == {("email", "sent"): 1}
    await house.deliver()
    await house.deliver()
    assert len(house.mail.taken) == 2


async def test_todays_consent_decides(house: House) -> None:
    stopped, stops_later = await house.subscribe(), await house.subscribe()
    await house.miss(FIRST)
    await house.vault.set_active(stopped.number, False)
    plan = await house.replay(Selection())
    assert plan.counts == {("email", "missing"): 1}
    await house.vault.set_active(stops_later.number, False)
    await house.deliver()
    assert house.mail.attempted == []


async def test_who_subscribed_after_an_event_is_not_missing_it(house: House) -> None:
    await house.subscribe(since="2024-12-29T00:00:00.000Z")
    await house.miss(FIRST)
    assert (await house.replayer.plan(Selection())).deliveries == 0


async def test_a_missed_retraction_is_only_for_those_who_got_what_it_retracts(house: House) -> None:
    got_it = await house.subscribe()
    await house.deliver(FIRST)
    await house.subscribe()
    await put_event(house.redis, retraction(FIRST.subject))
    plan = await house.replayer.plan(Selection(type="story.retracted"))
    assert [list(gaps.numbers) for gaps in plan.gaps] == [[got_it.number]]


async def test_old_events_are_counted_as_stale(house: House) -> None:
    await house.subscribe()
    await house.miss(FIRST)
    assert (await house.replayer.plan(Selection())).stale == 0
    house.clock.forward(STALE_AFTER)
    assert (await house.replayer.plan(Selection())).stale == 1


async def test_progress_is_told_and_an_entry_holds_many(house: House) -> None:
    for number in (*range(16), *range(house.vault.shards, house.vault.shards + 4)):
        await house.vault.put(subscriber(number=number + 1))
    await house.miss(FIRST)
    told: list[int] = []
    done = await house.replayer.carry_out(await house.replayer.plan(Selection()), rate=1e6, on_put=told.append)
    assert (done, sum(told)) == (20, 20)
    assert await house.redis.xlen(deliveries_stream("email")) == 1


async def test_an_entry_that_is_no_event_is_passed_over(house: House) -> None:
    await house.subscribe()
    await house.redis.xadd(EVENTS_STREAM, {"event": "[]"}, id="1-1")
    await put_event(house.redis, FIRST)
    assert (await house.replayer.plan(Selection())).events == 1


async def test_a_plan_that_has_grown_old_sends_nothing_twice(house: House) -> None:
    await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    old = await house.replayer.plan(Selection())
    await house.replay(Selection())
    await house.deliver()
    await house.replayer.carry_out(old, rate=None)
    await house.deliver()
    assert len(house.mail.taken) == 1


async def test_a_dead_letter_that_is_redriven_is_attempted_again_and_gone(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    (buried,) = await house.dead.all()
    assert await house.dead.get(buried.id) == buried
    await house.redrive(buried)
    await house.deliver()
    assert house.mail.takers() == [someone.number]
    assert await house.dead.all() == []


async def test_redriving_twice_for_a_crash_in_between_sends_once(house: House) -> None:
    await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    (buried,) = await house.dead.all()
    for _ in range(2):
        await house.redrive(buried)
        await house.deliver()
    assert len(house.mail.taken) == 1


async def test_a_letter_whose_entry_is_gone_cannot_be_redriven_and_stays(house: House) -> None:
    entry = await house.redis.xadd(EVENTS_STREAM, {"event": "[]"})
    await house.deliver()
    (buried,) = await house.dead.all()
    await house.redis.xdel(EVENTS_STREAM, entry)
    with pytest.raises(CannotRedrive, match="no longer"):
        await house.redrive(buried)
    assert await house.dead.all() == [buried]


async def test_a_dropped_letter_is_gone(house: House) -> None:
    await house.redis.xadd(EVENTS_STREAM, {"event": "[]"})
    await house.deliver()
    (buried,) = await house.dead.all()
    await house.dead.drop(buried)
    assert await house.dead.get(buried.id) is None


async def test_what_has_no_address_any_more_cannot_be_redriven_until_the_subscriber_is_resumed(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.GONE, ends_address=True))
    await house.deliver(FIRST)
    (buried,) = await house.dead.all()
    with pytest.raises(CannotRedrive, match="resume"):
        await house.redrive(buried)
    assert await house.dead.all() == [buried]
    await house.vault.resume(someone.number)
    await house.redrive(buried)
    await house.deliver()
    assert house.mail.takers() == [someone.number]


async def test_neither_a_letter_nor_what_is_put_on_a_stream_bears_the_readers_number(house: House) -> None:
    await house.redis.set("vestka:subscribers:last", 4_815_162_341)
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    await house.replay(Selection(status="failed"))
    (buried,) = await house.dead.all()
    await house.redrive(buried)
    streams = [key async for key in house.redis.scan_iter(_type="stream")]
    left = str([await house.redis.xrange(stream) for stream in streams])
    assert str(someone.number) not in left
    assert f"{someone.number:x}" not in left
    assert "shard" not in left
    await house.deliver()
    assert house.mail.takers() == [someone.number]


async def test_a_letter_of_before_numbers_were_sealed_is_redriven_all_the_same(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    (buried,) = await house.dead.all()
    await house.dead.drop(buried)
    await house.dead.bury(msgspec.structs.replace(buried.letter, reference=None, number=someone.number))
    (old,) = await house.dead.all()
    await house.redrive(old)
    await house.deliver()
    assert house.mail.takers() == [someone.number]


async def test_letters_of_before_are_sealed_in_their_place_and_counted_as_often(house: House) -> None:
    stream = deliveries_stream("email")
    old = DeadLetter(
        kind="undeliverable", reason="gone", at=TIME, channel="email", event_id=FIRST.id, number=4815162342
    )
    work = {"entry": "1-1", "shard": "6", "numbers": "4815162342"}
    poison = DeadLetter(kind="poison", reason="failed", at=TIME, stream=stream, entry="5-1", work=work)
    other = DeadLetter(kind="poison", reason="undecodable", at=TIME, stream=EVENTS_STREAM, entry="6-1")
    unreadable = DeadLetter(kind="poison", reason="failed", at=TIME, stream=stream, entry="7-1", work={"entry": "1-1"})
    for letter in (old, poison, other, unreadable):
        await house.dead.bury(letter)
    counts = await house.dead.counts()
    assert await seal_old_letters(house.dead, house.references) == 2
    assert await seal_old_letters(house.dead, house.references) == 0
    assert await house.dead.counts() == counts
    assert "4815162342" not in await everything_in(house.redis)
    by_reason = {(one.letter.kind, one.letter.entry): one.letter for one in await house.dead.all()}
    assert len(by_reason) == 4
    assert subscriber_of(by_reason["undeliverable", None], house.references) == 4815162342
    sealed = by_reason["poison", "5-1"].work
    assert ShardWork.decode(sealed, "email", house.references) == ShardWork("1-1", (6,), 16, (4815162342,))
    assert by_reason["poison", "6-1"] == other


async def test_a_letter_sealed_with_a_key_we_lack_says_so_and_stays(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    (buried,) = await house.dead.all()
    rotated = References(Keyring(b"new"))
    with pytest.raises(CannotRedrive, match="VESTKA_LINK_KEYS_BEFORE"):
        await redrive(house.redis, buried, lambda channel: house.senders[channel].ledger, rotated, house.vault)
    assert await house.dead.all() == [buried]
    again = References(Keyring(b"new", (house.keyring.current,)))
    assert subscriber_of(buried.letter, again) == someone.number


async def test_a_letter_about_somebody_erased_says_so_without_a_number(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(FIRST)
    (buried,) = await house.dead.all()
    await house.vault.erase(someone.number)
    with pytest.raises(CannotRedrive, match="erased; drop the letter") as raised:
        await house.redrive(buried)
    assert not re.search(r"\d", str(raised.value))
