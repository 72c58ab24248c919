"""Acts over time and freed beside held: pictures that say what the words say, or are not there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from services.contract import Claim, Event, Party, PartyClass, Precision
from services.notify.content.alerts.pictures import acts_picture, balance
from services.notify.content.earlier_acts import BadListOfActs, EarlierAct, load_earlier_acts
from services.notify.content.example_events import example_events
from services.notify.content.languages import load_language
from services.notify.content.rendering import TEMPLATES
from services.runtime.settings import REPOSITORY
from tests.letters import renderer_at

ENGLISH = load_language(TEMPLATES / "languages" / "en.yaml")
EVENTS = example_events()
DAY = date(2024, 12, 28)
ACTS = tuple(EarlierAct(date=DAY - timedelta(days=20 * back), people=10 + back) for back in range(9, 0, -1))
OFFICE = Party(id="president", name="the office", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)


def changed(name: str, **changes: Any) -> Event:
    return msgspec.structs.replace(EVENTS[name], data=msgspec.structs.replace(EVENTS[name].data, **changes))


def said(field: str, value: int, by: Party = VIASNA, source: int = 0, precision: Precision = Precision.EXACT) -> Claim:
    return Claim(field=field, value=value, said_by=by, span=(0, 1), source=source, precision=precision)


def test_six_acts_at_most_and_this_one_is_the_last_and_the_only_dark_one() -> None:
    picture = acts_picture(EVENTS["pardon"], ENGLISH, ACTS)
    assert picture is not None
    assert [column.number for column in picture.columns] == ["15", "14", "13", "12", "11", "20"]
    assert [column.this for column in picture.columns] == [False] * 5 + [True]
    assert picture.columns[-1].height == max(column.height for column in picture.columns)
    for column in picture.columns:
        assert f"{column.day_in_full}: {column.number}" in picture.whole


def test_what_came_on_the_same_day_or_later_is_not_before_it() -> None:
    later = (*ACTS, EarlierAct(date=DAY, people=999), EarlierAct(date=DAY + timedelta(days=9), people=999))
    assert acts_picture(EVENTS["pardon"], ENGLISH, later) == acts_picture(EVENTS["pardon"], ENGLISH, ACTS)


def test_two_numbers_of_one_act_stand_in_one_column() -> None:
    disputed = changed("pardon", claims=(said("pardoned", 22, OFFICE), said("pardoned", 19)))
    picture = acts_picture(disputed, ENGLISH, ACTS)
    assert picture is not None
    assert picture.columns[-1].number == "22 or 19"


def pardon_with(**facts: Any) -> Event:
    headline = msgspec.structs.replace(EVENTS["pardon"].data.headline_facts, **facts)
    return changed("pardon", headline_facts=headline, occurred_on=headline.occurred_on, claims=())


@pytest.mark.parametrize(
    "event",
    [
        EVENTS["arrest"],
        EVENTS["system_test"],
        pardon_with(occurred_on=None),
        pardon_with(pardoned=None),
        pardon_with(act="exchanged"),
    ],
)
def test_nothing_is_drawn_of_what_is_no_pardon_of_a_known_day_and_number(event: Event) -> None:
    assert acts_picture(event, ENGLISH, ACTS) is None


@pytest.mark.parametrize(
    "acts", [(), ACTS[-1:], tuple(EarlierAct(date=DAY - timedelta(days=300 + n), people=5) for n in range(9))]
)
def test_nor_where_the_list_is_too_short_or_ends_long_before(acts: tuple[EarlierAct, ...]) -> None:
    assert acts_picture(EVENTS["pardon"], ENGLISH, acts) is None


def test_freed_stand_beside_held_in_one_bar_with_who_counts() -> None:
    bar = balance(changed("pardon", claims=(said("released_total", 207), said("still_held", 1250))), ENGLISH)
    assert bar is not None
    assert (bar.share, bar.by) == (14, "Viasna")
    assert "207" in bar.whole
    assert "1,250" in bar.whole


@pytest.mark.parametrize(
    "claims",
    [
        (said("released_total", 207),),
        (said("released_total", 207), said("still_held", 1250, OFFICE)),
        (said("released_total", 207), said("still_held", 1250, source=1)),
        (said("released_total", 207), said("still_held", 1250), said("still_held", 1100, OFFICE)),
        (said("released_total", 207, OFFICE), said("still_held", 1250, OFFICE)),
        (said("released_total", 0), said("still_held", 1250)),
    ],
)
def test_no_bar_sides_with_one_of_several_or_mixes_two_keepers(claims: tuple[Claim, ...]) -> None:
    sources = EVENTS["pardon_merged"].data.sources
    assert balance(changed("pardon", claims=claims, sources=sources), ENGLISH) is None


@pytest.mark.parametrize("language", renderer_at().languages)
def test_a_letter_says_in_its_text_what_its_picture_shows(language: str) -> None:
    rendered = renderer_at().render(
        EVENTS["pardon"], channel="email", parts=("text", "html"), language=language, mode="plain"
    )
    html, text = rendered.parts["html"], " ".join(rendered.parts["text"].split())
    acts, bar = re.findall(r'role="img" aria-label="([^"]*)"', html)[::-1]
    assert acts in text
    assert len(re.findall(r'<td class="bar"', html)) == 2, "the column of this act, and those freed"
    assert all(number in text for number in re.findall(r"\d+", bar))


def test_the_list_that_ingest_reads_is_read_here_as_well() -> None:
    acts = load_earlier_acts(REPOSITORY / "infra" / "known_acts.yaml")
    assert list(acts) == sorted(acts, key=lambda act: act.date)
    assert all(act.people > 0 for act in acts)


@pytest.mark.parametrize(
    "text", ["", "acts: 3", "acts: [{people: 3}]", "acts: [{date: yesterday, people: 3}]", "a: [", "\x00"]
)
def test_a_list_that_cannot_be_read_is_named(tmp_path: Any, text: str) -> None:
    (tmp_path / "acts.yaml").write_text(text)
    for file in (tmp_path / "acts.yaml", tmp_path / "none.yaml"):
        with pytest.raises(BadListOfActs, match="VESTKA_KNOWN_ACTS_FILE"):
            load_earlier_acts(file)
