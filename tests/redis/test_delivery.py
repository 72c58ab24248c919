"""One attempt: consent, claim, send, outcome written down."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import pytest
import structlog
from redis.exceptions import ConnectionError as RedisConnectionError

from services.contract import Event, EventType, Kind, Status
from services.notify.channels.base import Reason, Refused, Rendered, Retry, Sent
from services.notify.channels.composing import CannotCompose
from services.notify.content.render_cache import RenderCache
from services.notify.content.rendering import TEMPLATES, Renderer
from services.notify.delivery.ledger import unsure_key
from services.notify.delivery.outcomes import OURS_AGAIN_AFTER
from services.notify.delivery.record import DeliveryState
from services.notify.delivery.retries import ATTEMPTS, SCHEDULE
from services.notify.repair.redriving import subscriber_of
from services.notify.repair.replay import Selection
from services.subscribers.address import Address, outer_mode
from services.subscribers.interests import Interest
from tests.redis.house import House
from tests.redis.samples import pardon, retraction

EVENT = pardon()


async def test_a_message_that_was_taken_is_written_down_with_the_far_sides_reference(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Sent("message-1"))
    await house.deliver(EVENT)
    assert house.mail.takers() == [someone.number]
    record = await house.record(EVENT, someone.number)
    assert record
    assert (record.state, record.attempt, record.note) == (DeliveryState.SENT, 1, "message-1")
    assert await house.queues["email"].length() == 0


async def test_the_far_side_gets_what_is_the_readers_own(house: House) -> None:
    someone = await house.subscribe(language="ru", mode="discreet", targets={"email": "reader@example.org"})
    await house.deliver(EVENT)
    (delivery,) = house.mail.taken
    assert delivery.address.target == "reader@example.org"
    assert (delivery.language, delivery.mode) == ("ru", "discreet")
    assert await house.whose_link(delivery.stop_url) == someone
    assert (delivery.attempt, delivery.retries_remaining) == (1, len(SCHEDULE))
    assert delivery.next_attempt_at == int(house.clock() + SCHEDULE[0])


async def test_the_far_side_gets_how_visible_a_reader_wants_it(house: House) -> None:
    wanted: list[dict[str, Any]] = [
        {},
        {"mode": "discreet", "cover": "code_word", "code_word": "plums", "silent": True},
        {"mode": "discreet", "cover": "code_word"},
        {"mode": "discreet", "code_word": "plums"},
        {"cover": "code_word", "code_word": "plums"},
    ]
    for changes in wanted:
        someone = await house.subscribe()
        await house.vault.amend(someone.number, partial(msgspec.structs.replace, **changes))
    await house.deliver(EVENT)
    covers = {delivery.number: (delivery.cover, delivery.silent) for delivery in house.mail.taken}
    assert [covers[number] for number in sorted(covers)] == [
        (None, False), ("plums", True), ("", False), (None, False), (None, False),
    ]  # fmt: skip


async def test_what_is_encrypted_bears_a_discreet_link_whatever_the_mode_is(house: House) -> None:
    someone = await house.subscribe(targets={"email": "reader@example.org"})
    with_key = tuple(msgspec.structs.replace(one, openpgp="AAAA") for one in someone.addresses)
    await house.vault.amend(someone.number, partial(msgspec.structs.replace, addresses=with_key))
    await house.deliver(EVENT)
    (delivery,) = house.mail.taken
    assert delivery.address.openpgp == "AAAA"
    assert delivery.mode == "plain"
    assert outer_mode(delivery.address, delivery.mode) == "discreet"


async def test_what_may_be_taken_later_is_due_by_the_schedule(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    assert house.mail.taken == []
    house.clock.forward(SCHEDULE[0] - 1)
    await house.deliver_due()
    assert len(house.mail.attempted) == 1
    house.clock.forward(1)
    await house.deliver_due()
    assert house.mail.takers() == [someone.number]
    assert house.mail.taken[0].attempt == 2
    assert house.mail.taken[0].retries_remaining == len(SCHEDULE) - 1


async def test_what_fails_through_the_whole_schedule_ends_as_a_dead_letter(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(*[Retry(Reason.SERVER_ERROR)] * ATTEMPTS)
    await house.deliver(EVENT)
    for wait in SCHEDULE:
        assert await house.dead.all() == []
        house.clock.forward(wait)
        await house.deliver_due()
    house.clock.forward(10 * 86_400)
    await house.deliver_due()
    assert len(house.mail.attempted) == ATTEMPTS
    assert house.mail.attempted[-1].next_attempt_at is None
    (buried,) = await house.dead.all()
    letter = buried.letter
    assert (letter.kind, letter.reason, letter.attempts) == ("undeliverable", "exhausted", ATTEMPTS)
    assert (letter.event_id, letter.channel, letter.number) == (EVENT.id, "email", None)
    assert subscriber_of(letter, house.references) == someone.number
    assert await house.queues["email"].length() == 0


async def test_how_far_a_split_message_came_is_told_to_the_next_attempt(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR, progress="2"))
    await house.deliver(EVENT)
    house.clock.forward(SCHEDULE[0])
    await house.deliver_due()
    assert [one.progress for one in house.mail.attempted] == [None, "2"]


async def test_a_refusal_is_final_and_leaves_a_letter(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.deliver(EVENT)
    house.clock.forward(10 * 86_400)
    await house.deliver_due()
    assert len(house.mail.attempted) == 1
    (buried,) = await house.dead.all()
    assert (buried.letter.kind, buried.letter.reason) == ("undeliverable", "unacceptable")
    assert (await house.vault.get(someone.number)).address_on("email") is not None


async def test_an_address_that_is_gone_is_not_used_again(house: House) -> None:
    someone = await house.subscribe(channels=("email", "telegram"))
    house.mail.will(Refused(Reason.GONE, ends_address=True))
    await house.deliver(EVENT)
    await house.deliver_due()  # their record may have changed while the other channel had just read it
    await house.deliver(pardon("pardon-20241229-bbbbbb"))
    assert len(house.mail.attempted) == 1
    assert len(house.chat.taken) == 2
    assert (await house.vault.get(someone.number)).address_on("email") is None


async def test_an_address_that_moved_is_used_at_once_and_from_then_on(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.MOVED, moved_to=Address("email", "elsewhere")))
    await house.deliver(EVENT)
    await house.deliver_due()
    await house.deliver(pardon("pardon-20241229-bbbbbb"))
    assert [one.address.target for one in house.mail.taken] == ["elsewhere", "elsewhere"]


async def test_what_cannot_be_composed_is_poison_and_is_not_tried_again(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(CannotCompose("ValueError"))
    await house.deliver(EVENT)
    house.clock.forward(10 * 86_400)
    await house.deliver_due()
    assert len(house.mail.attempted) == 1
    (buried,) = await house.dead.all()
    assert (buried.letter.kind, buried.letter.reason) == ("poison", "ValueError")
    assert subscriber_of(buried.letter, house.references) == someone.number
    assert "example.org" not in buried.letter.encode()


async def test_what_cannot_be_composed_for_one_reader_keeps_nothing_from_the_others(house: House) -> None:
    for target in ("bad", "good"):
        await house.subscribe(targets={"email": target})
    house.mail.at("bad", CannotCompose("ValueError"))
    await house.deliver(EVENT)
    assert [one.address.target for one in house.mail.taken] == ["good"]


OURS = [
    RuntimeError("unable to perform operation on a closed transport"),
    MemoryError(),
    OSError(24, "too many open files"),
    RedisConnectionError("gone"),
    AttributeError("a mistake"),
]


@pytest.mark.parametrize("ours", OURS, ids=lambda error: type(error).__name__)
async def test_an_error_of_ours_spends_nobodys_attempt_and_buries_nothing(house: House, ours: Exception) -> None:
    someone = await house.subscribe()
    house.mail.will(*[ours] * (ATTEMPTS + 3))
    await house.deliver(EVENT)
    for _ in range(ATTEMPTS + 3):
        record = await house.record(EVENT, someone.number)
        assert record
        assert (record.state, record.attempt) == (DeliveryState.WAITING, 0)
        house.clock.at = record.until
        await house.deliver_due()
    assert [(one.event.id, one.attempt) for one in house.mail.taken] == [(EVENT.id, 1)]
    assert await house.dead.all() == []


@pytest.mark.parametrize("ours", [MemoryError(), OSError(24, "too many open files")], ids=["memory", "descriptors"])
async def test_a_template_that_we_lack_the_means_to_read_is_no_broken_template(house: House, ours: Exception) -> None:
    class Short(Renderer):
        def render(self, event: Event, **how: Any) -> Rendered:
            if not tried:
                tried.append(1)
                raise ours
            return super().render(event, **how)

    tried: list[int] = []
    await house.subscribe()
    short = RenderCache(Short(TEMPLATES, "https://alerts.example.org"))
    house.senders["email"] = replace(house.senders["email"], render_cache=short)
    await house.deliver(EVENT)
    house.clock.forward(OURS_AGAIN_AFTER)
    await house.deliver_due()
    assert tried
    assert len(house.mail.taken) == 1
    assert await house.dead.all() == []


async def test_copies_whose_end_nobody_knows_are_two_and_then_it_is_unsure(house: House) -> None:
    someone = await house.subscribe()
    house.mail.will(*[Retry(Reason.TIMEOUT, may_have_arrived=True)] * 10)
    await house.deliver(EVENT)
    for wait in SCHEDULE:
        house.clock.forward(wait)
        await house.deliver_due()
    assert len(house.mail.attempted) == 2
    record = await house.record(EVENT, someone.number)
    assert record
    assert (record.state, record.note, record.closed, record.may_have_arrived) == (
        DeliveryState.UNSURE,
        "timeout",
        True,
        True,
    )
    (buried,) = await house.dead.all()
    assert (buried.letter.kind, buried.letter.reason, buried.letter.attempts) == ("unsure", "timeout", 2)
    assert await house.redis.hgetall(unsure_key("email")) == {EVENT.id: "1"}
    assert house.counted("repeats") == {("email",): 1}


@pytest.mark.parametrize(
    "change",
    [
        {"interests": (Interest(kinds=(Kind.ARREST,)),)},
        {"interests": (Interest(frequency="daily"),)},
    ],
)
async def test_what_may_have_arrived_and_is_wanted_no_more_is_taken_back_all_the_same(
    house: House, change: dict[str, Any]
) -> None:
    someone = await house.subscribe()
    house.mail.will(Retry(Reason.TIMEOUT, may_have_arrived=True))
    await house.deliver(EVENT)
    await house.vault.amend(someone.number, lambda one: msgspec.structs.replace(one, **change))
    house.clock.forward(SCHEDULE[0])
    await house.deliver_due()
    assert house.mail.taken == []
    await house.deliver(retraction())
    assert [one.event.type for one in house.mail.taken] == [EventType.STORY_RETRACTED]
    assert await house.dead.all() == []


async def test_an_unsure_delivery_that_an_operator_redrives_goes_out_once_more(house: House) -> None:
    await house.subscribe()
    house.mail.will(*[Retry(Reason.TIMEOUT, may_have_arrived=True)] * 2)
    await house.deliver(EVENT)
    house.clock.forward(SCHEDULE[0])
    await house.deliver_due()
    (buried,) = await house.dead.all()
    await house.redrive(buried)
    house.clock.forward(SCHEDULE[0])
    await house.deliver()
    assert len(house.mail.taken) == 1
    assert await house.dead.all() == []


async def test_a_far_side_that_knows_repeats_by_their_id_is_asked_through_the_whole_schedule(house: House) -> None:
    await house.subscribe()
    house.mail.shared = False
    house.mail.will(*[Retry(Reason.TIMEOUT, may_have_arrived=True)] * (ATTEMPTS - 1))
    await house.deliver(EVENT)
    for wait in SCHEDULE:
        house.clock.forward(wait)
        await house.deliver_due()
    assert len(house.mail.attempted) == ATTEMPTS
    assert len(house.mail.taken) == 1


async def test_tests_and_exercises_go_only_to_those_who_want_them(house: House) -> None:
    await house.subscribe()
    keen = await house.subscribe(tests=True)
    await house.deliver(pardon(status=Status.EXERCISE))
    assert house.mail.takers() == [keen.number]


async def test_every_outcome_is_counted_by_channel_and_reason(house: House) -> None:
    await house.subscribe(channels=("email", "telegram"))
    house.mail.will(Retry(Reason.SERVER_ERROR), Sent())
    house.chat.will(Refused(Reason.BLOCKED))
    await house.deliver(EVENT)
    house.clock.forward(SCHEDULE[0])
    await house.deliver_due()
    counted = {
        tuple(sample.labels.values()): sample.value
        for metric in house.metrics.deliveries.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    }
    assert counted == {
        ("email", "retry", "server_error"): 1,
        ("email", "sent", ""): 1,
        ("telegram", "refused", "blocked"): 1,
    }


async def test_what_an_attempt_writes_to_the_log_is_neither_a_number_nor_an_address(house: House) -> None:
    await house.redis.set("vestka:subscribers:last", 4_815_162_341)
    await house.subscribe(targets={"email": "reader@example.org"})
    house.mail.will(Retry(Reason.SERVER_ERROR), CannotCompose("ValueError"))
    with structlog.testing.capture_logs() as lines:
        await house.deliver(EVENT)
        house.clock.forward(SCHEDULE[0])
        await house.deliver_due()
    assert {line["event"] for line in lines} >= {"attempt", "delivery_poisoned"}
    assert "reader@" not in str(lines)
    assert "4815162342" not in str(lines)
    tags = {line["delivery"] for line in lines if "delivery" in line}
    assert len(tags) == 1, "the attempts of one delivery can be told to be its"


async def test_who_was_stored_before_links_were_random_gets_a_letter_with_such_a_link(house: House) -> None:
    someone = await house.subscribe()
    old = msgspec.structs.replace(someone, stop_seed=None)
    await house.redis.set(f"vestka:subscriber:{someone.number}", msgspec.json.encode(old))
    await house.deliver(EVENT, pardon("pardon-20241229-bbbbbb"))
    first, second = house.mail.taken
    assert first.stop_url == second.stop_url
    assert (await house.whose_link(first.stop_url)) == await house.vault.get(someone.number)


async def test_every_attempt_and_every_sending_again_bears_one_id_and_a_revision_answers_to_it(house: House) -> None:
    await house.subscribe()
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.deliver(EVENT)
    house.clock.forward(SCHEDULE[0])
    await house.deliver_due()
    await house.replay(Selection(event_id=EVENT.id, force=True))
    await house.deliver(pardon(revision=2))
    ids = [one.message_id for one in house.mail.attempted if one.event.id == EVENT.id]
    assert len(ids) >= 2
    assert len(set(ids)) == 1
    assert house.mail.taken[-1].event.id != EVENT.id
    assert house.mail.taken[-1].first_message_id == ids[0] != house.mail.taken[-1].message_id
