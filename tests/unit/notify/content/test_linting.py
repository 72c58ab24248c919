"""A key, a form or a slot that is missing fails by its name, and so does what a template asks for and nobody has."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notify.content.linting import faults
from services.notify.content.rendering import TEMPLATES
from tests.letters import LANGUAGES

Change = Callable[[Any], object]


def changed(folder: Path, file: str, change: Change) -> list[str]:
    shutil.copytree(TEMPLATES, folder / "templates")
    path = folder / "templates" / file
    if path.suffix == ".yaml":
        words = yaml.safe_load(path.read_text("utf-8"))
        change(words)
        path.write_text(yaml.safe_dump(words, allow_unicode=True), "utf-8")
    else:
        path.write_text(str(change(path.read_text("utf-8"))), "utf-8")
    return list(faults(folder / "templates"))


def test_nothing_is_wrong_with_ours() -> None:
    assert list(faults(TEMPLATES)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_phrase_is_named_with_its_file(tmp_path: Path, language: str) -> None:
    found = changed(tmp_path, f"languages/{language}.yaml", lambda words: words["phrases"]["who"].pop("none"))
    blamed = [one for one in LANGUAGES if one != "en"] if language == "en" else [language]
    verb = "has phrases.who.none, which en lacks" if language == "en" else "lacks phrases.who.none"
    assert found == [f"templates/languages/{one}.yaml: {verb}" for one in blamed]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda words: words["phrases"]["people"].pop("few"), "phrases.people lacks the form 'few'"),
        (lambda words: words["phrases"]["people"].update(other="{number}"), "has a form 'other' that the language has"),
        (lambda words: words["phrases"]["headline"].update(dated="{act}"), "dated has other slots than in en: date"),
        (lambda words: words["phrases"]["headline"].update(dated="{act} {date}!"), "raises its voice"),
        (lambda words: words["phrases"]["who"].update(none=" "), "phrases.who.none is no text"),
        (lambda words: words["phrases"]["who"].update(none=None), "phrases.who.none is no text"),
        (lambda words: words["phrases"]["who"].update(more="x"), "has phrases.who.more, which en lacks"),
        (lambda words: words["regions"].pop("brest"), "lacks regions.brest"),
        (lambda words: words["articles"].update({"999": "x"}), "has articles.999, which en lacks"),
        (lambda words: words["parties"].pop("viasna"), "lacks parties.viasna"),
    ],
)  # fmt: skip
def test_whatever_a_language_file_lacks_is_named(tmp_path: Path, change: Change, told: str) -> None:
    found = changed(tmp_path, "languages/be.yaml", change)
    assert any(one.startswith("templates/languages/be.yaml: ") and told in one for one in found), found


def test_a_place_that_one_language_can_say_is_to_be_said_in_all_that_change_it(tmp_path: Path) -> None:
    found = changed(tmp_path, "languages/places/be.yaml", lambda table: table["places"].pop("Orsha"))
    assert found == ["templates/languages/places/be.yaml: lacks places.Orsha"]


@pytest.mark.parametrize(
    "asked", ["{{ phrase('no.such') }}", '{{ phrase("no.such", a=1) }}', '{{ phrase("no." ~ x) }}']
)
def test_what_a_template_asks_for_and_nobody_has_is_named(tmp_path: Path, asked: str) -> None:
    (found,) = changed(tmp_path, "shared/subject.txt.j2", lambda text: text + asked)
    assert found.startswith("templates/shared/subject.txt.j2: asks for phrases.no.")


def test_a_file_that_is_no_language_and_a_folder_without_english_are_named(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    languages = tmp_path / "templates" / "languages"
    (languages / "xx.yaml").write_text("phrases: [", "utf-8")
    assert any("xx.yaml is no language file" in one for one in faults(tmp_path / "templates"))
    (languages / "en.yaml").unlink()
    assert any("no en.yaml" in one for one in faults(tmp_path / "templates"))
