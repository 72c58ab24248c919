"""The day of an article is the one that is said of the article itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.ingest.sources.page_reading import read_page

NEWS = f"<article><h1>The news</h1><p>{'The office told of it in the evening. ' * 5}</p></article>"
OLD, DAY = "2012-01-01", "2024-12-28"


def day_of(before: str = "", after: str = "", head: str = "", body: str = NEWS) -> str | None:
    page = read_page(f"<html><head><title>The news</title>{head}</head><body>{before}{body}{after}</body></html>")
    assert page is not None
    return f"{page.published:%Y-%m-%d}" if page.published else None


def said(document: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(document)}</script>'


def of(kind: str, day: str, **more: Any) -> dict[str, Any]:
    return {"@type": kind, "datePublished": day, **more}


@pytest.mark.parametrize(
    "kind", ["WebSite", "WebPage", "Organization", "ImageObject", "VideoObject", "Comment", "Person"]
)
def test_the_article_s_own_object_goes_before_all_others(kind: str) -> None:
    article = of("NewsArticle", DAY, comment=[of("Comment", OLD)], image=of("ImageObject", OLD))
    assert day_of(head=said([of(kind, OLD), article])) == DAY
    assert day_of(head=said({"@graph": [of(kind, OLD), article]})) == DAY
    assert day_of(head=said(of(kind, OLD)) + said(article)) == DAY


@pytest.mark.parametrize(
    "kind", ["WebSite", "Organization", "ImageObject", "VideoObject", "Comment", "Person", "Event"]
)
def test_an_object_of_another_kind_says_no_day(kind: str) -> None:
    assert day_of(head=said(of(kind, OLD))) is None
    assert day_of(head=said({"@type": "NewsArticle", "comment": of(kind, OLD), "about": [of(kind, OLD)]})) is None


@pytest.mark.parametrize(
    "kind", ["Article", "BlogPosting", "ReportageNewsArticle", "https://schema.org/NewsArticle", "Report"]
)
def test_every_kind_of_article_is_one(kind: str) -> None:
    assert day_of(head=said(of(kind, DAY))) == DAY
    assert day_of(head=said({"@type": "WebPage", "mainEntity": of(kind, DAY)})) == DAY
    assert day_of(head=said({**of(kind, DAY), "@type": ["Thing", kind]})) == DAY


def test_of_several_articles_the_one_under_this_headline_counts_and_without_it_none() -> None:
    other = of("NewsArticle", OLD, headline="Other news")
    assert day_of(head=said([other, of("NewsArticle", DAY, headline="The  news")])) == DAY
    assert day_of(head=said([other, of("NewsArticle", DAY, headline="Third news")])) is None


def test_an_object_under_quite_another_headline_dates_no_news() -> None:
    assert day_of(head=said(of("NewsArticle", OLD, headline="Weather for tomorrow"))) is None
    assert day_of(head=said(of("NewsArticle", DAY, headline="News of the day, retold for search engines"))) == DAY


@pytest.mark.parametrize("around", ["aside", "footer", "nav", "article"])
@pytest.mark.parametrize("shape", [f"<time datetime={OLD}>then</time>", f"<span class=date>{OLD}</span>"])
def test_a_date_shown_in_another_part_of_the_page_is_not_the_article_s(around: str, shape: str) -> None:
    elsewhere = f"<{around}>{shape} words</{around}>"
    assert day_of(before=elsewhere) is None
    assert day_of(after=elsewhere) is None


def test_a_date_in_the_article_goes_before_one_beside_it() -> None:
    own = NEWS.replace("</h1>", f"</h1><time datetime={DAY}>today</time>")
    assert day_of(before=f"<div><time datetime={OLD}>x</time></div>", body=own) == DAY
    assert day_of(before=f"<div><time datetime={DAY}>x</time></div>") == DAY
