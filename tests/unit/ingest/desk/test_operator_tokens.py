"""Who may decide over HTTP is checked before anything starts, and never shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.ingest.settings import IngestSettings
from services.runtime.settings import SettingsError, load_settings

TOKEN = "made-up-and-long-enough-1"


def test_tokens_come_from_one_setting_or_from_a_secret_file_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("VESTKA_OPERATOR_TOKENS", json.dumps({"maria": TOKEN}))
    assert set(load_settings(IngestSettings).operator_tokens) == {"maria"}
    monkeypatch.delenv("VESTKA_OPERATOR_TOKENS")
    (tmp_path / "vestka_operator_tokens__night").write_text(TOKEN)
    tokens = load_settings(IngestSettings).operator_tokens
    assert {name: token.get_secret_value() for name, token in tokens.items()} == {"night": TOKEN}
    assert TOKEN not in repr(load_settings(IngestSettings))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"maria": "made-up-and-short"}, "at least 24"),
        ({"Maria Ivanova": TOKEN}, "small letters"),
        ({"maria": TOKEN, "night": TOKEN}, "the same token"),
        ("made-up-no-json", "VESTKA_OPERATOR_TOKENS"),
    ],
)
def test_what_cannot_be_used_is_said_without_the_token(
    monkeypatch: pytest.MonkeyPatch, given: object, says: str
) -> None:
    monkeypatch.setenv("VESTKA_OPERATOR_TOKENS", given if isinstance(given, str) else json.dumps(given))
    with pytest.raises(SettingsError, match=says) as found:
        load_settings(IngestSettings)
    assert "made-up" not in str(found.value)
