from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from services.subscribers.stops import Said, StateFolderUnusable, Stops
from services.subscribers.subscriber import StoredAddress, Subscriber

SINCE = "2024-01-01T00:00:00.000Z"


def reader(label: str | None = "one", *targets: str, channel: str = "email") -> Subscriber:
    addresses = tuple(StoredAddress(channel=channel, target=one) for one in targets or ("reader@mail.example.org",))
    return Subscriber(number=1, since=SINCE, label=label, addresses=addresses)


def gets_anything(subscriber: Subscriber | None) -> bool:
    return subscriber is not None and subscriber.active and any(one.ended is None for one in subscriber.addresses)


def stops_in(folder: Path, given: Iterable[bytes] = ()) -> Stops:
    return Stops(folder, given, keys=folder.with_name(f"{folder.name}-keys"))


@pytest.fixture
def stops(tmp_path: Path) -> Stops:
    return stops_in(tmp_path / "notify")


def test_nobody_is_known_at_first(stops: Stops) -> None:
    assert stops.honoured(reader()) == reader()
    assert not stops.is_known(reader())


@pytest.mark.parametrize(
    "again",
    [
        reader(),
        reader("another", "reader@mail.example.org"),
        reader(None, "Reader@Mail.Example.org"),
        reader("one", "moved@mail.example.org"),
    ],
    ids=["as before", "under another label", "in other letters", "with another address"],
)
@pytest.mark.parametrize("said", [Said.STOP, Said.ERASE])
def test_whoever_stopped_or_was_erased_gets_nothing_however_they_come_again(
    tmp_path: Path, stops: Stops, said: Said, again: Subscriber
) -> None:
    stops.note(said, reader())
    assert not gets_anything(stops_in(tmp_path / "notify").honoured(again))


def test_an_address_that_ended_takes_no_other_with_it(stops: Stops) -> None:
    both = reader("one", "gone@mail.example.org", "here@mail.example.org")
    stops.note(Said.STOP, reader(None, "gone@mail.example.org"))
    again = stops.honoured(both)
    assert again is not None
    assert [one.ended for one in again.addresses] == ["stopped", None]
    assert again.active


def test_whoever_comes_back_gets_alerts_again(stops: Stops) -> None:
    stops.note(Said.STOP, reader())
    stops.note(Said.RESUME, reader())
    assert stops.honoured(reader()) == reader()


def test_an_address_that_the_far_side_moved_is_known_by_both(stops: Stops) -> None:
    moved = Subscriber(
        number=1, since=SINCE, addresses=(StoredAddress(channel="telegram", target="-1002", given="-1"),)
    )
    stops.note(Said.STOP, moved)
    for target in ("-1002", "-1"):
        assert not gets_anything(stops.honoured(reader(None, target, channel="telegram")))


def test_endpoints_that_differ_in_letters_are_two(stops: Stops) -> None:
    stops.note(Said.STOP, reader(None, "https://a.example.org/X", channel="webhook"))
    assert gets_anything(stops.honoured(reader(None, "https://a.example.org/x", channel="webhook")))


def test_the_file_names_nobody_and_is_for_us_alone(tmp_path: Path, stops: Stops) -> None:
    stops.note(Said.STOP, reader("a-label"))
    for file in (tmp_path / "notify").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"reader" not in file.read_bytes()
        assert b"label" not in file.read_bytes()
    assert stat.S_IMODE((tmp_path / "notify").stat().st_mode) == 0o700


def test_without_the_key_the_same_address_leaves_other_hashes(tmp_path: Path) -> None:
    for name, key in (("a", b"one key"), ("b", b"another")):
        stops_in(tmp_path / name, [key]).note(Said.STOP, reader())
    assert (tmp_path / "a" / "stops").read_text() != (tmp_path / "b" / "stops").read_text()


def test_a_link_key_that_is_configured_later_or_replaced_forgets_nobody(tmp_path: Path) -> None:
    stops_in(tmp_path).note(Said.STOP, reader("made up"))
    stops_in(tmp_path, [b"first"]).note(Said.STOP, reader("of the first", "first@mail.example.org"))
    later = stops_in(tmp_path, [b"second", b"first"])
    assert later.is_known(reader("made up"))
    assert later.is_known(reader("of the first", "first@mail.example.org"))
    later.note(Said.RESUME, reader("made up"))
    assert gets_anything(later.honoured(reader("made up")))


def test_a_line_that_a_crash_cut_short_spoils_no_other(tmp_path: Path, stops: Stops) -> None:
    stops.note(Said.STOP, reader())
    with (tmp_path / "notify" / "stops").open("a") as file:
        file.write("stop 0123")
    other = reader("two", "two@mail.example.org")
    stops.note(Said.STOP, other)
    assert stops.is_known(reader())
    assert stops.is_known(other)


def test_lines_that_no_longer_count_are_let_go(tmp_path: Path, stops: Stops) -> None:
    stops.note(Said.STOP, reader("kept", "kept@mail.example.org"))
    for _ in range(400):
        stops.note(Said.STOP, reader())
        stops.note(Said.RESUME, reader())
    assert (tmp_path / "notify" / "stops").read_text().count("\n") < 1_100
    assert stops.is_known(reader("kept", "kept@mail.example.org"))
    assert not stops.is_known(reader())


def test_processes_that_write_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.unit.subscribers.test_stops import reader, Said, Stops\n"
        "stops = Stops(Path(sys.argv[1]), keys=Path(sys.argv[1] + '-keys'))\n"
        "for n in range(150): stops.note(Said.STOP, reader(None, f'{sys.argv[2]}{n}@mail.example.org'))\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), who]) for who in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    stops = stops_in(tmp_path)
    assert all(stops.is_known(reader(None, f"{who}{n}@mail.example.org")) for who in "ab" for n in range(150))


def test_a_folder_that_cannot_be_used_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateFolderUnusable, match="VESTKA_STATE_DIR"):
        stops_in(tmp_path / "file" / "notify")


def test_a_subscriber_without_a_label_is_known_by_the_address_alone(stops: Stops) -> None:
    stops.note(Said.STOP, reader(None))
    assert stops.is_known(reader("new"))
    assert not stops.is_known(msgspec.structs.replace(reader("new"), addresses=()))


def test_the_key_made_up_before_moves_from_beside_the_stops_to_the_keys(tmp_path: Path) -> None:
    stops_in(tmp_path).note(Said.STOP, reader("stopped", "reader@mail.example.org"))
    kept = tmp_path.with_name(f"{tmp_path.name}-keys") / "stops.key"
    (tmp_path / "stops.key").write_bytes(kept.read_bytes())
    kept.unlink()
    assert stops_in(tmp_path).is_known(reader("stopped", "reader@mail.example.org"))
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "stops.key").exists()


def test_a_reading_sees_what_was_said_since_the_one_before(stops: Stops) -> None:
    assert gets_anything(stops.reading()(reader()))
    for said, gets in ((Said.STOP, False), (Said.RESUME, True), (Said.ERASE, False)):
        stops.note(said, reader())
        assert gets_anything(stops.reading()(reader())) is gets
        assert stops.reading()(reader()) == stops.honoured(reader())
