from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.ingest.news_time import MINSK
from services.ingest.sources.written_dates import read_date

SIX_IN_THE_EVENING = datetime(2024, 12, 28, 18, 0, tzinfo=MINSK)


@pytest.mark.parametrize(
    "written",
    [
        "Sat, 28 Dec 2024 18:00:00 +0300",
        "Sat, 28 Dec 2024 15:00:00 GMT",
        "Sat, 28 Dec 2024 18:00:00",
        "2024-12-28T18:00:00+03:00",
        "2024-12-28T18:00:00+0300",
        "2024-12-28T15:00:00.000Z",
        "2024-12-28 18:00",
        "28.12.2024 18:00",
        "18:00, 28.12.2024",
        "28 декабря 2024, 18:00",
        "28 декабря 2024 года в 18:00",
        "28 снежня 2024, 18:00",
        "28 снежня 2024, 18.00",
        "December 28, 2024 18:00",
        "28 December 2024, 15:00 UTC",
        "Суббота,\n 28\u00a0дек. 2024 18:00",
    ],
)
def test_the_same_moment_is_read_from_every_way_of_writing_it(written: str) -> None:
    assert read_date(written) == SIX_IN_THE_EVENING


@pytest.mark.parametrize(
    ("month", "names"),
    [
        (1, ("января", "студзеня", "January")),
        (2, ("февраля", "лютага", "February")),
        (3, ("марта", "сакавіка", "March")),
        (4, ("апреля", "красавіка", "April")),
        (5, ("мая", "мая", "траўня", "May")),
        (6, ("июня", "чэрвеня", "June")),
        (7, ("июля", "ліпеня", "July")),
        (8, ("августа", "жніўня", "August")),
        (9, ("сентября", "верасня", "September")),
        (10, ("октября", "кастрычніка", "October")),
        (11, ("ноября", "лістапада", "November")),
        (12, ("декабря", "снежня", "December")),
    ],
)
def test_months_are_known_in_three_languages(month: int, names: tuple[str, ...]) -> None:
    assert [read_date(f"9 {name} 2024") for name in names] == [datetime(2024, month, 9, tzinfo=MINSK)] * len(names)


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "1970-01-01T03:00:00+0300",
        "сегодня, 12:30",
        "31.02.2024",
        "2024-13-01",
        "31 foo 2024",
        "12 345",
        "x" * 500,
    ],
)
def test_what_is_no_date_of_news_is_none(written: str | None) -> None:
    assert read_date(written) is None


def test_a_written_zone_wins_over_minsk() -> None:
    assert read_date("2024-12-28T18:00:00Z") == datetime(2024, 12, 28, 18, tzinfo=UTC)
