from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.sources.poll_hints import wait_of_feed, wait_of_headers

SATURDAY = datetime(2024, 12, 28, 22, 30, tzinfo=UTC)


def feed(said: str) -> str:
    return f"<rss><channel><title>x</title>{said}<item><ttl>9999</ttl></item></channel></rss>"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", None),
        ("<ttl>15</ttl>", 900),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>NaN</ttl>", None),
        ("<ttl>999999</ttl>", 86_400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("<skipHours><hour>22</hour><hour>23</hour></skipHours>", 5400),
        ("<skipHours><hour>3</hour></skipHours>", None),
        ("<skipDays><day>Saturday</day></skipDays>", 5400),
        ("<skipDays><day>Saturday</day></skipDays><ttl>180</ttl>", 10_800),
        ("<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24)) + "</skipHours>", 86_400),
    ],
)
def test_a_feed_says_how_rarely_it_wants_to_be_asked(said: str, seconds: float | None) -> None:
    assert wait_of_feed(feed(said), SATURDAY) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=300"}, 300),
        ({"cache-control": "max-age=300", "age": "120"}, 180),
        ({"cache-control": "max-age=300", "age": "900"}, None),
        ({"cache-control": "max-age=300, no-cache"}, None),
        ({"cache-control": "s-maxage=300"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=99999999999999"}, 86_400),
        ({"cache-control": "max-age=300", "age": "²"}, 300),
    ],
)
def test_headers_say_how_long_an_answer_stays_fresh(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_of_headers(headers) == seconds


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_and_no_header_raise(text: str, header: str) -> None:
    wait_of_feed(feed(text), SATURDAY)
    wait_of_headers({"cache-control": header, "age": header})


NOON = "Sat, 28 Dec 2024 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"date": NOON, "expires": "Sat, 28 Dec 2024 12:10:00 GMT"}, 600),
        ({"date": NOON, "expires": "Sat, 28 Dec 2024 12:10:00 GMT", "age": "60"}, 540),
        ({"date": NOON, "expires": "Sat, 28 Dec 2024 12:10:00 GMT", "cache-control": "max-age=60"}, 60),
        ({"date": NOON, "expires": "Sat, 28 Dec 2024 12:10:00 GMT", "cache-control": "max-age=0"}, None),
        ({"date": NOON, "expires": "Sat, 28 Dec 2024 12:10:00 GMT", "cache-control": "no-cache"}, None),
        ({"date": NOON, "expires": "Mon, 28 Dec 2054 12:10:00 GMT"}, 86_400),
        ({"date": NOON, "expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"date": NOON, "expires": NOON}, None),
        ({"date": NOON, "expires": "0"}, None),
        ({"date": NOON, "expires": "-1"}, None),
        ({"expires": "Sat, 28 Dec 2024 12:10:00 GMT"}, None),
    ],
)
def test_expires_is_heard_where_max_age_is_silent(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_of_headers(headers) == seconds
