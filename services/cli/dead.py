"""`vestka dead`: what cannot go on by itself."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.arguments import entry_id
from services.cli.connection import settings_or_end, with_redis
from services.cli.exits import CliExit, Code
from services.cli.keys import references_or_end
from services.cli.output import Output, OutputOption, say, show_record, show_rows
from services.notify.assembly import ledger_of
from services.notify.opened_vault import vault_of
from services.notify.repair.redriving import CannotRedrive, redrive, subscriber_of
from services.notify.settings import NotifySettings
from services.runtime.dead_letters import Buried, DeadLetters

app = typer.Typer(
    no_args_is_help=True,
    help="Dead letters: poison (our fault), undeliverable (theirs) and unsure.",
    rich_markup_mode=None,
)

LetterId = Annotated[
    str,
    typer.Argument(metavar="ID", help="as listed", callback=lambda text: entry_id(text, "vestka dead list")),
]


@app.command("list")
def list_letters(
    kind: Annotated[str | None, typer.Option(help="only these: poison, undeliverable or unsure")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Lists dead letters, the oldest first.

    Example:  vestka dead list
              ID               KIND           REASON     CHANNEL  DELIVERY  ATTEMPTS  EVENT
              1735377243120-0  undeliverable  exhausted  webhook  k7q2mxab  10        pardon-20241228-k7q2mx-r1

    DELIVERY tells one from another and shows nobody; 'vestka dead show ID --subscriber' says whose it is.
    """
    if kind not in (None, "poison", "undeliverable", "unsure"):
        raise CliExit(Code.USAGE, f"--kind {kind!r} is not poison, undeliverable or unsure")
    letters = with_redis(lambda redis: DeadLetters(redis).all())
    rows = [_row(one) for one in letters if kind in (None, one.letter.kind)]
    if not rows:
        raise CliExit(Code.NOTHING_MATCHED, f"there is no dead letter{f' of kind {kind}' if kind else ''}")
    show_rows(rows, output)


@app.command("show")
def show_letter(
    letter_id: LetterId,
    subscriber: Annotated[
        bool, typer.Option("--subscriber", help="only the number of the subscriber it is about")
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Shows one dead letter, or whose it is: never both at once, so that nothing copied ties a person to an event.

    Example:  vestka dead show 1735377243120-0
              id      1735377243120-0
              kind    poison
              reason  undecodable
              …
    """
    if subscriber:
        _show_subscriber(letter_id, output)
        return

    async def work(redis: Redis) -> Buried:
        return await _get(redis, letter_id)

    found = with_redis(work)
    show_record(
        _row(found) | {"at": found.letter.at, "stream": found.letter.stream, "entry": found.letter.entry}, output
    )


def _show_subscriber(letter_id: str, output: Output) -> None:
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> int | None:
        found = await _get(redis, letter_id)
        try:
            return subscriber_of(found.letter, await references_or_end(redis, settings))
        except CannotRedrive as error:
            raise CliExit(Code.REFUSED, str(error)) from None

    number = with_redis(work, settings)
    if number is None:
        raise CliExit(Code.NOTHING_MATCHED, "the letter is about an entry as a whole, and about no subscriber")
    show_record({"subscriber": number}, output)


@app.command("redrive")
def redrive_letter(letter_id: LetterId) -> None:
    """Puts what a dead letter stands for back on the road, once its cause is mended.

    Example:  vestka dead redrive 1735377243120-0
              back on the road
    """
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> None:
        found = await _get(redis, letter_id)
        try:
            references = await references_or_end(redis, settings)
            await redrive(
                redis, found, lambda channel: ledger_of(redis, channel), references, vault_of(redis, settings)
            )
        except CannotRedrive as error:
            raise CliExit(Code.REFUSED, str(error)) from None

    with_redis(work, settings)
    say("back on the road")


@app.command("drop")
def drop_letter(letter_id: LetterId) -> None:
    """Removes a dead letter; what it stands for is given up.

    Example:  vestka dead drop 1735377243120-0
              dropped
    """

    async def work(redis: Redis) -> None:
        await DeadLetters(redis).drop(await _get(redis, letter_id))

    with_redis(work)
    say("dropped")


async def _get(redis: Redis, letter_id: str) -> Buried:
    found = await DeadLetters(redis).get(letter_id)
    if found is None:
        raise CliExit(Code.NOTHING_MATCHED, f"there is no dead letter {letter_id}; see 'vestka dead list'")
    return found


def _row(buried: Buried) -> dict[str, Any]:
    letter = buried.letter
    return {
        "id": buried.id,
        "kind": letter.kind,
        "reason": letter.reason,
        "channel": letter.channel,
        "delivery": letter.reference[:8] if letter.reference else None,
        "attempts": letter.attempts,
        "event": letter.event_id,
    }
