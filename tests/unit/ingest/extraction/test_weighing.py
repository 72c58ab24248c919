"""What rules see no act in waits if all its words speak for one; what they veto is nothing if hardly any word does."""

from __future__ import annotations

import re
from datetime import date

import pytest

from benchmarks.near_miss_weights import Lesson, learn
from services.contract import Kind
from services.ingest.extraction import Extraction, extract
from services.ingest.extraction.near_miss import RulesSaw, Weigher, weigher

LIKELY = (
    "The house of the trade union in Minsk has been sealed since the morning. Whoever was in it, eleven members in "
    "all, sits at the police station of the district, their lawyer learned. What they are accused of nobody would "
    "say to her, and their phones are switched off."
)
OF_ANOTHER_TIME = (
    (
        "en",
        "On this day five years ago police detained more than 700 people at a march in Minsk. Historians recall how "
        "the columns met at the stele, how the buses came and how the city fell silent. An exhibition of photographs "
        "opens in the museum tonight, and its curator speaks of those days with visitors.",
    ),
    (
        "ru",
        "В Минске начался суд над пятью активистами, которых задержали весной. Прокурор просит от четырех до семи лет, "
        "процесс закрыли для прессы, адвокаты дали подписку. Родные ждали в коридоре. В том же суде на прошлой неделе "
        "оштрафовали бухгалтера. Заседание продолжится.",
    ),
)


def read(language: str, text: str, *, weighed: bool = True) -> Extraction:
    return extract(text, language=language, published=date(2026, 3, 2), at_home=True, weighed=weighed)


def test_a_text_in_which_rules_see_no_act_waits_where_all_its_words_speak_for_one() -> None:
    found = read("en", LIKELY)
    assert read("en", LIKELY, weighed=False).near_miss is None
    assert found.kind is Kind.OTHER
    assert found.near_miss is not None
    assert found.near_miss.vetoes == ("weighed",)
    start, end = found.near_miss.span
    assert LIKELY[start:end] == found.near_miss.sentence


@pytest.mark.parametrize(("language", "text"), OF_ANOTHER_TIME)
def test_an_article_of_another_time_does_not_wait_where_hardly_a_word_speaks_for_news(language: str, text: str) -> None:
    assert read(language, text, weighed=False).near_miss is not None
    assert read(language, text).near_miss is None


@pytest.mark.parametrize(("language", "text"), OF_ANOTHER_TIME)
def test_its_first_sentence_alone_waits_since_too_little_is_known_of_it(language: str, text: str) -> None:
    first = text.partition(". ")[0] + "."
    assert read(language, first).near_miss == read(language, first, weighed=False).near_miss is not None


def test_what_rules_read_as_news_is_not_weighed() -> None:
    text = "Police in Minsk detained twelve activists on Sunday, Viasna says."
    assert read("en", text) == read("en", text, weighed=False)


def test_no_name_is_among_what_was_learned() -> None:
    words = [name.partition(":")[2] for name in weigher().traits if re.match(r"(?:en|ru|be):", name)]
    assert len(words) > 1_000
    assert all(word == word.lower() for word in words)


def test_what_stands_in_texts_of_news_alone_speaks_for_news() -> None:
    saw = RulesSaw(Kind.OTHER, None, (), 0, 0, (), stale=False)
    asked = {"text": "", "language": "en", "saw": saw}
    lessons = [
        Lesson(
            f"{number}",
            {"en:gates" if number % 2 else "en:court": 1.0, "en:minsk": 1.0},
            bool(number % 2),
            False,
            asked,
        )
        for number in range(40)
    ]
    learned = Weigher(**learn(lessons))
    assert learned.likelihood({"en:gates": 1.0}) > 0.5 > learned.likelihood({"en:court": 1.0})
    assert abs(learned.traits.get("en:minsk", 0.0)) < 0.05
