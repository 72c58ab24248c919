"""Which articles a sentence cites, and of which code."""

from __future__ import annotations

import pytest

from services.ingest.extraction.law_articles import cited
from services.ingest.extraction.sentences.passages import plain

CRIMINAL = [
    ("по ч. 3 ст. 130 УК", ["130"]),
    ("предполагает статью 342 УК", ["342"]),
    ("по 342-й статье", ["342"]),
    ("ст. 361−1 и 361-4", ["361-1", "361-4"]),
    ("ст. 361¹ УК", ["361-1"]),
    ("(ст. 342 ч. 1, ст. 368 ч. 2 УК)", ["342", "368"]),
    ("паводле 342 і 341 артыкулаў", ["342", "341"]),
    ("частка 1 артыкула 342", ["342"]),
    ("арт. 342, 368 і 369 КК", ["342", "368", "369"]),
    ("Article 130-1 part 1", ["130-1"]),
    ("part 1 of Article 342", ["342"]),
    ("Articles 342 (part 1), 368 and 369-1 of the Criminal Code", ["342", "368", "369-1"]),
]
ADMINISTRATIVE = [
    ("по статье 24.23 КоАП", ["24.23"]),
    ("по ст. 24.23 и 24.3 КоАП", ["24.23", "24.3"]),
    ("паводле арт. 19.11", ["19.11"]),
    ("Article 24.3 of the Code of Administrative Offences", ["24.3"]),
]
NEITHER = [
    "ст. 33 Конституции",
    "ст. 205 УК РФ",
    "ст. 108 УПК",
    "15 статей",
    "задержали 342 человека",
    "the art of 300 people",
]


@pytest.mark.parametrize(("text", "articles"), CRIMINAL)
def test_articles_of_the_criminal_code(text: str, articles: list[str]) -> None:
    found = list(cited(plain(text)))
    assert [each for one in found for each in one.articles] == articles
    assert not any(one.administrative for one in found)


@pytest.mark.parametrize(("text", "articles"), ADMINISTRATIVE)
def test_articles_of_the_administrative_code(text: str, articles: list[str]) -> None:
    assert [(list(one.articles), one.administrative) for one in cited(plain(text))] == [(articles, True)]


@pytest.mark.parametrize("text", NEITHER)
def test_what_is_no_article_of_either(text: str) -> None:
    assert list(cited(plain(text))) == []
