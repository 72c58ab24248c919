"""What the law and rights groups say of whom an act touched, by class: and nothing that they say of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.ingest.extraction import extract

SAID: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("said_in_law.yaml").read_text(encoding="utf-8"))
TAKEN = {
    "en": "Police detained the activist Ivan Kavalchuk in Hrodna on Friday.",
    "ru": "Милиция задержала в Гродно активиста Ивана Ковальчука.",
    "be": "Міліцыя затрымала ў Гродне актывіста Івана Кавальчука.",
}


def sentences() -> Iterator[tuple[str, str, str, Any]]:
    for field, classes in SAID.items():
        for language, said in classes["said"].items():
            yield from ((field, language, sentence, value) for sentence, value in said.items())
        for language, said in classes["nothing"].items():
            yield from ((field, language, sentence, None) for sentence in said)


@pytest.mark.parametrize(("field", "language", "sentence", "value"), list(sentences()))
def test_what_is_said_of_them_is_read_and_nothing_else(field: str, language: str, sentence: str, value: Any) -> None:
    found = extract(f"{TAKEN[language]} {sentence}", language=language, published=date(2025, 9, 12))
    read = getattr(found.facts, field)
    assert (list(read) if isinstance(read, tuple) else read) == value


@pytest.mark.parametrize(
    ("language", "text", "party"),
    [
        ("en", "Viasna has recognised him as a political prisoner.", "viasna"),
        ("ru", "Правозащитники признали его политзаключенным.", "rights-groups"),
    ],
)
def test_who_recognises_somebody_says_so_themselves(language: str, text: str, party: str) -> None:
    found = extract(f"{TAKEN[language]} {text}", language=language, published=date(2025, 9, 12))
    assert [claim.said_by.id for claim in found.claims if claim.field == "recognised_by"] == [party]
