"""Languages are data: each file says everything, in the plural forms its language has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from services.contract import Party, PartyClass
from services.notify.content.belarusian_sounds import with_short_u
from services.notify.content.languages import Language, LanguageFault, load_language, plural_categories
from services.notify.content.rendering import TEMPLATES

FILES = sorted((TEMPLATES / "languages").glob("*.yaml"))
CATEGORIES = {"zero", "one", "two", "few", "many", "other"}
TABLES = ("parties", "counts", "authorities", "regions", "articles")


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def language(request: pytest.FixtureRequest) -> Language:
    return load_language(request.param)


@pytest.fixture
def english() -> Language:
    return load_language(TEMPLATES / "languages" / "en.yaml")


@pytest.fixture
def belarusian() -> Language:
    return load_language(TEMPLATES / "languages" / "be.yaml")


@pytest.fixture
def russian() -> Language:
    return load_language(TEMPLATES / "languages" / "ru.yaml")


def test_no_language_lacks_a_phrase_of_english_or_has_one_more(language: Language, english: Language) -> None:
    ours, theirs = dict(_leaves(language.words["phrases"])), dict(_leaves(english.words["phrases"]))
    assert sorted(theirs.keys() - ours.keys()) == []
    assert sorted(ours.keys() - theirs.keys()) == []


@pytest.mark.parametrize("table", TABLES)
def test_every_language_knows_the_same_parties_regions_and_articles(
    language: Language, english: Language, table: str
) -> None:
    assert language.words[table].keys() == english.words[table].keys()


def test_a_phrase_with_plurals_has_each_form_that_the_language_has(language: Language) -> None:
    needed = plural_categories(language.locale)
    for key, leaf in _leaves(language.words["phrases"]):
        if isinstance(leaf, Mapping):
            assert set(leaf) == needed, key


def test_every_phrase_is_text_and_raises_its_voice_nowhere(language: Language) -> None:
    for key, leaf in _leaves(language.words["phrases"]):
        for text in leaf.values() if isinstance(leaf, Mapping) else [leaf]:
            assert isinstance(text, str), key
            assert "!" not in text, key


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 человек"),
        (2, "2 человека"),
        (5, "5 человек"),
        (11, "11 человек"),
        (21, "21 человек"),
        (1250, "1\xa0250 человек"),
    ],
)
def test_russian_counts_people_in_three_forms(russian: Language, count: int, words: str) -> None:
    assert russian.plural("people", count) == words


@pytest.mark.parametrize(
    ("count", "pardoned"),
    [
        (1, "У Беларусі памілавалі 1 чалавека"),
        (2, "У Беларусі памілавалі 2 чалавекі"),
        (5, "У Беларусі памілавалі 5 чалавек"),
        (12, "У Беларусі памілавалі 12 чалавек"),
        (20, "У Беларусі памілавалі 20 чалавек"),
        (21, "У Беларусі памілавалі 21 чалавека"),
        (1250, "У Беларусі памілавалі 1\xa0250 чалавек"),
    ],
)
def test_belarusian_says_what_was_done_to_people_in_three_forms(
    belarusian: Language, count: int, pardoned: str
) -> None:
    people = belarusian.plural("people", count)
    assert belarusian.plural("headline.pardoned.counted", count, people=people) == pardoned


def test_words_of_ours_meet_what_fills_a_phrase_and_words_of_others_stay(belarusian: Language) -> None:
    government = Party(id="government", name="Government", party_class=PartyClass.OFFICIAL)
    kgb = Party(id="kgb", name="KGB", party_class=PartyClass.OFFICIAL)
    assert belarusian.voices("headline.announced", [government]) == "пра гэта аб’яўляе ўрад Беларусі"
    assert belarusian.voices("headline.announced", [kgb, government]) == "пра гэта аб’яўляюць КДБ і ўрад Беларусі"
    assert belarusian.phrase("subject.in_country", act="Іх 2") == "Іх 2 ў Беларусі"
    assert belarusian.phrase("subject.in_country", act="Помилование у него") == "Помилование у него ў Беларусі"


def test_every_belarusian_phrase_is_written_as_its_words_meet(belarusian: Language) -> None:
    texts = [text for table in TABLES for text in _texts(belarusian.words[table])]
    for text in (*texts, *_texts(belarusian.words["phrases"])):
        assert with_short_u(text) == text


def test_dates_are_full_and_times_are_those_of_minsk(english: Language, russian: Language) -> None:
    assert english.date("2024-12-28") == "28 December 2024"
    assert russian.date("2024-12-28T21:30:00Z") == "29 декабря 2024 года"


@pytest.mark.parametrize(
    "text", [None, "", "0000-00-00", "yesterday", "2026-11-22T09:00:00+25:00", "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_date_is_none(english: Language, text: str | None) -> None:
    assert english.date(text) is None


def test_an_unknown_party_keeps_its_name_as_published(russian: Language) -> None:
    outlet = Party(id="example-gazette", name="Example Gazette", party_class=PartyClass.MEDIA)
    assert russian.party(outlet).name == "Example Gazette"
    assert russian.party(outlet).genitive == "издания «Example Gazette»"


def test_the_verb_agrees_with_a_party_that_is_many(russian: Language) -> None:
    groups = Party(id="rights-groups", name="rights groups", party_class=PartyClass.DEFENDER)
    viasna = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
    assert russian.voices("headline.reported_by", [groups]) == "об этом сообщают правозащитники"
    assert russian.voices("headline.reported_by", [viasna]) == "об этом сообщает «Весна»"


def test_a_value_is_never_read_as_a_pattern(english: Language) -> None:
    assert english.phrase("quoted", text="{0.__class__} {text}") == "“{0.__class__} {text}”"


def test_a_phrase_that_is_not_there_is_named_with_its_file(english: Language) -> None:
    with pytest.raises(LanguageFault, match=r"templates/languages/en\.yaml: no phrase at phrases\.no\.such"):
        english.phrase("no.such")


def test_a_file_that_is_no_language_is_named(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text("phrases: {}\n", encoding="utf-8")
    with pytest.raises(LanguageFault, match=r"xx\.yaml is no language file"):
        load_language(tmp_path / "xx.yaml")


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for inner in node.values():
            yield from _texts(inner)
    elif isinstance(node, str):
        yield node


def _leaves(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in node.items():
        here = f"{path}.{key}".lstrip(".")
        if isinstance(inner, Mapping) and not set(inner) <= CATEGORIES:
            yield from _leaves(inner, here)
        else:
            yield here, inner
