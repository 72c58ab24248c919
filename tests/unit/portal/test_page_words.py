"""Every language says the same on our pages: each has every phrase that any other has, with the same slots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.runtime.settings import REPOSITORY

WORDS = REPOSITORY / "templates" / "pages" / "words"
LANGUAGES = sorted(folder.name for folder in WORDS.iterdir())
FILES = sorted({file.name for file in WORDS.rglob("*.yaml")})


def leaves(words: Any, at: str = "") -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{at}{key}.")
        else:
            yield f"{at}{key}", value


def phrases(language: str, file: str) -> dict[str, str]:
    """By key; the forms of a plural count as one."""
    found: dict[str, str] = {}
    for key, text in leaves(yaml.safe_load((WORDS / language / file).read_text())):
        found.setdefault(re.sub(r"\.(one|few|many|other)$", "", key), text)
    return found


def slots(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_there_are_three() -> None:
    assert LANGUAGES == ["be", "en", "ru"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_phrase_with_its_slots(language: str, file: str) -> None:
    assert Path(WORDS / language / file).exists()
    ours, english = phrases(language, file), phrases("en", file)
    assert ours.keys() == english.keys()
    assert {key: slots(text) for key, text in ours.items()} == {key: slots(text) for key, text in english.items()}
    assert all(isinstance(text, str) and text.strip() for text in ours.values())


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("language", "foreign"), [("ru", "іў"), ("be", "щиъ")])
def test_a_language_has_its_own_letters(language: str, foreign: str, file: str) -> None:
    text = " ".join(phrases(language, file).values()).casefold()
    assert not set(text) & set(foreign)
