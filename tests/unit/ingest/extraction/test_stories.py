"""Whole stories in three languages, as data: each says all that must be found in it, and anything more is wrong too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.contract import Kind, Role
from services.data_files import read_yaml
from services.ingest.extraction import Extraction, extract

STORIES = Path(__file__).parent / "stories"


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`said_by` gives ids of parties by field, `still_held` the display names of those who remain in prison."""

    story: str
    published: date
    text: str
    facts: dict[str, Any]
    said_by: dict[str, str] = {}
    precision: dict[str, str] = {}
    still_held: list[str] = []


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pardons: list[Story]
    arrests: list[Story]
    others: dict[str, str]


@cache
def told(language: str) -> Told:
    written = read_yaml((STORIES / f"{language}.yaml").read_text(encoding="utf-8"))
    return msgspec.convert(written, Told)


LANGUAGES = ("en", "ru", "be")


def stories(pick: Callable[[Told], list[Story]]) -> list[Any]:
    return [
        pytest.param(language, story, id=f"{language}: {story.story}")
        for language in LANGUAGES
        for story in pick(told(language))
    ]


def found(language: str, story: Story) -> Extraction:
    extraction = extract(story.text, published=story.published)
    assert extraction.language == language
    return extraction


def facts_of(extraction: Extraction) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.to_builtins(extraction.facts)
    facts.pop("attribution", None)
    return {field: list(value) if isinstance(value, tuple) else value for field, value in facts.items()}


PARDONS = stories(lambda told: told.pardons)
ARRESTS = stories(lambda told: told.arrests)
ACTS = [*PARDONS, *ARRESTS]


@pytest.mark.parametrize(("language", "story"), PARDONS)
def test_a_pardon_is_told_as_one(language: str, story: Story) -> None:
    assert found(language, story).kind is Kind.PARDON


@pytest.mark.parametrize(("language", "story"), ARRESTS)
def test_an_arrest_is_told_as_one(language: str, story: Story) -> None:
    assert found(language, story).kind is Kind.ARREST


@pytest.mark.parametrize(("language", "story"), ACTS)
def test_a_story_gives_its_facts_and_no_others(language: str, story: Story) -> None:
    facts = facts_of(found(language, story))
    if "act" not in story.facts:  # `test_release_act` tells them apart
        facts.pop("act", None)
    assert facts == story.facts


@pytest.mark.parametrize(("language", "story"), ACTS)
def test_every_claim_has_its_speaker_and_its_hedge(language: str, story: Story) -> None:
    first = {claim.field: claim for claim in reversed(found(language, story).claims)}
    assert {field: first[field].said_by.id for field in story.said_by} == story.said_by
    assert {field: first[field].precision.value for field in story.precision} == story.precision


@pytest.mark.parametrize(("language", "story"), ACTS)
def test_those_who_remain_in_prison_are_nobody_else(language: str, story: Story) -> None:
    held = [person.name for person in found(language, story).persons if person.role is Role.STILL_HELD]
    assert held == story.still_held


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param(language, text, id=f"{language}: {name}")
        for language in LANGUAGES
        for name, text in told(language).others.items()
    ],
)
def test_what_only_sounds_like_news_of_ours_is_other(language: str, text: str) -> None:
    extraction = extract(text, published=date(2024, 12, 29))
    assert (extraction.language, extraction.kind) == (language, Kind.OTHER)
    assert (extraction.facts.pardoned, extraction.facts.detained) == (None, None)
