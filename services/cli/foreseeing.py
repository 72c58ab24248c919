"""What a decision would come to, shown before it is made: what changes, how many hear of it, what they would read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from redis.asyncio import Redis

from services.cli.connection import settings_or_end
from services.cli.exits import CliExit, Code
from services.cli.output import table
from services.contract import EventData
from services.ingest.desk.decisions import Decision
from services.ingest.desk.documents import trial_document
from services.ingest.desk.foreseen import Difference, differences, fingerprint
from services.notify.assembly import ledger_of, renderer_of
from services.notify.channels import CHANNELS
from services.notify.content.rendering import RenderingFailed
from services.notify.delivery.revisions import Revisions
from services.notify.fanout.doubtful_matches import DoubtfulMatches, has_doubts
from services.notify.opened_vault import keyring_of, vault_of
from services.notify.preview import Message, Preview, Previewer, preview_document
from services.notify.references import References
from services.notify.settings import NotifySettings
from services.subscribers.store_faults import UnusableKeys
from services.subscribers.watched_persons import NO_ANSWERS, MatchAnswers


@dataclass(frozen=True, slots=True)
class Trial:
    """A decision as it would be, and its events as their readers would get them."""

    decision: Decision
    previews: tuple[Preview, ...]
    off: frozenset[str] = frozenset()
    """Channels that are not configured here; where notify runs they may be."""

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.decision.events)

    @property
    def deliveries(self) -> int:
        return sum(sum(one.by_channel.values()) for one in self.previews)


_ELSEWHERE: Final = (
    "nothing was done: who would get it is known only where the keys of subscribers are. Give this command where "
    "notify runs, or add --confirm to do it unseen"
)


async def look_ahead(redis: Redis, decision: Decision) -> Trial:
    """Raises CliExit where an alert cannot be rendered."""
    if not decision.events:
        return Trial(decision, ())
    settings = settings_or_end(NotifySettings)
    ledgers = {name: ledger_of(redis, name) for name in CHANNELS}
    try:
        vault, renderer = vault_of(redis, settings), renderer_of(settings)
        answers, revisions = partial(_answers, redis, settings), Revisions(redis)
        previewer = Previewer(vault, ledgers, revisions, renderer, settings.sample_stop_url, answers)
        previews = [await previewer.preview(event) for event in decision.events]
    except RenderingFailed as error:
        raise CliExit(Code.FAILED, f"nothing was done: what readers would get cannot be rendered: {error}") from None
    except UnusableKeys as error:
        raise CliExit(Code.USAGE, f"{_ELSEWHERE} ({error})") from None
    off = frozenset(name for name in CHANNELS if getattr(settings.channels, name) is None)
    return Trial(decision, tuple(previews), off)


async def _answers(redis: Redis, settings: NotifySettings, data: EventData) -> MatchAnswers:
    """The key is asked for only where there is something to read: a look ahead makes none."""
    if not await has_doubts(redis, data.story_id):
        return NO_ANSWERS
    return await DoubtfulMatches(redis, References(await keyring_of(redis, settings))).answers(data)


def trial_with_alerts(trial: Trial) -> dict[str, Any]:
    """For programs: all parts of every message."""
    return {**trial_document(trial.decision), "alerts": [preview_document(one) for one in trial.previews]}


def trial_text(trial: Trial) -> str:
    """For a person at a terminal."""
    return "\n".join(_seen(line) for line in _lines(trial))


def counts(trial: Trial) -> str:
    """In a few words: how many on which channel."""
    return "; ".join(f"{one.event.id} to {_counts(one, trial.off)}" for one in trial.previews)


def _lines(trial: Trial) -> Iterator[str]:
    for story in trial.decision.stories:
        yield f"{story.id} would be {story.state}"
    if not trial.decision.events:
        yield "readers hear nothing of it"
        return
    yield from ("", "What changes for readers:", "")
    yield from table([_row(one) for one in differences(trial.decision.events, trial.decision.announced)])
    for preview in trial.previews:
        yield ""
        yield f"{preview.event.id} ({preview.event.type}) would go to {_counts(preview, trial.off)}"
        if preview.readers:
            rows = [(one.channel, one.language, one.mode, one.readers) for one in preview.readers]
            yield ""
            yield from table([dict(zip(("channel", "language", "mode", "readers"), row, strict=True)) for row in rows])
        for message in _shown(preview):
            yield from _message(message)


def _row(one: Difference) -> dict[str, Any]:
    return {"story": one.story, "field": one.field, "before": one.before, "after": one.after}


def _counts(preview: Preview, off: frozenset[str]) -> str:
    total = sum(preview.by_channel.values())
    each = ", ".join(
        f"{name} {count}{' (off here)' if name in off and count else ''}" for name, count in preview.by_channel.items()
    )
    return f"{total} reader{'' if total == 1 else 's'} ({each})"


def _shown(preview: Preview) -> Iterator[Message]:
    """The letter stands for every channel: the same words in each language. The discreet one differs at its head."""
    yield from (one for one in preview.messages if one.channel == "email")


def _message(message: Message) -> Iterator[str]:
    yield from ("", f"── {message.language}, {message.mode} ──", f"Subject: {message.parts['subject']}")
    if message.mode == "plain":
        yield from ("", *message.parts["text"].rstrip().splitlines())


def _seen(line: str) -> str:
    """Nothing that a terminal would act on."""
    return "".join(one if one.isprintable() else "\ufffd" for one in line)
