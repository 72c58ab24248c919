"""`vestka template diff`: what readers would see changed by other templates, message by message."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, get_args

import typer

from services.cli.connection import settings_or_end
from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.notify.assembly import renderer_of
from services.notify.channels import CHANNELS
from services.notify.channels.base import STOP_URL_SLOT
from services.notify.content.example_events import example_events
from services.notify.content.rendering import Renderer, RenderingFailed
from services.notify.settings import NotifySettings
from services.runtime.settings import REPOSITORY
from services.subscribers.address import Mode


def diff(
    against: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="the other templates; none: those that this Vestka came with"),
    ] = None,
    channel: Annotated[str | None, typer.Option(help="one channel: email, telegram or webhook")] = None,
) -> None:
    """Renders every example by both folders of templates and shows the lines that differ.

    Example:  vestka template diff ../as-they-were/templates --channel telegram
              --- pardon, telegram, en, plain: html
              -Names are not known.
              +Names were not published.
    """
    folder = against or REPOSITORY / "templates"
    if not (folder / "languages").is_dir():
        raise CliExit(Code.USAGE, f"{folder} has no languages/; name a folder like templates")
    if channel is not None and channel not in CHANNELS:
        raise CliExit(Code.USAGE, f"--channel {channel!r} is not one of {', '.join(CHANNELS)}")
    settings = settings_or_end(NotifySettings)
    try:
        ours, theirs = renderer_of(settings), renderer_of(settings.model_copy(update={"templates": folder}))
    except RenderingFailed as error:
        raise CliExit(Code.FAILED, str(error)) from None
    changed = 0
    for line in _lines(theirs, ours, [channel] if channel else list(CHANNELS)):
        changed += line.startswith("--- ")
        print(line)
    say(f"{changed} part{'' if changed == 1 else 's'} of messages differ{'s' if changed == 1 else ''}")


def _lines(before: Renderer, after: Renderer, channels: list[str]) -> Iterator[str]:
    modes: tuple[Mode, ...] = get_args(Mode)
    languages = sorted({*before.languages, *after.languages})
    for name in example_events():
        for channel in channels:
            for language in languages:
                for mode in modes:
                    yield from _of_message(before, after, (name, channel, language, mode))


def _of_message(before: Renderer, after: Renderer, which: tuple[str, str, str, Mode]) -> Iterator[str]:
    one, other = _parts(before, which), _parts(after, which)
    for part in sorted({*one, *other}):
        lines = difflib.unified_diff(one.get(part, "").splitlines(), other.get(part, "").splitlines(), lineterm="", n=0)
        changes = [line for line in list(lines)[2:] if not line.startswith("@@")]
        if changes:
            yield f"--- {', '.join(which)}: {part}"
            yield from changes


def _parts(renderer: Renderer, which: tuple[str, str, str, Mode]) -> dict[str, str]:
    """What cannot be rendered says why, in place of the message."""
    name, channel, language, mode = which
    if language not in renderer.languages:
        return {}
    parts = CHANNELS[channel].parts
    try:
        rendered = renderer.render(example_events()[name], channel=channel, parts=parts, language=language, mode=mode)
    except RenderingFailed as error:
        return {"(cannot be rendered)": str(error)}
    return {part: text.replace(STOP_URL_SLOT, "…/stop/…") for part, text in rendered.parts.items()}
