"""Dates that no news can have break nothing, whichever door they come through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from services.contract import PartyClass
from services.ingest.article_reading import report_of
from services.ingest.articles import to_article
from services.ingest.extraction import extract
from services.ingest.intake import decode_item
from services.ingest.news_time import MINSK, day_in_minsk, known_date
from services.ingest.release.rules import load_rules, rule
from services.ingest.reports import compose_report
from services.ingest.sources.base import Item
from services.ingest.stories import place

NOW = datetime(2024, 12, 28, 12, tzinfo=UTC)
ITEM = Item(
    source_id="sample-wire",
    source_name="Sample Wire",
    source_class=PartyClass.MEDIA,
    title="20 people pardoned in Belarus",
    body="Alexander Lukashenko pardoned 20 people on 28 December 2024, his press service said.",
    received=NOW,
)
RULES = load_rules((Path(__file__).parents[3] / "infra" / "release_rules.yaml").read_text(encoding="utf-8"))
NO_DATES = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=MINSK),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-12))),
)


@pytest.mark.parametrize("moment", NO_DATES)
def test_a_date_that_no_news_can_have_counts_as_not_given(moment: datetime) -> None:
    item = replace(ITEM, published=moment, as_of=moment.date(), received=moment)
    assert (item.published, item.as_of, item.received) == (None, None, None)
    assert known_date(moment.date()) is None
    assert known_date(NOW) is NOW


@pytest.mark.parametrize("moment", NO_DATES)
def test_an_article_dated_beyond_the_calendar_is_read_to_its_story_all_the_same(moment: datetime) -> None:
    raw = msgspec.json.encode(msgspec.to_builtins(ITEM) | {"published": moment}).decode()
    report = report_of(to_article(decode_item(raw)))
    assert report
    placement = place(report, [], NOW)
    assert (placement.story.dated.day, report.source.published) == ("2024-12-28", None)
    assert rule(placement, report, RULES).action != "nothing"


@pytest.mark.parametrize("moment", NO_DATES)
def test_the_pure_stations_stand_any_date_by_themselves(moment: datetime) -> None:
    report = report_of(to_article(replace(ITEM, published=NOW)))
    assert report
    for odd in (
        replace(report, occurred_on=None, published=moment),
        replace(report, occurred_on=None, published=None, received=moment),
        replace(report, occurred_on="2024-12-28", received=moment),
        replace(report, occurred_on=None, published=None, as_of=date.max),
        replace(report, occurred_on="9999-12-31"),
    ):
        placement = place(odd, [], NOW)
        assert placement.outcome == "new"
        assert place(replace(report, id="another"), [placement.story], NOW).outcome
        assert rule(placement, odd, RULES).reason


@pytest.mark.parametrize("moment", NO_DATES)
def test_a_report_takes_no_such_date_from_an_article(moment: datetime) -> None:
    article = to_article(ITEM)
    report = compose_report(replace(article, published=moment), extract(article.text, title=article.title))
    assert report
    assert (report.published, report.source.published) == (None, None)


def test_the_day_is_that_of_minsk() -> None:
    assert day_in_minsk(datetime(2024, 12, 28, 21, 30, tzinfo=UTC)) == date(2024, 12, 29)
    assert day_in_minsk(datetime(2024, 12, 28, 20, 30)) == date(2024, 12, 28)


def test_today_is_the_day_in_minsk_when_the_text_came_out() -> None:
    night = datetime(2024, 12, 27, 22, 30, tzinfo=UTC)
    today = replace(ITEM, body="Alexander Lukashenko pardoned 20 people today, his press service said.")
    report = report_of(to_article(replace(today, published=night)))
    assert report
    assert report.occurred_on == "2024-12-28"
