"""Webhooks: a signed CloudEvents document for a partner's endpoint (Standard Webhooks 1.0)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from services.contract import Event
from services.egress import Egress, EgressError, Fields, ForbiddenTarget, loop_time
from services.egress.signing import InvalidSecret, check_secrets, sign
from services.notify.channels.base import (
    FOR_THE_ANSWER,
    Delivery,
    NoLongerWanted,
    Outcome,
    Reason,
    Refused,
    Rendered,
    Retry,
    TooLate,
    Trouble,
)
from services.notify.channels.failures import read_failure
from services.notify.channels.webhook.body import TooLarge, WebhookBody, compose_body
from services.notify.channels.webhook.endpoint_answers import TAKEN, read_answer
from services.notify.channels.webhook.public_addresses import NOWHERE, PublicAddresses
from services.subscribers.address import Address, InvalidAddress, InvalidSigning, Mode
from services.version import VERSION

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"

_GLANCE_BYTES: Final = 4096
"""Of an answer's body, so that its connection can be used again; nobody looks at them."""

_HINTS: Final = 64
"""Of a message, for each attempt number and second."""
_NO_ENDPOINT: Final = frozenset({"api.telegram.org"})
"""Hosts that would make us somebody's relay."""


class WebhookSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    deadline: float = 15
    user_agent: str = Field(default=f"Vestka-Webhooks/{VERSION}", pattern=r"^[ -~]+$")
    max_body: int = 20_000
    """Bytes a body stays under."""


class WebhookMessage:
    """What all endpoints get of an event."""

    def __init__(self, common: Fields, body: WebhookBody) -> None:
        self.body = body
        self._common = common
        self._hints: dict[tuple[int, int, int | None], Fields] = {}

    def fields(self, delivery: Delivery) -> Fields:
        """With what is the same for all who are at the same attempt: written and checked once for them."""
        which = delivery.attempt, delivery.retries_remaining, delivery.next_attempt_at
        if which not in self._hints:
            if len(self._hints) >= _HINTS:  # as seconds pass the next attempt moves on
                self._hints.clear()
            self._hints[which] = self._common + _hints(*which)
        return self._hints[which]


def _hints(attempt: int, remaining: int, next_at: int | None) -> Fields:
    """Unsigned."""
    hints = {"webhook-attempt": str(attempt), "webhook-retries-remaining": str(remaining)}
    return Fields(hints if next_at is None else hints | {"webhook-next-attempt-at": str(next_at)})


class WebhookChannel:
    """`now` gives Unix seconds."""

    name: ClassVar[str] = "webhook"
    parts: ClassVar[tuple[str, ...]] = ("headline", "summary", "changes")
    languages: ClassVar[Literal["reader", "all"]] = "all"
    personal: ClassVar[bool] = False
    shared: bool = False

    def __init__(
        self,
        settings: WebhookSettings,
        egress: Egress,
        addresses: PublicAddresses = NOWHERE,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.deadline = settings.deadline
        self._settings = settings
        self._egress = egress
        self._addresses = addresses
        self._now = now

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        try:
            url = self._egress.check_url(target.strip())
            check_secrets(secrets)
        except ForbiddenTarget as error:
            raise InvalidAddress(f"this cannot be an endpoint: {error.why}") from None
        except InvalidSecret as error:
            raise InvalidSigning(str(error)) from None
        if urlsplit(url).hostname in _NO_ENDPOINT:
            raise InvalidAddress("this host takes commands, and cannot be an endpoint")
        return Address(self.name, url, secrets)

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> WebhookMessage | None:  # noqa: ARG002
        """None: it is too large for any endpoint."""
        try:
            body = compose_body(event, rendered, self._settings.max_body, self._addresses)
        except TooLarge:
            return None
        common = {"content-type": CONTENT_TYPE, "user-agent": self._settings.user_agent, "webhook-id": event.id}
        return WebhookMessage(Fields(common | {"accept-encoding": "identity"}), body)

    async def send(self, delivery: Delivery, composed: WebhookMessage | None) -> Outcome:
        if composed is None:
            return Refused(Reason.TOO_LARGE)
        try:
            body = composed.body.with_link(delivery.stop_url)
            headers = self._headers(delivery, body)
        except TooLarge:
            return Refused(Reason.TOO_LARGE)
        except InvalidSecret:
            return Refused(Reason.MISCONFIGURED)
        return await self._post(delivery, composed.fields(delivery), headers, body)

    async def ask(self) -> Trouble | None:
        """Every endpoint is a far side of its own, and hears of us only when there is news."""
        return None

    async def close(self) -> None:
        """The way out belongs to whoever opened it."""

    async def _post(self, delivery: Delivery, common: Fields, headers: Mapping[str, str], body: bytes) -> Outcome:
        until = loop_time() + self.deadline * (1 - FOR_THE_ANSWER)

        def before() -> None:
            delivery.leave(until - loop_time())

        try:
            answer = await self._egress.request(
                "POST",
                delivery.address.target,
                headers=headers,
                common=common,
                content=body,
                deadline=self.deadline,
                max_bytes=_GLANCE_BYTES,
                body="glance",
                before=before,
            )
        except NoLongerWanted:
            return Refused(Reason.STOPPED)
        except TooLate:
            return Retry(Reason.TIMEOUT)
        except EgressError as error:
            return read_failure(error)
        return TAKEN.get(answer.status) or read_answer(answer, self._now())

    def _headers(self, delivery: Delivery, body: bytes) -> dict[str, str]:
        timestamp = int(self._now())
        return {
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(delivery.address.secrets, delivery.event.id, timestamp, body),
        }
