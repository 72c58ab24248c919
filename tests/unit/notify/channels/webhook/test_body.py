"""What is left out of a body that is too long, and that it says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.contract import Event, PartyClass, Person, Role, Source
from services.notify.channels.base import STOP_URL_SLOT, Rendered
from services.notify.channels.webhook.body import TooLarge, WebhookBody
from services.notify.channels.webhook.body import compose_body as composed_with
from services.notify.channels.webhook.public_addresses import PublicAddresses
from tests.conformance.samples import HEADLINE, event, rendered

TEXTS = {"ru": rendered("ru"), "en": rendered("en")}
PERSONS = tuple(Person(name="Ales Bialiatski", role=Role.STILL_HELD, key="ales bialiatski") for _ in range(50))
SOURCES = (Source(name="Feed", source_class=PartyClass.MEDIA, language="en", sha256="0" * 64),) * 3


def compose_body(event: Event, texts: dict[str, Rendered], limit: int) -> WebhookBody:
    return composed_with(event, texts, limit, PublicAddresses("https://alerts.vestka.example"))


def bytes_of(event: Event, texts: dict[str, Rendered], limit: int) -> bytes:
    return compose_body(event, texts, limit).with_link("")


def data_of(body: bytes) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(body)["data"]
    return data


def test_texts_stand_beside_the_facts_by_language() -> None:
    data = data_of(bytes_of(event(), TEXTS, 20_000))
    assert {language: text["headline"] for language, text in data["texts"].items()} == HEADLINE


def test_the_same_event_is_the_same_bytes_whatever_the_order_of_languages() -> None:
    turned = dict(reversed(TEXTS.items()))
    assert bytes_of(event(), TEXTS, 20_000) == bytes_of(event(), turned, 20_000)


@pytest.mark.parametrize("claims", range(95, 130))
def test_a_body_is_always_under_the_limit_and_cut_no_more_than_needed(claims: int) -> None:
    body = bytes_of(event(claims=claims), TEXTS, 20_000)
    kept = len(data_of(body)["claims"])
    assert len(body) < 20_000
    assert data_of(body).get("truncated", False) == (kept < claims)
    one_more = len(json.dumps(data_of(body)["claims"][0], separators=(",", ":")).encode()) + 1
    assert kept == claims or len(body) + one_more >= 20_000


def test_claims_go_before_persons_and_sources_last() -> None:
    data = data_of(bytes_of(event(claims=50, persons=PERSONS, sources=SOURCES), TEXTS, 2_600))
    assert "claims" not in data
    assert 0 < len(data["persons"]) < 50
    assert len(data["sources"]) == 3
    assert data["truncated"] is True


def test_an_event_that_fits_nowhere_is_too_large() -> None:
    with pytest.raises(TooLarge):
        bytes_of(event(), TEXTS, 200)


def test_the_slot_of_the_link_is_filled() -> None:
    text = {"en": rendered("en", summary=f"Stop: {STOP_URL_SLOT}")}
    data = data_of(compose_body(event(), text, 20_000).with_link("https://vestka.example.org/stop"))
    assert data["texts"]["en"]["summary"] == "Stop: https://vestka.example.org/stop"


@pytest.mark.parametrize("length", [1, 80, 299, 400, 3000])
def test_whatever_the_link_is_the_body_stays_under_the_limit_or_is_too_large(length: int) -> None:
    text = {"en": rendered("en", summary=f"Stop: {STOP_URL_SLOT}")}
    body = compose_body(event(claims=50), text, 3_000)
    link = "https://vestka.example.org/" + 'a"б' * length
    try:
        filled = body.with_link(link)
    except TooLarge:
        assert length > 50
    else:
        assert len(filled) < 3_000
        assert data_of(filled)["texts"]["en"]["summary"] == f"Stop: {link}"
