from __future__ import annotations

import pytest

from services.ingest.sources.html_text import TooTangled, open_html, running_text


def text_of(html: str) -> list[str]:
    body = open_html(html).body
    assert body is not None
    return [paragraph.strip() for paragraph in running_text(body).split("\n\n") if paragraph.strip()]


def test_blocks_make_paragraphs_and_inline_elements_do_not() -> None:
    assert text_of("<p>One <b>bold</b>\n word.</p>Tail<div>Two</div>") == ["One bold word.", "Tail", "Two"]


def test_line_breaks_and_list_items_stand_alone() -> None:
    assert text_of("a<br>b<ul><li>c</li><li>d</li></ul>") == ["a", "b", "c", "d"]


def test_cells_of_a_row_do_not_run_together() -> None:
    assert text_of("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>") == ["1  2", "3"]


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<nav>x</nav>",
        "<!-- x -->",
        "<p hidden>x</p>",
        "<p aria-hidden='true'>x</p>",
        "<form><p>x</p></form>",
        "<template><p>x</p></template>",
        "<noscript>x</noscript>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(unseen: str) -> None:
    assert text_of(f"<p>seen</p>{unseen}") == ["seen"]


@pytest.mark.parametrize("piece", ["<div>", "<b c=1>", "<span><i>"])
def test_html_made_to_stall_a_parser_is_refused(piece: str) -> None:
    with pytest.raises(TooTangled):
        open_html(piece * 100_000)


def test_many_unclosed_paragraphs_are_only_sloppy() -> None:
    assert len(text_of("<p>x" * 5000)) == 5000


def test_half_of_a_character_pair_does_no_harm() -> None:
    assert text_of("<p>a\ud800b</p>") == ["a?b"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>18<sup>1</sup> people</p>", "18¹ people"),
        ("<p>18<sup><a href='#f'>12</a></sup> people</p>", "18¹² people"),
        ("<p>Article 361<sup>4</sup></p>", "Article 361⁴"),
        ("<p>the 8<sup>th</sup></p>", "the 8th"),
    ],
)
def test_a_number_set_high_is_no_digit_of_the_number_before_it(html: str, text: str) -> None:
    assert text_of(html) == [text]
