"""What a text strikes out is not read, through whichever door it came; what nobody can tell goes to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from services.contract import PartyClass
from services.ingest.articles import Article, item_from_text, to_article
from services.ingest.sources.base import Item

NOW = datetime(2024, 12, 28, 15, 0, tzinfo=UTC)
PAGE = "<!doctype html><main><h1>Title</h1>{}</main>"
NEWS = "The head of state pardoned 18 people on Saturday, his press service said. All of them had asked for it."


def article(body: str, media_type: str = "text/plain", title: str = "News") -> Article:
    return to_article(
        Item("sample", "Sample", PartyClass.MEDIA, body, title=title, media_type=media_type, received=NOW)
    )


def overstruck(text: str, stroke: str = "\u0336") -> str:
    return "".join(letter + stroke for letter in text)


@pytest.mark.parametrize(
    "struck",
    [
        "~~16~~",
        "~~16 or 17~~",
        "[s]16[/s]",
        "[DEL]16[/del]",
        overstruck("16"),
        overstruck("16", "\u0335"),
        overstruck("16", "\u0338"),
        overstruck("16 или 17"),
        "<del>16</del>",
        "<s>16</s>",
        "<span style='text-decoration:line-through'>16</span>",
    ],
)
def test_a_number_struck_out_in_plain_text_is_not_read(struck: str) -> None:
    assert article(f"Pardoned {struck} 18 people.").text == "Pardoned 18 people."
    assert article("Text.", title=f"Pardoned {struck} 18 people" if "<" not in struck else "x").title in (
        "Pardoned 18 people",
        "x",
    )


@pytest.mark.parametrize(
    "text",
    ["About ~16 or ~18 people.", "a ~~ b", "~~~~", "5 ~~ 6 ~~ 7", "й ё ў — и\u0306 е\u0308", "[s]a[/del]"],
)  # fmt: skip
def test_signs_that_strike_nothing_out_stay(text: str) -> None:
    assert article(text).text == normalize("NFC", text)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Pardoned 1<s>6</s>8 people.", "text/html"),
        ("Pardoned 1~~6~~8 people.", "text/plain"),
        (f"Pardoned 1{overstruck('6')}8 people.", "text/plain"),
        ("Pardoned 1<span hidden>6</span>8 people.", "text/html"),
    ],
)
def test_a_number_with_a_hole_is_no_number_anybody_vouches_for(body: str, kind: str) -> None:
    assert article(body, kind).doubts == ("broken_number",)
    assert "18" not in article(body, kind).text


def test_letters_made_to_run_backwards_are_in_doubt() -> None:
    assert article("Pardoned \u202e81\u202c people.").doubts == ("reordered",)
    assert article("Pardoned.", title="\u202e81\u202c").doubts == ("reordered",)
    assert article("Pardoned 18 people.").doubts == ()


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>77 people were pardoned.</div>",
        "<p hidden>77 people were pardoned.</p>",
        "<style>.d{display:none}</style><p class=d>77 people were pardoned.</p>",
        "<div class=comments><p>77 people were pardoned.</p></div>",
    ],
)
@pytest.mark.parametrize("start", ["", "Weather is fine. ", "<p>Weather is fine.</p>", "<!doctype html><body>"])
def test_html_is_read_as_html_whoever_forgot_to_say_so(hidden: str, start: str) -> None:
    body = f"{start}{hidden}<p>{NEWS}</p>"
    for one in (
        to_article(item_from_text(body, received=NOW)),
        article(body),
        article(body, "text/html"),
        to_article(replace(item_from_text(body, received=NOW), media_type="text/html")),
    ):
        assert "18 people" in one.text
        assert "77" not in one.text


def test_a_whole_page_handed_in_as_a_text_is_read_for_its_article_and_keeps_its_doubts() -> None:
    rival = NEWS.replace("18", "77") + " That is not all."
    page = PAGE.format(f"<article><p>{NEWS}</p></article><article><p>{rival}</p></article>")
    assert article(page, "text/html").doubts == ("rival_articles",)
    assert to_article(item_from_text(page, received=NOW)).doubts == ("rival_articles",)
    beside = f"<!doctype html><main><article><h1>x</h1><p>{NEWS}</p></article></main><article><p>{rival}</p></article>"
    assert "77" not in article(beside, "text/html").text
    assert article(beside, "text/html").doubts == ()
