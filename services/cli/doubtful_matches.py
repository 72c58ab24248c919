"""`vestka match`: who may be somebody that is watched, and the two answers to it. It never says who watches."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.deciding import operator_name
from services.cli.decisions import As, Confirm, MayReason
from services.cli.exits import CliExit, Code
from services.cli.keys import references_or_end
from services.cli.output import Output, OutputOption, say, show_record, show_rows
from services.cli.prompts import confirmed_or_end
from services.cli.stories import age
from services.notify.assembly import ledger_of
from services.notify.channels import CHANNELS
from services.notify.delivery.revisions import Revisions
from services.notify.fanout.doubtful_matches import DoubtfulMatch, DoubtfulMatches, MatchAnswer
from services.notify.fanout.events import Events, Published
from services.notify.opened_vault import vault_of
from services.notify.repair.replay import Replayer, Selection
from services.notify.settings import NotifySettings

app = typer.Typer(no_args_is_help=True, help="Matches: who may be a person that is watched.", rich_markup_mode=None)
MatchArgument = Annotated[str, typer.Argument(metavar="ID", help="as 'vestka match list' shows it")]


@app.command("list")
def list_matches(output: OutputOption = Output.TABLE) -> None:
    """Lists what waits for an answer, the oldest first.

    Example:  vestka match list
              ID              AGE  EVENT                       SCORE  AGREED
              match-k7q2mxaa  5m   pardon-20241228-k7q2mx-r1   0.74   surname but for a sound, given name
    """
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> list[DoubtfulMatch]:
        return await (await _matches(redis, settings)).waiting()

    found = with_redis(work)
    if not found:
        raise CliExit(Code.NOTHING_MATCHED, "no match waits")
    show_rows([_row(one) for one in found], output)


@app.command("show")
def show_match(match_id: MatchArgument, output: OutputOption = Output.TABLE) -> None:
    """Shows one with its article: whom it names, and how the watched name sounds, which is all that is kept of it.

    Example:  vestka match show match-k7q2mxaa
              id       match-k7q2mxaa
              named    Иван Лисов
              watched  Avan Lasav
              …
    """
    settings = settings_or_end(NotifySettings)

    async def work(redis: Redis) -> dict[str, Any]:
        doubt = await _found(await _matches(redis, settings), match_id)
        return _whole(doubt, await Events(redis).by_id(doubt.event))

    show_record(with_redis(work), output)


@app.command()
def yes(match_id: MatchArgument, reason: MayReason = "", by: As = None, confirm: Confirm = False) -> None:
    """Says that the two are one person: it goes to those who watch, as 'vestka replay' sends what is missing.

    Example:  vestka match yes match-k7q2mxaa --confirm
              answered; 2 deliveries put on the road
    """
    say(f"answered; {_answered(match_id, 'same', by, reason, confirm=confirm)}")


@app.command()
def no(match_id: MatchArgument, reason: MayReason = "", by: As = None, confirm: Confirm = False) -> None:
    """Says that the two are different people: nobody is told, and it is not asked again in this story.

    Example:  vestka match no match-k7q2mxaa --confirm
              answered; nobody is told
    """
    say(f"answered; {_answered(match_id, 'other', by, reason, confirm=confirm)}")


def _answered(match_id: str, answer: MatchAnswer, by: str | None, reason: str, *, confirm: bool) -> str:
    settings, who = settings_or_end(NotifySettings), operator_name(by)

    async def work(redis: Redis) -> str:
        matches = await _matches(redis, settings)
        doubt = await _found(matches, match_id)
        if doubt.answer is not None:
            raise CliExit(Code.REFUSED, f"it is answered: {_in_words(doubt.answer)}")
        confirmed_or_end(
            f"{'One person' if answer == 'same' else 'Different people'}?",
            confirm=confirm,
            undone="nothing was answered",
            hint="add --confirm to answer",
        )
        await matches.answer(doubt, answer, who, reason, time.time())
        return await _send_missing(redis, settings, doubt) if answer == "same" else "nobody is told"

    return with_redis(work, settings)


async def _send_missing(redis: Redis, settings: NotifySettings, doubt: DoubtfulMatch) -> str:
    references = await references_or_end(redis, settings)
    ledgers = {name: ledger_of(redis, name) for name in CHANNELS}
    replayer = Replayer(redis, Events(redis), vault_of(redis, settings), ledgers, Revisions(redis), references)
    plan = await replayer.plan(Selection(story=doubt.story, status="missing"))
    if plan.stale:
        return f"its event is older than 7 days: 'vestka replay --story {doubt.story} --allow-stale' sends it"
    return f"{await replayer.carry_out(plan, None)} deliveries put on the road"


async def _matches(redis: Redis, settings: NotifySettings) -> DoubtfulMatches:
    return DoubtfulMatches(redis, await references_or_end(redis, settings))


async def _found(matches: DoubtfulMatches, match_id: str) -> DoubtfulMatch:
    doubt = await matches.find(match_id)
    if doubt is None:
        raise CliExit(Code.NOTHING_MATCHED, f"there is no match {match_id}; see 'vestka match list'")
    return doubt


def _row(doubt: DoubtfulMatch) -> dict[str, Any]:
    waited = age(time.time() - doubt.since)
    return {
        "id": doubt.id,
        "age": waited,
        "event": doubt.event,
        "score": doubt.score,
        "agreed": ", ".join(doubt.agreed),
    }


def _whole(doubt: DoubtfulMatch, published: Published | None) -> dict[str, Any]:
    data = None if published is None else published.event.data
    named = [] if data is None else [person.name for person in data.persons if person.key == doubt.named]
    return {
        **_row(doubt),
        "named": ", ".join(named) or _sounds(doubt.named),
        "watched": _sounds(doubt.watched),
        "articles": [f"{one.name} {one.url or ''}".strip() for one in ([] if data is None else data.sources)],
        "answer": "waits" if doubt.answer is None else _in_words(doubt.answer),
    }


def _sounds(key: str) -> str:
    return " ".join(word.capitalize() for word in key.replace(".", "").split())


def _in_words(answer: MatchAnswer) -> str:
    return "one person" if answer == "same" else "different people"
