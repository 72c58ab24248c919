"""The exam that every channel sits."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from services.notify.channels.base import Delivery, Outcome, Reason, Refused, Retry, Sent, StoreTooSlow, TooLate
from services.subscribers.address import Address, InvalidAddress
from tests.conformance.far_sides import FAR_SIDES, Does, FarSide
from tests.conformance.samples import HEADLINE, STOP_URL, UNKNOWN, delivery, hand_over, rendered

BOTH = {"en": rendered("en"), "ru": rendered("ru")}


@pytest.fixture(params=FAR_SIDES)
async def far(request: pytest.FixtureRequest) -> AsyncIterator[FarSide]:
    async with FAR_SIDES[request.param]() as side:
        yield side


async def send(far: FarSide, what: Delivery | None = None) -> Outcome:
    return await hand_over(far.channel, what or delivery(far.address), BOTH)


async def test_a_message_arrives_once_and_is_whole(far: FarSide) -> None:
    assert isinstance(await send(far), Sent)
    (received,) = far.received()
    assert HEADLINE["en"] in received.text
    assert UNKNOWN["en"] in received.text


async def test_the_link_that_stops_stands_where_rendering_left_room_for_it(far: FarSide) -> None:
    await send(far)
    (received,) = far.received()
    assert "\ue000" not in received.text
    if far.channel.languages == "reader":
        assert STOP_URL in received.text


async def test_the_same_delivery_sent_again_carries_the_same_id(far: FarSide) -> None:
    await send(far)
    await send(far, delivery(far.address, attempt=2))
    first, again = far.received()
    assert first.identity == again.identity


async def test_a_reader_gets_their_language_and_a_machine_gets_all(far: FarSide) -> None:
    await send(far, delivery(far.address, language="ru"))
    (received,) = far.received()
    assert HEADLINE["ru"] in received.text
    assert (HEADLINE["en"] in received.text) == (far.channel.languages == "all")


async def test_a_far_side_that_refuses_is_refused_and_the_address_ends(far: FarSide) -> None:
    far.will(Does.REFUSES)
    outcome = await send(far)
    assert isinstance(outcome, Refused)
    assert outcome.ends_address


async def test_a_busy_far_side_is_tried_again(far: FarSide) -> None:
    far.will(Does.IS_BUSY)
    assert isinstance(await send(far), Retry)


async def test_a_far_side_that_hangs_is_given_up_at_the_deadline(far: FarSide) -> None:
    far.will(Does.HANGS)
    outcome = await send(far)
    assert isinstance(outcome, Retry)
    assert outcome.reason is Reason.TIMEOUT


async def test_a_connection_that_breaks_off_is_tried_again(far: FarSide) -> None:
    far.will(Does.BREAKS_OFF)
    outcome = await send(far)
    assert isinstance(outcome, Retry)
    assert outcome.reason is Reason.UNREACHABLE


async def test_a_far_side_that_is_well_again_gets_the_message(far: FarSide) -> None:
    far.will(Does.BREAKS_OFF)
    await send(far)
    far.will(Does.TAKES)
    assert isinstance(await send(far), Sent)


async def test_nothing_we_write_down_bears_an_address_or_a_secret(
    far: FarSide, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    written = [repr(far.address), str(far.address), repr(far.channel), repr(delivery(far.address))]
    for does in Does:
        far.will(does)
        outcome = await send(far)
        written += [repr(outcome), str(outcome)]
    with pytest.raises(InvalidAddress) as caught:
        far.channel.read_address(f"{far.address.target} no", (*far.address.secrets, "no"))
    written += [repr(caught.value), caplog.text, *(str(record.__dict__) for record in caplog.records)]
    for hidden in far.hidden:
        assert hidden not in "\n".join(written)


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
async def test_a_hostile_headline_injects_nothing(far: FarSide, line_end: str) -> None:
    hostile = f"20 pardoned{line_end}Bcc: mallory@example.org{line_end}X-Injected: 1{line_end}{line_end}.{line_end}"
    parts = dict.fromkeys(("subject", "text", "html", "plain", "headline", "summary"), hostile)
    outcome = await hand_over(far.channel, delivery(far.address), {"en": rendered("en", **parts)})
    assert isinstance(outcome, Sent)
    (received,) = far.received()
    assert not {"bcc", "x-injected"} & received.headers


async def test_discreet_mode_shows_no_name_of_ours_at_a_glance(far: FarSide) -> None:
    neutral = dict.fromkeys(("subject", "text", "html", "plain"), "You have a message\n\nVestka: 20 people pardoned")
    what = delivery(far.address, mode="discreet")
    await hand_over(far.channel, what, {"en": rendered("en", **neutral | {"subject": "You have a message"})})
    (received,) = far.received()
    assert "Vestka" not in received.glance
    assert "pardoned" not in received.glance


async def test_an_address_is_read_the_same_however_often(far: FarSide) -> None:
    once = far.channel.read_address(f"  {far.address.target} ", far.address.secrets)
    assert once == far.address


async def test_what_is_no_address_is_said_to_be_none(far: FarSide) -> None:
    for typed in ("", " ", "x", "a@b@c", "12 34", "https://", "\x00", "a@example.org\r\nRCPT TO:<b@example.org>"):
        with pytest.raises(InvalidAddress):
            far.channel.read_address(typed, far.address.secrets)


async def test_whoever_stops_while_the_message_waits_its_turn_gets_none(far: FarSide) -> None:
    def still_wanted() -> bool:
        return False

    assert await send(far, delivery(far.address, still_wanted=still_wanted)) == Refused(Reason.STOPPED)
    assert far.received() == []


async def test_what_we_cannot_be_sure_of_is_not_sent_and_no_fault_of_the_far_side(far: FarSide) -> None:
    def still_wanted() -> bool:
        raise StoreTooSlow

    with pytest.raises(StoreTooSlow):
        await send(far, delivery(far.address, still_wanted=still_wanted))
    assert far.received() == []


def test_what_would_leave_too_late_to_be_answered_does_not_leave() -> None:
    with pytest.raises(TooLate):
        delivery(Address("email", "reader@example.org")).leave(0.0)
