"""The commands by name, each with the module that has it: a module is imported when its command is asked for.

Importing them all takes a second, which whoever types `vestka --help` would wait for.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import CompletionItem, TyperGroup  # type: ignore[attr-defined]  # it has no public place
from typer.main import get_group

from services.cli.exits import CliExit, Code

VERBS: Final[Mapping[str, tuple[str, str]]] = {
    "demo": ("demo", "Takes a sample article to an inbox, a Telegram chat and a webhook on this machine."),
    "run": ("run", "Runs the services until interrupted."),
    "submit": ("submit", "Hands an article to ingest."),
    "extract": ("extract", "Shows what an article says, claim by claim, without publishing anything."),
    "stories": ("extract", "Groups items into stories, offline."),
    "replay": ("replay", "Sends what the ledger lacks."),
    "explain": ("explain", "Says why a subscriber got an event, will get it, or did not, on every channel."),
    "bounces": ("bounces", "Takes in what came back to our sender: letters not delivered, complaints."),
    "audience": ("explain", "Counts who gets an event by today's subscriptions, never who."),
    "retry": ("retry", "Sends now what waits for its next attempt, for one channel or one endpoint."),
    "pause": ("pause", "Holds everything on one channel back until it is resumed."),
    "resume": ("pause", "Lets a channel go on, whoever held it."),
    "status": ("system", "Shows how much stands where."),
    "doctor": ("system", "Looks for what is wrong now, and says what to do."),
    "check-config": (
        "system",
        "Reads all the configuration as the services would, says what would stop them, or is on.",
    ),
}
"""Each module's `register` hangs its verbs on a Typer."""

NOUNS: Final[Mapping[str, tuple[str, str]]] = {
    "source": ("sources", "Sources: what we watch."),
    "event": ("events", "Events: what was announced, updated or retracted."),
    "story": ("stories", "Stories: what several reports agree is one happening."),
    "near-miss": ("near_misses", "Near misses: what reading was not sure to be news."),
    "match": ("doubtful_matches", "Matches: who may be a person that is watched."),
    "corpus": ("corpus", "The corpus: labelled examples of what is news."),
    "evidence": ("evidence", "Evidence: the bytes that an event rests on, as they came."),
    "audit": ("audit", "The audit: who decided what, and why."),
    "alarm": ("alarms", "Alarms: conditions that need a person."),
    "subscriber": ("subscribers", "Subscribers: who wants to hear what."),
    "keys": ("key_commands", "Keys: what subscribers are sealed with."),
    "dead": ("dead", "Dead letters: poison (our fault), undeliverable (theirs) and unsure."),
    "template": ("template", "Templates: what messages look like."),
}
"""Each module's `app` is a Typer of the noun's verbs."""


class ReaderLeft(Exception):
    """Nobody reads our output any more, as in `vestka event list | head -1`."""


class LazyGroup(TyperGroup):
    """The root of all commands."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return [*VERBS, *NOUNS]

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            self.commands.update({name: _load(name) for name in self._meant_by(cmd_name)})
        return self.commands.get(cmd_name)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[CompletionItem]:
        """By name and line as they stand here: whoever presses Tab waits for no import."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        known = {**VERBS, **NOUNS}.items()
        return [CompletionItem(name, help=line) for name, (_, line) in known if name.startswith(incomplete)]

    def _meant_by(self, name: str) -> list[str]:
        """The command itself; all of them for a slip of the finger, so that Typer finds the one that is near."""
        known = self.list_commands(None)
        return [name] if name in known else known

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        for title, commands in (("Commands", VERBS), ("Nouns, each with verbs of its own", NOUNS)):
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_, line) in commands.items()])

    def invoke(self, ctx: Any) -> Any:
        """Typer would end both of these with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderLeft from None
        except typer.Abort:  # Ctrl-C or Ctrl-D where a question was asked
            raise CliExit(Code.INTERRUPTED, "interrupted; nothing was done") from None


def _load(name: str) -> Any:
    if name in NOUNS:
        noun = get_group(_module(NOUNS[name][0]).app)
        for verb in noun.commands.values():
            _keep_example(verb)
        return noun
    verbs = typer.Typer(rich_markup_mode=None)
    _module(VERBS[name][0]).register(verbs)
    return _keep_example(get_group(verbs).commands[name])


def _keep_example(command: Any) -> Any:
    """An example's lines stay as they are; click would wrap them (https://click.palletsprojects.com, "\\b")."""
    command.help = command.help.replace("\n\nExample:", "\n\n\b\nExample:")
    return command


def _module(name: str) -> Any:
    return import_module(f"services.cli.{name}")
