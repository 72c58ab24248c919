"""The `vestka` command: thin, every verb calls a station."""

from __future__ import annotations

import sys

import typer

from services.cli import dead, demo, events, extract, gates, replay, run, sources, stories, submit, subscribers, system
from services.cli import template as template_commands
from services.cli.endings import Code, Ended


def build_app() -> typer.Typer:
    app = typer.Typer(
        name="vestka",
        help="Tells people who was pardoned or arrested in Belarus, who says so, and what is not known.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode=None,
    )
    for module in (demo, run, submit, extract, replay, gates, system):
        module.register(app)
    app.add_typer(sources.app, name="source")
    app.add_typer(events.app, name="event")
    app.add_typer(stories.app, name="story")
    app.add_typer(subscribers.app, name="subscriber")
    app.add_typer(dead.app, name="dead")
    app.add_typer(template_commands.app, name="template")
    return app


def main() -> None:
    try:
        build_app()()
    except Ended as ended:
        print(f"vestka: {ended}", file=sys.stderr)
        sys.exit(ended.code)
    except KeyboardInterrupt:
        sys.exit(Code.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Code.DONE)
