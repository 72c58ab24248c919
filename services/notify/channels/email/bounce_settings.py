"""The settings of the mailbox to which what could not be delivered comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints


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
