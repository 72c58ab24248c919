"""`infra/settings.env` is the one page of settings: every one there is, with the default it really has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from services.ingest.settings import IngestSettings
from services.notify.earnest import ruinous
from services.notify.settings import NotifySettings
from services.portal.settings import PortalSettings
from services.runtime.settings import REPOSITORY, RuntimeSettings, default_state_dir, load_settings

INFRA = REPOSITORY / "infra"
PAGE = (INFRA / "settings.env").read_text()

OUTSIDE_THE_MODELS = {"VESTKA_SECRETS_DIR": "/run/secrets"}
"""Read before any model, since it says where their values lie."""


def shown() -> dict[str, str]:
    found = re.findall(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", PAGE, re.MULTILINE)
    assert len(found) == len(dict(found)), "a setting stands twice on the page"
    return dict(found)


def real() -> dict[str, str]:
    models: tuple[type[RuntimeSettings], ...] = (RuntimeSettings, IngestSettings, NotifySettings, PortalSettings)
    return OUTSIDE_THE_MODELS | {name: written for model in models for name, written in settings_of(model, "VESTKA_")}


def settings_of(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for field_name, field in model.model_fields.items():
        name = field.validation_alias or prefix + field_name.upper()
        assert isinstance(name, str)
        parts = nested_models(field.annotation)
        if parts:
            yield from settings_of(parts[0], f"{name}__")
        else:
            yield name, as_written(field.get_default(call_default_factory=True))


def nested_models(annotation: object) -> list[type[BaseModel]]:
    candidates = get_args(annotation) or (annotation,)
    return [one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)]


def as_written(default: object) -> str:
    if default is None or default is PydanticUndefined:
        return ""
    match default:
        case bool() | tuple() | dict():
            return json.dumps(default)
        case float():
            return f"{default:g}"
        case Path() if default == default_state_dir():
            return "~/.local/state/vestka"
        case Path():
            return default.relative_to(REPOSITORY).as_posix()
    return str(default)


def given_in(file: str) -> dict[str, str]:
    lines = (INFRA / file).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_page_names_every_setting_and_no_other() -> None:
    assert set(shown()) == set(real())


def test_the_page_shows_the_default_that_each_setting_really_has() -> None:
    assert shown() == real()


def test_the_page_changes_nothing_until_somebody_edits_it() -> None:
    assert given_in("settings.env") == {}


def test_every_group_of_settings_on_the_page_is_explained() -> None:
    groups = [lines for lines in PAGE.split("\n\n") if re.search(r"^#[A-Z]", lines, re.MULTILINE)]
    assert len(groups) > 20
    for group in groups:
        assert group.startswith("# "), f"nothing is said of {group.splitlines()[0]}"


def test_the_development_settings_are_known_ones() -> None:
    assert set(given_in("development.env")) <= set(real())


def test_in_development_email_and_webhooks_are_on_and_telegram_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = in_development(monkeypatch)
    assert settings.channels.email is not None
    assert settings.channels.webhook is not None
    assert settings.channels.telegram is None


def test_the_development_settings_can_be_run_and_are_refused_where_they_are_not_said_to_be_for_development(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = in_development(monkeypatch)
    assert list(ruinous(settings)) == []
    in_earnest = settings.model_copy(update={"development": False})
    assert {one.partition(":")[0] for one in ruinous(in_earnest)} == {
        "VESTKA_PUBLIC_URL",
        "VESTKA_CHANNELS__EMAIL__STARTTLS",
    }


def test_a_token_among_the_secrets_turns_telegram_on_and_leaves_email_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "vestka_channels__telegram__token").write_text("1:made-up")
    (tmp_path / "vestka_channels__email__password").write_text("made up")
    settings = in_development(monkeypatch, secrets=tmp_path)
    assert settings.channels.telegram is not None
    assert settings.channels.email is not None
    assert settings.channels.email.host == "mail"
    assert settings.channels.email.password is not None


def in_development(monkeypatch: pytest.MonkeyPatch, secrets: Path | None = None) -> NotifySettings:
    for name in real():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(secrets or INFRA / "no-such-folder"))
    for name, value in given_in("development.env").items():
        monkeypatch.setenv(name, value)
    return load_settings(NotifySettings)
