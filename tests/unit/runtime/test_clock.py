from __future__ import annotations

import pytest

from services.runtime.clock import moment_or_ago, rfc3339, unix_of

NOW = 1_735_380_900.0


def test_a_time_is_written_in_utc_with_milliseconds() -> None:
    assert rfc3339(NOW) == "2024-12-28T10:15:00.000Z"
    assert rfc3339(NOW + 0.1204) == "2024-12-28T10:15:00.120Z"
    assert rfc3339(0) == "1970-01-01T00:00:00.000Z"


def test_written_times_compare_as_text() -> None:
    moments = [0.0, 999.999, NOW, NOW + 0.001, NOW + 0.9, NOW + 1, 4e9]
    assert sorted(map(rfc3339, moments)) == [rfc3339(moment) for moment in moments]


@pytest.mark.parametrize(
    "text",
    ["2024-12-28T10:15:00Z", "2024-12-28T13:15:00+03:00", "2024-12-28T10:15:00.000Z", "2024-12-28T10:15:00"],
)
def test_a_time_is_read_in_any_form_of_rfc_3339_and_as_utc_without_an_offset(text: str) -> None:
    assert unix_of(text) == NOW


@pytest.mark.parametrize("text", ["", "yesterday", "28.12.2024", "2024-13-01"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unix_of(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30s", NOW - 30),
        ("30m", NOW - 1800),
        ("24h", NOW - 86_400),
        ("7d", NOW - 7 * 86_400),
        ("2024-12-28", 1_735_344_000.0),
        ("2024-12-28T10:15:00Z", NOW),
    ],
)
def test_a_moment_may_be_said_as_so_long_ago(text: str, moment: float) -> None:
    assert moment_or_ago(text, NOW) == moment


@pytest.mark.parametrize("text", ["24", "h", "-24h", "24 h", "1w", "24h "])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment_or_ago(text, NOW)
