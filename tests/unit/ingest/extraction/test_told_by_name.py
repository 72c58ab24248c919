"""Whom a text names as freed or taken, in whatever words it does; and nobody who only stands beside them.

The frames, verbs and people are in `told_by_name.yaml` and `made_texts/`; every second frame and verb is kept aside.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from services.contract import Role
from services.ingest.extraction import extract
from services.names import fold, similarity

HERE = Path(__file__).parent
TOLD = yaml.safe_load((HERE / "told_by_name.yaml").read_text())
LANGUAGES = ("en", "ru", "be")
ROLES = {"pardon": Role.PARDONED, "arrest": Role.DETAINED}
PUBLISHED = date(2026, 3, 5)
NEXT_VERB, NEXT_PERSON = 3, 3
"""How far apart the people of two verbs, and of one text, stand in the list of them."""


@pytest.mark.parametrize("act", ROLES)
@pytest.mark.parametrize("half", [0, 1], ids=["known words", "words kept aside"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_those_are_named_whom_the_act_touched_and_nobody_else(language: str, half: int, act: str) -> None:
    frames = range(half, len(TOLD["frames"][language]), 2)
    texts = [text_of(language, act, at, verb) for at in frames for verb in range(half, 4, 2)]
    wrong = [made[0] for made in texts if not is_right(made, language, act)]
    assert wrong == []


def is_right(made: tuple[str, list[str]], language: str, act: str) -> bool:
    text, due = made
    found = extract(text, language=language, published=PUBLISHED, at_home=True)
    named = [person.name for person in found.persons if person.role is ROLES[act]]
    alike = (any(similarity(fold(each), fold(other)) >= 80 for other in named) for each in due)
    return len(named) == len(due) and all(alike)


def text_of(language: str, act: str, at: int, verb: int) -> tuple[str, list[str]]:
    """A text and whom it names as touched by the act."""
    frame, everybody = TOLD["frames"][language][at], people(language)
    words = {key: said[verb] for key, said in TOLD[language][act].items()}
    first = at + verb * NEXT_VERB
    chosen = {letter: everybody[(first + i * NEXT_PERSON) % len(everybody)] for i, letter in enumerate("ABC")}
    cases = {f"{letter}{case}": said for letter, person in chosen.items() for case, said in enumerate(person)}
    lead = TOLD["leads"][language][act] + frame.get("heading", "")
    text = frame["say"].replace("{L}", lead).format(**cases, **words)
    capitals = re.sub(r"(?<=\. )\w", lambda match: match[0].upper(), text)
    return capitals, [chosen[letter][0] for letter in frame["named"]]


@cache
def people(language: str) -> list[list[str]]:
    """Each as who, of whom, whom."""
    written = yaml.safe_load((HERE / "made_texts" / f"{language}.yaml").read_text())["names"]
    return [each.split("|") if "|" in each else [each] * 3 for each in written]
