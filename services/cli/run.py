"""`vestka run`: the services, each in a process of its own that is started again when it ends."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Final

import structlog
import typer
import uvloop
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.cli.checks import problems_of
from services.cli.connection import redis_or_end, server_or_end, settings_or_end, store_or_end
from services.cli.exits import CliExit, Code
from services.cli.listening_places import ListeningPlace, listening_places
from services.cli.output import say
from services.cli.process_shares import ProcessShare, programs_of_shares, shared_numbers
from services.ingest.app import build_ingest
from services.ingest.settings import IngestSettings
from services.notify.app import build_notify
from services.notify.opened_vault import vault_of
from services.notify.settings import NotifySettings
from services.portal.app import build_portal
from services.portal.settings import PortalSettings
from services.runtime.awaiting_redis import until_redis_answers
from services.runtime.collector import spare_what_stays
from services.runtime.connections import is_shortage
from services.runtime.http.server import inherited, listen
from services.runtime.logs import configure_logs
from services.runtime.open_files import raise_limit_of_open_files
from services.runtime.process import Service, run_service
from services.runtime.redis_server import Server
from services.runtime.server_fitness import check_server
from services.runtime.settings import RuntimeSettings, SettingsError
from services.runtime.streams import open_redis
from services.runtime.supervisor import Program, keep_running, service_program, until_orphaned
from services.subscribers.entries import UnusableSubscribers

log = structlog.get_logger(__name__)

_MOST_PROCESSES: Final = 64
_LOOKS_AT_A_PORT_EVERY: Final = 5.0  # seconds
_SETTINGS: Final[Mapping[str, type[RuntimeSettings]]] = {
    "ingest": IngestSettings,
    "notify": NotifySettings,
    "portal": PortalSettings,
}
"""Of each service, in the order in which they start."""


class Which(StrEnum):
    INGEST = "ingest"
    NOTIFY = "notify"
    PORTAL = "portal"
    ALL = "all"


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    which: Annotated[Which, typer.Argument(help="ingest, notify, portal or all")] = Which.ALL,
    unsupervised: Annotated[
        bool,
        typer.Option(
            "--unsupervised", help="one service in this very process; something else restarts it, as Docker or systemd"
        ),
    ] = False,
    processes: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="notify only: so many processes share the work, one port, and the sessions with the mail server",
        ),
    ] = 1,
    child: Annotated[bool, typer.Option(hidden=True)] = False,
    number: Annotated[int, typer.Option(hidden=True)] = 0,
    listener: Annotated[int, typer.Option(hidden=True)] = -1,
) -> None:
    """Runs the services until interrupted.

    Each is started again when it ends. Without REDIS_URL they use an embedded Redis in VESTKA_STATE_DIR. With
    --processes each takes what is free, and one that dies is started again while the others go on; whichever answers at
    /metrics gives the sum of all.

    Example:  vestka run all
              {"service": "ingest", "event": "service_started", "port": 8701, ...}
              {"service": "notify", "event": "service_started", "port": 8702, ...}
              {"service": "portal", "event": "service_started", "port": 8703, ...}
    """
    if (unsupervised or child) and which is Which.ALL:
        raise CliExit(Code.USAGE, "--unsupervised runs one service: name ingest, notify or portal.")
    _check_processes(which, processes, unsupervised)
    if unsupervised or child:
        run_one(
            which, os.getppid() if child else None, ProcessShare(number, processes, listener) if processes > 1 else None
        )
    else:
        names = list(_SETTINGS) if which is Which.ALL else [which.value]
        supervise(names, processes)


def _check_processes(which: Which, processes: int, unsupervised: bool) -> None:
    if not 1 <= processes <= _MOST_PROCESSES:
        raise CliExit(Code.USAGE, f"--processes is how many notify processes share the work: 1 to {_MOST_PROCESSES}.")
    if processes > 1 and which is not Which.NOTIFY:
        raise CliExit(
            Code.USAGE,
            "--processes is for notify: 'vestka run notify --processes N', and 'vestka run ingest' beside it.",
        )
    if processes > 1 and unsupervised:
        raise CliExit(Code.USAGE, "--unsupervised runs one process: leave it away, or --processes.")


def run_one(which: Which, parent: int | None, share: ProcessShare | None = None) -> None:
    if parent is None and (problems := problems_of([which.value])):  # a supervisor has looked before
        raise CliExit(Code.USAGE, "\n".join(problems))
    settings = settings_or_end(_SETTINGS[which.value])
    configure_logs(settings.log_level, settings.log_format, which.value)
    if share is not None:
        share.take_up()
    raise_limit_of_open_files()
    with server_or_end(settings) as server:
        try:
            with redis_or_end(), store_or_end():
                uvloop.run(_serve(settings, server.url, parent, share))
        except (SettingsError, UnusableSubscribers) as error:
            raise CliExit(Code.USAGE, str(error)) from None


async def _serve(settings: RuntimeSettings, url: str, parent: int | None, share: ProcessShare | None) -> None:
    if parent is not None:
        await until_redis_answers(url, lambda: os.getppid() == parent)
    await _check_redis(url)
    service = await _build(settings, url)
    if parent is not None:
        service.background.append(lambda: until_orphaned(parent))
    spare_what_stays()
    await run_service(service, inherited(share.listener) if share is not None else None)


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
    if isinstance(settings, PortalSettings):
        return await build_portal(settings, url)
    assert isinstance(settings, NotifySettings)
    return await build_notify(settings, url)


def supervise(names: Sequence[str], processes: int = 1) -> None:
    """Starts nothing with a configuration that no restart would mend."""
    if problems := problems_of(names):
        raise CliExit(Code.USAGE, "\n".join(problems))
    settings = settings_or_end(RuntimeSettings)
    configure_logs(settings.log_level, settings.log_format, "supervisor")
    with server_or_end(settings) as server:
        taken = _check_ports(names)
        _end_on_unfit_redis(server.url)
        if not {"notify", "portal"}.isdisjoint(names):
            _open_subscribers(server.url)
        if server.embedded is not None:
            say(f"embedded Redis at {server.url}")
        if processes > 1:
            _keep_notifiers(processes, server)
        else:
            asyncio.run(keep_services([service_program(name) for name in names], server, portal_after=taken))


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


def _check_ports(names: Sequence[str]) -> list[ListeningPlace]:
    """A port that was asked for and is taken ends the start: it stays taken however often a service is started again.

    Where nobody said where the portal listens, as where a second Vestka runs on one machine, it alone waits for its
    ports, which are given back: alerts are not held up for the sake of pages.
    """
    taken = []
    for name in names:
        settings = settings_or_end(_SETTINGS[name])
        for place in listening_places(name, settings):
            may_wait = name == "portal" and len(names) > 1 and place.field not in settings.model_fields_set
            try:
                listen(place.host, place.port).close()
            except OSError as error:
                if not may_wait:
                    raise _not_listening(place, error) from None
                log.warning("portal_waits_for_its_port", port=place.port, todo=f"give another in {place.setting}")
                taken.append(place)
    return taken


async def _until_free(place: ListeningPlace) -> None:
    while True:
        try:
            return listen(place.host, place.port).close()
        except OSError:
            await asyncio.sleep(_LOOKS_AT_A_PORT_EVERY)


def _not_listening(place: ListeningPlace, error: OSError) -> CliExit:
    return CliExit(Code.USAGE, f"{place.setting}: {error.strerror}")


def _keep_notifiers(processes: int, server: Server) -> None:
    (place,) = listening_places("notify", settings_or_end(NotifySettings))
    try:
        opened = listen(place.host, place.port)
    except OSError as error:
        raise _not_listening(place, error) from None
    with opened as listener, shared_numbers() as environment:
        listener.listen()  # from now on the port is ours, and who comes early waits
        programs = programs_of_shares(processes, listener)
        asyncio.run(keep_services(programs, server, environment, listener.close))


async def keep_services(
    programs: Sequence[Program],
    server: Server,
    environment: Mapping[str, str] | None = None,
    close: Callable[[], None] = lambda: None,
    portal_after: Sequence[ListeningPlace] = (),
) -> None:
    """Until SIGINT or SIGTERM. `environment`: theirs, beside our own. `close`: called before they are told to end.
    `portal_after`: what must be free before the portal is started.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    theirs = {"REDIS_URL": server.url, **(environment or {})}

    async def keep(program: Program) -> None:
        for place in portal_after if program.name == "portal" else ():
            await _until_free(place)
        await keep_running(program, theirs)

    tasks = [asyncio.create_task(keep(program)) for program in programs]
    if server.embedded is not None:
        tasks.append(asyncio.create_task(server.embedded.keep()))
    await stop.wait()
    close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
