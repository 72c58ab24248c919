from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.cli.arguments import day, entry_id, read_bytes, read_text, time_span
from services.cli.exits import CliExit, Code

NOW = 1_735_377_243.0


def test_a_span_of_time_is_open_where_nothing_is_said() -> None:
    assert time_span(None, None, NOW) == (None, None)
    assert time_span("24h", None, NOW) == (NOW - 86_400, None)
    assert time_span("2024-12-28", "2024-12-28T09:14:03Z", NOW) == (1_735_344_000, 1_735_377_243)


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [
        ("yesterday", None, "--since 'yesterday' is neither"),
        (None, "24 h", "--until '24 h' is neither"),
        ("99999999999d", None, "too far away"),
        (None, f"{'9' * 400}d", "too far away"),
        ("1960-01-01", None, "before 1970"),
        ("0001-01-01T00:00:00+14:00", None, "before 1970"),
        ("99999d", None, "before 1970"),
        ("1h", "2h", "later than --until"),
    ],
)
def test_a_time_that_cannot_be_meant_is_a_mistake_of_usage(since: str | None, until: str | None, why: str) -> None:
    with pytest.raises(CliExit, match=why) as ended:
        time_span(since, until, NOW)
    assert ended.value.code is Code.USAGE


def test_an_id_is_one_that_redis_gives() -> None:
    assert entry_id("1735377243120-0", "vestka dead list") == "1735377243120-0"


@pytest.mark.parametrize(
    "text", ["abc", "", "-", "+", "1735377243120", "1-0 ", "1-0-0", "(1-0", "1" * 20 + "-0", "١-٠"]
)
def test_what_is_no_id_is_a_mistake_of_usage_and_says_where_to_look(text: str) -> None:
    with pytest.raises(CliExit, match="vestka dead list") as ended:
        entry_id(text, "vestka dead list")
    assert ended.value.code is Code.USAGE


def test_a_day_is_a_date() -> None:
    found = day("2024-12-28")
    assert found is not None
    assert found.isoformat() == "2024-12-28"
    with pytest.raises(CliExit, match="YYYY-MM-DD"):
        day("28.12.2024")


def test_a_day_that_is_still_to_come_is_none_on_which_a_text_came_out() -> None:
    today = date(2024, 12, 28)
    assert day("2024-12-28", today) == today
    with pytest.raises(CliExit, match="still to come"):
        day("2024-12-29", today)


def test_a_file_that_is_no_utf_8_is_a_mistake_of_usage_and_nothing_of_it_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "subscribers.yaml"
    file.write_bytes(b"target: reader\xff@example.org")
    with pytest.raises(CliExit, match="is not text in UTF-8") as ended:
        read_text(str(file))
    assert ended.value.code is Code.USAGE
    assert "reader" not in str(ended.value)


def test_the_mark_that_windows_puts_before_utf_8_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "subscribers.yaml"
    file.write_bytes(b"\xef\xbb\xbflanguage: ru")
    assert read_text(str(file)) == "language: ru"


def test_a_file_that_is_not_there_is_a_mistake_of_usage(tmp_path: Path) -> None:
    for missing in (tmp_path / "nothing", tmp_path):
        with pytest.raises(CliExit, match="cannot be read") as ended:
            read_bytes(str(missing))
        assert ended.value.code is Code.USAGE
