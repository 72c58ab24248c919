"""One bot of ours as alerts leave by it: its token, its pace, and what Telegram's answers say of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import msgspec
from pydantic import SecretStr

from services.egress import AnswerTooLarge, BadAnswer, Egress, EgressError, ForbiddenTarget
from services.notify.channels.base import Delivery, NoLongerWanted, Outcome, Reason, Refused, Retry
from services.notify.channels.failures import read_failure
from services.notify.channels.telegram.bot_answers import OUR_TOKEN, Unparsable, read_answer
from services.notify.channels.telegram.chat_turns import Turn, Turns
from services.notify.channels.telegram.verdicts import Verdicts
from services.notify.throttle.send_rate import Later, SendRateLimit

_ANSWER_BYTES: Final = 65_536


class BotLine:
    """`alone`: it is our only one, so that what is wrong with it holds the whole channel. `clock` counts seconds and
    never goes back; `sleep` waits for it."""

    def __init__(
        self,
        egress: Egress,
        api_base: str,
        token: SecretStr | None,
        rate_limit: SendRateLimit,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        *,
        alone: bool,
    ) -> None:
        self.token = token
        self._egress, self._api_base, self._clock, self._alone = egress, api_base, clock, alone
        self._turns = Turns(rate_limit, clock, sleep)
        self._verdicts = Verdicts(rate_limit, clock)

    async def send(self, delivery: Delivery, arguments: dict[str, Any], end: float) -> Outcome | Unparsable:
        """One message, in its turn. `end`: until when to be done, by our clock."""
        if self.token is None:
            return self._own(OUR_TOKEN)
        # Half of the time that is left is for waiting, the other half for Telegram's answer.
        until = self._clock() + (end - self._clock()) / 2
        try:
            async with self._turns.turn(delivery, until - self._clock()) as turn:
                return self._own(await self._call(delivery, arguments, turn, until, end))
        except Later as later:  # nothing left, so nothing was tried
            return Retry(Reason.RATE_LIMITED, after=later.seconds, spends_attempt=False)
        except NoLongerWanted:
            return Refused(Reason.STOPPED)

    def _own(self, outcome: Outcome | Unparsable) -> Outcome | Unparsable:
        """What holds everybody is one bot's trouble: those whom another writes to are not kept waiting for it. Its own
        readers wait by its pace, see `verdicts`."""
        if self._alone or not isinstance(outcome, Retry) or not outcome.holds_channel:
            return outcome
        return replace(outcome, holds_channel=False, spends_attempt=False)

    async def _call(
        self, delivery: Delivery, arguments: dict[str, Any], turn: Turn, until: float, end: float
    ) -> Outcome | Unparsable:
        assert self.token is not None
        began = self._clock()
        try:
            answer = await self._egress.request(
                "POST",
                f"{self._api_base}/bot{self.token.get_secret_value()}/sendMessage",
                headers={"content-type": "application/json"},
                content=msgspec.json.encode(arguments),
                deadline=max(end - began, 0.0),
                max_bytes=_ANSWER_BYTES,
                body="heard",
                before=partial(self._turns.reached, turn, delivery, until),
            )
        except ForbiddenTarget:  # the address is our own setting
            return OUR_TOKEN
        except (AnswerTooLarge, BadAnswer) as error:
            return Retry(Reason.SERVER_ERROR, may_have_arrived=error.sent)
        except EgressError as error:
            return read_failure(error)
        await self._turns.answered(turn)
        return await self._verdicts.of(read_answer(answer, delivery.address), delivery.number, began, end)
