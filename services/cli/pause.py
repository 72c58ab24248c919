"""`vestka pause` and `vestka resume`: one channel as a whole."""

from __future__ import annotations

from typing import Annotated

import typer
from redis.asyncio import Redis

from services.cli.connection import with_redis
from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.notify.channels import CHANNELS
from services.notify.throttle.channel_hold import ChannelHold

ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="email, telegram or webhook")]


def register(app: typer.Typer) -> None:
    app.command()(pause)
    app.command()(resume)


def pause(channel: ChannelName) -> None:
    """Holds everything on one channel back until it is resumed. Nothing is lost.

    Example:  vestka pause telegram
              telegram is paused; what is due waits
    """

    async def work(redis: Redis) -> None:
        await ChannelHold(redis, _known(channel)).pause()

    with_redis(work)
    say(f"{channel} is paused; what is due waits")


def resume(channel: ChannelName) -> None:
    """Lets a channel go on, whoever held it.

    Example:  vestka resume telegram
              telegram goes on
    """

    async def work(redis: Redis) -> None:
        await ChannelHold(redis, _known(channel)).resume()

    with_redis(work)
    say(f"{channel} goes on")


def _known(channel: str) -> str:
    if channel not in CHANNELS:
        raise CliExit(Code.USAGE, f"there is no channel {channel!r}; there are {', '.join(CHANNELS)}")
    return channel
