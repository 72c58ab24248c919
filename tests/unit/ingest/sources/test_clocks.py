"""Clocks of twelve hours, and zones by name."""

from __future__ import annotations

from datetime import UTC

import pytest

from services.ingest.sources.written_dates import read_date

NIGHT = "2026-11-28T21:10:00+00:00"
MORNING = "2026-11-29T09:00:00+00:00"
AFTERNOON = "2026-11-29T12:30:00+00:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sunday, November 29, 2026 3:30 PM", AFTERNOON),
        ("29 November 2026, 3:30pm", AFTERNOON),
        ("29 November 2026 at 3:30 p.m.", AFTERNOON),
        ("29.11.2026 03:30 pm", AFTERNOON),
        ("29.11.2026 15:30 PM", AFTERNOON),
        ("2026-11-29 03:30 PM", AFTERNOON),
        ("2026-11-29T15:30:00 GMT+3", AFTERNOON),
        ("Sun, 29 Nov 2026 03:30:00 PM +0300", AFTERNOON),
        ("November 29, 2026, 12:10 am", NIGHT),
        ("Sun, 29 Nov 2026 12:10:00 AM +0300", NIGHT),
        ("November 29, 2026 12:00 PM", MORNING),
        ("Sun, 29 Nov 2026 10:00:00 GMT+0100", MORNING),
        ("Sun, 29 Nov 2026 10:00:00 UTC+01:00", MORNING),
        ("Sun, 29 Nov 2026 05:00:00 UTC-4", MORNING),
        ("Sun, 29 Nov 2026 10:00:00 CET", MORNING),
        ("Sun, 29 Nov 2026 11:00:00 CEST", MORNING),
        ("Sun, 29 Nov 2026 11:00:00 EET", MORNING),
        ("Sun, 29 Nov 2026 12:00:00 EEST", MORNING),
        ("Sun, 29 Nov 2026 12:00:00 MSK", MORNING),
        ("Sun, 29 Nov 2026 09:00:00 GMT", MORNING),
        ("Sun, 29 Nov 2026 04:00:00 EST", MORNING),
        ("29 November 2026 11:00 (EET)", MORNING),
        ("Sun, 29 Nov 2026 10:00:00 cet", MORNING),
        ("Sun, 29 Nov 2026 09:00:00 UT", MORNING),
        ("2026-11-29T10:00:00+01", MORNING),
        ("2026-11-29 10:00 +01", MORNING),
        ("2026-11-29T10:00:00+1:00", MORNING),
        ("Sun, 29 Nov 2026 10:00:00 +1", MORNING),
        ("Sun Nov 29 10:00:00 CET 2026", MORNING),
        ("2026-11-29T10:00:00+01:00[Europe/Warsaw]", MORNING),
        ("2026-11-29T09:00Z[UTC]", MORNING),
        ("2026-11-29 12:00:00 +0300 MSK", MORNING),
        ("2026-11-29 12:00 (UTC+3)", MORNING),
        ("20261129T090000Z", MORNING),
        ("2026/11/29 12:00:00", MORNING),
        ("2026.11.29, 12:00", MORNING),
        ("2026-11-29T9:00:00Z", MORNING),
        ("29 November 2026, 3.30 pm", AFTERNOON),
    ],
)
def test_a_moment_is_the_one_that_was_meant(written: str, meant: str) -> None:
    found = read_date(written)
    assert found is not None
    assert found.astimezone(UTC).isoformat() == meant


def test_midnight_at_the_end_of_a_day_is_the_next_one_s() -> None:
    assert read_date("Sat, 28 Nov 2026 24:00:00 +0300") == read_date("Sun, 29 Nov 2026 00:00:00 +0300")
    assert read_date("Sat, 28 Nov 2026 14:24:00 +0300") == read_date("2026-11-28T14:24:00+03:00")


@pytest.mark.parametrize(
    "written",
    [
        "Sun, 29 Nov 2026 10:00:00 XYZT",
        "29 November 2026 10:00 ACWST",
        "Sun, 29 Nov 2026 10:00 A",
        "2026-11-29T10:00:00 Asia/Tokyo",
        "2026-11-29T10:00:00[Asia/Tokyo]",
        "Sun, 29 Nov 2026 10:00:00 Asia/Tokyo",
        "Sun, 29 Nov 2026 10:00:00 PACIFIC",
    ],
)
def test_a_zone_that_nobody_knows_is_no_time_of_minsk(written: str) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    "written", ["10:00 29 NOV 2026", "29 Nov 2026", "29 лістапада 2026, 10:00", "10:00, 29 ноября 2026 г."]
)
def test_what_only_looks_like_a_zone_is_none(written: str) -> None:
    assert read_date(written) is not None
