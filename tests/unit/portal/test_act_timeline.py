"""The picture of the acts: a dot is an act, each on its day, none lost without the table counting it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contract import Kind
from services.portal.news.act_timeline import LANE, MONTHS, RADIUS, WIDTH, ActMark, act_timeline, day_of

LAST = date(2026, 11, 30)
KINDS = st.sampled_from([Kind.PARDON, Kind.ARREST])
DAYS = st.integers(0, 500).map(lambda back: LAST - timedelta(days=back))


def mark(day: date, kind: Kind = Kind.ARREST, story: str = "a") -> ActMark:
    return ActMark(story, kind, day)


@given(st.lists(st.tuples(DAYS, KINDS), max_size=120))
def test_dots_lie_in_their_lane_and_none_upon_another(acts: list[tuple[date, Kind]]) -> None:
    picture = act_timeline([mark(day, kind, str(number)) for number, (day, kind) in enumerate(acts)], LAST)
    places = [(dot.x, dot.y) for dot in picture.dots]
    assert len(set(places)) == len(places)
    for dot in picture.dots:
        assert RADIUS <= dot.x <= WIDTH - RADIUS
        assert picture.base[dot.kind] - LANE < dot.y - RADIUS
        assert dot.y + RADIUS < picture.base[dot.kind] < picture.height


@given(st.lists(st.tuples(DAYS, KINDS), max_size=120))
def test_the_table_counts_every_act_of_the_year_and_no_other(acts: list[tuple[date, Kind]]) -> None:
    picture = act_timeline([mark(day, kind) for day, kind in acts], LAST)
    first = picture.rows[-1].first
    assert (len(picture.rows), picture.rows[0].first, first) == (MONTHS, date(2026, 11, 1), date(2025, 12, 1))
    for kind in (Kind.PARDON, Kind.ARREST):
        counted = sum(row.counts[kind] for row in picture.rows)
        assert counted == sum(1 for day, one in acts if one is kind and day >= first)


def test_an_act_of_tomorrow_or_of_long_ago_is_not_shown() -> None:
    assert act_timeline([mark(LAST + timedelta(days=1)), mark(date(2025, 11, 30))], LAST).dots == ()


def test_later_stands_to_the_right() -> None:
    early, late = act_timeline([mark(LAST), mark(date(2026, 1, 5))], LAST).dots
    assert early.x < late.x


def test_the_story_itself_is_marked_even_where_its_day_is_full() -> None:
    crowd = [mark(LAST, story=str(number)) for number in range(50)]
    picture = act_timeline([*crowd, mark(LAST, story="this")], LAST, "this")
    assert [dot.is_this for dot in picture.dots].count(True) == 1
    assert len(picture.dots) < 51
    assert picture.rows[0].counts[Kind.ARREST] == 51


@pytest.mark.parametrize(
    ("occurred", "told", "day"),
    [
        ("2026-11-20", "2026-11-25T10:00:00Z", date(2026, 11, 20)),
        (None, "2026-11-25T22:30:00.000Z", date(2026, 11, 26)),
        ("in winter", "2026-11-25T10:00:00Z", date(2026, 11, 25)),
    ],
)
def test_an_act_without_a_day_stands_on_that_of_its_news_in_minsk(occurred: str | None, told: str, day: date) -> None:
    assert day_of(occurred, told) == day
