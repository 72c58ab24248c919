"""`vestka match`: who may be somebody that is watched, and the two answers to it. It never says who watches."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.cli.connection import settings_or_end, with_redis
from services.cli.deciding import operator_name
from services.cli.decisions import As, Confirm, MayReason
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, say, show_json, show_record, show_rows
from services.cli.prompts import confirmed_or_end
from services.cli.stories import age
from services.cli.subscriber_access import references_or_end
from services.notify.assembly import ledger_of
from services.notify.channels import CHANNELS
from services.notify.delivery.revisions import Revisions
from services.notify.fanout.doubtful_matches import DoubtfulMatch, DoubtfulMatches, MatchAnswer
from services.notify.fanout.events import Events
from services.notify.opened_vault import vault_of
from services.notify.repair.replay import Replayer, Selection
from services.notify.settings import NotifySettings
from services.operations.known_names import spoken

app = typer.Typer(
    no_args_is_help=True, help="Matches: who may be a person that is watched.", rich_markup_mode=None
)
MatchArgument = Annotated[str, typer.Argument(metavar="ID", help="as 'vestka match list' shows it")]
