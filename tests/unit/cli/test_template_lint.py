"""`vestka template lint` needs no Redis; what it ends with says whether keys are missing or languages differ."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.cli.exits import CliExit
from services.cli.sample_events import sample_events
from services.cli.template_lint import lint
from services.contract import EventType
from services.notify.content.rendering import TEMPLATES


def put_to_the_test(folder: Path, file: str, was: str, becomes: str, monkeypatch: pytest.MonkeyPatch) -> int:
    shutil.copytree(TEMPLATES, folder / "templates")
    path = folder / "templates" / file
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    monkeypatch.setenv("VESTKA_TEMPLATES", str(folder / "templates"))
    with pytest.raises(CliExit) as ended:
        lint()
    return ended.value.code


def test_ours_pass(capsys: pytest.CaptureFixture[str]) -> None:
    lint()
    assert capsys.readouterr().out == ""


def test_the_made_up_events_are_of_each_kind_of_news() -> None:
    types = [event.type for event in sample_events()]
    wanted = (
        EventType.PARDON_ANNOUNCED,
        EventType.PARDON_UPDATED,
        EventType.STORY_RETRACTED,
        EventType.ARREST_REPORTED,
    )
    assert types == list(wanted)


def test_a_template_that_is_broken_on_purpose_in_one_language_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = put_to_the_test(tmp_path, "languages/be.yaml", 'exact: "{counted}"', 'exact: "77"', monkeypatch)
    assert code == 3
    assert "not the same numbers in be, en, ru" in capsys.readouterr().out


def test_a_key_that_is_missing_ends_with_1_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = put_to_the_test(tmp_path, "languages/be.yaml", "    none: Імёны", "    nobody: Імёны", monkeypatch)
    assert code == 1
    assert "templates/languages/be.yaml: lacks phrases.who.none" in capsys.readouterr().out
