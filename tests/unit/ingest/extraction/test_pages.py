"""From a page as sites make them to its news: whatever stands round the first real sentence, that sentence is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Final

import pytest
import yaml

from services.ingest.extraction import Extraction, extract
from services.ingest.extraction.sentences.furniture_lines import without_furniture
from services.ingest.extraction.sentences.passages import sentences
from services.ingest.sources.page_reading import read_page

WRITTEN: Final = yaml.safe_load((Path(__file__).parent / "pages.yaml").read_text("utf-8"))
SURROUNDINGS: Final[Mapping[str, Mapping[str, list[str]]]] = WRITTEN["surroundings"]
STORIES: Final[Mapping[str, Mapping[str, list[str]]]] = WRITTEN["stories"]
NUMBERS: Final = {"pardon": ("pardoned", 17), "arrest": ("detained", 5)}
TOGETHER: Final = [
    *((name,) for name in SURROUNDINGS),
    ("nav_1", "teasers_1", "byline_1", "caption_1"),
    ("nav_2", "many", "byline_2", "caption_2"),
    ("cookies_1", "nav_1", "subscribe_1"),
    ("nav_2", "subscribe_2", "cookies_2", "byline_2", "caption_2", "tags_2", "error"),
]

Layout = Callable[[Sequence[str], Sequence[str], Sequence[str]], str]
"""What stands before, the headline with its paragraphs, what stands behind → a page."""


def each_in(tag: str, lines: Sequence[str]) -> str:
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)


LAYOUTS: Final[Mapping[str, Layout]] = {
    "lines of text": lambda before, story, after: "\n\n".join((*before, *story, *after)),
    "parts without a class": lambda before, story, after: (
        f"{each_in('div', before)}<h1>{story[0]}</h1>{each_in('p', story[1:])}{each_in('div', after)}"
    ),
    "all within the article": lambda before, story, after: (
        f"<article>{each_in('p', before)}<h1>{story[0]}</h1>{each_in('p', (*story[1:], *after))}</article>"
    ),
    "between its paragraphs": lambda before, story, after: (
        f"<article><h1>{story[0]}</h1><p>{story[1]}</p>{each_in('div', (*before, *after))}"
        f"{each_in('p', story[2:])}</article>"
    ),
    "breaks alone": lambda before, story, after: f"<main>{'<br>'.join((*before, *story, *after))}</main>",
}
EACH: Final = [*product(STORIES, ("en", "ru", "be"), TOGETHER, LAYOUTS)]


def read(page: str, language: str) -> Extraction:
    parts = read_page(f"<html><body>{page}</body></html>", any_text=True) if "<" in page else None
    text, title = (parts.body, parts.title) if parts else (page, None)
    return extract(text, title=title, language=language, published=date(2026, 3, 2))


@pytest.mark.parametrize(("kind", "language", "names", "layout"), EACH)
def test_the_news_of_the_page_is_found(kind: str, language: str, names: tuple[str, ...], layout: str) -> None:
    before = [line for name in names for line in SURROUNDINGS[name][language]]
    behind = [line for name in reversed(names) for line in SURROUNDINGS[name][language]]
    found = read(LAYOUTS[layout](before, STORIES[kind][language], behind), language)
    field, number = NUMBERS[kind]
    assert (found.kind, getattr(found.facts, field)) == (kind, number)


def kept(text: str) -> list[str]:
    return [sentence.plain.strip() for sentence in without_furniture(sentences(text))]


PARAGRAPHS: Final = (
    "The president of Belarus has pardoned several people, his press service said.\n"
    "They had asked for clemency, and all of them have left the colony by now."
)


@pytest.mark.parametrize(
    "text",
    [
        f"{PARAGRAPHS}\nThe following were freed:\na teacher of history\na driver\na student in Minsk\nan engineer",
        f"{PARAGRAPHS}\n- a teacher of history\n- a driver of a bus from Homiel\n- a student of medicine",
        f"{PARAGRAPHS}\n1. a teacher\n2. a driver\n3. a student\n4. an engineer",
        f"{PARAGRAPHS}\nAlena Sample, a teacher\nPiotr Example, a driver\nIvan Instance\nHanna Specimen",
        "15 people pardoned\nThree women among them\nAll convicted of extremism\nSo says the president's office.",
        f"{PARAGRAPHS}\nViasna",
    ],
    ids=["behind a colon", "with bullets", "numbered", "names", "a post without stops", "a signature"],
)
def test_lines_that_may_be_of_the_text_stay(text: str) -> None:
    assert kept(text) == [sentence.plain.strip() for sentence in sentences(text)]


def test_where_nothing_would_be_left_everything_is() -> None:
    assert kept("Photo: a\nTags: b") == ["Photo: a", "Tags: b"]
