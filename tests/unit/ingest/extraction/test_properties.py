"""Whatever a text holds, reading it never fails and never says what is not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.data_files import read_yaml
from services.ingest.extraction import Extraction, extract
from services.ingest.extraction.sentences.passages import plain, sentences

STORIES = Path(__file__).parent / "stories"


def written(language: str) -> list[str]:
    told = read_yaml((STORIES / f"{language}.yaml").read_text(encoding="utf-8"))
    return [story["text"] for kind in ("pardons", "arrests") for story in told[kind]] + list(told["others"].values())


TEXTS = [text for language in ("en", "ru", "be") for text in written(language)]
SENTENCES = [sentence.plain for text in TEXTS for sentence in sentences(text)]
NASTY = st.sampled_from(
    ["\x00", "\x1b[2J", "\u202e", "\u2066", "\ud800", "\udfff", "\u200b", "\u00ad", "\ufeff", "٣٢", "²³", "½", "Ⅷ",
     "𝟙𝟚", "NaN", "-20", "1e9", "20" * 40, "1,400", "1.400", "1 400", "1\u00a0400", "1\u2009400", "0000-00-00",
     "9999-12-31", "31.02.0000", "ж" * 400, "\n", "(" * 50, '"' * 50, "\ue100", "\ue105", "Lukаshenko", "e\u0301" * 30]
)  # fmt: skip
NEWS = st.lists(st.sampled_from(SENTENCES) | NASTY | st.text(max_size=40), max_size=12).map(" ".join)
BROKEN = st.tuples(st.sampled_from(TEXTS), st.integers(0, 400), NASTY).map(
    lambda cut: cut[0][: cut[1]] + cut[2] + cut[0][cut[1] :]
)
ANY_TEXT = NEWS | BROKEN | st.text(max_size=300)
DAYS = st.dates() | st.sampled_from([date.min, date.max]) | st.none()


def read(text: str, published: date | None, title: str | None = None) -> Extraction:
    return extract(text, published=published, title=title)


@given(ANY_TEXT, DAYS, st.none() | ANY_TEXT, st.none() | st.text(max_size=12))
def test_reading_never_raises(text: str, published: date | None, title: str | None, language: str | None) -> None:
    extract(text, title=title, language=language, published=published)


@given(ANY_TEXT, DAYS)
def test_every_span_lies_in_the_text_and_holds_something(text: str, published: date | None) -> None:
    for claim in read(text, published).claims:
        start, end = claim.span
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()


@given(ANY_TEXT, DAYS)
def test_the_same_text_is_read_the_same_way(text: str, published: date | None) -> None:
    assert read(text, published) == read(text, published)


@given(ANY_TEXT)
def test_cleaning_keeps_every_offset_and_once_is_enough(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)
    for sentence in sentences(text):
        assert plain(text)[sentence.start : sentence.start + len(sentence.plain)] == sentence.plain
