"""What stands for a delivery outside the store: without the key it leads to nobody."""

from __future__ import annotations

import hashlib
from base64 import b32encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.fanout.shard_work import ShardWork, UnreadableWork, safe_to_keep
from services.notify.references import References
from services.subscribers.keyring import Keyring, OtherKey, derived
from services.subscribers.sealing import is_sealed

OURS, OTHERS = References(Keyring(b"ours")), References(Keyring(b"another's"))
EVENT = "pardon-20241228-k7q2mx-r1"


def test_the_id_of_a_message_is_the_same_every_time_and_another_for_every_event_channel_and_reader() -> None:
    ids = {
        OURS.message_id(channel, event, number)
        for channel in ("email", "telegram")
        for event in (EVENT, "pardon-20241228-k7q2mx-r2")
        for number in (1, 2, 11)
    }
    assert len(ids) == 12
    assert References(Keyring(b"ours")).message_id("email", EVENT, 1) in ids


def test_the_id_of_a_message_cannot_be_made_without_the_key() -> None:
    """Neither as it was until now, by whoever guesses the address and the number, nor with a key of one's own."""
    found = OURS.message_id("email", EVENT, 7)
    for guess in (f"{EVENT}\0{7}\0reader@example.org", f"email\0{EVENT}\0{7}", EVENT, "7"):
        assert b32encode(hashlib.sha256(guess.encode()).digest()[:20]).decode().lower() != found
    assert OTHERS.message_id("email", EVENT, 7) != found


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert len({derived(b"ours", purpose) for purpose in ("a", "b")} | {derived(b"others", "a")}) == 3


@given(st.integers(min_value=1, max_value=10**15))
def test_whose_delivery_a_letter_is_about_is_read_with_the_key(number: int) -> None:
    sealed = OURS.letter("email", EVENT, number)
    assert is_sealed(sealed)
    assert OURS.subscriber(sealed, "email", EVENT) == number
    assert len(sealed) == len(OURS.letter("email", EVENT, 1)), "its length tells nothing of the number"


@pytest.mark.parametrize(
    ("references", "place"),
    [
        (OTHERS, ("email", EVENT)),
        (OURS, ("telegram", EVENT)),
        (OURS, ("email", "another-r1")),
    ],
)
def test_what_was_sealed_by_another_or_for_elsewhere_is_not_read(
    references: References, place: tuple[str, str]
) -> None:
    with pytest.raises(OtherKey):
        references.subscriber(OURS.letter("email", EVENT, 7), *place)


def test_what_was_sealed_with_a_key_of_before_is_still_read() -> None:
    rotated = References(Keyring(b"new", (b"older", b"ours")))
    assert rotated.subscriber(OURS.letter("email", EVENT, 7), "email", EVENT) == 7


@pytest.mark.parametrize("text", ["", "7", "a" * 25, "a" * 26, "A" * 40, "ж" * 40, "a" * 40, "0" * 40, "a" * 5_000])
def test_what_nobody_sealed_is_not_read(text: str) -> None:
    with pytest.raises(OtherKey):
        OURS.subscriber(text, "email", EVENT)


def test_the_tags_of_a_log_tell_deliveries_apart_and_are_of_that_process_alone() -> None:
    tag = OURS.log_tag("email", EVENT, 7)
    assert tag == OURS.log_tag("email", EVENT, 7)
    assert tag != OURS.log_tag("email", EVENT, 8)
    assert tag != OURS.log_tag("email", "another-r1", 7), "one reader's deliveries are not tied to one another"
    assert tag != References(Keyring(b"ours")).log_tag("email", EVENT, 7)


@pytest.mark.parametrize(
    "work", [ShardWork("1-1", (15,), 16), ShardWork("1-1", (3,), 256, (3, 19)), ShardWork("1-1", (3,), 16, (3,))]
)
def test_work_is_read_as_it_was_written_and_shows_nobody(work: ShardWork) -> None:
    fields = work.encode("email", OURS)
    assert ShardWork.decode(fields, "email", OURS) == work
    assert set(fields) == {"entry", "work"}
    assert safe_to_keep(fields)


def test_work_for_another_channel_or_event_is_not_read_for_this_one() -> None:
    fields = ShardWork("1-1", (3,), 256).encode("email", OURS)
    for moved, channel in ((fields, "telegram"), (fields | {"entry": "2-1"}, "email")):
        with pytest.raises(OtherKey):
            ShardWork.decode(moved, channel, OURS)


@pytest.mark.parametrize(
    ("fields", "work"),
    [
        ({"entry": "1-1", "shard": "3"}, ShardWork("1-1", (3,), 16)),
        ({"entry": "1-1", "shard": "3", "numbers": "3,19"}, ShardWork("1-1", (3,), 16, (3, 19))),
    ],
)
def test_work_of_before_it_was_sealed_is_read_and_not_kept_as_it_is(fields: dict[str, str], work: ShardWork) -> None:
    assert ShardWork.decode(fields, "email", OURS) == work
    assert not safe_to_keep(fields)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"entry": "1-1"},
        {"shard": "1"},
        {"entry": "somebody@example.org", "shard": "1"},
        {"entry": "1-1", "shard": "x"},
        {"entry": "1-1", "shard": "1", "numbers": ""},
        {"entry": "1-1", "shard": "1", "numbers": "1,,2"},
    ],
)
def test_what_is_no_work_is_said_to_be_none_and_not_repeated(fields: dict[str, str]) -> None:
    with pytest.raises(UnreadableWork) as raised:
        ShardWork.decode(fields, "email", OURS)
    assert "somebody" not in str(raised.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"entry": "1-1", "work": "7"},
        {"entry": "1-1", "work": "somebody@example.org"},
        {"entry": "somebody", "work": "a" * 30},
        {"entry": "1-1", "work": "a" * 30, "numbers": "7"},
        {"entry": "1-1"},
    ],
)
def test_what_may_show_somebody_is_not_kept(fields: dict[str, str]) -> None:
    assert not safe_to_keep(fields)
