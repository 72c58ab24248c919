"""What the Bot API is asked, and what its answers lead to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from services.egress import Egress
from services.notify.channels import TelegramChannel, TelegramSettings
from services.notify.channels.base import Outcome, Reason, Refused, Retry, Sent
from services.notify.channels.telegram.verdicts import FIRST_HOLD_SECONDS
from services.subscribers.address import Address
from tests.conformance.far_sides import LOOPBACK, BotApi, bot_api
from tests.conformance.receivers import Badly, Raw, Reply
from tests.conformance.samples import STOP_URL, delivery, hand_over, rendered

EN = {"en": rendered("en")}
LONG = {"en": rendered("en", html="\n".join(f"<b>line {number}</b> " + "x" * 90 for number in range(60)))}


@pytest.fixture
async def far() -> AsyncIterator[BotApi]:
    async with bot_api() as side:
        yield side


def taken(message_id: int) -> Reply:
    return Reply(body=json.dumps({"ok": True, "result": {"message_id": message_id}}).encode())


def not_taken(code: int, description: str = "", **parameters: Any) -> Reply:
    said = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return Reply(code, json.dumps(said).encode())


def asked(far: BotApi) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in far.receiver.requests]


async def outcome_of(far: BotApi, *answers: Reply | Raw | Badly, **changes: Any) -> Outcome:
    far.receiver.will(*answers)
    return await hand_over(far.channel, delivery(far.address, **changes), EN)


async def test_the_question_is_what_the_bot_api_documents(far: BotApi) -> None:
    assert await outcome_of(far, taken(41)) == Sent(reference="41")
    (question,) = asked(far)
    assert far.receiver.requests[0].path.endswith("/sendMessage")
    assert question == {
        "chat_id": 5550001234,
        "text": rendered("en").parts["html"].replace("\ue000stop-url\ue001", STOP_URL).strip(),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


async def test_who_asked_for_silence_hears_nothing_and_everybody_else_does(far: BotApi) -> None:
    for silent in (True, False):
        await outcome_of(far, taken(41), silent=silent)
    assert [question.get("disable_notification") for question in asked(far)] == [True, None]


async def test_a_discreet_message_stays_hidden_where_telegram_cannot_read_its_markup(far: BotApi) -> None:
    text = rendered("en", plain="Hello. \U0001f300\n\n20 people pardoned\nStop")
    far.receiver.will(not_taken(400, "Bad Request: can't parse entities: unclosed tag"), taken(41))
    await hand_over(far.channel, delivery(far.address, mode="discreet"), {"en": text})
    _, question = asked(far)
    assert "parse_mode" not in question
    (hidden,) = question["entities"]
    shown = question["text"].encode("utf-16-le")
    assert shown[: 2 * hidden["offset"]].decode("utf-16-le") == "Hello. \U0001f300\n\n"
    assert len(shown) == 2 * (hidden["offset"] + hidden["length"])
    assert hidden["type"] == "spoiler"


async def test_a_discreet_message_cannot_be_passed_on(far: BotApi) -> None:
    await outcome_of(far, taken(41), mode="discreet")
    assert asked(far)[0]["protect_content"] is True


async def test_a_correction_answers_the_message_it_corrects(far: BotApi) -> None:
    await outcome_of(far, taken(42), first_reference="41")
    assert asked(far)[0]["reply_parameters"] == {"message_id": 41, "allow_sending_without_reply": True}


async def test_a_link_is_escaped_for_html(far: BotApi) -> None:
    await outcome_of(far, taken(41), stop_url="https://vestka.example.org/stop?a=1&b=2")
    assert "stop?a=1&amp;b=2" in asked(far)[0]["text"]


async def test_a_long_text_goes_out_in_numbered_messages(far: BotApi) -> None:
    far.receiver.will(taken(41), taken(42))
    assert await hand_over(far.channel, delivery(far.address, first_reference="7"), LONG) == Sent(reference="41")
    first, second = asked(far)
    assert first["text"].endswith("\n(1/2)")
    assert second["text"].endswith("\n(2/2)")
    assert "reply_parameters" not in second


async def test_an_attempt_goes_on_where_the_one_before_broke_off(far: BotApi) -> None:
    far.receiver.will(taken(41), not_taken(500))
    outcome = await hand_over(far.channel, delivery(far.address), LONG)
    assert isinstance(outcome, Retry)
    far.receiver.will(taken(43))
    assert await hand_over(far.channel, delivery(far.address, progress=outcome.progress), LONG) == Sent(reference="41")
    assert [one["text"].splitlines()[-1] for one in asked(far)] == ["(1/2)", "(2/2)", "(2/2)"]


@pytest.mark.parametrize("progress", ["1/9:41", "2/2:41", "9/2:41", "nonsense", "-1/2:41"])
async def test_progress_that_is_of_another_text_starts_again(far: BotApi, progress: str) -> None:
    far.receiver.will(taken(41), taken(42))
    assert await hand_over(far.channel, delivery(far.address, progress=progress), LONG) == Sent(reference="41")


FLOODED = not_taken(429, "Too Many Requests", retry_after=3600)


async def test_a_chat_that_floods_waits_alone_and_is_not_asked_before_its_time(far: BotApi) -> None:
    assert await outcome_of(far, FLOODED, number=1) == Retry(Reason.RATE_LIMITED, after=3600.0)
    again = await outcome_of(far, taken(41), number=1)
    assert isinstance(again, Retry)
    assert again.after == pytest.approx(3600, abs=5)
    assert not (again.holds_channel)
    assert not (again.spends_attempt)
    assert await outcome_of(far, taken(41), number=2) == Sent(reference="41")
    assert len(far.receiver.requests) == 2


async def test_several_chats_that_flood_at_once_are_the_limit_for_all(far: BotApi) -> None:
    flooded = not_taken(429, "Too Many Requests", retry_after=7)
    outcomes = [await outcome_of(far, flooded, number=number) for number in range(4)]
    assert [isinstance(one, Retry) and one.holds_channel for one in outcomes] == [False, False, True, False]
    assert outcomes[2] == Retry(Reason.RATE_LIMITED, after=7.0, holds_channel=True, spends_attempt=False)
    assert len(far.receiver.requests) == 3, "nothing goes out before the time is over"


async def test_several_groups_that_flood_for_an_hour_do_not_silence_everybody_for_it(far: BotApi) -> None:
    outcomes = [await outcome_of(far, FLOODED, number=number) for number in range(3)]
    assert isinstance(outcomes[2], Retry)
    assert outcomes[2].after == FIRST_HOLD_SECONDS


async def test_chats_that_flood_while_others_are_reached_never_hold_the_channel(far: BotApi) -> None:
    for number in range(9):
        flooded = await outcome_of(far, not_taken(429, "Too Many Requests", retry_after=1), number=number)
        assert flooded == Retry(Reason.RATE_LIMITED, after=1.0)
        assert await outcome_of(far, taken(41), number=100 + number) == Sent(reference="41")


async def test_a_group_that_moved_has_another_address(far: BotApi) -> None:
    outcome = await outcome_of(far, not_taken(400, "Bad Request: upgraded", migrate_to_chat_id=-1001234567890))
    assert outcome == Retry(Reason.MOVED, after=0, moved_to=Address("telegram", "-1001234567890"))


async def test_markup_that_cannot_be_read_goes_out_once_more_as_plain_words(far: BotApi) -> None:
    unreadable = not_taken(400, "Bad Request: can't parse entities: unsupported start tag")
    assert await outcome_of(far, unreadable, taken(41)) == Sent(reference="41")
    _, plain = asked(far)
    assert "parse_mode" not in plain
    assert plain["text"] == rendered("en").parts["plain"].replace("\ue000stop-url\ue001", STOP_URL).strip()


async def test_plain_words_that_cannot_be_read_either_are_unacceptable(far: BotApi) -> None:
    unreadable = not_taken(400, "Bad Request: can't parse entities")
    assert await outcome_of(far, unreadable) == Refused(Reason.UNACCEPTABLE)
    assert len(far.receiver.requests) == 2


async def test_a_token_that_is_refused_is_not_tried_again_by_whoever_stands_in_line(far: BotApi) -> None:
    await outcome_of(far, not_taken(401, "Unauthorized"), number=1)
    waits = await outcome_of(far, taken(41), number=2)
    assert isinstance(waits, Retry)
    assert not waits.spends_attempt
    assert len(far.receiver.requests) == 1


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_that_is_refused_holds_the_channel_and_ends_nobody(far: BotApi, code: int) -> None:
    outcome = await outcome_of(far, not_taken(code, "Unauthorized"))
    assert isinstance(outcome, Retry)
    assert outcome.reason is Reason.MISCONFIGURED
    assert outcome.holds_channel
    assert outcome.after


GONE = [
    (400, "Bad Request: chat not found", Reason.UNKNOWN_ADDRESS),
    (400, "Bad Request: PEER_ID_INVALID", Reason.UNKNOWN_ADDRESS),
    (403, "Forbidden: bot can't initiate conversation with a user", Reason.BLOCKED),
    (403, "Forbidden: something new", Reason.BLOCKED),
]


@pytest.mark.parametrize(("code", "description", "reason"), GONE)
async def test_an_unknown_chat_ends_once_another_was_reached(
    far: BotApi, code: int, description: str, reason: Reason
) -> None:
    await outcome_of(far, taken(41), number=1)
    assert await outcome_of(far, not_taken(code, description), number=2) == Refused(reason, ends_address=True)


@pytest.mark.parametrize(("code", "description", "reason"), GONE)
async def test_where_every_chat_is_unknown_it_is_our_bot_and_nobody_ends(
    far: BotApi, code: int, description: str, reason: Reason
) -> None:
    outcomes = [await outcome_of(far, not_taken(code, description), number=number) for number in range(4)]
    assert not any(isinstance(one, Refused) for one in outcomes)
    assert isinstance(outcomes[3], Retry)
    assert outcomes[3].holds_channel
    assert not outcomes[3].spends_attempt


@pytest.mark.parametrize(
    "description",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot is not a member of the channel chat",
        "Forbidden: the group chat was deleted",
    ],
)
async def test_a_chat_that_is_closed_to_us_ends(far: BotApi, description: str) -> None:
    assert await outcome_of(far, not_taken(403, description)) == Refused(Reason.BLOCKED, ends_address=True)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 410, 500])
async def test_a_page_of_some_proxy_is_not_telegrams_word(far: BotApi, status: int) -> None:
    outcome = await outcome_of(far, Reply(status, b"<html>Access denied</html>"))
    assert outcome == Retry(Reason.SERVER_ERROR)


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b""])
async def test_a_gateway_with_nobody_behind_it_means_no_chat(far: BotApi, status: int, body: bytes) -> None:
    assert await outcome_of(far, Reply(status, body)) == Retry(Reason.SERVER_ERROR, of_all=True)


async def test_telegrams_own_word_that_it_is_away_means_no_chat(far: BotApi) -> None:
    assert await outcome_of(far, not_taken(502, "Bad Gateway")) == Retry(Reason.SERVER_ERROR, of_all=True)


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b'{"ok":"yes"}', b"\xff", b"", b'{"ok":false}'])
async def test_json_of_another_shape_is_tried_again(far: BotApi, body: bytes) -> None:
    assert await outcome_of(far, Reply(200, body)) == Retry(Reason.SERVER_ERROR)


async def test_an_answer_without_end_is_tried_again(far: BotApi) -> None:
    assert await outcome_of(far, Reply(200, b"x" * 100_000)) == Retry(Reason.SERVER_ERROR)


async def test_a_channel_without_a_token_loses_nothing() -> None:
    egress = Egress(LOOPBACK)
    channel = TelegramChannel(TelegramSettings(), egress)
    outcome = await hand_over(channel, delivery(Address("telegram", "1")), EN)
    assert isinstance(outcome, Retry)
    assert outcome.reason is Reason.MISCONFIGURED
    await egress.close()


def test_a_token_that_is_none_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        TelegramSettings.model_validate({"token": "110201543/AAHdqTcv"})
    assert "AAHdqTcv" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("target", ["5550001234", "-1001234567890", "@Vestka_news"])
async def test_chats_groups_and_channels_are_addresses(far: BotApi, target: str) -> None:
    assert far.channel.read_address(target).target == target.lower()


async def test_who_stops_between_two_pieces_of_a_long_text_gets_no_second_one(far: BotApi) -> None:
    far.receiver.will(taken(41), taken(42))

    def still_wanted() -> bool:
        return not asked(far)

    outcome = await hand_over(far.channel, delivery(far.address, still_wanted=still_wanted), LONG)
    assert outcome == Refused(Reason.STOPPED)
    assert len(asked(far)) == 1


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nX Powered By: a proxy\r\n\r\n", b'{"ok":true,"result":{"message_id":41}}'),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n", b'{"ok":true,"result":{"message_id":41,"da'),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            b'26\r\n{"ok":true,"result":{"message_id":41}}\r\nzz\r\n',
        ),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: a, b\r\n\r\n", b'{"ok":true,"result":{"message_id":41}}'),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: none\r\n\r\n", b'{"ok":true,"result":{"message_id":41}}'),
    ],
)
async def test_a_message_that_was_taken_is_sent_however_the_answer_is_framed(
    far: BotApi, head: bytes, body: bytes
) -> None:
    assert await outcome_of(far, Raw(head + body)) == Sent(reference="41")


async def test_a_success_that_is_not_telegrams_is_none_however_it_is_framed(far: BotApi) -> None:
    raw = Raw(b'HTTP/1.1 200 OK\r\nX Powered By: a proxy\r\n\r\n<html>{"ok":true}')
    assert await outcome_of(far, raw) == Retry(Reason.SERVER_ERROR)
