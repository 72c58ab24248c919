"""Settings that can each be used, and together would ruin it: refused, by the name of what refuses and what allows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.cli.checks import problems_of, unknown_names
from services.cli.what_is_on import what_is_on
from services.notify.earnest import ruinous
from services.notify.settings import NotifySettings
from services.runtime.settings import SettingsError, load_settings

RELAY = {
    "VESTKA_CHANNELS__EMAIL__HOST": "smtp.example.org",
    "VESTKA_CHANNELS__EMAIL__SENDER": "alerts@example.org",
    "VESTKA_CHANNELS__EMAIL__LIST_ID": "alerts.example.org",
    "VESTKA_PUBLIC_URL": "https://alerts.example.org",
}
BOT = {"VESTKA_CHANNELS__TELEGRAM__TOKEN": "1:abcdefghijklmnopqrstuvwxyz", "VESTKA_PUBLIC_URL": "https://a.example.org"}
BOTH = ("ingest", "notify")
STARTTLS = "VESTKA_CHANNELS__EMAIL__STARTTLS"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in list(os.environ):
        if name.startswith("VESTKA_") or name == "REDIS_URL":
            monkeypatch.delenv(name)
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(folder))
    return folder


def problems(
    monkeypatch: pytest.MonkeyPatch, *given: dict[str, str], of: tuple[str, ...] = ("notify",), **more: str
) -> list[str]:
    for settings in (*given, more):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
    return problems_of(of) if of == BOTH else of_the_settings()


def of_the_settings() -> list[str]:
    """What `problems_of` says of settings, without reading every file that they name."""
    try:
        return list(dict.fromkeys([*unknown_names(), *ruinous(load_settings(NotifySettings))]))
    except SettingsError as error:
        return list(dict.fromkeys([*unknown_names(), *str(error).splitlines()]))


@pytest.mark.parametrize("settings", [RELAY, BOT, RELAY | BOT])
def test_what_is_meant_in_earnest_can_be_run(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    assert problems(monkeypatch, settings, of=BOTH) == []


def test_what_would_ruin_it_stops_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    [problem] = problems(monkeypatch, RELAY, {STARTTLS: "off"}, of=BOTH)
    assert problem.startswith(f"{STARTTLS}: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8702", "https://127.0.0.1", "https://localhost", "https://alerts.localhost:8702",
        "https://[::1]:8702", "https://[::ffff:127.0.0.1]", "https://0.0.0.0", "https://10.0.0.7",
        "https://192.168.1.4:8702", "https://[fd00::1]", "https://notify:8702", "https://vestka.internal",
        "https://vestka.local", "http://alerts.example.org", "http://93.184.215.14", "HTTP://alerts.example.org/vestka",
    ],
)  # fmt: skip
@pytest.mark.parametrize("channel", [RELAY, BOT, {"VESTKA_CHANNELS__WEBHOOK__DEADLINE": "15"}])
def test_links_that_readers_cannot_follow_safely_go_out_on_no_real_channel(
    monkeypatch: pytest.MonkeyPatch, channel: dict[str, str], url: str
) -> None:
    [problem] = problems(monkeypatch, channel, VESTKA_PUBLIC_URL=url)
    assert problem.startswith("VESTKA_PUBLIC_URL: ")
    assert "VESTKA_DEVELOPMENT=true" in problem
    assert problems(monkeypatch, VESTKA_DEVELOPMENT="true") == []


@pytest.mark.parametrize(
    "url",
    ["alerts.example.org", "//alerts.example.org", "alerts.example.org:443", "", "https://", "https:alerts.example.org",
     "ftp://alerts.example.org", "https://alerts.example.org:70000", "https://alerts.example.org:0",
     "https://user@alerts.example.org", "https://alerts.example.org?a=b", "https://alerts example.org"],
)  # fmt: skip
def test_what_is_no_base_of_a_link_is_refused_on_every_machine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    [problem] = problems(monkeypatch, VESTKA_PUBLIC_URL=url, VESTKA_DEVELOPMENT="true")
    assert problem.startswith("VESTKA_PUBLIC_URL: ")


@pytest.mark.parametrize(
    "url", ["https://alerts.example.org", "https://alerts.example.org:8443/vestka/", "https://93.184.215.14",
            "http://vestkavestkavestkavestkavestkavestkavestkavestkavestkaveb.onion", "https://bücher.example"],
)  # fmt: skip
def test_addresses_that_readers_can_follow_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert problems(monkeypatch, RELAY, VESTKA_PUBLIC_URL=url) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.3.2.1", "LOCALHOST.", "mail.localhost"])
@pytest.mark.parametrize("starttls", ["off", "opportunistic"])
def test_a_relay_on_the_same_machine_needs_no_tls_and_makes_no_link_real(
    monkeypatch: pytest.MonkeyPatch, host: str, starttls: str
) -> None:
    given = {"VESTKA_CHANNELS__EMAIL__HOST": host, STARTTLS: starttls, "VESTKA_PUBLIC_URL": "http://127.0.0.1:8702"}
    assert problems(monkeypatch, RELAY, given) == []


@pytest.mark.parametrize("host", ["smtp.example.org", "10.0.0.5", "mail", "localhost.example.org", "93.184.215.14"])
@pytest.mark.parametrize("starttls", ["off", "opportunistic"])
def test_no_letter_goes_to_another_machine_without_tls(
    monkeypatch: pytest.MonkeyPatch, host: str, starttls: str
) -> None:
    [problem] = problems(monkeypatch, RELAY, {"VESTKA_CHANNELS__EMAIL__HOST": host, STARTTLS: starttls})
    assert problem.startswith(f"{STARTTLS}: ")
    assert "VESTKA_CHANNELS__EMAIL__TRUSTED_NETWORK" in problem
    assert problems(monkeypatch, VESTKA_CHANNELS__EMAIL__TRUSTED_NETWORK="true") == []
    monkeypatch.delenv("VESTKA_CHANNELS__EMAIL__TRUSTED_NETWORK")
    assert problems(monkeypatch, VESTKA_CHANNELS__EMAIL__IMPLICIT_TLS="true") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VESTKA_CHANNELS__EMAIL__PORT", "0"), ("VESTKA_CHANNELS__EMAIL__PORT", "70000"),
        ("VESTKA_CHANNELS__EMAIL__PORT", "-25"), ("VESTKA_CHANNELS__EMAIL__PORT", "465"),
        ("VESTKA_NOTIFY_PORT", "65536"), ("VESTKA_INGEST_PORT", "-1"),
        ("VESTKA_CHANNELS__TELEGRAM__API_BASE", "https://bot.example.org:70000"),
        ("VESTKA_CHANNELS__TELEGRAM__API_BASE", "bot.example.org"),
        ("VESTKA_CHANNELS__TELEGRAM__API_BASE", "http://bot.example.org"),
        ("VESTKA_CHANNELS__EMAIL__HOST", "https://smtp.example.org"), ("VESTKA_CHANNELS__EMAIL__HOST", " "),
        ("VESTKA_CHANNELS__EMAIL__CA_FILE", "/no/such/file.pem"), ("VESTKA_CHANNELS__EMAIL__DEADLINE", "0"),
        ("VESTKA_CHANNELS__EMAIL__DEADLINE", "nan"), ("VESTKA_CHANNELS__TELEGRAM__OVERALL_PER_SECOND", "0"),
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    [problem] = problems(monkeypatch, RELAY | BOT, {name: value}, of=BOTH)
    assert problem.startswith(f"{name}: ")


@pytest.mark.parametrize(("one", "other"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("10.0.0.1", "::")])
def test_two_services_on_one_port_are_refused_before_one_of_them_fails(
    monkeypatch: pytest.MonkeyPatch, one: str, other: str
) -> None:
    ports = {"VESTKA_INGEST_PORT": "9000", "VESTKA_NOTIFY_PORT": "9000"}
    [problem] = problems(monkeypatch, ports, of=BOTH, VESTKA_INGEST_HOST=one, VESTKA_NOTIFY_HOST=other)
    assert "VESTKA_INGEST_PORT" in problem
    assert "VESTKA_NOTIFY_PORT" in problem
    assert problems_of(["notify"]) == []
    assert problems(monkeypatch, of=BOTH, VESTKA_INGEST_PORT="0", VESTKA_NOTIFY_PORT="0") == []


def test_one_port_on_two_addresses_of_the_machine_is_no_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = {"VESTKA_INGEST_HOST": "10.0.0.1", "VESTKA_NOTIFY_HOST": "10.0.0.2"}
    assert problems(monkeypatch, hosts, of=BOTH, VESTKA_INGEST_PORT="9000", VESTKA_NOTIFY_PORT="9000") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("VESTKA_PUBLIC_ULR", "VESTKA_PUBLIC_URL"),
        ("VESTKA_ALLOW_NETWORKS", "VESTKA_ALLOWED_NETWORKS"),
        ("VESTKA_LINK_KEY_BEFORE", "VESTKA_LINK_KEYS_BEFORE"),
        ("VESTKA_CHANNEL__EMAIL__HOST", "VESTKA_CHANNELS__EMAIL__HOST"),
        ("VESTKA_CHANNELS_EMAIL_HOST", "VESTKA_CHANNELS__EMAIL__HOST"),
        ("VESTKA_CHANNELS__EMAIL__PASWORD", "VESTKA_CHANNELS__EMAIL__PASSWORD"),
        ("VESTKA_CHANNELS__TELEGRAM__TOKN", "VESTKA_CHANNELS__TELEGRAM__TOKEN"),
        ("VESTKA_REPORT_TOKEN__NEWSROOM", "VESTKA_REPORT_TOKENS__NEWSROOM"),
        ("VETSKA_LOG_LEVEL", "VESTKA_LOG_LEVEL"),
        ("vestka_log_levle", "VESTKA_LOG_LEVEL"),
    ],
)
@pytest.mark.parametrize("in_a_file", [False, True])
def test_a_name_that_is_no_setting_is_told_with_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, secrets: Path, written: str, meant: str, in_a_file: bool
) -> None:
    if in_a_file:
        (secrets / written.lower()).write_text("s3cret")
    else:
        monkeypatch.setenv(written, "s3cret")
    told = [one for one in problems(monkeypatch, RELAY | BOT) if one.startswith(f"{written.upper()}: ")]
    assert len(told) == 1
    assert f"did you mean {meant}?" in told[0]
    assert "s3cret" not in told[0]


def test_a_name_like_no_setting_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    [problem] = problems(monkeypatch, VESTKA_ZZZ="1")
    assert problem.startswith("VESTKA_ZZZ: there is no such setting. ")


def test_names_of_the_operators_own_are_no_mistakes(
    monkeypatch: pytest.MonkeyPatch, secrets: Path, tmp_path: Path
) -> None:
    (secrets / "vestka_report_tokens__newsroom").write_text("a token of more than 24 characters")
    (secrets / "redis_password").write_text("not ours")
    (secrets / "..data").mkdir()
    entry = "{id: a, channels: [{channel: webhook, target: {env: VESTKA_PARTNERS_URL}}]}"
    (tmp_path / "subscribers.yaml").write_text(f"subscribers: [{entry}]")
    given = {
        "VESTKA_OPERATOR_TOKENS__MARIA": "another token of more than 24 characters",
        "VESTIBULE": "x",
        "VEST_X": "y",
    }
    given |= {"VESTKA_SETTINGS": "x", "VESTKA_PARTNERS_URL": "https://partner.example.org/a", "VESTKA_PORTAL_PORT": "1"}
    given |= {"VESTKA_CHANNELS__WEBHOOK__DEADLINE": "9", "VESTKA_PUBLIC_URL": "https://alerts.example.org"}
    found = problems(monkeypatch, given, VESTKA_SUBSCRIBERS_FILE=str(tmp_path / "subscribers.yaml"))
    assert [one for one in found if "no such setting" in one] == []


def test_what_is_on_is_listed_without_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given = RELAY | BOT | {"REDIS_URL": "redis://:s3cret@db.example.org:6380/2", "VESTKA_REPORT_TOKEN": "s3cret" * 5}
    given |= {"VESTKA_CHANNELS__EMAIL__PASSWORD": "s3cret", "VESTKA_LINK_KEY": "s3cret"}
    assert problems(monkeypatch, given) == []
    listed = what_is_on()
    assert listed["email"] == "smtp.example.org:587, STARTTLS"
    assert listed["telegram"] == "api.telegram.org"
    assert listed["webhook"] is None
    assert listed["store"] == "redis://db.example.org:6380/2"
    assert listed["partners"] == 1
    assert "s3cret" not in str(listed)
    monkeypatch.setenv("REDIS_URL", "redis+sentinel://:s3cret@a.example.org,[::1]:26380/main?sentinel_password=s3cret")
    assert what_is_on()["store"] == "redis+sentinel://a.example.org:26379,[::1]:26380/main/0"
    monkeypatch.delenv("REDIS_URL")
    assert str(what_is_on()["store"]).startswith("embedded, in ")
