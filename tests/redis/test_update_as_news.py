"""An update to somebody who never got what it updates is news to them, and reads so; to the others it is an update."""

from __future__ import annotations

import msgspec
import pytest

from services.contract import Certainty, Event, EventType, Kind, ReasonCode
from services.subscribers.interests import Interest
from tests.redis.house import House
from tests.redis.samples import arrest, pardon, retraction

FIRST = pardon(certainty=Certainty.REPORTED)
UPDATE = pardon(revision=2)
CONFIRMED = Interest(least=Certainty.CONFIRMED)


def subjects(house: House) -> dict[int, str]:
    """The last that each got."""
    return {
        one.number: next(iter(parts.values())).parts["subject"]
        for one, parts in zip(house.mail.taken, house.mail.rendered, strict=True)
    }


async def told(house: House, *events: Event) -> None:
    for event in events:
        await house.deliver(event)


async def test_whoever_asked_for_what_is_confirmed_gets_the_update_that_confirms_it_as_news(house: House) -> None:
    early, late = await house.subscribe(), await house.subscribe(CONFIRMED)
    await told(house, FIRST)
    first = subjects(house)
    assert set(first) == {early.number}
    await told(house, UPDATE)
    found = subjects(house)
    assert found[late.number].startswith(first[early.number][:12])
    assert "Update" in found[early.number]
    assert "Update" not in found[late.number]


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": "We misread it.", "reason_code": ReasonCode.MISREAD},
        {"merged_into": "pardon-20241228-other1"},
        {"ends_hold": True},
        {"merged_from": "pardon-20241228-other1"},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_no_step_of_ours_is_spoken_of_to_whoever_heard_of_none(house: House, changed: dict[str, object]) -> None:
    await told(house, FIRST)
    news = pardon(revision=2, certainty=Certainty.CONFIRMED)
    type_ = EventType.STORY_MERGED if "merged_from" in changed else news.type
    await house.subscribe(CONFIRMED)
    await told(house, msgspec.structs.replace(news, type=type_, data=msgspec.structs.replace(news.data, **changed)))
    text = " ".join(next(iter(house.mail.rendered[-1].values())).parts.values()).lower()
    for word in ("update", "correction", "wrong", "one event", "we wrote", "misread", "looked at", "earlier message"):
        assert word not in text


async def test_the_next_revision_is_an_update_to_them_as_well_in_the_same_thread(house: House) -> None:
    late = await house.subscribe(CONFIRMED)
    await told(house, FIRST, UPDATE, pardon(revision=3))
    assert "Update" in subjects(house)[late.number]
    news, update = house.mail.taken
    assert news.first_message_id == update.first_message_id
    assert update.first_reference


async def test_a_retraction_goes_to_those_who_got_it_on_the_channel_where_they_did_and_to_nobody_else(
    house: House,
) -> None:
    got = await house.subscribe(channels=("email", "telegram"))
    await house.subscribe(Interest(kinds=(Kind.ARREST,)))
    await told(house, FIRST)
    on_both = await house.subscribe()
    await told(house, retraction())
    assert {one.number for one in house.mail.taken} == {got.number}
    assert {one.number for one in house.chat.taken} == {got.number}
    assert [one.event.id for one in house.chat.taken] == [FIRST.id, retraction().id]
    assert on_both.number not in {one.number for one in house.mail.taken}
    await told(house, arrest())
