"""One sealed record: it opens with its key, under its number, whole; and in no other way."""

from __future__ import annotations

import secrets

import pytest

from services.subscribers.key_files import StoreKeys, WrappingKey
from services.subscribers.record_seal import RecordSeal, UnreadableRecord, key_id

PLAIN = b"reader@example.org and whom they watch"


def keys(*wrapping: bytes) -> StoreKeys:
    """The last is in use."""
    found = [WrappingKey(place, raw) for place, raw in enumerate(wrapping, start=1)]
    return StoreKeys(b"l" * 32, tuple(reversed(found)))


OLD, NEW = b"o" * 32, b"n" * 32
SEAL = RecordSeal(lambda: keys(OLD))


def reason(seal: RecordSeal, number: int, record: bytes) -> str:
    with pytest.raises(UnreadableRecord) as caught:
        seal.open(number, record)
    assert str(number) not in str(caught.value)
    return caught.value.reason


def test_a_record_opens_as_it_was_and_shows_nothing() -> None:
    record = SEAL.close(7, PLAIN)
    assert SEAL.open(7, record) == PLAIN
    assert b"reader" not in record


def test_no_two_writes_are_alike() -> None:
    records = [SEAL.close(7, PLAIN) for _ in range(50)]
    assert len({record[:53] for record in records}) == 50, "each has a data key of its own"
    assert len({record[53:] for record in records}) == 50


def test_a_record_under_another_number_does_not_open() -> None:
    assert reason(SEAL, 8, SEAL.close(7, PLAIN)) == "damaged"


@pytest.mark.parametrize("place", [1, 5, 20, 52, 53, 60, -1])
def test_a_changed_byte_is_noticed_wherever_it_is(place: int) -> None:
    record = bytearray(SEAL.close(7, PLAIN))
    record[place] ^= 1
    assert reason(SEAL, 7, bytes(record)) in ("damaged", "unknown_key")


@pytest.mark.parametrize("length", [0, 1, 5, 52, 53, 69, 100])
def test_a_record_cut_short_does_not_open(length: int) -> None:
    assert reason(SEAL, 7, SEAL.close(7, PLAIN)[:length]) == "damaged"


@pytest.mark.parametrize("record", [b"no record at all", b"\xff" * 100, b"{" + b"x" * 200])
def test_what_is_no_record_does_not_open(record: bytes) -> None:
    assert reason(SEAL, 7, record) == "damaged"


def test_without_its_key_a_record_says_that_the_key_is_missing() -> None:
    assert reason(RecordSeal(lambda: keys(NEW)), 7, SEAL.close(7, PLAIN)) == "unknown_key"


def test_a_later_form_is_told_from_a_damaged_record() -> None:
    record = SEAL.close(7, PLAIN)
    assert reason(SEAL, 7, b"\x02" + record[1:]) == "later_form"


def test_another_key_of_the_same_id_does_not_open_it() -> None:
    class Twin(WrappingKey):
        id = WrappingKey(1, OLD).id

    twin = StoreKeys(b"l" * 32, (Twin(1, NEW),))
    assert reason(RecordSeal(lambda: twin), 7, SEAL.close(7, PLAIN)) == "damaged"


def test_rewrapping_changes_the_key_and_leaves_the_record() -> None:
    both = RecordSeal(lambda: keys(OLD, NEW))
    record = SEAL.close(7, PLAIN)
    rewrapped = both.rewrapped(7, record)
    assert rewrapped is not None
    assert key_id(rewrapped) == WrappingKey(2, NEW).id
    assert rewrapped[53:] == record[53:]
    assert RecordSeal(lambda: keys(NEW)).open(7, rewrapped) == PLAIN
    assert both.rewrapped(7, rewrapped) is None, "once is enough"


def test_how_long_a_record_is_tells_little() -> None:
    lengths = {len(SEAL.close(7, b"x" * length)) for length in range(1, 30)}
    assert len(lengths) == 1


def test_a_record_may_be_long() -> None:
    plain = secrets.token_bytes(100_000)
    assert SEAL.open(7, SEAL.close(7, plain)) == plain
