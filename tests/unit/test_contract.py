from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator

from services.contract import (
    Claim,
    Event,
    EventType,
    Facts,
    Party,
    PartyClass,
    Source,
    Undecodable,
    decode_event,
    deliveries_stream,
    document,
    encode_event,
    event_id,
)
from tests.conformance.samples import event

EVENT = event()


def plain(**changes: Any) -> dict[str, Any]:
    return {**json.loads(encode_event(EVENT)), **changes}


def test_an_event_survives_its_road_through_the_stream() -> None:
    assert decode_event(encode_event(EVENT)) == EVENT
    assert decode_event(encode_event(EVENT).encode()) == EVENT


def test_an_event_is_a_cloudevent_to_somebody_elses_library() -> None:
    read = JSONFormat().read(None, encode_event(EVENT))
    assert (read.get_id(), read.get_type(), read.get_source()) == (EVENT.id, EVENT.type.value, EVENT.source)
    assert (read.get_specversion(), read.get_subject()) == ("1.0", EVENT.subject)


def test_what_cloudevents_requires_is_written_out_even_where_it_is_our_default() -> None:
    assert {"specversion", "id", "source", "type", "datacontenttype", "dataschema"} <= set(document(EVENT))


def test_a_name_is_readable_in_the_stream_and_not_escaped() -> None:
    text = encode_event(event(headline_facts=Facts(names_pardoned=("Алесь Бяляцкі",))))
    assert "Алесь Бяляцкі" in text


def test_what_a_text_does_not_say_is_absent() -> None:
    assert plain()["data"]["headline_facts"] == {"pardoned": 20}
    assert "place" not in plain()["data"]


def test_the_class_of_a_party_and_of_a_source_is_called_class() -> None:
    party = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
    source = Source(name="Sample Wire", source_class=PartyClass.MEDIA, language="en", sha256="0" * 64)
    assert msgspec.to_builtins(party)["class"] == "defender"
    assert msgspec.to_builtins(source)["class"] == "media"


@pytest.mark.parametrize("value", [20, True, "a decree", ("Ales Bialiatski", "Maria Kalesnikava")])
def test_a_claim_keeps_the_kind_of_its_value(value: Any) -> None:
    party = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
    claim = Claim(field="anything", value=value, said_by=party, span=(0, 1))
    again = msgspec.json.decode(msgspec.json.encode(claim), type=Claim)
    assert again.value == value
    assert type(again.value) is type(value)


def test_an_older_reader_survives_a_newer_writer() -> None:
    newer = plain(extension="new")
    newer["data"]["something"] = {"new": True}
    assert decode_event(json.dumps(newer)) == EVENT


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("null", "not JSON of the expected shape"),
        (b"\xff\xfe", "not JSON"),
        (json.dumps(plain(type="pardon.invented")), r"\$\.type"),
        (json.dumps(plain(specversion="0.3")), r"\$\.specversion"),
        (json.dumps(plain(data={})), r"\$\.data"),
        (json.dumps(plain(id=5)), r"\$\.id"),
        ("[" * 100_000, "not JSON"),
    ],
    ids=range(9),
)
def test_what_is_no_event_of_ours_is_said_to_be_none_and_where(raw: str | bytes, where: str) -> None:
    with pytest.raises(Undecodable, match=where):
        decode_event(raw)


def test_no_error_repeats_what_stood_there() -> None:
    with pytest.raises(Undecodable) as raised:
        decode_event(json.dumps(plain(type="Ales Bialiatski", id="reader@example.org")))
    assert "Ales" not in str(raised.value)
    assert "reader" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_an_id_is_derived_and_can_be_signed_as_a_webhook_id() -> None:
    assert event_id("pardon-20241228-aaaaaa", 2) == event_id("pardon-20241228-aaaaaa", 2) == "pardon-20241228-aaaaaa-r2"
    assert "." not in event_id("pardon-20241228-aaaaaa", 2)


def test_types_and_streams_have_the_names_that_others_depend_on() -> None:
    assert {one.value for one in EventType} == {
        "pardon.announced",
        "pardon.updated",
        "arrest.reported",
        "arrest.updated",
        "story.retracted",
        "story.held",
        "story.merged",
        "system.test",
    }
    assert deliveries_stream("email") == "vestka:deliveries:email"


def with_data(**changes: Any) -> str:
    whole = plain()
    return json.dumps({**whole, "data": {**whole["data"], **changes}})


OUT_OF_BOUNDS = {
    "$.id": [json.dumps(plain(id=one)) for one in ("a.b", "line\nbreak", "end\n", "", "x" * 200, "../../x", "é")],
    "$.subject": [json.dumps(plain(subject="../../x")), json.dumps(plain(subject="a:b"))],
    "$.source": [json.dumps(plain(source="")), json.dumps(plain(source="/a b")), json.dumps(plain(source="x" * 9000))],
    "$.time": [
        json.dumps(plain(time=one))
        for one in ("yesterday", "", "2024-12-28", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z",
                    "2024-01-01T25:00:00Z", "2024-12-28T10:00:00+03:00", "0000-01-01T00:00:00Z",
                    "2024-12-28T10:00:00Z\n")
    ],
    "$.data.story_id": [with_data(story_id=one) for one in ("../../x", "x\n\0", "a b", "a|b", "", "x" * 101)],
    "$.data.revision": [with_data(revision=one) for one in (0, -5, 50_000_000, 10**30, "1", 1.5)],
    "$.data.sequence": [with_data(sequence=one) for one in (0, -1, 2**63, None)],
    "$.data.occurred_on": [with_data(occurred_on=one) for one in ("2026-99-99", "2026-02-29", "yesterday", "2026-1-1")],
    "$.data.headline_facts.detained": [with_data(headline_facts={"detained": one}) for one in (-3, 10**30)],
    "$.data.headline_facts.occurred_on": [with_data(headline_facts={"occurred_on": "2026-06-31"})],
    "$.data.headline_facts.charge": [with_data(headline_facts={"charge": "x" * 20_001})],
    "$.data.replaces": [with_data(replaces="a\r\nX-Other: 1")],
    "$.data.merged_into": [with_data(merged_into="../other")],
    "$.data.sources": [
        with_data(sources=[{"name": "n", "class": "media", "language": "en", "sha256": "0"}] * 1001),
        with_data(sources=[{"name": "n", "class": "media", "language": "en", "sha256": "0", "url": "https://a/ b"}]),
        with_data(sources=[{"name": "n", "class": "media", "language": "en", "sha256": "0", "published": "soon"}]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("where", "raw"), [(where, raw) for where, many in OUT_OF_BOUNDS.items() for raw in many], ids=lambda one: one[:40]
)
def test_what_could_break_a_reader_of_events_is_refused_at_its_field(where: str, raw: str) -> None:
    with pytest.raises(Undecodable) as raised:
        decode_event(raw)
    assert where in str(raised.value)


@pytest.mark.parametrize(
    "claim",
    [{"value": 10**30}, {"span": [-1, 0]}, {"source": -1}, {"as_of": "2026-13-01"}, {"as_of": "2026-04-31"}],
    ids=str,
)
def test_a_claim_has_bounds_too(claim: dict[str, Any]) -> None:
    said_by = {"id": "president", "name": "the president's website", "class": "official"}
    whole = {"field": "detained", "value": 3, "said_by": said_by, "span": [0, 1], **claim}
    with pytest.raises(Undecodable, match=r"\$\.data\.claims\[0\]|claims\[\.\.\.\]"):
        decode_event(with_data(claims=[whole]))


def test_the_published_schema_refuses_what_the_door_refuses() -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Event)}
    accepts = Draft202012Validator(schema).is_valid
    assert accepts(plain())
    assert not accepts(plain(id="line\nbreak"))
    assert not accepts(plain(id="end\n"))
    assert not accepts(json.loads(with_data(revision=50_000_000)))
    assert not accepts(json.loads(with_data(occurred_on="2026-99-99")))
