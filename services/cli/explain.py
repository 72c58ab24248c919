"""`vestka explain` and `vestka audience`: why somebody got an alert or did not, and how many would get it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, show_json, show_rows
from services.cli.subscriber_access import keyring_or_end, subscriber_or_end
from services.notify.assembly import ledger_of, renderer_of
from services.notify.channels import CHANNELS
from services.notify.content.rendering import RenderingFailed
from services.notify.delivery.revisions import Revisions
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.fanout.events import Events, Published
from services.notify.opened_vault import vault_of
from services.notify.preview import Previewer
from services.notify.references import References
from services.notify.repair.explaining import Explainer, lines
from services.notify.settings import NotifySettings
from services.subscribers.keyring import OtherKey

EventArgument = Annotated[str, typer.Argument(metavar="EVENT", help="as 'vestka event list' shows it")]


def register(app: typer.Typer) -> None:
    app.command()(explain)
    app.command()(audience)


def explain(
    event_id: EventArgument,
    number: Annotated[int, typer.Argument(metavar="SUBSCRIBER", help="as 'vestka subscriber list' shows it", min=1)],
    output: OutputOption = Output.TABLE,
) -> None:
    """Says why a subscriber got an event, will get it, or did not, on every channel.

    And which clause of what they asked for decided it.

    Answered from today's subscription, the ledger and the log of attempts (VESTKA_KEEP_ATTEMPTS_DAYS). It shows no
    address and nobody's name.

    Example:  vestka explain pardon-20241228-k7q2mx-r1 12
              email: got it: taken by the far side at attempt 1
                interest 1: asks for it (the kind pardon is one it asks for)
                2024-12-28T09:14:05.000Z  attempt 1: sent, 41 ms, status 250, templates 3f9a01bc
    """
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> list[Any]:
        published = await _event(redis, event_id)
        subscriber = await subscriber_or_end(vault_of(redis, settings), number)
        references = References(await keyring_or_end(redis, settings))
        ledgers = {name: ledger_of(redis, name) for name in CHANNELS}
        try:
            explainer = Explainer(redis, ledgers, Revisions(redis), references, settings.digest_hour)
            return list(await explainer.explain(published, subscriber))
        except OtherKey as error:
            raise CliExit(Code.USAGE, f"the log of attempts cannot be read: {error}") from None

    found = with_redis(work)
    if output is Output.JSON:
        show_json([one.document() for one in found])
        return
    for one in found:
        for line in lines(one):
            print(line)


def audience(event_id: EventArgument, output: OutputOption = Output.TABLE) -> None:
    """Counts who gets an event by today's subscriptions, never who.

    Per channel, language and mode.

    Example:  vestka audience pardon-20241228-k7q2mx-r1
              CHANNEL  LANGUAGE  MODE   READERS
              email    ru        plain  118
    """
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> list[dict[str, Any]]:
        published = await _event(redis, event_id)
        ledgers = {name: ledger_of(redis, name) for name in CHANNELS}
        try:
            renderer = renderer_of(settings)
            matches = DoubtfulMatches(redis, References(await keyring_or_end(redis, settings)))
            vault, revisions = vault_of(redis, settings), Revisions(redis)
            previewer = Previewer(vault, ledgers, revisions, renderer, settings.sample_stop_url, matches.answers)
            preview = await previewer.preview(published.event)
        except RenderingFailed as error:
            raise CliExit(Code.FAILED, f"it cannot be rendered: {error}") from None
        return [
            {"channel": one.channel, "language": one.language, "mode": one.mode, "readers": one.readers}
            for one in preview.readers
        ]

    rows = with_redis(work)
    if not rows:
        raise CliExit(Code.NOTHING_MATCHED, "nobody gets it by today's subscriptions, or a newer revision replaced it")
    show_rows(rows, output)


async def _event(redis: Redis, event_id: str) -> Published:
    found = await Events(redis).by_id(event_id)
    if found is None:
        raise CliExit(Code.NOTHING_MATCHED, "there is no event of this id; see 'vestka event list'")
    return found
