"""The keys in their folder: made once, for us alone, and never taken for what they are not."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from services.subscribers import key_files
from services.subscribers.key_files import KeyFolder, StoreKeys
from services.subscribers.store_faults import UnusableKeys
from services.subscribers.write_once import write_once


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def test_keys_are_made_once_for_us_alone_and_shown_nowhere(folder: KeyFolder) -> None:
    assert folder.read() is None
    made = folder.make()
    assert folder.make() == made == KeyFolder(folder.folder).now()
    assert folder.folder.stat().st_mode & 0o777 == 0o700
    files = sorted(folder.folder.iterdir())
    assert [file.name for file in files] == ["lookup.key", "wrapping-1.key"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    for raw in (made.lookup, made.current.raw):
        assert repr(raw) not in repr(made)


def test_a_key_that_another_process_adds_is_seen(folder: KeyFolder) -> None:
    first = folder.make()
    second = KeyFolder(folder.folder).add_wrapping()
    assert folder.now().current == second.current != first.current
    assert folder.now().by_id(first.current.id) == first.current
    assert folder.now().lookup == first.lookup


def test_whoever_looks_while_keys_are_made_waits_for_both(folder: KeyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Future[StoreKeys | None]] = []

    def then_look(file: Path, content: bytes) -> bool:
        written = write_once(file, content)
        looks.append(others.submit(KeyFolder(folder.folder).read))
        with suppress(TimeoutError):
            looks[-1].result(timeout=0.05)  # time to look wrongly, where it would
        return written

    monkeypatch.setattr(key_files, "write_once", then_look)
    with ThreadPoolExecutor() as others:
        made = folder.make()
        first, *others_looks = [look.result() for look in looks]
        assert first is None  # nothing was there yet
        assert others_looks == [made, made]


def test_of_many_who_make_keys_at_once_all_have_the_same(folder: KeyFolder) -> None:
    with ThreadPoolExecutor(8) as others:
        assert len(set(others.map(lambda _: KeyFolder(folder.folder).make(), range(8)))) == 1


@pytest.mark.parametrize("written", [".begun", "lookup.key"])
def test_keys_over_whose_making_somebody_died_are_made_by_the_next(folder: KeyFolder, written: str) -> None:
    folder.make()
    for file in folder.folder.iterdir():
        if file.name != written:
            file.unlink()
    (folder.folder / ".begun").touch()
    assert folder.read() is None
    assert folder.make() == KeyFolder(folder.folder).read()
    assert sorted(file.name for file in folder.folder.iterdir()) == ["lookup.key", "wrapping-1.key"]


@pytest.mark.parametrize("missing", ["lookup.key", "wrapping-1.key"])
def test_one_key_without_the_other_is_named_and_not_made_anew(folder: KeyFolder, missing: str) -> None:
    folder.make()
    (folder.folder / missing).unlink()
    with pytest.raises(UnusableKeys, match=missing):
        folder.read()
    assert not (folder.folder / missing).exists()


@pytest.mark.parametrize("name", ["lookup.key", "wrapping-1.key"])
@pytest.mark.parametrize(
    "harm", [lambda text: "", lambda text: text[:40], lambda text: text[:-9] + "AAAAAAAA\n", str.upper]
)
def test_a_key_cut_short_or_changed_is_named_and_stays_as_it_is(folder: KeyFolder, name: str, harm: object) -> None:
    folder.make()
    file = folder.folder / name
    file.write_text(harmed := harm(file.read_text()))  # type: ignore[operator]
    with pytest.raises(UnusableKeys, match=name) as caught:
        KeyFolder(folder.folder).now()
    assert file.read_text() == harmed
    assert not harmed or harmed[:60] not in str(caught.value)


def test_keys_that_are_swapped_are_known_as_such(folder: KeyFolder) -> None:
    folder.make()
    (folder.folder / "lookup.key").rename(folder.folder / "kept")
    (folder.folder / "wrapping-1.key").rename(folder.folder / "lookup.key")
    (folder.folder / "kept").rename(folder.folder / "wrapping-1.key")
    with pytest.raises(UnusableKeys, match=r"no (lookup|wrapping) key"):
        folder.read()


def test_a_folder_that_goes_away_takes_nothing_from_who_has_read_it(folder: KeyFolder) -> None:
    made = folder.make()
    folder.folder.rename(folder.folder.with_name("elsewhere"))
    assert folder.now() == made
    folder.folder.mkdir()  # as where a memory stick was mounted
    assert folder.now() == made
    (folder.folder / "wrapping-9.key").write_text("no key")
    assert folder.now() == made


def test_where_no_key_can_be_made_the_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableKeys, match="VESTKA_KEYS_DIR"):
        KeyFolder(tmp_path / "file" / "keys").make()
