"""What other templates change is shown message by message; what they cannot render is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.cli.exits import CliExit, Code
from services.cli.template_diff import diff
from services.runtime.settings import REPOSITORY

BEFORE = "Names were not published."


@pytest.fixture
def others(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "templates", tmp_path / "templates"))


def test_the_same_templates_differ_in_nothing(others: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diff(others, "telegram")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("0 parts")


def test_a_changed_phrase_is_shown_where_it_is_read(others: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = others / "languages" / "en.yaml"
    words.write_text(words.read_text().replace(BEFORE, "Names are not known."))
    diff(others, "webhook")
    lines = capsys.readouterr().out.splitlines()
    assert "--- pardon, webhook, en, plain: summary" in lines
    assert any(line.startswith("-") and "Names are not known." in line for line in lines)
    assert any(line.startswith("+") and BEFORE in line for line in lines)
    assert not any(", ru, " in line for line in lines)


def test_a_language_that_only_one_has_is_all_change(others: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (others / "languages" / "ru.yaml").unlink()
    diff(others, "webhook")
    lines = capsys.readouterr().out.splitlines()
    assert "--- pardon, webhook, ru, plain: headline" in lines
    assert not any(line.startswith("-") and not line.startswith("---") for line in lines)


def test_what_cannot_be_rendered_is_said_in_its_place(others: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (others / "webhook" / "alert" / "summary.txt.j2").write_text("{{ alert.nothing }}")
    diff(others, "webhook")
    assert "templates/webhook/alert/summary.txt.j2, line 1" in capsys.readouterr().out


@pytest.mark.parametrize(("folder", "channel"), [("nowhere", None), (".", None), ("templates", "pigeon")])
def test_a_folder_or_a_channel_that_is_none_is_a_slip_of_the_finger(
    tmp_path: Path, others: Path, folder: str, channel: str | None
) -> None:
    with pytest.raises(CliExit) as ended:
        diff(tmp_path / folder, channel)
    assert ended.value.code is Code.USAGE
