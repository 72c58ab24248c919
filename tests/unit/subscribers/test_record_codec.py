"""A subscriber packed for sealing comes back as it was, to the last field."""

from __future__ import annotations

import msgspec
import pytest

from services.contract import Certainty, Kind, PartyClass
from services.subscribers.record_codec import decode, encode
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest

WHOLE = Subscriber(
    number=7,
    since="2024-12-28T10:15:00.123Z",
    language="ru",
    mode="discreet",
    active=False,
    tests=True,
    addresses=(
        StoredAddress(channel="email", target="reader@mail.example.org", digest="00ff" * 8, openpgp="xjMEZ"),
        StoredAddress(channel="webhook", target="https://a.example/", secrets=("one", "two"), given="b", ended="moved"),
        StoredAddress(channel="telegram", target="1", ended="blocked", ended_at="2025-01-02T00:00:00.500Z"),
        StoredAddress(channel="telegram", target="2", bot="discreet"),
    ),
    interests=(
        Interest(kinds=(Kind.PARDON,), regions=("gomel",), persons=("alas balatka",), towns=("gomel:Mozyr",)),
        Interest(
            sources=(PartyClass.DEFENDER,),
            least=Certainty.CONFIRMED,
            articles=("361-4",),
            without=(Interest(regions=("brest",)),),
            frequency="weekly",
        ),
        Interest(),
    ),
    label="\u0421\u0435\u043c\u044c\u044f",
    stop_seed="5eed" * 8,
    kin=(3, 4815162342),
    updates=False,
    zone="Europe/Warsaw",
    quiet=(22 * 60, 7 * 60),
    urgent=True,
    silent=True,
    cover="code_word",
    code_word="plums",
    owed=(Interest(kinds=(Kind.ARREST,), frequency="daily"),),
    owed_on=("email", "telegram"),
    stopped="2025-01-01T00:00:00.000Z",
)


def test_every_field_comes_back() -> None:
    assert decode(7, encode(WHOLE)) == WHOLE
    assert all(
        getattr(WHOLE, name) != getattr(Subscriber(number=0, since=""), name) for name in WHOLE.__struct_fields__
    )


def test_what_is_left_out_comes_back_as_left_out() -> None:
    bare = Subscriber(number=1, since="2024-01-01T00:00:00.000Z")
    assert decode(1, encode(bare)) == bare


@pytest.mark.parametrize(
    "since", ["2024-12-28T10:15:00Z", "2024-12-28T10:15:00.000000Z", "1970-01-01T00:00:00.000Z", "long ago"]
)
def test_a_time_comes_back_as_it_was_written(since: str) -> None:
    assert decode(1, encode(Subscriber(number=1, since=since))).since == since


def test_a_record_is_small() -> None:
    one = Subscriber(
        number=1,
        since="2024-12-28T10:15:00.123Z",
        addresses=(StoredAddress(channel="email", target="reader@mail.example.org", digest="00ff" * 8),),
        interests=(Interest(),),
        stop_seed="5eed" * 8,
    )
    assert len(encode(one)) < 110


def test_a_record_of_before_there_were_the_later_fields_opens() -> None:
    fields = msgspec.msgpack.decode(encode(WHOLE))
    fields[5] = [one[:6] for one in fields[5]]
    fields[6] = [one[:3] for one in fields[6]]
    earlier = decode(7, msgspec.msgpack.encode(fields[:10]))
    assert (earlier.updates, earlier.stopped) == (True, None)
    assert [one.ended for one in earlier.addresses] == [one.ended for one in WHOLE.addresses]
    assert {one.towns for one in earlier.interests} == {()}
