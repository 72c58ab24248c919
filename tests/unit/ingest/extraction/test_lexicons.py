"""Every lexicon and the gazetteer can be read, and all say the same kinds of thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields

import pytest

from services.contract import Facts, Role
from services.ingest.extraction.dialect.patterns import BadLexicon, Patterns, compile_pattern
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.lexicon import LANGUAGES, lexicon

REGIONS = {"brest", "vitebsk", "gomel", "grodno", "minsk_region", "mogilev", "minsk_city"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lexicon_has_twelve_months_and_seven_weekdays(language: str) -> None:
    words = lexicon(language)
    assert len(list(words.months)) == 12
    assert len(list(words.weekdays)) == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lexicon_has_the_keys_of_the_english_one(language: str) -> None:
    words, english = lexicon(language), lexicon("en")
    for group in ("counts", "everyone", "statements", "roles", "signals", "arrest"):
        assert set(getattr(words, group)) == set(getattr(english, group))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_lexicon_counts_are_facts_and_whom_it_names_have_roles(language: str) -> None:
    words = lexicon(language)
    assert set(words.counts) <= set(Facts.__struct_fields__)
    assert set(words.roles) <= {role.value for role in Role}


def test_every_place_lies_in_a_region_of_the_contract() -> None:
    assert {place.region for _, place in gazetteer().places} <= REGIONS
    assert {region for _, region in gazetteer().regions} <= REGIONS


def test_a_place_and_a_person_have_a_name_in_every_language() -> None:
    assert all(set(place.names) == set(LANGUAGES) for _, place in gazetteer().places)
    assert all({language for language, _ in person.names} == set(LANGUAGES) for person in gazetteer().people)


def test_a_pattern_that_uses_an_unknown_word_says_what_to_add() -> None:
    with pytest.raises(BadLexicon, match="add it to `words`"):
        compile_pattern("<prisonner> freed", {"prisoner": "prisoner"})


def test_a_pattern_that_is_no_regular_expression_is_named() -> None:
    with pytest.raises(BadLexicon, match="is no regular expression"):
        compile_pattern("(freed", {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_of_a_lexicon_is_a_regular_expression(language: str) -> None:
    words = lexicon(language)
    tables = [getattr(words, field.name) for field in fields(words)]
    together = [*tables, *(each for table in tables if isinstance(table, Mapping) for each in table.values())]
    patterns = [pattern for one in together if isinstance(one, Patterns) for _, pattern in one.each]
    assert len(patterns) > 100
    assert all(isinstance(pattern.regex, re.Pattern) for pattern in patterns)
