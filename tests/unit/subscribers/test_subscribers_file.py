from __future__ import annotations

from pathlib import Path

import pytest

from services.contract import Kind
from services.egress import Egress, EgressPolicy
from services.names import fold
from services.notify.channels import EmailChannel, EmailSettings, WebhookChannel, WebhookSettings
from services.notify.channels.base import Channel
from services.runtime.settings import REPOSITORY
from services.subscribers.entries import UnusableSubscribers, to_subscriber
from services.subscribers.subscriber import Subscriber
from services.subscribers.subscribers_file import read_entries, read_file

SINCE = "2024-12-28T10:00:00.000Z"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_QUOTES = "file: subscribers.0.channels.0.target: it takes text; put it in quotes"
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
    "&a [*a]": ["people.yaml", "no form"],
    "channels: []": ["subscribers.0.channels", "at least one"],
    "{}": ["subscribers.0.channels", "missing"],
    "- 1": ["people.yaml"],
    "5": ["people.yaml"],
    "": ["people.yaml"],
    f"{MINIMAL}\nchannel: email": ["subscribers.0: ", "do not know", "did you mean channels?"],
    f"{MINIMAL}\nmode: loud": ["subscribers.0.mode", "discreet"],
    f"{MINIMAL}\nlanguage: fr": ["language: it is one of en, ru"],
    f"{MINIMAL}\ninterests: [{{kinds: [weather]}}]": ["interests.0.kinds.0", "pardon"],
    f"{MINIMAL}\ninterests: [{{regions: [gomell]}}]": ["interests.0.regions.0", "minsk_region"],
    "channels: [{channel: fax, target: '1'}]": ["channels.0.channel", "email, webhook"],
    "channels: [{channel: email, target: {env: NO_SUCH_NAME}}]": ["channels.0.target", "the environment has no"],
    "channels: [{channel: email, target: {file: /nowhere/at/all}}]": ["channels.0.target", "cannot be read"],
    "channels: [{channel: email, target: not an address}]": ["channels.0.target", "people.yaml"],
    "channels: [{channel: webhook, target: 'http://example.org'}]": ["channels.0.target", "people.yaml"],
    "channels: [{channel: webhook, target: 'https://example.org'}]": ["channels.0.secrets", "whsec_"],
    f"{MINIMAL}\nsince: yesterday": ["since", "RFC 3339"],
    f"{MINIMAL}\nsince: 2999-01-01T00:00:00Z": ["since", "still to come"],
    f"{MINIMAL}\nid: ''": ["id", "empty"],
    f"{MINIMAL}\ninterests: [{{persons: ['123']}}]": ["interests.0.persons.0", "nobody"],
    'channels: [{channel: email, target: "\\ud800@example.org"}]': ["people.yaml", "half a character"],
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
        "{reader@secret.example: 1, channels: [{channel: email, target: a@b.example}]}",
        "channels: [{channel: secret.example, target: a@b.example}]",
        "channels: [{channel: email, target: {env: secret.example}}]",
        "channels: [{channel: email, target: {file: /nowhere/secret.example}}]",
        "{language: secret.example, channels: [{channel: email, target: a@b.example}]}",
        "{mode: secret.example, tests: secret.example, channels: [{channel: email, target: a@b.example}]}",
        "{since: secret.example, id: secret.example, channels: [{channel: email, target: a@b.example}]}",
        "{interests: [{kinds: [secret.example], regions: [secret.example]}], channels: [{channel: email, target: a}]}",
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


@pytest.mark.parametrize(
    ("written", "read"),
    [("1001", "1001"), ("-1001557912345", "-1001557912345"), ("0777", "0777"), ("10_02", "10_02"), ("1:30", "1:30"),
     ("'1001'", "1001"), ("no", "no"), ("2024-12-28", "2024-12-28"), ("-1.0e+12", "-1.0e+12"), ("0x1F", "0x1F")],
)  # fmt: skip
def test_an_address_without_quotes_is_what_stands_there_and_not_what_yaml_makes_of_it(written: str, read: str) -> None:
    [entry] = read_entries(f"{{channels: [{{channel: telegram, target: {written}}}]}}", "file")
    assert entry.channels[0].target == read


def test_words_that_yaml_takes_for_yes_and_no_are_words_and_tests_still_takes_them() -> None:
    [entry] = read_entries("{language: no, tests: yes, id: 5, channels: [{channel: email, target: a}]}", "file")
    assert (entry.language, entry.tests, entry.label) == ("no", True, "5")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{channels: [{channel: email, target: {a: 1}}]}", _QUOTES),
        ("{channels: [{channel: email, target: [s3cret]}]}", _QUOTES),
        ("{channels: [{channel: email}]}", "file: subscribers.0.channels.0.target: it is missing"),
        ("{channels: []}", "file: subscribers.0.channels: name at least one"),
        ("{}", "file: subscribers.0.channels: it is missing"),
        ("{intrests: [], channels: [{channel: email, target: a}]}",
         "file: subscribers.0: a field that we do not know; did you mean interests?"),
        ("{tests: s3cret, channels: [{channel: email, target: a}]}",
         "file: subscribers.0.tests: it takes true or false"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once_with_what_to_do(written: str, told: str) -> None:
    with pytest.raises(UnusableSubscribers) as raised:
        read_entries(written, "file")
    assert str(raised.value) == told


def test_a_region_misspelt_is_told_with_what_was_meant() -> None:
    with pytest.raises(UnusableSubscribers, match=r"regions\.0: it is one of 'brest', .*; did you mean gomel\?"):
        read_entries("{channels: [{channel: email, target: a}], interests: [{regions: [homel]}]}", "file")
