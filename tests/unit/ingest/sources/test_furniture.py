"""What stands beside an article is not read as the article; what only is called alike is."""

from __future__ import annotations

import pytest

from services.ingest.sources.page_reading import Selectors, read_page

NEWS = "The head of state pardoned 18 people on Saturday, his press service said. All of them had asked for it."
OTHER = "The head of state pardoned 77 people on Saturday, his press service said. All of them are free since noon!"


def read(inside: str, around: str = "{}", head: str = "") -> str:
    article = f"<article><h1>Pardon</h1><p>{NEWS}</p>{inside}</article>"
    parts = read_page(f"<html><head>{head}</head>{around.format(article)}</html>")
    assert parts is not None
    return parts.body


COMMENTS = [
    "<section id=comments><p>{}</p></section>",
    "<div class=comment-list><p>{}</p></div>",
    "<div class=b-comments__text>{}</div>",
    "<ol class=commentlist><li>{}</li></ol>",
    "<div class='js-commentsBlock x'>{}</div>",
    "<div class=CommentBody>{}</div>",
    "<div class=kommentarii>{}</div>",
    "<div class=news-komentary>{}</div>",
    "<div class=kamentary>{}</div>",
    "<div class='блок-каментароў'>{}</div>",
    "<div id='комментарии'>{}</div>",
    "<div id=disqus_thread>{}</div>",
    "<div id=respond>{}</div>",
    "<div class=replies>{}</div>",
    "<div class=otzyvy>{}</div>",
    "<div itemprop=comment>{}</div>",
    "<div itemscope itemtype='https://schema.org/Comment'>{}</div>",
    "<div itemtype='http://schema.org/UserComments'>{}</div>",
    "<div role=comment>{}</div>",
    "<section aria-label='Comments'>{}</section>",
    "<section aria-label='Комментарии'>{}</section>",
    "<section aria-label='Каментары'>{}</section>",
    "<h2>Comments (12)</h2><div>{}</div>",
    "<h3>Комментарии читателей</h3><p>{}</p><p>{}</p>",
    "<h3>Каментары: 3</h3><ul><li>{}</li></ul>",
    "<div><h4>Leave a reply</h4><p>{}</p></div>",
    "<article><p>{}</p></article>",
    "<div class=thread><article><footer>Anna</footer><p>{}</p></article></div>",
]
FURNITURE = [
    "<aside>{}</aside>",
    "<div class=related-posts>{}</div>",
    "<div class=reactions><span>{}</span></div>",
    "<div class='post-likes'>{}</div>",
    "<div class='entry__view-count'>{}</div>",
    "<span class=post-views>{}</span>",
    "<div class=poll-votes>{}</div>",
    "<div class=read-also>{}</div>",
    "<div class=readAlso>{}</div>",
    "<div class=most_read>{}</div>",
    "<div class=popular>{}</div>",
    "<div class=newsletter-signup>{}</div>",
    "<div class=author-box>{}</div>",
    "<div class=post-tags>{}</div>",
    "<div class=social-share>{}</div>",
    "<div id=cookie-banner>{}</div>",
    "<div class=adv>{}</div>",
    "<div class=chitayte-takzhe>{}</div>",
    "<div role=complementary>{}</div>",
    "<div role=navigation>{}</div>",
    "<section aria-label='Read also'>{}</section>",
    "<section aria-label='Читайте также'>{}</section>",
    "<p><b>Read also:</b> <a href=/2>{}</a></p>",
    "<p>Читайте также: <a href=/2>{}</a></p>",
    "<p>Чытайце таксама: <a href=/2>{}</a></p>",
    "<p>По теме: <a href=/2>{}</a></p>",
    "<h3>Читайте также</h3><ul><li><a href=/2>{}</a></li></ul>",
    "<h3>Чытайце таксама</h3><ul><li><a href=/2>{}</a></li></ul>",
    "<div itemtype='https://schema.org/WPSideBar'>{}</div>",
]


@pytest.mark.parametrize("shape", COMMENTS + FURNITURE)
def test_what_stands_beside_the_article_is_not_read(shape: str) -> None:
    body = read(shape.format(OTHER, OTHER))
    assert "18 people" in body
    assert "77" not in body


@pytest.mark.parametrize("shape", COMMENTS)
def test_comments_outside_the_article_and_longer_than_it_are_not_read(shape: str) -> None:
    longer = f"{OTHER} {OTHER} {OTHER}"
    body = read("", "{}" + shape.format(longer, longer))
    assert "18 people" in body
    assert "77" not in body


@pytest.mark.parametrize(
    "around",
    [
        "<body class='single comments-open comment-enabled has-sidebar'>{}</body>",
        "<body class='modal-open popup'>{}</body>",
        "<div class=comments-wrapper-page>{}</div>",
        "<div class='layout sidebar related popular'>{}</div>",
        "<main class=comments>{}</main>",
        "<div id=related>{}</div>",
    ],
)
def test_what_holds_the_headline_is_the_article_whatever_its_class_says(around: str) -> None:
    assert "18 people" in read("", around)


@pytest.mark.parametrize(
    "name",
    ["post has-sidebar", "post no-comments", "related", "tag-comments category-popular", "post comments-open",
     "popular", "shared", "uncommented", "advice", "tagged", "socialism", "menuet", "authored-by"],
)  # fmt: skip
def test_an_article_that_is_only_called_alike_keeps_its_text(name: str) -> None:
    parts = read_page(f"<main><article class='{name}'><p>{NEWS}</p></article></main>")
    assert parts is not None
    assert "18 people" in parts.body


@pytest.mark.parametrize(
    "name", ["entry-content", "has-comments", "text-wrapper", "single-social", "page-popular", "shareholders"]
)
def test_a_part_that_is_only_called_alike_keeps_its_text(name: str) -> None:
    assert "18 people" in read(f"<div class='{name}'><p>Kept: 9 women.</p></div>")
    assert "Kept: 9 women." in read(f"<div class='{name}'><p>Kept: 9 women.</p></div>")


def test_a_paragraph_that_only_begins_like_a_list_of_links_is_read() -> None:
    body = read("<p>Related matters were not discussed, <a href=/2>he</a> said. Nine women are among them.</p>")
    assert "Nine women" in body


def test_an_answer_to_comments_of_officials_is_no_readers_comment() -> None:
    assert "Nine women" in read("<h3>Comments by the press service</h3><p>Nine women are among them.</p>")


def test_a_selector_of_the_configuration_does_not_bring_comments_back() -> None:
    page = f"<h1>x</h1><div class=text>{NEWS}</div><div id=comments><div class=text>{OTHER} {OTHER}</div></div>"
    parts = read_page(page, Selectors(body=".text"))
    assert parts is not None
    assert parts.body == NEWS


def test_a_configured_part_is_read_whatever_it_is_called() -> None:
    parts = read_page(f"<h1>x</h1><div class=related-text>{NEWS}</div>", Selectors(body=".related-text"))
    assert parts is not None
    assert parts.body == NEWS
