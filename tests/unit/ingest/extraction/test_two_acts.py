"""Two acts in one text are two; what is only said of somebody, or of those held, is none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.contract import Kind, PartyClass
from services.fact_table import ACTS
from services.ingest.article_reading import reading_of
from services.ingest.articles import to_article
from services.ingest.extraction import Extraction, extract
from services.ingest.reports import Report
from services.ingest.sources.base import Item
from services.ingest.stories import group

HERE: Final = Path(__file__).parent
TWO: Final[list[dict[str, Any]]] = yaml.safe_load((HERE / "two_acts.yaml").read_text())
ONE: Final[dict[str, list[str]]] = yaml.safe_load((HERE / "one_act_only.yaml").read_text())
PUBLISHED: Final = datetime(2024, 3, 6, 12, tzinfo=UTC)
COUNTS: Final = {"women"}


def said(found: Extraction, asked: dict[str, Any]) -> dict[str, Any]:
    act, facts = ACTS[found.kind], found.facts
    of: dict[str, Any] = {
        "kind": found.kind.value,
        "number": getattr(facts, act.number),
        "names": len(getattr(facts, act.names) or ()),
        "place": facts.place,
        "day": date.fromisoformat(facts.occurred_on) if facts.occurred_on else None,
        "women": facts.women,
    }
    return {name: of[name] for name in asked}


def reports_of(text: str, language: str, source: str = "wire") -> tuple[Report, ...]:
    item = Item(
        source_id=source,
        source_name=source,
        source_class=PartyClass.MEDIA,
        body=text,
        published=PUBLISHED,
        received=PUBLISHED,
        language=language,
    )
    found = reading_of(to_article(item))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("case", TWO, ids=lambda case: f"{case['language']}: {case['text'][:50]}")
def test_each_of_two_acts_has_its_own_number_names_and_day(case: dict[str, Any]) -> None:
    found = extract(case["text"], language=case["language"], published=PUBLISHED.date())
    assert said(found, case["first"]) == case["first"]
    (second,) = found.further
    assert said(second, case["second"]) == case["second"]
    assert ("second_act" in second.doubts) is case.get("unsure", False)


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in ONE.items() for text in texts])
def test_what_is_said_of_the_people_or_of_others_is_no_second_act(language: str, text: str) -> None:
    assert extract(text, language=language, published=PUBLISHED.date()).further == ()


@pytest.mark.parametrize("case", TWO, ids=lambda case: f"{case['language']}: {case['text'][:50]}")
def test_two_acts_make_two_reports_and_two_stories(case: dict[str, Any]) -> None:
    first, second = reports_of(case["text"], case["language"])
    assert first.id != second.id
    stories = group({"first": first, "second": second})
    assert stories["first"] != stories["second"]


def test_reading_again_gives_the_same_two_reports() -> None:
    case = TWO[0]
    assert reports_of(case["text"], "en") == reports_of(case["text"], "en")


def test_the_running_count_goes_with_the_first_act_alone() -> None:
    text = f"{TWO[0]['text']} Some 1,250 people are still held as political prisoners, Viasna says."
    found = extract(text, language="en", published=PUBLISHED.date())
    assert found.facts.still_held == 1250
    assert [each.facts.still_held for each in found.further] == [None]


ONE_TOWN = {
    "en": [
        "Police detained three people in {one} on Tuesday, Viasna reports.",
        "On Tuesday in {one} three residents were arrested.",
    ],
    "ru": ["Во вторник в {one} задержали трёх человек, сообщает «Весна».", "В {one} милиция задержала троих жителей."],
    "be": ["У аўторак у {one} затрымалі трох чалавек, паведамляе «Вясна».", "У {one} міліцыя затрымала траіх жыхароў."],
}
ANOTHER_TOWN = {
    "en": ["In {two}, five residents were detained the same day.", "Five people were detained in {two}."],
    "ru": ["В {two} в тот же день задержаны пять жителей.", "Пятерых человек задержали в {two}."],
    "be": ["У {two} ў той жа дзень затрыманыя пяць жыхароў.", "Пяцярых чалавек затрымалі ў {two}."],
}
TOWNS = {
    "en": [("Gomel", "Brest"), ("Mogilev", "Gomel")],
    "ru": [("Гомеле", "Бресте"), ("Могилёве", "Гомеле")],
    "be": [("Гомелі", "Брэсце"), ("Магілёве", "Гомелі")],
}
IN_ONE_SENTENCE = {
    "en": [
        "On Tuesday the KGB detained three activists in {one} and five in {two}.",
        "Eight activists were detained in {one} and {two} on Tuesday.",
    ],
    "ru": [
        "Во вторник КГБ задержал трёх активистов в {one} и пятерых в {two}.",
        "Во вторник в {one} и {two} задержали восемь активистов.",
    ],
    "be": [
        "У аўторак КДБ затрымаў трох актывістаў у {one} і пяцярых у {two}.",
        "У аўторак у {one} і {two} затрымалі восем актывістаў.",
    ],
}


@pytest.mark.parametrize("language", ONE_TOWN)
def test_arrests_in_a_second_town_are_a_second_report(language: str) -> None:
    wrong = []
    for one, other, (here, there) in product(ONE_TOWN[language], ANOTHER_TOWN[language], TOWNS[language]):
        text = f"{one.format(one=here)} {other.format(two=there)}"
        found = extract(text, language=language, published=PUBLISHED.date())
        counted = [(each.facts.detained, each.facts.place) for each in (found, *found.further)]
        if [number for number, _ in counted] != [3, 5] or counted[0][1] == counted[1][1]:
            wrong.append((text, counted))
    assert not wrong


def test_as_many_in_the_second_town_as_in_the_first_are_a_second_report_too() -> None:
    text = "Police detained three people in Gomel on Tuesday, Viasna reports. In Brest, three residents were detained."
    found = extract(text, language="en", published=PUBLISHED.date())
    told = [(each.facts.detained, each.facts.place) for each in (found, *found.further)]
    assert told == [(3, "Gomel"), (3, "Brest")]


@pytest.mark.parametrize("language", IN_ONE_SENTENCE)
def test_one_number_for_several_towns_waits_for_a_person(language: str) -> None:
    for text, (here, there) in product(IN_ONE_SENTENCE[language], TOWNS[language]):
        found = extract(text.format(one=here, two=there), language=language, published=PUBLISHED.date())
        assert (found.kind, found.doubts) == (Kind.ARREST, ("several_towns",)), text


def test_where_they_come_from_or_are_brought_makes_no_second_town() -> None:
    for text in (
        "The KGB detained three activists from Gomel in Brest on Tuesday.",
        "Three activists were detained in Gomel on Tuesday and taken to Brest.",
        "On Tuesday in Gomel, a city near Brest, three activists were detained.",
    ):
        assert extract(text, language="en", published=PUBLISHED.date()).doubts == ()
