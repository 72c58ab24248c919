from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.ingest.articles import UnreadableItem, item_from_file, item_from_page, item_from_text, to_article

NOW = datetime(2024, 12, 29, 9, 0, tzinfo=UTC)
SENTENCE = "The head of state pardoned twenty people, the press service said. "
PAGE = (
    "<!doctype html><html lang=en><title>Tab</title><h1>Headline</h1><div><p>Menu</p></div>"
    f"<time datetime='2024-12-28T18:00'>then</time><div><p>{SENTENCE * 2}</p><p>Nobody was named.</p></div>"
)


def test_a_text_is_taken_as_it_is_and_known_to_be_handed_in() -> None:
    item = item_from_text(SENTENCE, received=NOW, as_of=date(2024, 12, 28), source_name="Sample Wire")
    assert item.solicited
    assert (item.body, item.media_type, item.received, item.as_of) == (SENTENCE, "text/plain", NOW, date(2024, 12, 28))
    assert item.source_name == "Sample Wire"


@pytest.mark.parametrize("text", ["1 < 2, and <b> is a tag", "> quoted", "<3 to all"])
def test_an_angle_bracket_does_not_make_html(text: str) -> None:
    assert item_from_text(text, received=NOW).media_type == "text/plain"


@pytest.mark.parametrize("text", ["<p>One.</p>", "\n<!DOCTYPE html><p>One.</p>", "<div>One.</div>"])
def test_html_is_known_by_its_beginning(text: str) -> None:
    article = to_article(item_from_text(text, received=NOW))
    assert article.text == "One."


def test_a_page_of_unknown_shape_gives_title_text_date_and_language() -> None:
    item = item_from_page(PAGE, "https://news.example/a", received=NOW)
    article = to_article(item)
    assert article.title == "Headline"
    assert article.text == f"{SENTENCE * 2}".strip() + "\n\nNobody was named."
    assert article.published is not None
    assert article.published.astimezone(UTC) == datetime(2024, 12, 28, 15, 0, tzinfo=UTC)
    assert (article.language, article.source_name) == ("en", "news.example")


def test_what_a_person_says_wins_over_what_the_page_says() -> None:
    item = item_from_text(PAGE, received=NOW, title="Mine", published=NOW, language="ru")
    assert (item.title, item.published, item.language) == ("Mine", NOW, "ru")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251"])
def test_a_file_is_read_in_the_encodings_people_use(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("Указ подписан.", encoding)
    assert item_from_file(path, received=NOW).body == "Указ подписан."


def test_a_picture_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
    with pytest.raises(UnreadableItem, match="hand in text or HTML"):
        item_from_file(path, received=NOW)


def test_a_page_without_text_says_what_to_do() -> None:
    with pytest.raises(UnreadableItem, match="copy the article's text"):
        item_from_page("<html><body><script>app()</script></body></html>", "https://news.example/a", received=NOW)
