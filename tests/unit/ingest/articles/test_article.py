from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.contract import PartyClass
from services.ingest.articles import UnreadableItem, to_article
from services.ingest.sources.base import Item

NOW = datetime(2024, 12, 28, 15, 0, tzinfo=UTC)


def item(
    body: str, *, title: str | None = "Twenty people pardoned", url: str | None = "https://news.example/a/1"
) -> Item:
    return Item("sample", "Sample", PartyClass.MEDIA, body, title=title, url=url, received=NOW)


def html(body: str) -> Item:
    return replace(item(body), media_type="text/html")


def test_what_the_source_said_of_itself_is_kept() -> None:
    given = replace(item("Text."), language="ru-BY", published=NOW, as_of=date(2024, 12, 28), solicited=True)
    article = to_article(given)
    assert (article.source_id, article.source_name, article.source_class) == ("sample", "Sample", PartyClass.MEDIA)
    assert (article.published, article.received, article.as_of) == (NOW, NOW, date(2024, 12, 28))
    assert article.solicited
    assert article.language == "ru"


@pytest.mark.parametrize(
    ("given", "language"), [(None, None), ("", None), ("by", "be"), ("be_BY", "be"), ("EN-us", "en")]
)
def test_a_language_is_the_primary_code_of_what_is_given(given: str | None, language: str | None) -> None:
    assert to_article(replace(item("Text."), language=given)).language == language


def test_paragraphs_stand_apart_and_boilerplate_is_gone() -> None:
    article = to_article(html("<nav>Menu</nav><p>One.</p><div>Two<br>three.</div><script>x()</script>"))
    assert article.text == "One.\n\nTwo\n\nthree."


def test_the_title_above_the_text_is_not_told_twice() -> None:
    body = "<h1>Twenty  people pardoned</h1><p>«Twenty people pardoned»</p><p>The text.</p>"
    assert to_article(html(body)).text == "The text."


def test_an_item_of_a_title_alone_is_its_text() -> None:
    article = to_article(item("  "))
    assert (article.title, article.text) == ("Twenty people pardoned", "Twenty people pardoned")


def test_a_text_without_title_is_headed_by_its_first_line_and_keeps_it() -> None:
    article = to_article(item("A headline\n\nThe text.", title=None))
    assert article.title == "A headline"
    assert article.text == "A headline\n\nThe text."


def test_a_long_first_line_is_cut_between_words() -> None:
    title = to_article(item("word " * 100, title=None)).title
    assert len(title) <= 200
    assert title.endswith("word…")


@pytest.mark.parametrize(
    "unseen",
    ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\u00ad", "\x00", "\x1b", "\ue000", "\ud800", "\U000f0000"],
)
def test_characters_nobody_can_see_do_not_survive(unseen: str) -> None:
    article = to_article(item(f"par{unseen}doned", title=f"T{unseen}itle"))
    assert (article.text, article.title) == ("pardoned", "Title")


def test_composed_and_decomposed_letters_are_one() -> None:
    assert to_article(item("и\u0306")).text == "й"


def test_every_kind_of_space_is_one_space() -> None:
    assert to_article(item("1\u00a0250 \t people")).text == "1 250 people"


def test_lines_broken_by_an_editor_are_put_together_and_lists_stay_lists() -> None:
    wrapped = "The head of state has signed a decree on the pardon of twenty\nconvicts, eleven of them women."
    names = "The list:\nFirst Name\nSecond Name"
    assert to_article(item(f"{wrapped}\n\n{names}")).text == (
        f"{wrapped}".replace("\n", " ") + "\n\nThe list:\n\nFirst Name\n\nSecond Name"
    )


def test_long_lines_are_paragraphs_each() -> None:
    headline = "A headline of some length without a full stop at its end, as usual"
    paragraph = "The first paragraph, which nobody has broken into lines. " * 3
    assert to_article(item(f"{headline}\r\n{paragraph}")).text == f"{headline}\n\n{paragraph.strip()}"


def test_the_evidence_is_the_digest_of_the_text() -> None:
    article = to_article(item("Text."))
    assert article.sha256 == hashlib.sha256(b"Text.").hexdigest()


def test_quotes_and_spaces_and_dashes_make_no_other_text() -> None:
    one = to_article(item('He said: "no" - and\u00a0left.'))
    other = to_article(item("He said: «no» — and left."))
    assert one.fingerprint == other.fingerprint
    assert one.seen_key == other.seen_key
    assert one.sha256 != other.sha256


def test_an_edited_text_or_title_is_seen_again() -> None:
    keys = {
        to_article(given).seen_key for given in (item("20 people."), item("22 people."), item("20 people.", title="T"))
    }
    assert len(keys) == 3


def test_a_mirror_and_a_tracking_link_are_the_same_page() -> None:
    original = to_article(item("Text."))
    mirrored = item("Text.", url="https://cdn.example/a/1?utm_source=x#top")
    assert to_article(mirrored, {"cdn.example": "news.example"}).seen_key == original.seen_key


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (item("", title=None), "empty"),
        (item(" \u200b\n\x00 ", title=" "), "empty"),
        (replace(html("<script>only()</script>"), title=None), "empty"),
        (item("я" * 500_001), "too_large"),
        (item("x" * 8_000_001), "too_large"),
        (html("<div>" * 5000), "tangled"),
        (replace(item("Text."), received=None), "undated"),
    ],
)
def test_an_item_that_makes_no_article_says_why(given: Item, what: str) -> None:
    with pytest.raises(UnreadableItem) as caught:
        to_article(given)
    assert caught.value.what == what
