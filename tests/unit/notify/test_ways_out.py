"""What an operator names is open, and only that; what we are ourselves is nobody's endpoint."""

from __future__ import annotations

import pytest

from services.egress import EgressPolicy, ForbiddenTarget
from services.egress.targets import Guard
from services.notify.channels import ChannelSettings, TelegramSettings
from services.notify.settings import NotifySettings
from services.notify.ways_out import bot_api_policy, endpoint_policy


def settings(**given: object) -> NotifySettings:
    return NotifySettings.model_validate({"public_url": "https://alerts.example.org", **given})


def bot_at(api_base: str) -> Guard:
    return Guard(bot_api_policy(settings(channels=ChannelSettings(telegram=TelegramSettings(api_base=api_base)))))


@pytest.mark.parametrize(
    ("api_base", "host", "port"),
    [
        ("http://127.0.0.1:8081", "127.0.0.1", 8081),
        ("http://bot-api:8081", "bot-api", 8081),
        ("https://bots.internal", "bots.internal", 443),
        ("http://[::1]:8081/base", "::1", 8081),
        ("https://Bots.Example.ORG:9443", "bots.example.org", 9443),
    ],
)
def test_a_bot_api_of_ones_own_needs_no_other_setting(api_base: str, host: str, port: int) -> None:
    guard = bot_at(api_base)
    assert guard.read_url(f"{api_base}/bot1:a/sendMessage").host == host
    assert guard.is_named(host, port)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8082/", "https://127.0.0.1:8081/", "http://127.0.0.2:8081/", "http://localhost:8081/",
     "http://169.254.169.254/", "http://bot-api.example.org:8081/"],
)  # fmt: skip
def test_nothing_beside_the_bot_api_is_open(url: str) -> None:
    with pytest.raises(ForbiddenTarget):
        bot_at("http://127.0.0.1:8081").read_url(url)


def test_a_bot_api_is_no_endpoint_for_being_named() -> None:
    named = settings(channels=ChannelSettings(telegram=TelegramSettings(api_base="http://10.0.0.9:8081")))
    with pytest.raises(ForbiddenTarget):
        Guard(endpoint_policy(named)).read_url("http://10.0.0.9:8081/hook")


OPEN = {"allow_http": True, "allowed_networks": ("127.0.0.0/8", "::1/128", "10.0.0.0/8")}


@pytest.mark.parametrize(
    ("ours", "url"),
    [
        ({"public_url": "https://alerts.example.org"}, "https://alerts.example.org/a"),
        ({"public_url": "https://alerts.example.org/vestka/"}, "HTTPS://Alerts.Example.org:443/a?b"),
        ({"public_url": "https://alerts.example.org"}, "https://alerts.example.org./a"),
        ({"public_url": "https://bücher.example"}, "https://xn--bcher-kva.example/a"),
        ({"public_url": "http://127.0.0.1:8702"}, "http://127.0.0.1:8702/v1/reports"),
        ({"public_url": "https://[::1]"}, "https://[0:0:0:0:0:0:0:1]/"),
        ({"notify_port": 9702, "notify_host": "0.0.0.0"}, "http://127.0.0.1:9702/stop/x"),
        ({"notify_port": 9702, "notify_host": "10.0.0.3"}, "http://10.0.0.3:9702/"),
    ],
)
def test_our_own_address_is_no_endpoint(ours: dict[str, object], url: str) -> None:
    with pytest.raises(ForbiddenTarget, match="our own address"):
        Guard(endpoint_policy(settings(**OPEN | ours))).read_url(url)


def test_a_name_that_leads_to_where_we_listen_is_no_endpoint_either() -> None:
    guard = Guard(endpoint_policy(settings(**OPEN, notify_port=9702)))
    guard.read_url("http://partner.example:9702/")
    with pytest.raises(ForbiddenTarget, match="our own address"):
        guard.admit("127.0.0.1", 9702)


def test_another_port_of_our_host_may_be_a_partners() -> None:
    guard = Guard(endpoint_policy(settings(**OPEN, public_url="http://127.0.0.1:8702")))
    assert guard.read_url("http://127.0.0.1:9000/a").port == 9000


@pytest.mark.parametrize("url", ["https://10.0.0.7/a", "https://partner.internal/a", "https://partner/a"])
def test_a_refusal_names_the_setting_that_would_allow_it(url: str) -> None:
    with pytest.raises(ForbiddenTarget, match=r"VESTKA_ALLOWED_NETWORKS_ENDPOINTS or VESTKA_ALLOWED_NETWORKS would"):
        Guard(endpoint_policy(settings())).read_url(url)
    with pytest.raises(ForbiddenTarget, match=r"VESTKA_ALLOW_HTTP=true would"):
        Guard(endpoint_policy(settings())).read_url("http://partner.example/a")
    with pytest.raises(ForbiddenTarget) as raised:
        Guard(EgressPolicy()).read_url(url)
    assert "VESTKA" not in str(raised.value), "without settings there is nothing to name"
