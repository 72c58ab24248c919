"""Where the embedded Redis keeps its files: any folder of the user's, and a plain word about any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio.connection import parse_url

from services.runtime.embedded_redis import EmbeddedRedis, UnusableFolder

ODD = ("plain", "sp ace", "#1", "100%", "a%20b", "what?x=1", "é")


@pytest.mark.parametrize("name", ODD)
def test_clients_find_the_socket_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    embedded = EmbeddedRedis(tmp_path / name)
    assert parse_url(embedded.url)["path"] == str(embedded.socket)


def test_a_folder_named_from_here_on_is_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    embedded = EmbeddedRedis(Path("state"))
    assert embedded.folder == tmp_path.resolve() / "state"
    assert embedded.url == EmbeddedRedis(tmp_path / "state").url


def test_a_folder_that_cannot_be_made_is_a_matter_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UnusableFolder, match="VESTKA_STATE_DIR"):
        EmbeddedRedis(tmp_path / "file" / "state").start()


@pytest.mark.parametrize("name", ["sp ace#100%?", "from here"])
def test_a_server_starts_in_an_oddly_named_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    embedded = EmbeddedRedis(Path(name))
    embedded.start()
    embedded.stop()
    assert (tmp_path / name / "appendonlydir").is_dir()
