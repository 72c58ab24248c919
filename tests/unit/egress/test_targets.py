"""Where a stranger's address may lead us: nothing here resolves or connects."""

from __future__ import annotations

import pytest

from services.egress import EgressPolicy, ForbiddenTarget
from services.egress.targets import Guard

PUBLIC = Guard(EgressPolicy())
LOCAL = Guard(EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8", "fd00:1::/64")))

ODD_LITERALS = [
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "127.000.000.001",
    "127.0.0.1.",
    "0",
    "0x",
    "1.1.1.256",
    "1.1.1.1.1",
    "١٢٧.0.0.1",
    "①.1.1.1",
]
CLOSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2a00:1450:4001::5efe:a00:1",
    "2a00:1450:4001:0:200:5efe:a00:1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
OPEN = ["1.1.1.1", "9.255.255.255", "100.63.255.254", "100.128.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.254"]
OPEN_V6 = ["2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450:4001::1"]


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_that_is_not_public_is_never_connected_to(address: str) -> None:
    with pytest.raises(ForbiddenTarget):
        PUBLIC.admit(address, 443)


@pytest.mark.parametrize("address", OPEN + OPEN_V6)
def test_a_public_address_is_open(address: str) -> None:
    PUBLIC.admit(address, 443)


@pytest.mark.parametrize("host", ODD_LITERALS + [f"[{one}]" if ":" in one else one for one in CLOSED])
def test_an_address_written_into_the_url_is_checked_before_anything_else(host: str) -> None:
    with pytest.raises(ForbiddenTarget):
        PUBLIC.read_url(f"https://{host}/hook")


@pytest.mark.parametrize("host", [*OPEN, *(f"[{one}]" for one in OPEN_V6)])
def test_a_public_address_may_be_written_into_the_url(host: str) -> None:
    assert PUBLIC.read_url(f"https://{host}/hook").scheme == "https"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "redis",
        "db.internal",
        "printer.local",
        "router.lan",
        "nas.home.arpa",
        "x.onion",
        "-bad-.example.org",
        "two..example.org",
        "with_underscore.example.org",
        "xn--.example.org",
        "x" * 64 + ".example.org",
        ".".join(["x" * 60] * 5),
        "zero\u200bwidth.example.org",
        "",
    ],
)
def test_a_name_that_is_no_public_one_is_refused(host: str) -> None:
    with pytest.raises(ForbiddenTarget):
        PUBLIC.read_url(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "ws://example.org/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
        "javascript:alert(1)",
        "//example.org/",
        "example.org/hook",
        "https:example.org",
        "https:///hook",
        "",
        "https://example.org@127.0.0.1/",
        "https://example.org:443@127.0.0.1/",
        "https://user:word@example.org/",
        "https://@example.org/",
        "https://example.org:443:80/",
        "https://example.org:443a/",
        "https://example.org:４４３/",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:22/",
        "https://example.org:25/",
        "https://example.org:6379/",
        "https://example.org:10250/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/a b",
        "https://example.org/\r\nX-Injected: 1",
        "https://example.org/\x00",
        " https://example.org/",
        "https://[::1/",
        "https://example.org/" + "x" * 3000,
    ],
)
def test_what_is_not_plainly_an_https_address_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenTarget):
        PUBLIC.read_url(url)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://partner.example.org/hook", "https://partner.example.org/hook"),
        ("HTTPS://Partner.Example.ORG/Hook", "https://partner.example.org/Hook"),
        ("https://partner.example.org:443/hook", "https://partner.example.org/hook"),
        ("https://partner.example.org:8443/hook", "https://partner.example.org:8443/hook"),
        ("https://partner.example.org./hook", "https://partner.example.org/hook"),
        ("https://partner.example.org/hook#part", "https://partner.example.org/hook"),
        ("https://partner.example.org/%0d%0aX:1", "https://partner.example.org/%0d%0aX:1"),
        ("https://partner.example.org?to=a@b", "https://partner.example.org?to=a@b"),
        ("https://localhost.example.org/", "https://localhost.example.org/"),
        ("https://internal.example.org/", "https://internal.example.org/"),
        ("https://пример.бел/крючок", "https://xn--e1afmkfd.xn--90ais/%D0%BA%D1%80%D1%8E%D1%87%D0%BE%D0%BA"),
    ],
)
def test_a_good_address_is_written_one_way(typed: str, read: str) -> None:
    assert str(PUBLIC.read_url(typed)) == read


def test_a_network_that_is_allowed_is_open_on_every_port() -> None:
    assert LOCAL.read_url("http://127.0.0.1:8025/").port == 8025
    assert LOCAL.read_url("http://receiver:9000/").host == "receiver"
    LOCAL.admit("127.8.0.1", 22)
    LOCAL.admit("fd00:1::5", 80)


def test_an_allowed_network_opens_nothing_else() -> None:
    for address, port in (("10.0.0.1", 443), ("::1", 443), ("fd00:2::5", 443), ("1.1.1.1", 22)):
        with pytest.raises(ForbiddenTarget):
            LOCAL.admit(address, port)


def test_a_network_that_is_none_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        Guard(EgressPolicy(allowed_networks=("10.0.0.0/33",)))


def test_a_refusal_says_why_without_repeating_the_address() -> None:
    with pytest.raises(ForbiddenTarget) as caught:
        PUBLIC.read_url("https://user:word@secret-partner.example.org/path")
    assert "user name" in str(caught.value)
    assert "secret-partner" not in str(caught.value) + repr(caught.value)
