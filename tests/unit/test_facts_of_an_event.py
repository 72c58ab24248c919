"""What each fact is stands in one table of the contract; whatever must say something of its own about one, says it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from services.contract import Facts, Kind
from services.contract_bounds import Count
from services.fact_table import ACTS, NAME_FIELDS, NUMBERS, PARTS, TALLIES, WHOLES, Region
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.lexicon import LANGUAGES, lexicon
from services.ingest.extraction.skimming import SKIMMED
from services.ingest.extraction.skimming.words import words_of
from services.ingest.extraction.totals import TOTALS
from services.ingest.stories.fields import POLICIES, Materiality
from services.ingest.stories.known_acts import Breakdown
from services.ingest.stories.match_scores import MATCH_SCORES
from services.ingest.stories.signs import BREAKDOWN, Sign
from services.ingest.stories.signs import PARTS as SHARED_PARTS
from services.notify.content.languages import load_language
from services.runtime.settings import REPOSITORY

ALERTS = REPOSITORY / "templates" / "languages"


def test_the_table_has_every_number_of_the_facts_and_no_other() -> None:
    counts = [field for field, hint in get_type_hints(Facts, include_extras=True).items() if Count in get_args(hint)]
    assert list(NUMBERS) == counts


def test_each_kind_of_act_has_its_own_number_and_its_own_list_of_names() -> None:
    assert {act.number for act in ACTS.values()} == set(WHOLES)
    assert set(ACTS) == set(Kind) - {Kind.OTHER}
    assert {act.names for act in ACTS.values()} <= set(Facts.__struct_fields__)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_is_read_has_words_for_every_number(language: str) -> None:
    assert set(NUMBERS) <= lexicon(language).counts.keys()


@pytest.mark.parametrize("language", sorted(SKIMMED))
def test_a_language_that_is_skimmed_counts_parts_of_an_act_that_there_are(language: str) -> None:
    assert {field for field, _ in words_of(language).parts} <= set(PARTS)


def test_every_tally_is_asked_for() -> None:
    assert set(TOTALS) == set(TALLIES)


def test_the_file_of_known_acts_takes_every_part_of_an_act() -> None:
    assert set(Breakdown.__struct_fields__) == set(PARTS)


@pytest.mark.parametrize("part", BREAKDOWN)
def test_a_part_that_two_accounts_share_or_dispute_has_a_score(part: str) -> None:
    assert {f"{part}_same", f"{part}_differs"} <= MATCH_SCORES[Kind.PARDON].keys()


def test_every_sign_is_weighed_and_only_what_no_arrest_has_is_left_out_of_its_table() -> None:
    of_pardons, of_arrests = (set(MATCH_SCORES[kind]) for kind in (Kind.PARDON, Kind.ARREST))
    assert of_pardons | of_arrests == set(Sign)
    decree = {Sign.DECREE_SAME, Sign.DECREE_DIFFERS, Sign.NTH_PARDON_SAME, Sign.RELEASED_TOTAL_SAME}
    assert of_pardons - of_arrests == decree | SHARED_PARTS


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "templates" / "languages").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_language_of_alerts_has_a_label_for_every_number_and_a_name_for_every_region(path: Path) -> None:
    words = load_language(path).words
    assert set(NUMBERS) <= words["phrases"]["facts"].keys()
    assert set(words["regions"]) == set(Region)


def test_every_region_is_found_in_texts() -> None:
    found = {region for _, region in gazetteer().regions} | {place.region for _, place in gazetteer().places}
    assert found == set(Region)


@pytest.mark.parametrize("path", sorted(ALERTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_language_of_alerts_has_a_label_for_every_fact_that_a_change_may_tell(path: Path) -> None:
    told = {field for field, policy in POLICIES.items() if policy.materiality is not Materiality.NEVER}
    names = {*NAME_FIELDS, "names_disclosed"}
    assert told - names <= load_language(path).words["phrases"]["facts"].keys()
