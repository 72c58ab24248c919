from __future__ import annotations

from pathlib import Path

import pytest

from services.contract import Kind
from services.egress import Egress, EgressPolicy
from services.names import fold
from services.notify.channels import EmailChannel, EmailSettings, WebhookChannel, WebhookSettings
from services.notify.channels.base import Channel
from services.notify.subscribers import Subscriber
from services.notify.subscribers_file import UnusableSubscribers, read_entries, read_file, to_subscriber
from services.runtime.settings import REPOSITORY

SINCE = "2024-12-28T10:00:00.000Z"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MINIMAL = "channels: [{channel: email, target: reader@example.org}]"


def channels() -> dict[str, Channel]:
    mail = EmailSettings.model_validate(
        {"host": "127.0.0.1", "sender": "alerts@example.org", "list_id": "alerts.example.org"}
    )
    return {"email": EmailChannel(mail), "webhook": WebhookChannel(WebhookSettings(), Egress(EgressPolicy()))}


def read(text: str) -> Subscriber:
    (entry,) = read_entries(text, "people.yaml")
    return to_subscriber(entry, channels(), ("en", "ru"), SINCE, "people.yaml")


def test_the_least_an_entry_can_say_means_anything_in_english() -> None:
    found = read(MINIMAL)
    assert (found.language, found.mode, found.tests, found.active, found.since) == ("en", "plain", False, True, SINCE)
    assert len(found.interests) == 1
    assert found.interests[0].kinds == found.interests[0].regions == found.interests[0].persons == ()


def test_an_entry_says_all_it_can() -> None:
    found = read(
        f"""
        subscribers:
          - id: newsroom
            language: ru
            mode: discreet
            tests: true
            channels:
              - {{channel: webhook, target: "https://example.org/alerts", secrets: [{SECRET}]}}
            interests:
              - kinds: [pardon]
                regions: [gomel, minsk_city]
                persons: ["Ales Bialiatski"]
        """
    )
    assert (found.label, found.language, found.mode, found.tests) == ("newsroom", "ru", "discreet", True)
    (address,) = found.addresses
    assert (address.channel, address.secrets) == ("webhook", (SECRET,))
    (interest,) = found.interests
    assert (interest.kinds, interest.regions) == ((Kind.PARDON,), ("gomel", "minsk_city"))
    assert interest.persons == (fold("Алесь Бяляцкі"),)


def test_an_address_may_stand_in_the_environment_or_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    monkeypatch.setenv("NEWSROOM_URL", "https://example.org/alerts")
    found = read(f"channels: [{{channel: webhook, target: {{env: NEWSROOM_URL}}, secrets: [{{file: {secret}}}]}}]")
    assert found.addresses[0].secrets == (SECRET,)
    assert found.addresses[0].target.startswith("https://example.org")


MISTAKES = {
    "subscribers: [": ["people.yaml", "YAML", "line 1"],
    "channels: []": ["subscribers.0.channels", "at least 1"],
    "{}": ["subscribers.0.channels", "required"],
    "- 1": ["people.yaml"],
    "5": ["people.yaml"],
    "": ["people.yaml"],
    f"{MINIMAL}\nchannel: email": ["subscribers.0.channel", "not permitted"],
    f"{MINIMAL}\nmode: loud": ["subscribers.0.mode", "discreet"],
    f"{MINIMAL}\nlanguage: fr": ["language 'fr'", "en, ru"],
    f"{MINIMAL}\ninterests: [{{kinds: [weather]}}]": ["interests.0.kinds.0", "pardon"],
    f"{MINIMAL}\ninterests: [{{regions: [gomell]}}]": ["interests.0.regions.0", "minsk_region"],
    "channels: [{channel: fax, target: '1'}]": ["channel 'fax'", "email"],
    "channels: [{channel: email, target: {env: NO_SUCH_NAME}}]": ["channels.0.target", "NO_SUCH_NAME"],
    "channels: [{channel: email, target: {file: /nowhere/at/all}}]": ["channels.0.target", "cannot be read"],
    "channels: [{channel: email, target: not an address}]": ["email", "people.yaml"],
    "channels: [{channel: webhook, target: 'http://example.org'}]": ["webhook", "people.yaml"],
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_a_mistake_is_named_with_its_place(text: str, said: list[str]) -> None:
    with pytest.raises(UnusableSubscribers) as raised:
        read(text)
    assert [word for word in said if word not in str(raised.value)] == []


@pytest.mark.parametrize(
    "text",
    [
        "channels: [{channel: email, target: 'reader at secret.example'}]",
        "channels: [{channel: webhook, target: 'https://secret.example/a', secrets: [secret-secret]}]",
        "channels: [{channel: email, target: [secret.example]}]",
        "channels: [{channel: email, target: reader@secret.example, extra: secret.example}]",
        "channels: [{channel: email, target: reader@secret.example}]\nlabel: : secret",
    ],
)
def test_no_error_repeats_an_address_or_a_secret(text: str) -> None:
    with pytest.raises(UnusableSubscribers) as raised:
        read(text)
    assert "secret.example" not in str(raised.value)
    assert "secret-secret" not in str(raised.value)


def test_a_files_entries_need_ids_and_a_file_needs_to_be_there(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    with pytest.raises(UnusableSubscribers, match=r"people\.yaml: cannot be read"):
        read_file(file)
    file.write_text(f"subscribers: [{{{MINIMAL}}}]")
    with pytest.raises(UnusableSubscribers, match="needs an id"):
        read_file(file)


def test_the_file_of_the_repository_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VESTKA_DEMO_EMAIL", "VESTKA_DEMO_CHAT", "VESTKA_DEMO_ENDPOINT", "VESTKA_DEMO_SECRET"):
        monkeypatch.setenv(name, "anything")
    assert read_file(REPOSITORY / "infra" / "subscribers.yaml")
