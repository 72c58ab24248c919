"""What a setting takes, and how a value that it does not take is told without being shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.ingest.settings import IngestSettings
from services.notify.settings import NotifySettings
from services.notify.ways_out import endpoint_policy
from services.runtime.settings import SettingsError, load_settings


@pytest.fixture(autouse=True)
def _no_secrets_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("written", "networks"),
    [
        ("127.0.0.0/8", ("127.0.0.0/8",)),
        ("10.1.0.0/16, fd00:1::/64", ("10.1.0.0/16", "fd00:1::/64")),
        ('["10.1.0.0/16"]', ("10.1.0.0/16",)),
        ("10.1.2.3", ("10.1.2.3/32",)),
        ("[]", ()),
        ("", ()),
    ],
)
def test_networks_are_written_with_commas_or_in_json(
    monkeypatch: pytest.MonkeyPatch, written: str, networks: tuple[str, ...]
) -> None:
    monkeypatch.setenv("VESTKA_ALLOWED_NETWORKS", written)
    assert load_settings(NotifySettings).allowed_networks == networks


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VESTKA_ALLOWED_NETWORKS", "s3cret"),
        ("VESTKA_ALLOWED_NETWORKS", "10.0.0.0/33"),
        ("VESTKA_ALLOWED_NETWORKS", "10.0.0.1/8"),
        ("VESTKA_ALLOWED_NETWORKS", "8"),
        ("VESTKA_ALLOWED_NETWORKS", '{"10.0.0.0": 8}'),
        ("VESTKA_CHANNELS", "s3cret"),
        ("VESTKA_CHANNELS__EMAIL", "s3cret"),
        ("VESTKA_NOTIFY_PORT", "70000"),
        ("VESTKA_RECLAIM_AFTER", "nan"),
        ("VESTKA_WORKERS", "-32"),
        ("VESTKA_KEEP_EVENTS_DAYS", "-400"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "redis://:s3cr/et@db.example.org"),
        ("REDIS_URL", "redis://:12/3@db.example.org"),
        ("REDIS_URL", "redis://:12#3@db.example.org"),
        ("REDIS_URL", "redis://db.example.org/events"),
        ("REDIS_URL", "redis://db.example.org?s3cret=1"),
        ("REDIS_URL", "unix://"),
        ("REDIS_URL", "redis+sentinel://db.example.org:26379"),
        ("REDIS_URL", "redis+sentinel://:s3cr/et@db.example.org:26379/main/0"),
        ("REDIS_URL", "redis+sentinel://:12#3@db.example.org:26379/main/0"),
        ("REDIS_URL", "redis+sentinel://db.example.org:70000/main"),
        ("REDIS_URL", "redis+sentinel://db.example.org,,/main"),
        ("REDIS_URL", "redis+sentinel://db.example.org/main/events"),
        ("REDIS_URL", "redis+sentinel://db.example.org/main?s3cret=1"),
        ("REDIS_URL", "redis+cluster://:s3cret@db.example.org/0"),
        ("REDIS_URL", "db.example.org:6379"),
    ],
)
def test_a_value_that_cannot_be_used_is_not_shown_and_its_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings(NotifySettings)
    told = str(raised.value)
    assert told.startswith(f"{name}: ")
    assert "s3cr" not in told
    assert "db.example.org" not in told
    assert "infra/settings.env" in told


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://db.example.org:6379/0",
        "rediss://user:p%2Fw%23d@db.example.org:6380/3",
        "redis://[::1]:6379",
        "unix:///run/redis/redis.sock",
        "unix:///a%20folder/%23/redis.sock",
        "redis://db.example.org?protocol=3&socket_timeout=2",
        "redis+sentinel://db.example.org/main",
        "redis+sentinel://user:p%2Fw%23d@a.example.org:26379,[::1]:26380/main.1/3?sentinel_password=x&protocol=3",
        "rediss+sentinel://a.example.org,b.example.org/main/0?ssl_cert_reqs=none",
    ],
)
def test_addresses_of_redis_are_taken_as_they_are(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    given = load_settings(NotifySettings).redis_url
    assert given is not None
    assert given.get_secret_value() == url


def test_a_file_of_secrets_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "vestka_link_key").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="VESTKA_SECRETS_DIR"):
        load_settings(NotifySettings)


def test_a_state_folder_may_be_written_from_the_home_folder_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_STATE_DIR", "~/vestka-state")
    assert load_settings(NotifySettings).state_dir == Path.home() / "vestka-state"


@pytest.mark.parametrize(("written", "amount"), [("512mb", "512mb"), (" 2GB ", "2gb"), ("0", "0")])
def test_memory_is_an_amount_that_redis_understands(monkeypatch: pytest.MonkeyPatch, written: str, amount: str) -> None:
    monkeypatch.setenv("VESTKA_REDIS_MAXMEMORY", written)
    assert load_settings(NotifySettings).redis_maxmemory == amount


@pytest.mark.parametrize("written", ["", "much", "1", "512", "-1gb", "1.5gb", "1gb --port 6379", "0gb", "1tb", "63mb"])
def test_what_is_no_amount_of_memory_is_told(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("VESTKA_REDIS_MAXMEMORY", written)
    with pytest.raises(SettingsError, match=r"^VESTKA_REDIS_MAXMEMORY: it takes an amount of memory"):
        load_settings(NotifySettings)


@pytest.mark.parametrize(
    "written",
    ["s3cret", "s3cret\r\n", "\ufeffs3cret\n", "  \u00a0s3cret\t", "\n\ufeff \ufeffs3cret\u200b\n", "\u2060s3cret"],
)
def test_what_an_editor_puts_round_a_secret_is_no_part_of_it(tmp_path: Path, written: str) -> None:
    (tmp_path / "vestka_link_key").write_text(written, encoding="utf-8", newline="")
    (tmp_path / "vestka_channels__email__password").write_text(f"{written} and more", encoding="utf-8", newline="")
    (tmp_path / "vestka_channels__email__host").write_text("localhost")
    (tmp_path / "vestka_channels__email__sender").write_text("alerts@example.org")
    (tmp_path / "vestka_channels__email__list_id").write_text("alerts.example.org")
    settings = load_settings(NotifySettings)
    assert settings.link_key is not None
    assert settings.link_key.get_secret_value() == "s3cret"
    assert settings.channels.email is not None
    assert settings.channels.email.password is not None
    assert settings.channels.email.password.get_secret_value().endswith(" and more")


@pytest.mark.parametrize(
    ("shared", "own", "endpoints"),
    [
        ("10.1.0.0/16", None, ("10.1.0.0/16",)),
        ("10.1.0.0/16", "10.2.0.0/16,fd00::/8", ("10.2.0.0/16", "fd00::/8")),
        ("10.1.0.0/16", "[]", ()),
        ("10.1.0.0/16", "", ()),
        (None, '["10.2.0.0/16"]', ("10.2.0.0/16",)),
        (None, None, ()),
    ],
)
def test_networks_may_be_opened_for_endpoints_apart(
    monkeypatch: pytest.MonkeyPatch, shared: str | None, own: str | None, endpoints: tuple[str, ...]
) -> None:
    for name, value in (("VESTKA_ALLOWED_NETWORKS", shared), ("VESTKA_ALLOWED_NETWORKS_ENDPOINTS", own)):
        if value is not None:
            monkeypatch.setenv(name, value)
    assert endpoint_policy(load_settings(NotifySettings)).allowed_networks == endpoints


def test_networks_of_the_one_kind_are_no_networks_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_ALLOWED_NETWORKS_SOURCES", "10.1.0.0/16")
    assert load_settings(IngestSettings).allowed_networks_sources == ("10.1.0.0/16",)
    assert endpoint_policy(load_settings(NotifySettings)).allowed_networks == ()
    monkeypatch.setenv("VESTKA_ALLOWED_NETWORKS_SOURCES", "s3cret")
    with pytest.raises(SettingsError, match=r"^VESTKA_ALLOWED_NETWORKS_SOURCES: it takes networks"):
        load_settings(IngestSettings)
