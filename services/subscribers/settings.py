"""What whoever opens the store of subscribers needs to know; every setting with its default: `infra/settings.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from services.runtime.settings import RuntimeSettings
from services.subscribers.redis_keys import SHARDS


class StoreSettings(RuntimeSettings):
    keys_dir: Annotated[Path | None, AfterValidator(lambda given: None if given is None else given.expanduser())] = None
    """Where the keys are that subscribers are sealed with; best on another disk than the store."""
    shards: int = Field(default=SHARDS, ge=1, le=4096)
    """Settled when the store is first used."""

    @property
    def keys_folder(self) -> Path:
        return self.state_dir / "keys" if self.keys_dir is None else self.keys_dir


class ReaderLinkSettings(StoreSettings):
    """What whoever makes or opens readers' links needs beside the store: notify, and the portal."""

    public_url: str = "http://127.0.0.1:8703"
    """Where readers reach us: the base of the link that stops the alerts."""
    pages_url: str = ""
    """Where everybody reads the stories' pages; "": nowhere, and no message leads to one."""
    link_key: SecretStr | None = None
    link_keys_before: SecretStr | None = None
    """Those that `link_key` was before, with spaces between them: what was made with them goes on working."""

    @property
    def about_url(self) -> str:
        """What a letter names as our own page: where readers reach us, once that was said; the default leads nobody
        anywhere."""
        return self.public_url if "public_url" in self.model_fields_set else ""

    @property
    def notify_state(self) -> Path:
        """Where notify keeps what must outlive the store, and whoever else writes down a stop."""
        return self.state_dir / "notify"

    @property
    def secret_keys(self) -> tuple[bytes, ...]:
        """Those given from outside the store, the one in use first."""
        given = [self.link_key.get_secret_value()] if self.link_key else []
        given += self.link_keys_before.get_secret_value().split() if self.link_keys_before else []
        return tuple(one.encode() for one in given if one)
