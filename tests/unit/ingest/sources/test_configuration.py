from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from services.contract import PartyClass
from services.egress import Egress
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.sources.base import Original
from services.ingest.sources.kinds import SourcesError, load_mirrors, load_sources

GOOD = "{id: a, kind: feed, name: A, class: media, url: 'https://a.example/rss', enabled: true}"
SHIPPED = Path(__file__).parents[4] / "infra" / "sources.yaml"


@pytest.fixture
def egress() -> Egress:
    return Egress()


def written(tmp_path: Path, *entries: str) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text("sources:\n" + "".join(f"  - {entry}\n" for entry in entries), "utf-8")
    return path


def _load_all(path: Path, egress: Egress) -> None:
    load_sources(path, egress)
    load_mirrors(path)


def test_the_file_we_ship_is_in_order_and_watches_every_class_of_source(egress: Egress) -> None:
    watched = load_sources(SHIPPED, egress)
    assert {source.source_class for source in watched} == set(PartyClass)
    assert len(load_sources(SHIPPED, egress, include_disabled=True)) > len(watched)
    assert load_mirrors(SHIPPED)["www.spring96.org"] == "spring96.org"


def test_every_voice_in_the_file_we_ship_is_a_party_that_extraction_knows() -> None:
    voices = {entry["speaks_for"] for entry in yaml.safe_load(SHIPPED.read_bytes())["sources"] if "speaks_for" in entry}
    assert voices <= {party.id for _, party in gazetteer().parties}


def test_every_source_in_the_file_we_ship_names_its_outlet() -> None:
    entries = yaml.safe_load(SHIPPED.read_bytes())["sources"]
    assert [entry["id"] for entry in entries if "outlet" not in entry] == []
    of_state = {entry.get("owner") for entry in entries if entry["class"] == "official"}
    assert of_state == {"state"}


async def test_an_item_says_who_carried_it_and_whose_voice_it_is(tmp_path: Path, egress: Egress) -> None:
    plain, owned = GOOD, GOOD.replace("id: a", "id: b, outlet: paper, owner: house, speaks_for: zerkalo")
    sources = load_sources(written(tmp_path, plain, owned), egress)
    original = Original(b"", (), "https://a.example", datetime(2026, 11, 29, tzinfo=UTC))
    items = [source._item(original, "text", media_type="text/plain") for source in sources]  # type: ignore[attr-defined]
    assert [(item.outlet, item.owner, item.speaks_for) for item in items] == [
        ("a", None, "a"),
        ("paper", "house", "zerkalo"),
    ]


def test_only_enabled_sources_are_watched(tmp_path: Path, egress: Egress) -> None:
    path = written(tmp_path, GOOD, GOOD.replace("id: a", "id: b").replace("true", "false"))
    assert [source.id for source in load_sources(path, egress)] == ["a"]
    assert [source.id for source in load_sources(path, egress, include_disabled=True)] == ["a", "b"]


def test_times_are_written_with_their_unit(tmp_path: Path, egress: Egress) -> None:
    (source,) = load_sources(written(tmp_path, GOOD.replace("enabled", "every: 5m, enabled")), egress)
    assert source.every == 300


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (GOOD.replace("class: media, ", ""), "source 'a': `class` is missing; add it"),
        (
            GOOD.replace("class: media", "class: media, speaks_for: president"),
            "`speaks_for`: president is official in the gazetteer, and this source is of class media",
        ),
        (GOOD.replace("id: a", "id: viasna"), "viasna is defender in the gazetteer, and this source is of class media"),
        (GOOD.replace("class: media", "class: media, outlet: vestka"), "`outlet`: 'vestka' is our own desk"),
        (GOOD.replace("class: media", "class: tabloid"), "source 'a': `class`: Input should be 'official', 'defender'"),
        (
            GOOD.replace("kind: feed", "kind: telegraph"),
            "source 'a': `kind` must be one of: feed, page, prisoner_list",
        ),
        (GOOD.replace("enabled", "evry: 5m, enabled"), "`evry` is no key of this kind"),
        (GOOD.replace("enabled", "every: soon, enabled"), "`every`: write a time with its unit, like 60s"),
        (GOOD.replace("enabled", "hosts: ['*.a.example'], enabled"), "`hosts`: write exact host names"),
        (GOOD.replace("https://a.example/rss", "a.example"), "`url`: write a whole address"),
        (GOOD.replace("id: a", "id: 'Радыё'"), "`id`: String should match pattern"),
        (GOOD.replace("kind: feed", "kind: page, links: {pattern: '('}"), "`links.pattern`: is no regular expression"),
        (GOOD.replace("kind: feed", "kind: page, article: {body: 'div[['}"), "`article.body`: is no CSS selector"),
        ("just words", "source no. 1: is not a list of `key: value` lines"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(entry: str, says: str, tmp_path: Path, egress: Egress) -> None:
    path = written(tmp_path, entry)
    with pytest.raises(SourcesError) as caught:
        load_sources(path, egress)
    assert str(caught.value).startswith(f"{path}: source ")
    assert says in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path, egress: Egress) -> None:
    path = written(tmp_path, GOOD, GOOD, GOOD.replace("id: a", "id: b").replace("name: A, ", ""))
    with pytest.raises(SourcesError) as caught:
        load_sources(path, egress)
    assert len(str(caught.value).splitlines()) == 2
    assert "source 'a': `id` stands twice" in str(caught.value)


@pytest.mark.parametrize("text", ["sources: [", "- a\n- b", "souces: []", "sources: {a: b}", "mirrors: [a]", "\x00"])
def test_a_file_of_another_shape_is_refused(text: str, tmp_path: Path, egress: Egress) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SourcesError, match=r"sources\.yaml"):
        _load_all(path, egress)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, egress: Egress) -> None:
    with pytest.raises(SourcesError, match="cannot be read"):
        load_sources(tmp_path / "none.yaml", egress)
