"""`make schema`: prints the schemas of webhooks, each type's with a full example, into `infra/schemas/`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from services.contract import Event, EventType
from services.notify.app import renderer_of
from services.notify.channels import WebhookChannel
from services.notify.channels.webhook.body import body_document
from services.notify.channels.webhook.body_schema import data_schema_of, webhook_schema
from services.notify.channels.webhook.public_addresses import PublicAddresses
from services.notify.content.example_events import example_of
from services.notify.content.rendering import Renderer
from services.notify.event_types import PRINTS, example_print, schema_print
from services.notify.settings import NotifySettings

_EXAMPLE: Final = PublicAddresses("https://alerts.vestka.example", "https://vestka.example")


def prints() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every file of the folder, by its place in it."""
    renderer = renderer_of(NotifySettings())
    yield PRINTS / "event.schema.json", webhook_schema()
    for event_type in EventType:
        body = example_body(example_of(event_type), renderer)
        yield schema_print(event_type), data_schema_of(event_type, body["data"])
        yield example_print(event_type), body


def example_body(event: Event, renderer: Renderer) -> dict[str, Any]:
    """What an endpoint gets of the event, in every language."""
    rendered = {
        language: renderer.render(
            event, channel=WebhookChannel.name, parts=WebhookChannel.parts, language=language, mode="plain"
        )
        for language in renderer.languages
    }
    body: dict[str, Any] = json.loads(as_text(body_document(event, rendered, _EXAMPLE)))
    return body


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for file, document in prints():
        file.parent.mkdir(exist_ok=True)
        file.write_text(as_text(document), encoding="utf-8")
