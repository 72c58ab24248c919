"""What an item is known by, and how it stands on the stream."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from services.contract import PartyClass
from services.ingest.intake import UndecodableItem, decode_entry, decode_item, id_of
from services.ingest.sources.base import Item
from services.runtime.streams import Entry

RECEIVED = datetime(2024, 12, 28, 12, 0, tzinfo=UTC)
ITEM = Item(source_id="sample", source_name="Sample Wire", source_class=PartyClass.MEDIA, body="A text.", title="T")


def test_the_id_is_of_the_content_and_not_of_when_it_came() -> None:
    assert id_of(ITEM) == id_of(replace(ITEM, received=RECEIVED, solicited=True, claims_to_be="Somebody"))
    assert id_of(ITEM).startswith("it-")


@pytest.mark.parametrize("carrier", [{"source_id": "other"}, {"source_name": "Other Wire"}])
def test_the_same_text_from_another_outlet_is_another_item(carrier: dict[str, str]) -> None:
    assert id_of(replace(ITEM, **carrier)) != id_of(ITEM)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        replace(ITEM, body="Another text."),
        replace(ITEM, title="Another"),
        replace(ITEM, title=None),
        replace(ITEM, url="https://sample.example.org/1"),
        replace(ITEM, title="T\x1fA text.", body=""),
    ],
)
def test_other_content_is_another_item(other: Item) -> None:
    assert id_of(other) != id_of(ITEM)


def test_text_that_cannot_be_encoded_has_an_id_all_the_same() -> None:
    assert id_of(replace(ITEM, body="\ud800")) != id_of(ITEM)


def test_an_item_survives_the_stream() -> None:
    item = replace(ITEM, published=RECEIVED, as_of=RECEIVED.date(), language="be", solicited=True)
    assert decode_item(msgspec.json.encode(item).decode()) == item


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"item": "{}"}, "no field 'id'"),
        ({"id": "it-1"}, "no field 'item'"),
        ({"id": "it-1", "item": "{not json"}, "no JSON"),
        ({"id": "it-1", "item": "[]"}, "no JSON"),
        ({"id": "it-1", "item": '{"source_id": "a"}'}, "no JSON"),
        ({"id": "it-1", "item": '{"source_id": 5}'}, r"wrong at `\$.source_id`"),
        ({"id": "it-1", "item": '{"x": ' + "[" * 100_000}, "no JSON"),
    ],
)
def test_an_entry_that_is_no_item_says_where_and_never_what(fields: dict[str, str], where: str) -> None:
    with pytest.raises(UndecodableItem, match=where):
        decode_entry(Entry("vestka:items", "1-1", fields))


def test_an_entry_gives_the_item_and_its_id() -> None:
    fields = {"id": "it-1", "item": msgspec.json.encode(ITEM).decode()}
    assert decode_entry(Entry("vestka:items", "1-1", fields)) == ("it-1", ITEM)
