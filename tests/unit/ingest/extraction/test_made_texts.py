"""Numbers and names of arrests in texts made up by rule: whoever is taken is counted, in whatever words it is said.

The half of the words, names and frames that is kept aside (`made_texts/maker.py`) is read as well as the other.
"""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract
from services.names import fold, similarity
from tests.unit.ingest.extraction.made_texts.groups import GROUPS
from tests.unit.ingest.extraction.made_texts.maker import LANGUAGES
from tests.unit.ingest.extraction.made_texts.texts import Made, made_texts

PUBLISHED = date(2026, 3, 5)
EACH = 8
"""Texts of each language, half and kind of group."""


@pytest.mark.parametrize("kind", GROUPS)
@pytest.mark.parametrize("half", [0, 1], ids=["known words", "words kept aside"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_as_many_are_counted_as_were_taken_and_the_same_are_named(language: str, half: int, kind: str) -> None:
    wrong = [each.text for each in made_texts(language, half, kind, EACH) if not is_right(each)]
    assert wrong == []


def is_right(made: Made) -> bool:
    facts = extract(made.text, language=made.language, published=PUBLISHED, at_home=True).facts
    return facts.detained == made.number and are_the_same(facts.names or (), made.names)


def are_the_same(found: tuple[str, ...], due: tuple[str, ...]) -> bool:
    """In any order and romanisation."""
    alike = (any(similarity(fold(each), fold(other)) >= 80 for other in found) for each in due)
    return len(found) == len(due) and all(alike)
