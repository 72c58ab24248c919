"""`vestka run`: the services, each in a process of its own that is started again when it ends."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Annotated

import typer
import uvloop
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.cli.checks import problems_of
from services.cli.connection import redis_or_end, server_or_end, settings_or_end, store_or_end
from services.cli.exits import CliExit, Code
from services.cli.output import say
from services.ingest.app import build_ingest
from services.ingest.settings import IngestSettings
from services.notify.app import build_notify, vault_of
from services.notify.settings import NotifySettings
from services.runtime.awaiting_redis import until_redis_answers
from services.runtime.connections import is_shortage
from services.runtime.http.server import listen
from services.runtime.logs import configure_logs
from services.runtime.open_files import raise_limit_of_open_files
from services.runtime.process import Service, run_service
from services.runtime.redis_server import Server
from services.runtime.server_fitness import check_server
from services.runtime.settings import RuntimeSettings, SettingsError
from services.runtime.streams import open_redis
from services.runtime.supervisor import keep_running, service_program, until_orphaned
from services.subscribers.entries import UnusableSubscribers


class Which(StrEnum):
    INGEST = "ingest"
    NOTIFY = "notify"
    ALL = "all"


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    which: Annotated[Which, typer.Argument(help="ingest, notify or all")] = Which.ALL,
    unsupervised: Annotated[
        bool,
        typer.Option(
            "--unsupervised", help="one service in this very process; something else restarts it, as Docker or systemd"
        ),
    ] = False,
    child: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Runs the services until interrupted.

    Each is started again when it ends. Without REDIS_URL they use an embedded Redis in VESTKA_STATE_DIR.

    Example:  vestka run all
              {"service": "ingest", "event": "service_started", "port": 8701, ...}
              {"service": "notify", "event": "service_started", "port": 8702, ...}
    """
    if (unsupervised or child) and which is Which.ALL:
        raise CliExit(Code.USAGE, "--unsupervised runs one service: name ingest or notify.")
    if unsupervised or child:
        run_one(which, parent=os.getppid() if child else None)
    else:
        names = ["ingest", "notify"] if which is Which.ALL else [which.value]
        supervise(names)


def run_one(which: Which, parent: int | None) -> None:
    if parent is None and (problems := problems_of([which.value])):  # a supervisor has looked before
        raise CliExit(Code.USAGE, "\n".join(problems))
    settings = settings_or_end(IngestSettings if which is Which.INGEST else NotifySettings)
    configure_logs(settings.log_level, settings.log_format, which.value)
    raise_limit_of_open_files()
    with server_or_end(settings) as server:
        try:
            with redis_or_end(), store_or_end():
                uvloop.run(_serve(settings, server.url, parent))
        except (SettingsError, UnusableSubscribers) as error:
            raise CliExit(Code.USAGE, str(error)) from None


async def _serve(settings: RuntimeSettings, url: str, parent: int | None) -> None:
    if parent is not None:
        await until_redis_answers(url, lambda: os.getppid() == parent)
    await _check_redis(url)
    service = await _build(settings, url)
    if parent is not None:
        service.background.append(lambda: until_orphaned(parent))
    await run_service(service)


async def _check_redis(url: str) -> None:
    """Raises SettingsError where nothing may start on this server, and RedisError."""
    redis = open_redis(url)
    try:
        await check_server(redis)
    finally:
        await redis.aclose()


async def _build(settings: RuntimeSettings, url: str) -> Service:
    if isinstance(settings, IngestSettings):
        return await build_ingest(settings, url)
    assert isinstance(settings, NotifySettings)
    return await build_notify(settings, url)


def supervise(names: Sequence[str]) -> None:
    """Starts nothing with a configuration that no restart would mend."""
    if problems := problems_of(names):
        raise CliExit(Code.USAGE, "\n".join(problems))
    settings = settings_or_end(RuntimeSettings)
    configure_logs(settings.log_level, settings.log_format, "supervisor")
    with server_or_end(settings) as server:
        _check_ports(names)
        _end_on_unfit_redis(server.url)
        if "notify" in names:
            _open_subscribers(server.url)
        if server.embedded is not None:
            say(f"embedded Redis at {server.url}")
        asyncio.run(keep_services(names, server))


def _end_on_unfit_redis(url: str) -> None:
    """One that is away is waited for; one that loses what it is given is no better after a restart."""
    try:
        with suppress(RedisConnectionError, RedisTimeoutError):
            asyncio.run(_check_redis(url))
    except SettingsError as error:
        raise CliExit(Code.USAGE, str(error)) from None


def _open_subscribers(url: str) -> None:
    """With keys that are missing or another's, no restart would help. A new store is founded here, once for all."""

    async def work() -> None:
        redis = open_redis(url)
        try:
            await vault_of(redis, settings_or_end(NotifySettings)).open()
        finally:
            await redis.aclose()

    with redis_or_end(), store_or_end():
        try:
            asyncio.run(work())
        except Exception as error:
            if not is_shortage(error):  # a server that is away, or takes no writes now, is waited for
                raise


def _check_ports(names: Sequence[str]) -> None:
    """A port that is taken stays taken however often a service is started again."""
    for name in names:
        host, port = _address(name)
        try:
            listen(host, port).close()
        except OSError as error:
            raise CliExit(Code.USAGE, f"VESTKA_{name.upper()}_PORT: {error.strerror}") from None


def _address(name: str) -> tuple[str, int]:
    if name == "ingest":
        ingest = settings_or_end(IngestSettings)
        return ingest.ingest_host, ingest.ingest_port
    notify = settings_or_end(NotifySettings)
    return notify.notify_host, notify.notify_port


async def keep_services(names: Sequence[str], server: Server) -> None:
    """Until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(keep_running(service_program(name), {"REDIS_URL": server.url})) for name in names]
    if server.embedded is not None:
        tasks.append(asyncio.create_task(server.embedded.keep()))
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
