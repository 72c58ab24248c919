from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.checks import has_a_channel, problems_of


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("VESTKA_SECRETS_DIR", str(tmp_path / "none"))


def test_the_defaults_can_be_run_and_reach_nobody() -> None:
    assert problems_of(["ingest", "notify"]) == []
    assert not has_a_channel()


def test_a_channel_is_there_as_soon_as_one_setting_of_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_CHANNELS__WEBHOOK__DEADLINE", "15")
    assert has_a_channel()


def test_a_problem_of_both_services_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_ALLOWED_NETWORKS", "everything")
    [problem] = problems_of(["ingest", "notify"])
    assert problem.startswith("VESTKA_ALLOWED_NETWORKS: ")


def test_a_problem_of_one_service_does_not_stop_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTKA_NOTIFY_PORT", "seven")
    assert problems_of(["ingest"]) == []
    assert len(problems_of(["notify"])) == 1


@pytest.mark.parametrize(
    ("service", "setting"),
    [
        ("ingest", "VESTKA_SOURCES_FILE"),
        ("ingest", "VESTKA_RELEASE_RULES_FILE"),
        ("ingest", "VESTKA_KNOWN_ACTS_FILE"),
        ("notify", "VESTKA_SUBSCRIBERS_FILE"),
        ("notify", "VESTKA_TEMPLATES"),
    ],
)
@pytest.mark.parametrize("content", [None, b"word \xff", b"- [", b"word"])
def test_a_file_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: str, setting: str, content: bytes | None
) -> None:
    file = tmp_path / "given"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv(setting, str(file))
    problems = problems_of([service])
    assert problems
    assert any(str(file) in problem for problem in problems)


def test_every_mistake_in_a_file_of_sources_is_a_problem_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    entry = "{id: a, kind: feed, name: A, class: media, url: 'ftp://a.example', every: 1s}"
    (tmp_path / "sources.yaml").write_text(f"sources: [{entry}]")
    monkeypatch.setenv("VESTKA_SOURCES_FILE", str(tmp_path / "sources.yaml"))
    assert len(problems_of(["ingest"])) == 2


def test_an_empty_file_of_sources_is_no_wish_to_watch_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("# all of it was lost\n")
    monkeypatch.setenv("VESTKA_SOURCES_FILE", str(tmp_path / "sources.yaml"))
    [problem] = problems_of(["ingest"])
    assert "is empty" in problem
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    assert problems_of(["ingest"]) == []
