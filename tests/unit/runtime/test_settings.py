from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from services.runtime.settings import RuntimeSettings, SettingsError, default_state_dir, load_settings


class SampleSettings(RuntimeSettings):
    port: int = 1
    token: SecretStr | None = None
    nested: dict[str, int] = {}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("REDIS_URL", "VESTKA_LOG_LEVEL", "VESTKA_LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(tmp_path))


def test_without_anything_set_every_setting_has_its_default() -> None:
    settings = load_settings(SampleSettings)
    assert (settings.redis_url, settings.log_level, settings.log_format, settings.port) == (None, "info", "json", 1)


def test_a_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_PORT", "8080")
    monkeypatch.setenv("VESTKA_NESTED__ONE", "2")
    monkeypatch.setenv("REDIS_URL", "redis://db.example.org/0")
    settings = load_settings(SampleSettings)
    assert (settings.port, settings.nested) == (8080, {"one": 2})
    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == "redis://db.example.org/0"


def test_a_secret_may_come_from_a_file_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vestka_token").write_text("from the file\n")
    token = load_settings(SampleSettings).token
    assert token is not None
    assert token.get_secret_value() == "from the file"
    monkeypatch.setenv("VESTKA_TOKEN", "from the environment")
    token = load_settings(SampleSettings).token
    assert token is not None
    assert token.get_secret_value() == "from the environment"


def test_a_setting_that_cannot_be_used_is_named_and_its_value_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_PORT", "s3cret")
    monkeypatch.setenv("VESTKA_LOG_LEVEL", "l0ud")
    with pytest.raises(SettingsError) as raised:
        load_settings(SampleSettings)
    told = str(raised.value)
    assert "VESTKA_PORT: " in told
    assert "VESTKA_LOG_LEVEL: " in told
    assert "infra/settings.env" in told
    assert "s3cret" not in told
    assert "l0ud" not in told


def test_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_TOKEN", "s3cret")
    monkeypatch.setenv("REDIS_URL", "redis://:s3cret@db.example.org/0")
    assert "s3cret" not in repr(load_settings(SampleSettings))


def test_what_must_outlive_a_process_lies_in_the_users_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/sample/state")
    assert default_state_dir() == Path("/sample/state/vestka")
    monkeypatch.delenv("XDG_STATE_HOME")
    assert default_state_dir() == Path.home() / ".local" / "state" / "vestka"
