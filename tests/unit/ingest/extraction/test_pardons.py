"""Pardons in three languages: every number with who says it and where it stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.contract import Claim, Kind, PartyClass, Precision, Role
from services.ingest.extraction import UNATTRIBUTED, Extraction, extract

PARDON_DAY = date(2024, 12, 28)
"""A Saturday."""

WIRE_STORY = """\
Belarus frees another 20 prisoners as rights advocates see no thaw

VILNIUS, Lithuania — Alexander Lukashenko has pardoned 20 people whom rights advocates regard as political prisoners, \
according to a notice on the president’s website on Saturday.

The authorities did not publish the names of those pardoned. The notice said that all of them had been convicted of \
crimes called “extremist in nature”.

Among them are 11 women, and 14 people have chronic illnesses.

The presidential administration said that those released had expressed remorse and had appealed to the head of state \
for clemency.

It is the eighth pardon since the middle of summer, and brings the number of political prisoners released to 207, \
according to Viasna.

Viasna says that about 1,250 political prisoners remain behind bars, and that at least seven political prisoners have \
died in custody since 2020.

Among those still in prison are Nobel laureate Ales Bialiatski, who founded Viasna; Siarhei Tsikhanouski, a blogger \
who planned to run against Lukashenko; and the banker Viktar Babaryka.
"""

RUSSIAN_PARDON = """\
Александр Лукашенко помиловал 23 человека, осужденных за преступления экстремистской направленности, сообщила \
пресс-служба президента в субботу. Среди них три женщины и 20 мужчин; у 14 хронические заболевания, дети есть у 12. \
Имен в сообщении нет. Все помилованные раскаялись и подали прошения о помиловании.

По данным «Вясны», за решеткой остаются более 1 250 политзаключенных. Алесь Беляцкий по-прежнему в заключении.
"""

BELARUSIAN_PARDON = """\
Аляксандр Лукашэнка памілаваў 29 чалавек, паведаміла прэс-служба прэзідэнта 9 снежня. Гэта 11 жанчын і 18 мужчын, у 15 \
хранічныя хваробы, двое маюць інваліднасць. Прозвішчаў няма.

Паводле «Вясны», гэта ўжо сёмае памілаванне, а за кратамі застаюцца больш за 1250 палітвязняў. Віктара Бабарыкі сярод \
вызваленых няма.
"""

SEED = sorted(Path(__file__).parents[5].glob("shared/seed/*.txt"))


def seed() -> str:
    if not SEED:
        pytest.skip("the seed article is not at hand")
    return SEED[0].read_text(encoding="utf-8")


@pytest.fixture(params=["wire story", "seed article"])
def story(request: pytest.FixtureRequest) -> str:
    return WIRE_STORY if request.param == "wire story" else seed()


def claim(extraction: Extraction, field: str) -> Claim:
    return next(each for each in extraction.claims if each.field == field)


def role(extraction: Extraction, name: str) -> Role:
    return next(person.role for person in extraction.persons if person.name == name)


def test_every_number_of_the_act_is_found(story: str) -> None:
    facts = extract(story, as_of=PARDON_DAY).facts
    assert (facts.pardoned, facts.convicted_of_extremism, facts.women, facts.chronically_ill) == (20, 20, 11, 14)
    assert (facts.nth_pardon, facts.released_total, facts.still_held, facts.deaths_in_custody) == (8, 207, 1250, 7)
    assert facts.men is None
    assert facts.detained is None


def test_what_is_said_without_a_number_is_found(story: str) -> None:
    facts = extract(story, as_of=PARDON_DAY).facts
    assert (facts.names_disclosed, facts.repented, facts.petitioned) == (False, True, True)


def test_hedges_are_kept(story: str) -> None:
    extraction = extract(story)
    assert claim(extraction, "still_held").precision is Precision.ABOUT
    assert claim(extraction, "deaths_in_custody").precision is Precision.AT_LEAST
    assert claim(extraction, "pardoned").precision is Precision.EXACT


@pytest.mark.parametrize(
    "field",
    ["pardoned", "convicted_of_extremism", "women", "chronically_ill", "repented", "petitioned", "names_disclosed"],
)
def test_the_act_is_told_by_the_president(story: str, field: str) -> None:
    said_by = claim(extract(story), field).said_by
    assert said_by.id == "president"
    assert said_by.party_class is PartyClass.OFFICIAL


@pytest.mark.parametrize("field", ["nth_pardon", "released_total", "still_held", "deaths_in_custody"])
def test_the_tallies_are_told_by_viasna(story: str, field: str) -> None:
    said_by = claim(extract(story), field).said_by
    assert said_by.id == "viasna"
    assert said_by.party_class is PartyClass.DEFENDER


def test_tallies_are_totals_and_the_rest_is_of_the_act(story: str) -> None:
    scopes = {each.field: each.scope for each in extract(story).claims}
    assert scopes["released_total"] == scopes["still_held"] == scopes["deaths_in_custody"] == "total"
    assert scopes["pardoned"] == scopes["women"] == scopes["nth_pardon"] == "act"


def test_attribution_names_who_says_so(story: str) -> None:
    attribution = extract(story).facts.attribution
    assert attribution is not None
    assert "the president's website" in attribution
    assert "Viasna" in attribution
    assert UNATTRIBUTED.name not in attribution


@pytest.mark.parametrize("name", ["Ales Bialiatski", "Siarhei Tsikhanouski", "Viktar Babaryka"])
def test_a_named_prisoner_who_is_still_held_is_not_pardoned(story: str, name: str) -> None:
    extraction = extract(story)
    assert role(extraction, name) is Role.STILL_HELD
    assert extraction.facts.names_pardoned is None


def test_the_ruler_is_neither_pardoned_nor_held(story: str) -> None:
    assert role(extract(story), "Alexander Lukashenko") is Role.MENTIONED


def test_saturday_is_a_day_only_where_the_day_of_the_text_is_known(story: str) -> None:
    assert extract(story).occurred_on is None
    assert extract(story, as_of=PARDON_DAY).occurred_on == "2024-12-28"
    assert extract(story, published=PARDON_DAY, as_of=date(2030, 1, 1)).occurred_on == "2024-12-28"


SPAN_WORDS = {"20": "20", "11": "11", "14": "14", "8": "eighth", "207": "207", "1250": "1,250", "7": "seven"} | {
    "2024-summer": "summer"
}


def test_every_span_points_at_the_words_that_state_the_claim(story: str) -> None:
    for each in extract(story).claims:
        words = story[each.span[0] : each.span[1]]
        if each.field == "convicted_of_extremism":
            assert "all" in words
        elif each.field == "act":
            assert any(verb in words for verb in ("pardon", "grants clemency"))
        elif not isinstance(each.value, bool):
            assert SPAN_WORDS[str(each.value)] in words
        assert words == words.strip() != ""


def test_a_pardon_in_russian() -> None:
    extraction = extract(RUSSIAN_PARDON, published=date(2025, 1, 18))
    facts = extraction.facts
    assert (extraction.kind, extraction.language, extraction.occurred_on) == (Kind.PARDON, "ru", "2025-01-18")
    assert (facts.pardoned, facts.convicted_of_extremism, facts.women, facts.men) == (23, 23, 3, 20)
    assert (facts.chronically_ill, facts.with_children, facts.still_held) == (14, 12, 1250)
    assert (facts.names_disclosed, facts.repented, facts.petitioned) == (False, True, True)
    assert claim(extraction, "pardoned").said_by.id == "president"
    assert claim(extraction, "still_held").said_by.id == "viasna"
    assert claim(extraction, "still_held").precision is Precision.OVER
    assert role(extraction, "Алесь Беляцкий") is Role.STILL_HELD


def test_a_pardon_in_belarusian() -> None:
    extraction = extract(BELARUSIAN_PARDON, published=date(2024, 12, 9))
    facts = extraction.facts
    assert (extraction.kind, extraction.language, extraction.occurred_on) == (Kind.PARDON, "be", "2024-12-09")
    assert (facts.pardoned, facts.women, facts.men, facts.chronically_ill, facts.with_disability) == (29, 11, 18, 15, 2)
    assert (facts.nth_pardon, facts.still_held, facts.names_disclosed) == (7, 1250, False)
    assert claim(extraction, "nth_pardon").said_by.id == "viasna"
    assert role(extraction, "Віктар Бабарыка") is Role.STILL_HELD


def test_people_whom_the_text_names_as_freed_are_pardoned_and_others_are_not() -> None:
    text = (
        "Belarusian President Alexander Lukashenko pardoned 123 prisoners, BelTA reported. Viasna named "
        "Maria Kolesnikova and Maksim Znak among those freed. Ihar Losik is not among those released."
    )
    extraction = extract(text)
    assert extraction.facts.names_pardoned == ("Maria Kalesnikava", "Maksim Znak")
    assert role(extraction, "Ihar Losik") is Role.STILL_HELD


def test_a_known_person_has_a_name_in_every_language_however_the_text_declines_it() -> None:
    text = "Лукашенко помиловал 52 человека. Освободили Игоря Лосика, сообщает «Вясна»."
    (person,) = [each for each in extract(text).persons if each.role is Role.PARDONED]
    assert person.name == "Игорь Лосик"
    assert person.names == {"en": "Ihar Losik", "ru": "Игорь Лосик", "be": "Ігар Лосік"}


def test_the_numbers_of_an_earlier_act_are_not_those_of_this_one() -> None:
    text = (
        "Lukashenko has pardoned 25 prisoners, the presidential press service said on Tuesday: 12 women and 13 men. "
        "Earlier this month, 52 prisoners were freed, among them Mikola Statkevich. "
        "In July he pardoned 16 people, eight women."
    )
    extraction = extract(text, published=date(2025, 9, 16))
    assert (extraction.facts.pardoned, extraction.facts.women) == (25, 12)
    assert [each.value for each in extraction.claims if each.field == "pardoned"] == [25]
    assert extraction.facts.names_pardoned is None


def test_a_part_is_never_larger_than_the_act() -> None:
    text = "Lukashenko has pardoned 31 people. Viasna says 168 women remain in prison."
    assert extract(text).facts.women is None


def test_some_convicted_of_extremism_is_no_number() -> None:
    text = "Лукашенко помиловал 25 человек, осужденных в том числе за преступления экстремистской направленности."
    facts = extract(text).facts
    assert facts.pardoned == 25
    assert facts.convicted_of_extremism is None


def test_the_number_of_the_decree_is_kept() -> None:
    text = "Президент Беларуси подписал указ от 4 сентября 2024 г. № 343 о помиловании 30 осужденных."
    facts = extract(text).facts
    assert (facts.pardoned, facts.decree_number, facts.occurred_on) == (30, "343", "2024-09-04")


def test_a_hostile_number_makes_no_claim() -> None:
    for number in ("1e309", "²³", "\u221220", "99999999999999999999"):
        extraction = extract(f"Lukashenko has pardoned {number} people in Belarus, it was said.", language="en")
        assert extraction.facts.pardoned is None
        assert all(each.field != "pardoned" for each in extraction.claims)


def test_numbers_of_the_text_itself_are_said_by_the_outlet() -> None:
    extraction = extract("Lukashenko has pardoned six people in Belarus.")
    assert claim(extraction, "pardoned").said_by == UNATTRIBUTED
    assert extraction.facts.attribution is None
