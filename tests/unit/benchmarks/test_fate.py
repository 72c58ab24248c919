"""What becomes of an item is what the release rules make of it, from the source whose pages stand at its address."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.fate import Origin, fate_of, read_origins, watched
from benchmarks.felt import Fate
from services.contract import PartyClass

PARDON = (
    "The Belarusian ruler Alexander Lukashenko has signed a decree pardoning 17 prisoners. Nine of them are women."
    " All seventeen had been convicted of extremist crimes in Belarus."
)
WEATHER = "Rain is expected in Minsk on Thursday, and the temperature will fall to five degrees at night."


def _item(text: str, url: str | None = None, published: str | None = "2025-05-06") -> dict[str, Any]:
    return {"id": "a", "text": text, "url": url, "published": published, "language": "en"}


def test_an_authoritys_own_text_goes_out() -> None:
    assert fate_of(_item(PARDON), {}, watched().first(PartyClass.OFFICIAL)) is Fate.OUT


def test_the_same_words_of_an_outlet_that_nobody_watches_wait() -> None:
    assert fate_of(_item(PARDON, "https://news.example/1"), {}) is Fate.WAITS


def test_what_is_read_as_no_news_is_seen_by_nobody() -> None:
    assert fate_of(_item(WEATHER), {}, watched().first(PartyClass.OFFICIAL)) is Fate.DROPPED


def test_a_near_miss_waits() -> None:
    assert fate_of(_item(WEATHER), {"near_miss": True}) is Fate.WAITS


def test_a_text_without_a_letter_is_seen_by_nobody() -> None:
    assert fate_of(_item(" "), {}) is Fate.DROPPED


def test_an_item_without_a_date_does_not_go_out_by_itself() -> None:
    assert fate_of(_item(PARDON, published=None), {}, watched().first(PartyClass.OFFICIAL)) is Fate.WAITS


@pytest.mark.parametrize(
    ("url", "language", "source"),
    [
        ("https://rights.example/a", "en", "rights-en"),
        ("https://www.rights.example/a", "ru", "rights-ru"),
        ("https://mirror.example/a", "de", "rights-en"),
        ("https://elsewhere.example/a", "en", "unwatched"),
        (None, "en", "unwatched"),
    ],
)
def test_the_source_is_the_one_whose_host_and_language_the_item_has(
    url: str | None, language: str, source: str
) -> None:
    entries: list[dict[str, Any]] = [
        {"id": "rights-en", "name": "Rights", "class": "defender", "url": "https://rights.example/en",
         "hosts": ["mirror.example"], "language": "en", "speaks_for": "rights"},
        {"id": "rights-ru", "name": "Rights", "class": "defender", "url": "https://www.rights.example/ru",
         "language": "ru", "speaks_for": "rights"},
    ]  # fmt: skip
    assert read_origins(entries).of(url, language).id == source


def test_a_rights_group_speaks_for_itself_and_an_outlet_for_nobody() -> None:
    entries = [
        {"id": "group", "name": "Group", "class": "defender", "url": "https://group.example/"},
        {"id": "paper", "name": "Paper", "class": "media", "url": "https://paper.example/", "outlet": "house"},
    ]
    origins = read_origins(entries)
    assert origins.first(PartyClass.DEFENDER) == Origin(
        "group", "Group", PartyClass.DEFENDER, speaks_for="group", outlet="group"
    )
    assert origins.first(PartyClass.MEDIA) == Origin("paper", "Paper", PartyClass.MEDIA, outlet="house")
