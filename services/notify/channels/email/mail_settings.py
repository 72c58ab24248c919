"""The settings of email, and whose certificates they make us believe."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Literal

import certifi
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from services.notify.channels.email.mail_addresses import read_mail_address


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
    list_id: str = Field(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
    """RFC 2919: a name under a domain of ours, like alerts.example.org."""
    ehlo_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.:\[\]-]+$")
    """How we introduce ourselves; the sender's domain where it is not set. Never this machine's name."""
    sessions: int = Field(default=20, ge=1, le=100)
    """How many connections to the mail server one command's notifiers have at most."""
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
