"""Two bots at one Bot API: each chat is written to by its own, and the trouble of one is none of the other's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from services.egress import Egress
from services.notify.channels import TelegramChannel, TelegramSettings
from services.notify.channels.base import Outcome, Reason, Retry, Sent
from services.subscribers.address import Address, Bot
from tests.conformance.far_sides import LOOPBACK
from tests.conformance.receivers import HttpReceiver, Reply, listening
from tests.conformance.samples import delivery, hand_over, rendered

USUAL, DISCREET = "111:the-usual-one", "222:the-discreet-one"
EN = {"en": rendered("en")}
LONG = {"en": rendered("en", html="\n".join(f"<b>line {number}</b> " + "x" * 90 for number in range(60)))}
UNAUTHORIZED = Reply(401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}')


def taken(message_id: int) -> Reply:
    return Reply(body=json.dumps({"ok": True, "result": {"message_id": message_id}}).encode())


def address(bot: Bot | None, chat: str = "5550001234") -> Address:
    return Address("telegram", chat, bot=bot)


@dataclass
class TwoBots:
    receiver: HttpReceiver
    channel: TelegramChannel

    async def outcome(self, bot: Bot | None, *answers: Reply, text: Any = EN, **changes: Any) -> Outcome:
        if answers:
            self.receiver.will(*answers)
        return await hand_over(self.channel, delivery(changes.pop("to", address(bot)), **changes), text)

    def tokens(self) -> list[str]:
        return [one.path.split("/")[1].removeprefix("bot") for one in self.receiver.requests]

    def newest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.receiver.requests[-1].body)
        return found


def settings(port: int = 1, **more: Any) -> TelegramSettings:
    given = {"api_base": f"http://127.0.0.1:{port}", "token": USUAL, "discreet": {"token": DISCREET}}
    return TelegramSettings.model_validate({**given, "per_chat_per_second": 1000, "deadline": 2.0, **more})


@pytest.fixture
async def two() -> AsyncIterator[TwoBots]:
    receiver, egress = HttpReceiver(), Egress(LOOPBACK)
    async with listening(receiver.serve) as port:
        yield TwoBots(receiver, TelegramChannel(settings(port), egress))
        await egress.close()


async def test_each_chat_is_written_to_by_its_own_bot(two: TwoBots) -> None:
    assert await two.outcome("discreet", taken(41)) == Sent(reference="discreet41")
    assert await two.outcome(None, taken(41)) == Sent(reference="41")
    assert two.tokens() == [DISCREET, USUAL]


@pytest.mark.parametrize(
    ("bot", "first", "answered"),
    [
        (None, "41", 41),
        ("discreet", "discreet41", 41),
        ("discreet", "41", None),
        (None, "discreet41", None),
        ("discreet", "discreet", None),
        (None, "", None),
    ],
)
async def test_a_correction_answers_to_what_the_same_bot_sent_and_to_nothing_else_of_that_number(
    two: TwoBots, bot: Bot | None, first: str, answered: int | None
) -> None:
    await two.outcome(bot, taken(50), first_reference=first)
    reply = two.newest().get("reply_parameters", {})
    assert reply.get("message_id") == answered


@pytest.mark.parametrize("bot", [None, "discreet"])
async def test_a_refused_token_of_one_keeps_nobody_of_the_other_waiting(two: TwoBots, bot: Bot | None) -> None:
    other: Bot | None = None if bot else "discreet"
    refused = await two.outcome(bot, UNAUTHORIZED)
    assert isinstance(refused, Retry)
    assert refused.reason is Reason.MISCONFIGURED
    assert not refused.holds_channel
    assert not refused.spends_attempt
    assert isinstance(await two.outcome(other, taken(41)), Sent)
    asked = len(two.tokens())
    again = await two.outcome(bot)
    assert isinstance(again, Retry)
    assert not again.spends_attempt
    assert len(two.tokens()) == asked, "whoever has the same token waits and asks nobody"


async def test_a_flood_of_one_holds_the_readers_of_that_one_alone(two: TwoBots) -> None:
    flooded = Reply(
        429, b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}'
    )
    for number in range(5):
        outcome = await two.outcome("discreet", flooded, number=number, to=address("discreet", str(1000 + number)))
        assert isinstance(outcome, Retry)
        assert not outcome.holds_channel
    assert isinstance(await two.outcome(None, taken(41)), Sent)


async def test_a_text_in_pieces_begins_anew_where_another_bot_goes_on_with_it(two: TwoBots) -> None:
    by_the_usual = "1/2:41"
    await two.outcome("discreet", taken(7), text=LONG, progress=by_the_usual)
    assert len(two.tokens()) == 2
    await two.outcome(None, taken(8), text=LONG, progress=by_the_usual)
    assert len(two.tokens()) == 3


async def test_where_the_second_bot_was_taken_away_its_readers_wait_and_no_other_bot_writes_to_them(
    two: TwoBots,
) -> None:
    egress = Egress(LOOPBACK)
    alone = TelegramChannel(settings(discreet=None), egress)
    outcome = await hand_over(alone, delivery(address("discreet")), EN)
    assert isinstance(outcome, Retry)
    assert (outcome.reason, outcome.holds_channel, outcome.spends_attempt) == (Reason.MISCONFIGURED, False, False)
    await egress.close()


@pytest.mark.parametrize(("answers", "named"), [((taken(1), UNAUTHORIZED), "DISCREET__TOKEN"),
                                                ((UNAUTHORIZED, taken(1)), "TELEGRAM__TOKEN")])  # fmt: skip
async def test_whoever_asks_hears_which_token_is_refused_and_not_the_token(
    two: TwoBots, answers: tuple[Reply, ...], named: str
) -> None:
    two.receiver.will(*answers)
    trouble = await two.channel.ask()
    assert trouble is not None
    assert named in trouble.says
    assert not {USUAL, DISCREET} & set(trouble.says.split())


@pytest.mark.parametrize(
    "given",
    [
        {"token": USUAL},
        {"token": "222/AAHdqTcv"},
        {"name": "small_notes_bot"},
        *(
            {"token": DISCREET, "name": name}
            for name in ("vestka_two_bot", "prison_news_bot", "AlertsBot", "notes", "")
        ),
    ],
)
def test_a_second_bot_that_is_none_or_gives_itself_away_is_refused_without_its_token(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(discreet=given)
    said = str(caught.value) + repr(caught.value)
    assert not any(token in said for token in (USUAL, DISCREET, "AAHdqTcv"))


def test_no_token_is_in_what_is_printed_of_the_settings() -> None:
    said = str(settings()) + repr(settings()) + repr(settings().bots)
    assert "the-usual" not in said
    assert "the-discreet" not in said


@pytest.mark.parametrize("name", ["small_notes_bot", "@small_notes_bot", "https://t.me/small_notes_bot"])
def test_a_name_is_read_as_people_write_it(name: str) -> None:
    read = settings(discreet={"token": DISCREET, "name": name})
    assert read.name_of("discreet") == "small_notes_bot"
