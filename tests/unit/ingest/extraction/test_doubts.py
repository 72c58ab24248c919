"""What is read with low confidence says so; what is sure has no doubts."""

from __future__ import annotations

import pytest

from services.contract import Kind
from services.ingest.extraction import extract


@pytest.mark.parametrize(
    "text",
    [
        "Lukashenko has pardoned 20 people in Belarus, his press service said.",
        "Лукашенко «помиловал» 20 человек, сообщила пресс-служба. Возможно, список опубликуют позже.",
        "У Мінску затрымалі трох журналістаў, паведаміла «Вясна».",
    ],
)
def test_a_plain_statement_has_no_doubts(text: str) -> None:
    extraction = extract(text)
    assert extraction.kind is not Kind.OTHER
    assert extraction.doubts == ()


def test_an_act_that_only_the_title_states_is_doubtful() -> None:
    extraction = extract(
        "The press service in Minsk gave a list of women and men.", title="Lukashenko pardoned 20 people in Belarus"
    )
    assert (extraction.kind, extraction.doubts) == (Kind.PARDON, ("title_alone",))


@pytest.mark.parametrize(
    "text",
    [
        "Police in Minsk have detained possibly 20 people.",
        "В Минске задержаны предположительно 20 человек.",
        "У Мінску затрыманыя магчыма 20 чалавек.",
    ],
)
def test_a_number_that_stands_only_in_a_guess_is_doubtful(text: str) -> None:
    extraction = extract(text)
    assert (extraction.facts.detained, extraction.doubts) == (20, ("guessed_number",))


def test_a_number_that_is_also_said_without_a_guess_is_not_doubtful() -> None:
    text = "Police in Minsk have detained possibly 20 people. Viasna said that 20 people were detained in Minsk."
    assert extract(text).doubts == ()


def test_an_act_in_the_quoted_words_of_nobody_named_is_doubtful() -> None:
    text = "«Сегодня в Минске задержали троих моих друзей прямо на улице», — рассказал очевидец."
    assert extract(text).doubts == ("quoted_act",)


def test_other_news_is_no_reading_to_doubt() -> None:
    assert extract("The weather in Minsk is fine today.", title="Sun over Minsk").doubts == ()
