"""The address of sentinels, in parts; what is shown of it has no secret."""

from __future__ import annotations

import pytest
from faststream.redis import RedisBroker
from prometheus_client import CollectorRegistry

from services.runtime.connections import open_redis
from services.runtime.consumers import open_broker
from services.runtime.sentinel_address import SentinelAddress

FULL = (
    "redis+sentinel://user:s3cret%2F@a.example.org:26380,b.example.org,[::1]:26381/main/3?sentinel_password=s3cret%26"
)


def test_all_parts_are_found_and_the_sentinels_have_a_password_of_their_own() -> None:
    address = SentinelAddress.of(FULL)
    assert address.hosts == (("a.example.org", 26380), ("b.example.org", 26379), ("::1", 26381))
    assert (address.master, address.database, address.tls) == ("main", 3, False)
    assert (address.options["username"], address.options["password"]) == (None, "s3cret&")


@pytest.mark.parametrize("secret", ["s3cret", "user"])
def test_no_secret_is_shown(secret: str) -> None:
    address = SentinelAddress.of(FULL)
    assert secret not in repr(address)
    assert str(address) == "redis+sentinel://a.example.org:26380,b.example.org:26379,[::1]:26381/main/3"


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_both_clients_log_in_at_the_master_as_the_address_says(scheme: str) -> None:
    url = FULL.replace("redis", scheme, 1) + "&socket_timeout=2"
    broker: RedisBroker = open_broker(url, CollectorRegistry())
    for options in (open_redis(url).connection_pool.connection_kwargs, broker.config.connection._options):
        assert (options["username"], options["password"], options["db"]) == ("user", "s3cret/", 3)
        assert options["socket_timeout"] == 2.0
        assert "sentinel_password" not in options
    assert "s3cret" not in str(broker.specification.url)


def test_what_tls_needs_is_for_the_sentinels_too() -> None:
    address = SentinelAddress.of("rediss+sentinel://a.example.org/main?ssl_ca_certs=/ca.pem&socket_timeout=2")
    assert address.options["ssl_ca_certs"] == "/ca.pem"
    assert "socket_timeout" not in address.options
