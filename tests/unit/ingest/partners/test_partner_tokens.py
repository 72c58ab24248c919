"""Who may hand in over HTTP is checked before anything starts, and never shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.cli.checks import problems_of
from services.ingest.settings import IngestSettings
from services.runtime.settings import load_settings

ONE, OTHER = "made-up-and-long-enough-1", "made-up-and-long-enough-2"


def given(monkeypatch: pytest.MonkeyPatch, secrets: Path, settings: Mapping[str, object]) -> None:
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(secrets))
    for name, value in settings.items():
        monkeypatch.setenv(f"VESTKA_{name}", value if isinstance(value, str) else json.dumps(value))


def test_a_partner_is_named_in_one_setting_or_by_a_file_and_the_only_one_needs_no_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given(monkeypatch, tmp_path, {})
    assert load_settings(IngestSettings).partners == {}
    (tmp_path / "vestka_report_tokens__newsroom").write_text(ONE)
    assert load_settings(IngestSettings).partners == {"newsroom": ONE}
    monkeypatch.setenv("VESTKA_REPORT_TOKEN", OTHER)
    settings = load_settings(IngestSettings)
    assert settings.partners == {"partner": OTHER, "newsroom": ONE}
    assert "made-up" not in repr(settings)


@pytest.mark.parametrize(
    ("settings", "where", "says"),
    [
        ({"REPORT_TOKEN": "made-up-and-short"}, "VESTKA_REPORT_TOKEN", "at least 24"),
        ({"REPORT_TOKEN": ""}, "VESTKA_REPORT_TOKEN", "at least 24"),
        ({"REPORT_TOKENS": {"newsroom": "made-up"}}, "VESTKA_REPORT_TOKENS", "at least 24"),
        ({"REPORT_TOKENS": {"A Newsroom": ONE}}, "VESTKA_REPORT_TOKENS", "small letters"),
        ({"REPORT_TOKENS": {"newsroom": ONE, "embassy": ONE}}, "VESTKA_REPORT_TOKENS", "the same token"),
        ({"REPORT_TOKENS": {"partner": ONE}, "REPORT_TOKEN": OTHER}, "VESTKA_REPORT_TOKENS", "another name"),
        ({"REPORT_TOKENS": {"newsroom": ONE}, "REPORT_TOKEN": ONE}, "VESTKA_REPORT_TOKENS", "its own"),
        ({"REPORT_TOKENS": {"newsroom": ONE}, "OPERATOR_TOKENS": {"maria": ONE}}, "VESTKA_OPERATOR_TOKENS", "decide"),
        ({"REPORT_TOKEN": ONE, "OPERATOR_TOKENS": {"maria": ONE}}, "VESTKA_OPERATOR_TOKENS", "decide"),
        ({"REPORT_TOKENS": "made-up-no-json"}, "VESTKA_REPORT_TOKENS", "dictionary"),
        ({"REPORTS_PER_MINUTE": "0"}, "VESTKA_REPORTS_PER_MINUTE", "greater than 0"),
        ({"REPORTS_BURST": "many"}, "VESTKA_REPORTS_BURST", "integer"),
    ],
)
def test_what_cannot_be_used_is_a_problem_that_names_the_setting_and_no_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: dict[str, object], where: str, says: str
) -> None:
    given(monkeypatch, tmp_path, settings)
    [problem] = problems_of(["ingest"])
    assert problem.startswith(f"{where}: ")
    assert says in problem
    assert "made-up" not in problem
