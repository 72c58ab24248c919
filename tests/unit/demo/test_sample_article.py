"""The sample articles are ours, whole, and carry what an alert can show."""

from __future__ import annotations

import pytest

from services.demo import sample_article as article


@pytest.mark.parametrize("sample", [article.pardon(), article.pardon_update(), article.arrest()])
def test_a_sample_begins_with_its_headline_and_stands_on_a_day(sample: article.SampleArticle) -> None:
    assert sample.text.startswith(sample.title + "\n\n")
    assert article.OUTLET in sample.text
    assert sample.published.utcoffset() is not None
    assert sample.as_of == sample.published.date()
    assert ".example/" in sample.url


def test_the_pardon_states_every_figure_with_who_gives_it() -> None:
    text = article.pardon().text
    for fact in ("20 people", "11 women", "14 of the", "eighth pardon", "207", "About 1,250", "at least seven"):
        assert fact in text
    assert 250 <= len(text.split()) <= 350
    for held in ("Ales Bialiatski", "Siarhei Tsikhanouski", "Viktar Babaryka"):
        assert held in text


def test_the_update_is_the_same_act_with_one_fact_more() -> None:
    text = article.pardon_update().text
    assert "10 of them have children" in text
    assert "have children" not in article.pardon().text
    for fact in ("28 December 2024", "20 people", "11 women", "14 are"):
        assert fact in text


def test_the_arrest_names_nobody() -> None:
    text = article.arrest().text
    for fact in ("Трёх человек задержали в Гомеле", "Следственного комитета", "статье 342", "«Вясна»"):
        assert fact in text
    assert "Имена задержанных ведомство не назвало" in text
