"""`vestka template lint`: what the templates lack, and whether every language says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import product
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.cli.sample_events import sample_events
from services.contract import Event
from services.notify.assembly import renderer_of
from services.notify.channels import CHANNELS
from services.notify.content.alerts.followed import named_now
from services.notify.content.linting import faults
from services.notify.content.parity import differences
from services.notify.content.reader_view import EVERYBODY, ReaderView
from services.notify.content.rendering import Renderer, RenderingFailed
from services.notify.fanout.events import Events
from services.notify.settings import NotifySettings
from services.subscribers.address import MODES


def lint(
    event_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="events to render; none: made-up ones, without Redis")
    ] = None,
) -> None:
    """Names every key that a language or a template lacks (exit 1), and every message that is not the same in each
    language (exit 3).

    Example:  vestka template lint
              templates/languages/be.yaml: lacks phrases.headline.placed
              1 fault
    """
    settings = settings_or_end(NotifySettings)
    lacking, differing = list(faults(settings.templates)), list[str]()
    events = _events(event_ids or [], settings)
    try:
        differing += _differing(renderer_of(settings), events)
    except RenderingFailed as error:
        lacking += [str(error)] if str(error) not in lacking else []
    for line in (*lacking, *differing):
        print(line)
    if differing:
        raise CliExit(Code.NOTHING_MATCHED, "the languages do not say the same; nothing of such an event would go out")
    if lacking:
        raise CliExit(Code.FAILED, f"{len(lacking)} fault{'s' if len(lacking) > 1 else ''}")
    say("every language has every key, and says the same numbers, names and dates")


def _events(event_ids: list[str], settings: NotifySettings) -> list[Event]:
    async def find(redis: Redis) -> list[Event]:
        found = {one: await Events(redis).by_id(one) for one in event_ids}
        for one, published in found.items():
            if published is None:
                raise CliExit(Code.NOTHING_MATCHED, f"there is no event {one}; see 'vestka event list'")
        return [published.event for published in found.values() if published is not None]

    return with_redis(find, settings) if event_ids else list(sample_events())


def _differing(renderer: Renderer, events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        for name, channel in CHANNELS.items():
            for mode, view in product(MODES, _views(event) if channel.personal else (EVERYBODY,)):
                asked = partial(renderer.render, event, channel=name, parts=channel.parts, mode=mode, view=view)
                texts = {code: asked(language=code).parts for code in renderer.languages}
                for one in differences(event, texts, renderer.words, followed=bool(view.watched)):
                    whose = ", to somebody who follows whom it names" if view.watched else ""
                    yield f"{event.type} {event.id}, {name}, {mode}{whose}, {one}"


def _views(event: Event) -> Iterator[ReaderView]:
    """Of whoever watches nobody in it, one of them, or all whom it names for the first time."""
    named = [person.key for person in named_now(event)]
    yield from (ReaderView(watched=frozenset(keys)) for keys in dict.fromkeys(((), tuple(named[:1]), tuple(named))))
