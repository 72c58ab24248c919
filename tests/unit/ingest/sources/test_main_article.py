"""Which part of a page is its article, and what is done where two could be it."""

from __future__ import annotations

import pytest

from services.ingest.sources.page_reading import PageParts, Selectors, read_page
from tests.conformance.site import FIXTURES

NEWS = "Александр Лукашенко помиловал 18 человек, сообщила пресс-служба президента. Все они просили о помиловании."
RIVAL = (
    "Александр Лукашенко помиловал 77 человек, сообщила пресс-служба президента. Среди них 40 женщин, всех отпустят "
    "завтра утром, говорится в сообщении пресс-службы. Ждём наших дома!"
)


def read(html: str) -> PageParts:
    parts = read_page(html)
    assert parts is not None
    return parts


SURE = {
    "the one with the headline": "<article><h1>x</h1><p>{0}</p></article><article><p>{1}</p></article>",
    "the one with the headline, which comes later": "<article><p>{1}</p></article><article><h1>x</h1>{0}</article>",
    "the one in main": "<main><article><p>{0}</p></article></main><article><p>{1}</p></article>",
    "the one in role=main": "<div role=main><article>{0}</article></div><article>{1}</article>",
    "main itself": "<main><h1>x</h1><p>{0}</p></main><article>{1}</article>",
    "not one within it": "<article><h1>x</h1><p>{0}</p><div><article>{1}</article></div></article>",
    "not a body without an article": "<article><h1>x</h1>{0}</article><div itemprop=articleBody>{1}</div>",
    "the body within it": "<article><h1>x</h1><div itemprop=articleBody>{0}</div><p>{1}</p></article>",
    "not a card that leads elsewhere": "<h1>x</h1><article>{0}</article><article><h3><a href=/>y</a></h3>{1}</article>",
    "not a card that is a link": "<h1>x</h1><article>{0}</article><a href=/2><article>{1}</article></a>",
    "the outer of two that is but a shell": "<article><article><h1>x</h1>{0}</article></article>",
}


@pytest.mark.parametrize("page", SURE.values(), ids=SURE.keys())
def test_the_article_is(page: str) -> None:
    parts = read(f"<body>{page.format(NEWS, RIVAL)}</body>")
    assert "18" in parts.body
    assert "77" not in parts.body
    assert parts.doubts == ()


RIVALS = {
    "two under one headline": "<h1>x</h1><article>{0}</article><article>{1}</article>",
    "two without any": "<article>{0}</article><article>{1}</article>",
    "two with one each": "<article><h1>x</h1>{0}</article><article><h1>x</h1>{1}</article>",
    "two mains": "<main>{0}</main><main>{1}</main>",
    "main's own text and an article in it": "<main><h1>x</h1><p>{0}</p><div><article>{1}</article></div></main>",
    "the headline's own text and an article": "<div><h1>x</h1><p>{0}</p></div><article>{1}</article>",
    "two bodies": "<h1>x</h1><div itemprop=articleBody>{0}</div><div itemprop=articleBody>{1}</div>",
}


@pytest.mark.parametrize("page", RIVALS.values(), ids=RIVALS.keys())
def test_of_two_rivals_both_are_read_and_the_reading_is_in_doubt(page: str) -> None:
    parts = read(f"<body>{page.format(NEWS, RIVAL)}</body>")
    assert ("18" in parts.body, "77" in parts.body) == (True, True)
    assert parts.doubts == ("rival_articles",)


def test_two_matches_of_a_configured_selector_are_rivals_too() -> None:
    parts = read_page(f"<h1>x</h1><div class=t>{NEWS}</div><div class=t>{RIVAL}</div>", Selectors(body=".t"))
    assert parts is not None
    assert parts.doubts == ("rival_articles",)


def test_a_text_that_stands_there_twice_has_no_rival() -> None:
    parts = read(f"<h1>x</h1><article>{NEWS}</article><article><p>{NEWS}</p></article>")
    assert (parts.body, parts.doubts) == (NEWS, ())


def test_entries_of_a_live_report_are_the_report() -> None:
    entry = f"<article itemprop=liveBlogUpdate itemtype='https://schema.org/BlogPosting'>{NEWS}</article>"
    assert "18" in read(f"<article><h1>x</h1><p>{RIVAL.replace('77', '5')}</p>{entry}</article>").body


def test_the_headline_that_readers_see_goes_before_the_one_for_machines() -> None:
    head = "<meta property='og:title' content='Помилованы 77'><title>Помилованы 77</title>"
    assert (
        read(f"<head>{head}</head><article><h1>Помилованы <s>16</s> 18</h1>{NEWS}</article>").title == "Помилованы 18"
    )


def test_the_name_of_the_site_is_no_headline() -> None:
    head = "<title>Помилованы 18 | Пример</title>"
    page = f"<head>{head}</head><header><h1>Пример</h1></header><article><h1>Помилованы 18</h1>{NEWS}</article>"
    assert read(page).title == "Помилованы 18"


def test_a_page_that_a_person_chose_is_read_near_its_headline() -> None:
    page = f"<body><div><h1>x</h1><div><p>{NEWS}</p></div></div><div><p>{RIVAL}</p></div></body>"
    parts = read_page(page, any_text=True)
    assert parts is not None
    assert "77" not in parts.body


@pytest.mark.parametrize("layout", ["wordpress", "drupal", "state_agency", "rights_group"])
def test_pages_as_sites_make_them_lose_nothing_of_the_article_and_bring_nothing_else(layout: str) -> None:
    sentences = NEWS.rstrip(".").split(". ")
    page = (FIXTURES / f"layout_{layout}.html").read_text("utf-8")
    page = page.replace("{news}", "".join(f"<p>{sentence}.</p>" for sentence in sentences))
    parts = read(page.replace("{beside}", f"<p>{RIVAL}</p>").replace("{linked}", RIVAL))
    assert all(sentence in parts.body for sentence in sentences)
    assert "77" not in parts.body
    assert parts.doubts == ()
