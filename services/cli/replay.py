"""`vestka replay`: sends again on purpose, only what the ledger lacks."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated, Any, cast

import structlog
import typer
from redis.asyncio import Redis

from services.cli.arguments import Since, Until, time_span
from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.keys import references_or_end
from services.cli.lost_events import put_back_lost
from services.cli.output import Output, OutputOption, say, show_json, show_rows
from services.cli.prompts import confirmed_or_end
from services.notify.assembly import ledger_of
from services.notify.channels import CHANNELS
from services.notify.delivery.revisions import Revisions
from services.notify.fanout.events import Events
from services.notify.opened_vault import vault_of
from services.notify.repair.replay import Plan, Replayer, ReplayStatus, Selection
from services.notify.settings import NotifySettings
from services.runtime.clock import rfc3339
from services.subscribers.vault import UnknownSubscriber

log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    app.command()(replay)


def replay(
    event: Annotated[str | None, typer.Argument(metavar="ID", help="one event's id")] = None,
    since: Since = None,
    until: Until = None,
    type_: Annotated[str | None, typer.Option("--type", help="an event type, e.g. pardon.announced")] = None,
    story: Annotated[str | None, typer.Option(help="a story's id")] = None,
    channel: Annotated[str | None, typer.Option(help="email, telegram or webhook")] = None,
    subscriber: Annotated[int | None, typer.Option(help="a subscriber's number")] = None,
    status: Annotated[str, typer.Option(help="missing (never tried), failed (given up) or all of both")] = "all",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="do it without asking")] = False,
    rate: Annotated[float | None, typer.Option(help="at most so many deliveries a second, more than 0")] = None,
    force: Annotated[bool, typer.Option("--force", help="also what was sent before; needs --reason")] = False,
    reason: Annotated[str | None, typer.Option(help="why, for the log")] = None,
    allow_stale: Annotated[bool, typer.Option("--allow-stale", help="also events older than 7 days")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Sends what the ledger lacks.

    That is: to everybody who asks for it today, was subscribed when it was published, and did not get it. It counts
    first, and asks before it sends.

    Example:  vestka replay --since 24h --dry-run
              CHANNEL   TO SEND  SENT  WAITING  NEXT AT                   REFUSED  UNSURE  MISSING
              email     12       31    2        2024-12-28T09:20:03.000Z  0        0       12
              telegram  0        9     0        -                         0        0       0
              webhook   1        3     0        -                         1        0       0
    """
    if force and not reason:
        raise CliExit(Code.USAGE, "--force sends again what was sent; say why with --reason.")
    if not any((event, since, until, type_, story, subscriber)):
        raise CliExit(Code.USAGE, "say which: an event's id, --since, --until, --type, --story or --subscriber.")
    if rate is not None and not rate > 0:
        raise CliExit(Code.USAGE, "--rate is how many deliveries a second at most, and more than 0.")
    first, last = time_span(since, until, time.time())
    selection = Selection(
        event_id=event,
        since=first,
        until=last,
        type=type_,
        story=story,
        channel=_one_of("--channel", channel, tuple(CHANNELS)),
        subscriber=subscriber,
        status=cast(ReplayStatus, _one_of("--status", status, ("failed", "missing", "all"))),
        force=force,
    )
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> None:
        ledgers = {name: ledger_of(redis, name) for name in CHANNELS}
        references = await references_or_end(redis, settings)
        replayer = Replayer(redis, Events(redis), vault_of(redis, settings), ledgers, Revisions(redis), references)
        await put_back_lost(redis, selection, dry_run=dry_run, confirm=confirm)
        try:
            plan = await replayer.plan(selection)
        except UnknownSubscriber:
            raise CliExit(Code.NOTHING_MATCHED, f"there is no subscriber {subscriber}") from None
        _show(plan, output)
        _check(plan, allow_stale)
        if dry_run:
            return
        confirmed_or_end(
            f"Send {plan.deliveries} deliveries?",
            confirm=confirm,
            undone="nothing was sent",
            hint="add --confirm to send, or --dry-run to only count",
        )
        _note(selection, plan, rate, reason)
        await _carry_out(replayer, plan, rate, reason)

    with_redis(work, settings)


def _show(plan: Plan, output: Output) -> None:
    standing = [_standing(plan, channel) for channel in plan.standing] if plan.events else []
    if output is Output.JSON:
        gaps = [
            {"channel": channel, "gap": gap, "deliveries": count}
            for (channel, gap), count in sorted(plan.counts.items())
        ]
        found = {"events": plan.events, "deliveries": plan.deliveries, "stale": plan.stale}
        show_json({**found, "gaps": gaps, "standing": standing})
    else:
        show_rows(standing, output)


def _standing(plan: Plan, channel: str) -> dict[str, Any]:
    one = plan.standing[channel]
    return {
        "channel": channel,
        "to send": sum(count for (name, _), count in plan.counts.items() if name == channel),
        "sent": one.sent,
        "waiting": one.waiting,
        "next at": None if one.next_at is None else rfc3339(one.next_at),
        "refused": one.refused,
        "unsure": one.unsure,
        "missing": one.missing,
    }


def _check(plan: Plan, allow_stale: bool) -> None:
    if plan.events == 0:
        raise CliExit(Code.NOTHING_MATCHED, "no event of the stream is of that description; see 'vestka event list'")
    if plan.deliveries == 0:
        raise CliExit(Code.NOTHING_MATCHED, _nothing_to_send(plan))
    if plan.stale and not allow_stale:
        raise CliExit(
            Code.REFUSED,
            f"{plan.stale} event(s) are older than 7 days and would be taken for news; send them with --allow-stale",
        )


def _nothing_to_send(plan: Plan) -> str:
    """What did not get through is named, and who looks after it."""
    every = plan.standing.values()
    waiting, refused, unsure = (sum(getattr(one, name) for one in every) for name in ("waiting", "refused", "unsure"))
    open_ends = [
        f"{waiting} wait and go by themselves ('vestka retry' sends them now)" if waiting else "",
        f"{refused} were refused ('vestka dead list')" if refused else "",
        f"{unsure} are unsure: nobody said whether they came ('vestka dead list --kind unsure')" if unsure else "",
    ]
    told = "; ".join(filter(None, open_ends))
    if told:
        return f"nothing is to be sent of {plan.events} event(s): {told}"
    return f"nothing is lacking: the ledger has all of {plan.events} event(s)"


def _note(selection: Selection, plan: Plan, rate: float | None, reason: str | None) -> None:
    """Who looks into it later finds what was sent again and why. A warning, so that no level of logging hides it."""
    meant = {name: value for name, value in asdict(selection).items() if value not in (None, False)}
    if "subscriber" in meant:
        meant["subscriber"] = "one"  # whose number this is stands beside no event
    counts = {f"{channel}.{gap}": count for (channel, gap), count in sorted(plan.counts.items())}
    log.warning("replay", reason=reason, events=plan.events, deliveries=counts, rate=rate, selection=meant)


async def _carry_out(replayer: Replayer, plan: Plan, rate: float | None, reason: str | None) -> None:
    progress = (
        typer.progressbar(length=plan.deliveries, label="replay", file=sys.stderr)
        if sys.stderr.isatty()
        else nullcontext()
    )
    with progress as bar:
        done = await replayer.carry_out(plan, rate, bar.update if bar is not None else lambda _: None)
    say(f"{done} deliveries put on the road{f' ({reason})' if reason else ''}; 'vestka status' shows how they fare")


def _one_of(name: str, text: str | None, known: tuple[str, ...]) -> str | None:
    if text is not None and text not in known:
        raise CliExit(Code.USAGE, f"{name} {text!r} is not one of {', '.join(known)}")
    return text
