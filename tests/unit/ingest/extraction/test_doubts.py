"""What is read with low confidence says so; what is sure has no doubts."""

from __future__ import annotations

from services.contract import Kind
from services.ingest.extraction import extract


def test_a_plain_statement_has_no_doubts() -> None:
    assert extract("Lukashenko has pardoned 20 people in Belarus, his press service said.").doubts == ()


def test_an_act_that_only_the_title_states_is_doubtful() -> None:
    extraction = extract(
        "The press service in Minsk gave a list of women and men.", title="Lukashenko pardoned 20 people in Belarus"
    )
    assert (extraction.kind, extraction.doubts) == (Kind.PARDON, ("title_alone",))


def test_other_news_is_no_reading_to_doubt() -> None:
    assert extract("The weather in Minsk is fine today.", title="Sun over Minsk").doubts == ()
