"""An article and its claims make a report, and a report knows whose account it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from services.contract import Claim, Facts, Kind, Party, PartyClass, Person, Role
from services.ingest.extraction import Extraction
from services.ingest.reports import compose_report
from services.sourcing import is_own_word

PRESIDENT = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
WIRE = Party(id="sample-wire", name="Sample Wire", party_class=PartyClass.MEDIA)


@dataclass(frozen=True, slots=True)
class SampleArticle:
    source_id: str = "sample-wire"
    source_name: str = "Sample Wire"
    source_class: PartyClass = PartyClass.MEDIA
    url: str | None = "https://wire.example/a"
    published: datetime | None = datetime(2024, 12, 28, 12, tzinfo=UTC)
    received: datetime | None = datetime(2024, 12, 28, 12, 5, tzinfo=UTC)
    as_of: date | None = None
    solicited: bool = False
    fingerprint: str = "f1"
    sha256: str = "00"
    evidence: str | None = None
    outlet: str | None = None
    owner: str | None = None
    speaks_for: str | None = None
    claims_to_be: str | None = None
    doubts: tuple[str, ...] = ()


def _claim(field: str, value: int, said_by: Party, scope: str = "act") -> Claim:
    return Claim(field=field, value=value, said_by=said_by, span=(0, 2), scope="total" if scope == "total" else "act")


def _extraction(*claims: Claim, persons: tuple[Person, ...] = (), pardoned: int | None = 20) -> Extraction:
    return Extraction(Kind.PARDON, "en", Facts(pardoned=pardoned), claims=claims, persons=persons)


def test_the_origin_is_who_says_the_act_and_not_who_adds_the_tally() -> None:
    tally, act = _claim("still_held", 1250, VIASNA, "total"), _claim("pardoned", 20, PRESIDENT)
    report = compose_report(SampleArticle(), _extraction(tally, act))
    assert report is not None
    assert (report.source.origin, is_own_word(report.source)) == (PRESIDENT, False)


def test_of_two_who_count_differently_the_origin_is_the_one_whose_number_became_the_fact() -> None:
    report = compose_report(
        SampleArticle(), _extraction(_claim("pardoned", 18, VIASNA), _claim("pardoned", 20, PRESIDENT))
    )
    assert report is not None
    assert report.source.origin == PRESIDENT


@pytest.mark.parametrize(
    ("article", "own"),
    [
        (SampleArticle("pul", "Pul", PartyClass.OFFICIAL, speaks_for="president"), True),
        (SampleArticle("belta", "BelTA", PartyClass.OFFICIAL, speaks_for="belta"), True),
        (SampleArticle("president", "President", PartyClass.OFFICIAL), False),
        (SampleArticle("partner:president", PRESIDENT.name), False),
        (SampleArticle("viasna", "Viasna", PartyClass.DEFENDER, speaks_for="viasna"), False),
    ],
)
def test_only_our_configuration_says_whose_own_word_it_is(article: SampleArticle, own: bool) -> None:
    report = compose_report(article, _extraction(_claim("pardoned", 20, PRESIDENT)))
    assert report is not None
    assert is_own_word(report.source) is own


def test_the_same_text_of_another_outlet_is_another_report() -> None:
    extraction = _extraction(_claim("pardoned", 20, PRESIDENT))
    one, other = (compose_report(SampleArticle(source_id=outlet), extraction) for outlet in ("a", "b"))
    assert one is not None
    assert other is not None
    assert one.id != other.id


def test_a_report_carries_the_doubts_of_its_reading() -> None:
    report = compose_report(
        SampleArticle(), replace(_extraction(_claim("pardoned", 20, PRESIDENT)), doubts=("title_alone",))
    )
    assert report is not None
    assert report.doubts == ("title_alone",)


def test_an_outlet_that_quotes_nobody_is_its_own_origin() -> None:
    report = compose_report(SampleArticle(), _extraction(_claim("pardoned", 20, WIRE)))
    assert report is not None
    assert (report.source.origin, report.source.outlet) == (WIRE, "sample-wire")


def test_other_news_is_no_report() -> None:
    claims = (_claim("pardoned", 20, PRESIDENT),)
    assert compose_report(SampleArticle(), Extraction(Kind.OTHER, "en", Facts(), claims=claims)) is None


def test_without_a_claim_about_an_act_there_is_no_report() -> None:
    assert compose_report(SampleArticle(), _extraction(_claim("still_held", 1250, VIASNA, "total"))) is None


def test_who_is_merely_mentioned_is_left_out() -> None:
    mentioned = Person(name="Ales Bialiatski", role=Role.MENTIONED, key="a")
    held = Person(name="Viktar Babaryka", role=Role.STILL_HELD, key="b")
    report = compose_report(SampleArticle(), _extraction(_claim("pardoned", 20, PRESIDENT), persons=(mentioned, held)))
    assert report is not None
    assert [(person.name, person.said_by) for person in report.persons] == [("Viktar Babaryka", WIRE)]


def test_the_same_article_makes_the_same_report() -> None:
    extraction = _extraction(_claim("pardoned", 20, PRESIDENT))
    once, again = (compose_report(SampleArticle(), extraction) for _ in range(2))
    other = compose_report(SampleArticle(fingerprint="f2"), extraction)
    assert once == again
    assert once is not None
    assert other is not None
    assert once.id != other.id
    assert once.id.startswith("rp")


def test_an_article_without_any_date_is_refused() -> None:
    article = replace(SampleArticle(), published=None, received=None)
    with pytest.raises(ValueError, match="set `received`"):
        compose_report(article, _extraction(_claim("pardoned", 20, PRESIDENT)))
