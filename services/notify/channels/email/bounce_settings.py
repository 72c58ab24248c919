"""The settings of the mailbox to which what could not be delivered comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

_OURSELVES: Final = ("127.0.0.1", "::1", "localhost")


class BounceMailbox(BaseModel):
    """Where reports come to: the mailbox of the sender's address."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str
    port: int = Field(default=993, ge=1, le=65_535)
    tls: bool = True
    """TLS from the first byte. Without it only on this machine, as in a test."""
    ca_file: Path | None = None
    username: str
    password: SecretStr
    folder: Annotated[str, StringConstraints(pattern=r'^[^"\\\x00-\x1f]{1,200}$')] = "INBOX"
    every: float = Field(default=60.0, gt=0)
    """Seconds between two looks."""

    @model_validator(mode="after")
    def _is_private(self) -> Self:
        if not self.tls and self.host not in _OURSELVES:
            raise ValueError("without TLS the mailbox is on this machine, or its password goes over a line in clear")
        return self
