"""What holds for any input of a parser: it ends, it raises what it says, and what it gives can be relied on."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from string import printable

from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.articles import canonical_url, is_copy, page_key
from services.ingest.news_time import FIRST_YEAR, LAST_YEAR
from services.ingest.sources.base import SourceTrouble
from services.ingest.sources.feed import parse_feed
from services.ingest.sources.html_text import TooTangled, open_html
from services.ingest.sources.links import host_of, web_link
from services.ingest.sources.page_reading import read_page
from services.ingest.sources.prisoner_changes import RowMark, changes, pack, unpack
from services.ingest.sources.prisoner_rows import ACTIVE, FORMER, NOT_RECOGNISED, PrisonerRow, read_rows
from services.ingest.sources.telegram_preview import read_posts
from services.ingest.sources.written_dates import read_date

ANY_TEXT = st.text(max_size=200)
PIECES = (
    "<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "</channel></rss>", "<![CDATA[", "]]>", "<!--",
    "-->", "&amp;", "&", "&#0;", "&#xD800;", "&#99999999;", "<", ">", '"', "words ", "\x00", "\x1b", "\u202e", "\ud800",
    "<div class='js-message_text'>", "<div class='tgme_widget_message' data-post='sample/1'>", "</div>", "<p hidden>",
    "<article>", "<main>", "<time datetime='", "<a href='", "<script>", "<svg>", "<template>", "<table><td>",
)  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map("".join)
CELLS = st.text(alphabet=printable + "«»ёіў\u2212\x00\x85\u2028", max_size=30)
STATUSES = st.sampled_from([ACTIVE, FORMER, NOT_RECOGNISED])
ROWS = st.dictionaries(
    st.text(min_size=1, max_size=6),
    st.builds(
        lambda status, died, on: PrisonerRow("", "Ales Bialiatski", status, arrested=on, died=died),
        STATUSES,
        st.booleans(),
        st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    ),
    max_size=12,
)


@given(ANY_TEXT | st.datetimes().map(str) | st.from_regex(r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}[ T]\d{1,2}:\d\d.{0,6}"))
@example("0000-00-00")
@example("29 февраля 2023")
@example("²³ декабря 2024")
@example("٢٨ декабря ٢٠٢٤")
def test_a_date_is_one_that_news_can_have(text: str) -> None:
    found = read_date(text)
    assert found is None or (found.tzinfo is not None and FIRST_YEAR <= found.year <= LAST_YEAR)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2098, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_what_is_written_plainly_is_read_exactly(moment: datetime) -> None:
    assert read_date(f"{moment.isoformat()}+00:00") == moment.replace(tzinfo=UTC)


@given(ANY_TEXT, st.sampled_from(["", "https://", "http://", "HTTPS://a.example/", "https://spring96.org./be_latn/"]))
@example("[", "https://")
@example("a.example:99999/", "https://")
@example("xn--a.example/", "https://")
def test_an_address_made_canonical_stays_as_it_is(text: str, start: str) -> None:
    once = canonical_url(start + text)
    assert once is None or canonical_url(once) == once
    assert once is None or page_key(once) == page_key(once)
    is_copy(once)
    host_of(text)
    assert (link := web_link("https://a.example/", text)) is None or link.startswith(("http://", "https://"))


@given(st.text(alphabet=printable, max_size=40))
def test_what_follows_a_visitor_does_not_change_an_address(value: str) -> None:
    tracked = "".join(letter for letter in value if letter.isalnum())
    assert canonical_url(f"https://a.example/1?utm_source={tracked}&id=7") == "https://a.example/1?id=7"


@given(MARKUP)
def test_a_feed_is_read_or_is_trouble(text: str) -> None:
    with suppress(SourceTrouble):
        feed = parse_feed(f"<?xml version='1.0'?><rss version='2.0'><channel><title>A sample feed</title>{text}")
        assert isinstance(feed.entries, list)


@given(MARKUP)
def test_a_page_is_read_or_shows_no_article(text: str) -> None:
    try:
        parts = read_page(f"<html><body><article>{text}")
    except TooTangled:
        return
    assert parts is None or parts.published is None or parts.published.tzinfo is not None


@given(MARKUP)
def test_posts_are_the_channels_own_and_each_is_there_once(text: str) -> None:
    posts = read_posts(open_html(f"<div class='tgme_widget_message' data-post='sample/7'>{text}"), "sample")
    assert len({post.number for post in posts}) == len(posts)
    assert all(post.html is None or post.html.strip() for post in posts)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=8), st.sampled_from(",;\t|"))
def test_a_list_is_read_or_is_trouble(rows: list[list[str]], delimiter: str) -> None:
    lines = [["id", "name", "status", "arrested", "articles", "died"], *rows]
    with suppress(SourceTrouble):
        found = read_rows("\n".join(delimiter.join(cells) for cells in lines))
        assert all(row.name and row.status in (ACTIVE, FORMER, NOT_RECOGNISED) for row in found.values())


@given(ROWS)
def test_a_list_compared_with_itself_has_no_news(rows: dict[str, PrisonerRow]) -> None:
    assert list(changes(unpack(pack(rows)), rows)) == []


@given(ROWS, ROWS)
def test_nobody_is_newly_anything_who_stood_so_before(
    before: dict[str, PrisonerRow], rows: dict[str, PrisonerRow]
) -> None:
    kept = unpack(pack(before))
    for change in changes(kept, rows):
        mark = next((kept[key] for key, row in rows.items() if row is change.row and key in kept), None)
        assert change.listed.change != "detained" or mark is None
        assert change.listed.change != "released" or (mark is not None and mark.status != FORMER)
        assert change.listed.change != "died" or mark is not None


@given(st.binary(max_size=60))
def test_what_was_kept_is_unpacked_or_is_nothing(kept: bytes) -> None:
    assert all(isinstance(mark, RowMark) for mark in unpack(kept).values())
