"""How long an answer asks us to wait, in both forms of RFC 9110."""

from __future__ import annotations

import pytest

from services.egress import read_retry_after

NOW = 1_735_380_000.0  # 2024-12-28T10:00:00Z


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("١٢", None),
        ("9" * 400, None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("86401", 86_400.0),
        ("Sat, 28 Dec 2024 10:01:00 GMT", 60.0),
        ("Sat, 28 Dec 2024 09:00:00 GMT", 0.0),
        ("Sat, 28 Dec 2024 10:01:00 -0000", 60.0),
        ("Sun, 22 Nov 2099 09:00:00 GMT", 86_400.0),
        ("Fri, 99 Dec 2024 10:01:00 GMT", None),
    ],
)
def test_seconds_and_dates_are_read_and_capped_at_a_day(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds
