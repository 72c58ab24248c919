"""What every process of ours needs to know, from the environment or from files of secrets.

`infra/settings.env` lists every setting with its default and what it does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from redis.asyncio import ConnectionPool

from services.runtime.sentinels import reached_at
from services.runtime.setting_names import SettingNames

_MEMORY = re.compile(r"0|(?P<mb>[1-9]\d{0,6})mb|[1-9]\d{0,3}gb")
_LEAST_MEMORY = 64  # megabytes

_SURROUNDING = re.compile(r"\A[\s\ufeff\u200b\u2060]+|[\s\ufeff\u200b\u2060]+\Z")

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


def _redis_address(given: SecretStr) -> SecretStr:
    try:
        usable = _is_redis_address(given.get_secret_value())
    except Exception:  # of redis-py; what it says may quote the password
        usable = False
    if not usable:
        raise ValueError(
            "it is no Redis address; it looks like redis://:PASSWORD@HOST:6379/0, rediss://… for TLS, unix:///PATH, or "
            "redis+sentinel://:PASSWORD@HOST:26379,HOST:26379/MASTER/0, "
            "and in a password / is written %2F and # %23"
        )
    return given


def _is_redis_address(url: str) -> bool:
    """Raises what redis-py does. Alone it is lenient: `redis://:12/3@host` means port 12 of this machine to it."""
    plain, _ = reached_at(url)
    ConnectionPool.from_url(plain).make_connection()  # type: ignore[no-untyped-call]
    address = urlsplit(plain)
    if address.scheme == "unix":
        return bool(address.path) and not address.fragment
    host, database = (address.hostname or "").encode("idna"), address.path.removeprefix("/")
    return bool(host) and not address.fragment and (not database or database.isdecimal())


def _networks(given: object) -> tuple[str, ...]:
    names = given.split(",") if isinstance(given, str) else given
    try:
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            raise ValueError
        return tuple(str(ip_network(name.strip())) for name in names if name.strip())
    except ValueError:
        raise ValueError(
            "it takes networks with commas between them, like 10.1.0.0/16,127.0.0.0/8, without bits beyond a prefix"
        ) from None


def _amount_of_memory(given: str) -> str:
    amount = given.strip().lower()
    fits = _MEMORY.fullmatch(amount)
    if not fits or (fits["mb"] and int(fits["mb"]) < _LEAST_MEMORY):
        raise ValueError(f"it takes an amount of memory, like 512mb or 2gb, {_LEAST_MEMORY}mb at least; 0 is no limit")
    return amount


Networks = Annotated[tuple[str, ...], BeforeValidator(_networks)]


def networks_or(own: tuple[str, ...] | None, shared: tuple[str, ...]) -> tuple[str, ...]:
    """A setting for one kind of address alone goes before the one for all, also where it names none."""
    return shared if own is None else own


Port = Annotated[int, Field(ge=0, le=65_535)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=36_500)]


class _Environment(EnvSettingsSource):
    """What is no JSON goes on as text, so that validation names the setting; pydantic-settings would raise instead."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class _SecretFiles(_Environment, NestedSecretsSettingsSource):
    """The same of files of secrets. What editors put round a text is no part of a secret: white space, a byte order
    mark, signs of no width."""

    @classmethod
    def load_secrets(cls, path: Path) -> dict[str, str]:
        return {name: bare_secret(text) for name, text in super().load_secrets(path).items()}


def bare_secret(text: str) -> str:
    """Without what surrounds it unseen."""
    return _SURROUNDING.sub("", text)


class RuntimeSettings(BaseSettings):
    """A setting is `VESTKA_<NAME>` in the environment, or a file of that name (lower case) in `VESTKA_SECRETS_DIR`."""

    model_config = SettingsConfigDict(
        env_prefix="VESTKA_", env_nested_delimiter="__", extra="ignore", hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """As pydantic has them, but that a file of secrets may set one field of a group: vestka_channels__email__…"""
        files = _SecretFiles(file_secret_settings, secrets_nested_delimiter="__")
        return init_settings, _Environment(settings_cls), files

    redis_url: Annotated[SecretStr, AfterValidator(_redis_address)] | None = Field(
        default=None, validation_alias="REDIS_URL"
    )
    state_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(default_factory=default_state_dir)
    redis_maxmemory: Annotated[str, AfterValidator(_amount_of_memory)] = "1gb"
    """What the embedded Redis may use; "0" is no limit."""
    stuck_after: Seconds = 120.0
    """Seconds an entry of a stream may wait to be finished; then the service is not ready, and an alarm says why."""
    operator: str | None = None
    """Who we are in the audit; without it the user we run as."""
    development: bool = False
    """One machine of a developer: letters may go out without TLS and with links that lead nowhere else."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"


S = TypeVar("S", bound=RuntimeSettings)


def load_settings(kind: type[S]) -> S:
    """Raises SettingsError."""
    try:
        return kind(_secrets_dir=_secrets_dir())
    except ValidationError as error:
        problems = [_explain(problem, kind) for problem in error.errors(include_input=False)]
        raise SettingsError("\n".join(problems)) from None
    except (OSError, ValueError) as error:  # of the files of secrets: not readable, no text, too many
        raise SettingsError(
            f"VESTKA_SECRETS_DIR: its files cannot be read ({type(error).__name__}). Each holds one secret as text, "
            "and is readable for the user we run as."
        ) from None


def names_given() -> list[str]:
    """Of the environment, and of the files in the folder of secrets."""
    folder = _secrets_dir()
    try:
        files = [] if folder is None else [one.name for one in Path(folder).iterdir() if not one.name.startswith(".")]
    except OSError:  # reading them says so
        files = []
    return [*os.environ, *files]


def _explain(problem: Mapping[str, Any], kind: type[RuntimeSettings]) -> str:
    place = [str(part) for part in problem["loc"]]
    name = place[0] if place[0].isupper() else "VESTKA_" + "__".join(place).upper()
    what = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        return unknown_setting(name, SettingNames.of([kind]))
    if problem["type"] == "model_type":
        what = f"it is a group of settings: set its parts, {name}__…, or write the group in JSON"
    return f"{name}: {what}. See infra/settings.env for what it takes."


def unknown_setting(name: str, names: SettingNames) -> str:
    return f"{name}: {names.explain(name)} See infra/settings.env for all there are."
