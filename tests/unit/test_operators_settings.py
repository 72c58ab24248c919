"""Who is told of alarms, as it is written in the environment or in files of secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.ingest.settings import IngestSettings
from services.notify.settings import NotifySettings
from services.operations.telling.settings import MailSettings
from services.runtime.settings import SettingsError, load_settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize("kind", [IngestSettings, NotifySettings])
@pytest.mark.parametrize(
    "written", ["maria@ops.example, janka@ops.example", '["maria@ops.example","janka@ops.example"]']
)
def test_addresses_are_a_list_with_commas_or_in_json(
    monkeypatch: pytest.MonkeyPatch, kind: type[IngestSettings] | type[NotifySettings], written: str
) -> None:
    monkeypatch.setenv("VESTKA_OPERATORS__EMAIL", written)
    assert load_settings(kind).operators.email == ("maria@ops.example", "janka@ops.example")


@pytest.mark.parametrize("name", ["WEBHOOK", "RELAY__PASSWORD"])
def test_what_is_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("VESTKA_OPERATORS__WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("VESTKA_OPERATORS__RELAY__HOST", "mail")
    monkeypatch.setenv("VESTKA_OPERATORS__RELAY__SENDER", "ops@ops.example")
    (tmp_path / f"vestka_operators__{name.lower()}").write_text("https://chat.ops.example/hooks/k3y")
    operators = load_settings(NotifySettings).operators
    kept = operators.webhook if name == "WEBHOOK" else operators.relay and operators.relay.password
    assert kept
    assert kept.get_secret_value() == "https://chat.ops.example/hooks/k3y"
    assert "k3y" not in repr(operators)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL", "maria"),
        ("EMAIL", "Maria <maria@ops.example>"),
        ("EMAIL", "maria@ops.example\nBcc: x@y.example"),
        ("WEBHOOK", "https://chat.ops.example/hooks/k3y"),
        ("WEBHOOK_SECRET", "hello"),
        ("AT_MOST_EVERY", "-5"),
        ("RELAY__HOST", "mail"),
        ("RELAY__SENDER", "nobody"),
        ("EMAILS", "maria@ops.example"),
    ],
)
def test_what_cannot_be_used_is_found_at_the_start_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"VESTKA_OPERATORS__{name}", value)
    with pytest.raises(SettingsError) as raised:
        load_settings(NotifySettings)
    assert str(raised.value).startswith("VESTKA_OPERATORS")
    assert value not in str(raised.value)


def test_ingest_finds_the_mail_server_of_the_email_channel_and_minds_nothing_else_of_the_channels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "EMAIL__HOST": "mail.ops.example",
        "EMAIL__SENDER": "alerts@vestka.example",
        "EMAIL__LIST_ID": "alerts.vestka.example",
        "TELEGRAM__TOKEN": "1:made-up",
    }.items():
        monkeypatch.setenv(f"VESTKA_CHANNELS__{name}", value)
    relay = load_settings(MailSettings).channels.email
    assert relay
    assert (relay.host, relay.port, relay.sender) == ("mail.ops.example", 587, "alerts@vestka.example")
