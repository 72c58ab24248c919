"""The settings of email, and whose certificates they make us believe."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Literal, Self

import certifi
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from services.notify.channels.email.dkim import DkimSigner, read_dkim_key
from services.notify.channels.email.mail_addresses import read_mail_address

_DOMAIN = r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"
_SELECTOR = r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"
_LIST_ID = r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


class DkimSettings(BaseModel):
    """One key, or two of different kinds: where one kind is not understood, the other is."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    selector: str = Field(pattern=_SELECTOR)
    key: SecretStr
    """PEM, RSA of 2048 to 4096 bits or Ed25519."""
    second_selector: str | None = Field(default=None, pattern=_SELECTOR)
    second_key: SecretStr | None = None
    domain: str | None = Field(default=None, pattern=_DOMAIN)
    """Whose signature it is; the sender's domain where it is not set, as DMARC wants it."""

    @model_validator(mode="after")
    def _can_sign(self) -> Self:
        if (self.second_selector is None) != (self.second_key is None):
            raise ValueError("a second key has a selector of its own: set SECOND_SELECTOR and SECOND_KEY, or neither")
        self.signer("example.org")
        return self

    def signer(self, sender_domain: str) -> DkimSigner:
        """Raises InvalidDkimKey."""
        keys = [read_dkim_key(self.selector, self.key.get_secret_value())]
        if self.second_selector is not None and self.second_key is not None:
            keys.append(read_dkim_key(self.second_selector, self.second_key.get_secret_value()))
        return DkimSigner(self.domain or sender_domain, tuple(keys))


class DiscreetSettings(BaseModel):
    """Who writes to readers in discreet mode: a neutral domain, so that no part of a letter says whose it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    sender: str
    list_id: str = Field(pattern=_LIST_ID)
    dkim: DkimSettings | None = None

    @field_validator("sender")
    @classmethod
    def _is_address(cls, sender: str) -> str:
        return read_mail_address(sender).text


class EmailSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str
    port: int = Field(default=587, ge=1, le=65_535)
    starttls: Literal["required", "opportunistic", "off"] = "required"
    """"opportunistic" (encrypts where it can, verifies nothing) and "off" are for a relay on the same machine."""
    implicit_tls: bool = False
    """TLS from the first byte, as on port 465 (RFC 8314); `starttls` then says nothing."""
    trusted_network: bool = False
    """The relay stands in a network of our own where nobody else listens: letters may go there without TLS."""
    ca_file: Path | None = None
    """Certificates to trust instead of the usual ones."""
    username: str | None = None
    password: SecretStr | None = None
    sender: str
    sender_name: str = "Vestka"
    discreet_sender_name: str = "Newsletter"
    list_id: str = Field(pattern=_LIST_ID)
    """RFC 2919: a name under a domain of ours, like alerts.example.org."""
    dkim: DkimSettings | None = None
    """Without it the letters are signed by the mail server, or by nobody."""
    discreet: DiscreetSettings | None = None
    """Without it letters in discreet mode come from `sender`, under the neutral name."""
    ehlo_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.:\[\]-]+$")
    """How we introduce ourselves; the sender's domain where it is not set. Never this machine's name."""
    sessions: int = Field(default=20, ge=1, le=100)
    """How many connections to the mail server all notifiers have at most, together."""
    letters_per_session: int = Field(default=500, ge=1)
    """After so many letters a connection is ended, and the next letter opens another."""
    deadline: float = 30

    @field_validator("sender")
    @classmethod
    def _is_address(cls, sender: str) -> str:
        return read_mail_address(sender).text


def trusted(settings: EmailSettings) -> ssl.SSLContext | None:
    """Which certificates we believe; None where nothing is encrypted, since reading them takes a while."""
    if settings.starttls == "off" and not settings.implicit_tls:
        return None
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.ca_file is None:
        context.load_verify_locations(certifi.where())  # small images have no certificates of their own
    if settings.starttls == "opportunistic" and not settings.implicit_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
