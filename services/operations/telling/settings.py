"""Who is told of alarms, and how; and the mail servers that take such letters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from services.egress.signing import InvalidSecret, check_secrets
from services.runtime.settings import Port, RuntimeSettings, Seconds

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""RFC 5321, section 4.1.2: a dot-string, and a domain."""


def _addresses(given: object) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError("it takes email addresses with commas between them")
    found = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not all(map(_ADDRESS.fullmatch, found)):
        raise ValueError("one of them is no email address; it takes addresses with commas between them")
    return found


Addresses = Annotated[tuple[str, ...], BeforeValidator(_addresses)]


class Relay(BaseModel):
    """A mail server, as far as a letter to operators needs it; what else stands in the group is the channel's."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str
    port: Port = 587
    starttls: Literal["required", "opportunistic", "off"] = "required"
    implicit_tls: bool = False
    ca_file: Path | None = None
    username: str | None = None
    password: SecretStr | None = None
    sender: str
    ehlo_name: str | None = None

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


class SecondRelay(Relay):
    """Takes what the first does not, and what is about email before it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @field_validator("sender")
    @classmethod
    def _is_address(cls, sender: str) -> str:
        return _addresses([sender])[0]


class Operators(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    email: Addresses = ()
    webhook: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    """What the calls are signed with (Standard Webhooks), as an endpoint's."""
    at_most_every: Seconds = 60.0
    """Seconds between two messages by one way; what happens meanwhile stands in the next."""
    relay: SecondRelay | None = None

    @field_validator("webhook_secret")
    @classmethod
    def _signs(cls, secret: SecretStr | None) -> SecretStr | None:
        try:
            if secret is not None:
                check_secrets([secret.get_secret_value()])
        except InvalidSecret as error:
            raise ValueError(str(error)) from None
        return secret

    @model_validator(mode="after")
    def _are_signed(self) -> Operators:
        if self.webhook is not None and self.webhook_secret is None:
            raise ValueError("a webhook needs a secret to sign with: set VESTKA_OPERATORS__WEBHOOK_SECRET")
        return self


class _Channels(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    email: Relay | None = None


class MailSettings(RuntimeSettings):
    """The email channel's mail server, for a process that has no channels of its own."""

    channels: _Channels = Field(default_factory=_Channels)


def relay_of(email: BaseModel | None) -> Relay | None:
    """Of the email channel's settings, where it is on."""
    given: dict[str, Any] | None = None if email is None else email.model_dump()
    return None if given is None else Relay.model_validate(given)
