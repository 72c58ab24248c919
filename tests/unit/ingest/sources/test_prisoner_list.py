from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.contract import Kind, Role
from services.ingest.article_reading import report_of
from services.ingest.articles import to_article
from services.ingest.sources.base import Cursor, FetchResult, Item, SourceTrouble
from services.ingest.sources.prisoner_list import PrisonerListSettings, PrisonerListSource
from services.ingest.sources.prisoner_rows import NOT_RECOGNISED, read_rows
from tests.unit.ingest.sources.shelf import ROOT, Shelf

NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
HEAD = "id,url,name,status,arrested,articles,died"
BIALIATSKI = "1,/en/person/1,Ales Bialiatski,active,2021-07-14,228,"
LOIKA = "2,/en/person/2,Nasta Loika,active,2025-01-30,130,"


def page(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


async def ask(text: str, cursor: Cursor | None = None, **more: Any) -> FetchResult:
    about = {"id": "list", "kind": "prisoner_list", "name": "Viasna", "class": "defender", "speaks_for": "viasna"}
    settings = PrisonerListSettings.model_validate({**about, "url": f"{ROOT}/en/list.csv", **more})
    shelf = Shelf({"/en/list.csv": text}, "text/csv; charset=utf-8")
    return await PrisonerListSource(settings, shelf, lambda: NOW).ask(cursor or Cursor())


async def difference(before: str, after: str) -> tuple[Item, ...]:
    return (await ask(after, (await ask(before)).cursor)).items


async def test_the_first_list_is_no_news() -> None:
    given = await ask(page(BIALIATSKI, LOIKA))
    assert (given.items, given.read) == ((), 2)


async def test_whoever_is_newly_held_is_an_arrest_by_name_date_and_article() -> None:
    (item,) = await difference(page(BIALIATSKI), page(BIALIATSKI, LOIKA))
    assert item.body == (
        "Viasna's list of political prisoners now names Nasta Loika, who was detained on 30 January 2025 "
        "under Article 130 of the Criminal Code."
    )
    report = report_of(to_article(replace(item, received=NOW)))
    assert report is not None
    assert (report.kind, report.occurred_on, report.facts.detained) == (Kind.ARREST, "2025-01-30", 1)
    assert [(person.name, person.role) for person in report.persons] == [("Nasta Loika", Role.DETAINED)]
    assert report.facts.criminal_articles == ("130",)
    assert (report.source.outlet, report.source.origin and report.source.origin.name) == ("viasna", "Viasna")
    assert [item.body[slice(*claim.span)] for claim in report.claims] == [
        "Nasta Loika",
        "130",
        "130",
        "political prisoners",
    ]
    assert report.facts.recognised_by == ("viasna",)


async def test_a_release_and_a_death_are_items_and_no_pardon() -> None:
    after = page(BIALIATSKI.replace("active", "former"), LOIKA + "2025-01-31")
    items = await difference(page(BIALIATSKI, LOIKA), after)
    assert [item.body for item in items] == [
        "Viasna's list of political prisoners no longer shows Ales Bialiatski as held.",
        "Viasna's list of political prisoners now says that Nasta Loika has died.",
    ]
    assert [report_of(to_article(replace(item, received=NOW))) for item in items] == [None, None]


async def test_who_is_not_recognised_is_never_called_a_political_prisoner() -> None:
    (item,) = await difference(page(BIALIATSKI), page(BIALIATSKI, LOIKA.replace("active", "np")))
    assert "political prisoner" not in item.body
    assert item.listed is not None
    assert not item.listed.recognised
    report = report_of(to_article(replace(item, received=NOW)))
    assert report is not None
    assert report.facts.recognised_by is None


async def test_who_is_not_recognised_and_has_no_date_may_be_free() -> None:
    row = LOIKA.replace("active", "np").replace("2025-01-30", "")
    assert await difference(page(BIALIATSKI), page(BIALIATSKI, row)) == ()


async def test_who_was_never_seen_held_is_not_newly_released_or_dead() -> None:
    after = page(BIALIATSKI, LOIKA.replace("active", "former"), "3,,Marfa Rabkova,active,,,yes")
    assert await difference(page(BIALIATSKI), after) == ()


async def test_a_list_that_shrank_suddenly_is_no_mass_release() -> None:
    many = [f"{number},,Nasta Loika,active,,," for number in range(300)]
    before = (await ask(page(*many))).cursor
    with pytest.raises(SourceTrouble, match="100 of 300 people vanished"):
        await ask(page(*many[:200]), before)
    assert (await ask(page(*many[:295]), before)).items == ()


async def test_a_list_that_was_numbered_anew_is_no_mass_arrest() -> None:
    many = [f"{number},,Nasta Loika,active,,," for number in range(300)]
    before = (await ask(page(*many))).cursor
    with pytest.raises(SourceTrouble, match="at once"):
        await ask(page(*(f"n{row}" for row in many)), before)


async def test_what_was_kept_and_cannot_be_read_makes_the_next_list_the_first() -> None:
    assert (await ask(page(BIALIATSKI), Cursor(kept=b"broken"))).items == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_varies(delimiter: str) -> None:
    assert read_rows(page(BIALIATSKI).replace(",", delimiter))["1"].arrested == date(2021, 7, 14)


def test_cells_span_lines() -> None:
    rows = read_rows(page('1,,Ales Bialiatski,active,2021-07-14,"Article 228 part 4,\nArticle 342 part 2",'))
    assert rows["1"].articles == ("228", "342")


def test_articles_of_the_code_are_told_from_other_numbers() -> None:
    cell = '"361-4, 361\u22121 (part 1), ст. 342 ч. 2, 130; 24.23, 2020, 999"'
    assert read_rows(page(f"1,,Ales Bialiatski,active,,{cell},"))["1"].articles == ("361-4", "361-1", "342", "130")


@pytest.mark.parametrize(
    "head",
    [
        "name and surname;status;date of detention;charges indicted",
        "имя и фамилия;статус;дата задержания;предъявлены обвинения",
        "імя і прозвішча;статус;дата затрымання;прад’яўлены абвінавачванні",
    ],
)
def test_headings_for_people_are_understood_in_three_languages(head: str) -> None:
    (row,) = read_rows("\ufeff" + page("Ales Bialiatski;np;14.07.2021;228", head=head)).values()
    assert (row.status, row.arrested, row.articles) == (NOT_RECOGNISED, date(2021, 7, 14), ("228",))


def test_a_cyrillic_letter_in_a_latin_name_is_repaired() -> None:
    assert read_rows(page(BIALIATSKI.replace("Ales", "\u0410les")))["1"].name == "Ales Bialiatski"


def test_an_unset_date_is_none() -> None:
    assert read_rows(page(BIALIATSKI.replace("2021-07-14", "1970-01-01T03:00:00+0300")))["1"].arrested is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<!DOCTYPE html><html><body>Access denied</body></html>", "not_a_list"),
        ("", "shape"),
        ("hello world", "shape"),
        ("\0\0\0\0", "shape"),
        (HEAD, "empty"),
        (page("1,,Ales Bialiatski,rubbish,,,"), "empty"),
        (page("1,,12345,active,,,"), "empty"),
        (page(BIALIATSKI, *(["x,y"] * 3)), "shape"),
        (page(BIALIATSKI, '2,,"Nasta Loika,active,,,'), "cut_off"),
        (page(BIALIATSKI, '2,,"' + "x" * 200_000 + '",active,,,'), "cut_off"),
    ],
)
def test_what_is_no_list_is_trouble_by_name(text: str, what: str) -> None:
    with pytest.raises(SourceTrouble) as caught:
        read_rows(text)
    assert caught.value.what == what


@pytest.mark.parametrize("link", ["https://impostor.example/1", "javascript:alert(1)", "mailto:a@b.example", "//["])
async def test_a_cell_sends_readers_nowhere_else(link: str) -> None:
    (item,) = await difference(page(BIALIATSKI), page(BIALIATSKI, LOIKA.replace("/en/person/2", link)))
    assert item.url == f"{ROOT}/en/list.csv"
