"""What every process of ours needs to know, from the environment or from files of secrets.

`infra/settings.env` lists every setting with its default and what it does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

REPOSITORY = Path(__file__).resolve().parents[2]
"""Where `templates/` and `infra/` lie beside `services/`."""


class SettingsError(Exception):
    """The configuration cannot be used. The text names each setting, what is wrong and what to do, never its value."""


def default_state_dir() -> Path:
    """The user's own folder for what must outlive a process (XDG Base Directory, state)."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "vestka"


def _secrets_dir() -> str | None:
    folder = os.environ.get("VESTKA_SECRETS_DIR", "/run/secrets")
    return folder if Path(folder).is_dir() else None


class RuntimeSettings(BaseSettings):
    """A setting is `VESTKA_<NAME>` in the environment, or a file of that name (lower case) in `VESTKA_SECRETS_DIR`."""

    model_config = SettingsConfigDict(
        env_prefix="VESTKA_", env_nested_delimiter="__", extra="ignore", hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """As pydantic has them, but that a file of secrets may set one field of a group: vestka_channels__email__…"""
        files = NestedSecretsSettingsSource(file_secret_settings, secrets_nested_delimiter="__")
        return init_settings, env_settings, files

    redis_url: SecretStr | None = Field(default=None, validation_alias="REDIS_URL")
    state_dir: Path = Field(default_factory=default_state_dir)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"


S = TypeVar("S", bound=RuntimeSettings)


def load_settings(kind: type[S]) -> S:
    """Raises SettingsError."""
    try:
        return kind(_secrets_dir=_secrets_dir())
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(problem) for problem in error.errors(include_input=False))) from None


def _explain(problem: Mapping[str, Any]) -> str:
    place = [str(part) for part in problem["loc"]]
    name = place[0] if place[0].isupper() else "VESTKA_" + "__".join(place).upper()
    return f"{name}: {problem['msg']}. See infra/settings.env for what it takes."
