"""What whoever opens the store of subscribers needs to know; every setting with its default: `infra/settings.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

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
