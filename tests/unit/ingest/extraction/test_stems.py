"""A sentence that a pattern matches always meets the pattern's conditions, so asking them first changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.extraction.dialect.patterns import DATE, NAME, NUMBER, PARTY, Patterns, compile_all
from services.ingest.extraction.dialect.stems import conditions
from services.ingest.extraction.dialect.vocabulary import Vocabulary
from services.ingest.extraction.lexicon import LANGUAGES, Lexicon, lexicon
from services.ingest.extraction.sentences.read_sentence import read

STORIES = Path(__file__).parent / "stories"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("pardoned", [{"pardone"}]),
        (r"was\s++pardoned", [{"pardone"}, {"was\0"}]),
        (r"(?:freed|released)\s++by", [{"freed\0", "release"}, {"by\0"}]),
        (r"detain(?:ed|s)?", [{"detain\0", "detaine", "detains"}]),
        (r"\w+ation\s++of", [{"of\0"}]),
        (rf"held(?:\s++now)?\s++(?P<n>{NUMBER}++)", [{"held\0"}, {NUMBER}]),
        (r"[Tt]he\s++(?!old)site", [{"site\0"}, {"the\0"}]),
        (r"(?:amnesty|.*)", []),
        (r"\w*", []),
    ],
)
def test_the_conditions_of_a_pattern_are_beginnings_of_its_words(body: str, expected: list[set[str]]) -> None:
    assert [set(stems) for stems in conditions(body).needs] == expected


def all_patterns(words: Lexicon) -> Iterator[Patterns]:
    for field in fields(words):
        table = getattr(words, field.name)
        for one in table.values() if isinstance(table, Mapping) else [table]:
            if isinstance(one, Patterns):
                yield one


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_pattern_matches_a_sentence_that_it_is_not_asked_of(language: str) -> None:
    told = yaml.safe_load((STORIES / f"{language}.yaml").read_text(encoding="utf-8"))
    texts = [story["text"] for kind in ("pardons", "arrests") for story in told[kind]] + list(told["others"].values())
    sentences = {reading.counted for text in texts for reading in read(text, lexicon(language))}
    for patterns in all_patterns(lexicon(language)):
        for sentence in sentences:
            assert list(map(spoken, patterns.all(sentence))) == [
                spoken(match) for _, pattern in patterns.each for match in pattern.regex.finditer(sentence)
            ]


def spoken(match: re.Match[str]) -> tuple[object, ...]:
    return match.re, match.regs


PIECES = st.sampled_from(
    [
        "freed",
        "free",
        "FREED",
        "un",
        "was ",
        "by",
        ",",
        " ",
        "-",
        "'",
        NUMBER,
        NAME,
        PARTY,
        DATE,
        "Ё",
        "е",
        "_",
        "7",
        ".",
    ]
)
WRITTEN = st.sampled_from(
    ["freed", "free~", "(?:was|is) freed", "[Ff]reed by", "{n}{gap} freed", "(?:was )?freed", "freed?", "(?:un)+freed",
     "free[ds]", "{names},? freed", "\\W*freed", "(?:was |by )*freed", "by…freed", "(?:freed|by)(?: was| by)+ {n}",
     "{n} ?freed", "freed{2,3}", "(?:-|,) freed", "^freed$", "freed(?=,)", "(?-i:Freed)", "{party}'s", "(?:|was )freed"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.lists(WRITTEN, min_size=1, max_size=3))
def test_asking_only_what_may_match_finds_what_asking_all_finds(sentence: str, written: list[str]) -> None:
    patterns = compile_all(written, {}, Vocabulary())
    asked = [match.span() for match in patterns.all(sentence)]
    assert asked == [match.span() for _, pattern in patterns.each for match in pattern.regex.finditer(sentence)]
