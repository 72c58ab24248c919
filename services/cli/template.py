"""`vestka template`: what a message will look like, before anybody gets it."""

from __future__ import annotations

from typing import Annotated, cast

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.cli.sending_tests import send_test
from services.cli.template_diff import diff
from services.cli.template_lint import lint
from services.contract import Event
from services.notify.assembly import renderer_of
from services.notify.channels import CHANNELS
from services.notify.channels.base import STOP_URL_SLOT
from services.notify.content.example_events import example_events
from services.notify.content.render_cache import FALLBACK
from services.notify.content.rendering import RenderingFailed
from services.notify.fanout.events import Events
from services.notify.settings import NotifySettings
from services.subscribers.address import Mode

app = typer.Typer(no_args_is_help=True, help="Templates: what messages look like.", rich_markup_mode=None)
app.command("test-send")(send_test)
app.command()(lint)
app.command()(diff)


@app.command()
def render(
    event_id: Annotated[
        str, typer.Argument(metavar="ID", help="an event of 'vestka event list', or an example: pardon, arrest …")
    ],
    channel: Annotated[str, typer.Option(help="whose message: email, telegram or webhook")] = "email",
    part: Annotated[str | None, typer.Option(help="one part, e.g. html; none: all of them")] = None,
    language: Annotated[str, typer.Option(help="one that messages are written in")] = FALLBACK,
    mode: Annotated[str, typer.Option(help="plain or discreet")] = "plain",
) -> None:
    """Renders an event of the stream, or an example, as a channel would send it, and sends nothing.

    Example:  vestka template render pardon-20241228-k7q2mx-r1 --channel telegram --part plain
              Belarus: 20 people pardoned, 28 December 2024
              …
    """
    settings = settings_or_end(NotifySettings)
    renderer = renderer_of(settings)
    parts = _parts(channel, part)
    if language not in renderer.languages or mode not in ("plain", "discreet"):
        raise CliExit(Code.USAGE, f"--language is one of {', '.join(renderer.languages)}; --mode is plain or discreet")

    async def find(redis: Redis) -> Event:
        found = await Events(redis).by_id(event_id)
        if found is None:
            examples = ", ".join(example_events())
            raise CliExit(
                Code.NOTHING_MATCHED, f"there is no event {event_id}; see 'vestka event list'. Examples are {examples}"
            )
        return found.event

    event = example_events().get(event_id) or with_redis(find, settings)
    try:
        rendered = renderer.render(event, channel=channel, parts=parts, language=language, mode=cast(Mode, mode))
    except RenderingFailed as error:
        raise CliExit(Code.FAILED, str(error)) from None
    for name in parts:
        if part is None:
            say(f"── {name}")
        print(rendered.parts[name].replace(STOP_URL_SLOT, settings.sample_stop_url))


def _parts(channel: str, part: str | None) -> tuple[str, ...]:
    if channel not in CHANNELS:
        raise CliExit(Code.USAGE, f"--channel {channel!r} is not one of {', '.join(CHANNELS)}")
    if part is not None and part not in CHANNELS[channel].parts:
        raise CliExit(Code.USAGE, f"{channel} has no part {part!r}; it has {', '.join(CHANNELS[channel].parts)}")
    return CHANNELS[channel].parts if part is None else (part,)
