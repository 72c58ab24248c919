"""`vestka status`, `vestka doctor` and `vestka check-config`: how it is, what is wrong, and whether it could start."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from services.cli.asking_channels import ask_channels
from services.cli.checks import CHECKS, has_a_channel, problems_of
from services.cli.connection import settings_or_end, with_redis
from services.cli.doctor_keys import examine_keys
from services.cli.doctor_sentinels import examine_sentinels
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption, say, show_record, show_rows
from services.cli.what_is_on import what_is_on
from services.contract import EVENTS_STREAM, INGEST_GROUP, ITEMS_STREAM, NOTIFY_GROUP, deliveries_stream
from services.ingest.store import Stories
from services.notify.channels import CHANNELS
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.outage import Outage
from services.notify.digests.digest_ledger import digest_channel
from services.notify.fanout.gaps import gap_state
from services.notify.letters.letter_request import LETTERS_STREAM
from services.notify.opened_vault import vault_of
from services.notify.repair.emptied import emptied_state
from services.notify.settings import NotifySettings
from services.notify.throttle.channel_hold import ChannelHold
from services.notify.throttle.shared_send_rate import told_to_wait
from services.operations.alarms import Alarms
from services.runtime.clock import rfc3339
from services.runtime.dead_letters import DeadLetters
from services.runtime.heartbeat import heartbeat_key
from services.runtime.memory import NEARLY_FULL, memory_of
from services.runtime.metrics import Metrics
from services.runtime.server_fitness import info_of, unfitness
from services.runtime.settings import REPOSITORY, RuntimeSettings, load_settings
from services.runtime.streams import oldest_pending_seconds
from services.subscribers.key_files import KeyFolder
from services.subscribers.stops import trouble_with
from services.subscribers.store_faults import StoreFault


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(doctor)
    app.command("check-config")(check_config)


def status(output: OutputOption = Output.TABLE) -> None:
    """Shows how much stands where.

    Example:  vestka status
              events               12
              subscribers          40
              stories held         1
              alarms               0
              retries pending      3
              dead letters         0
              deliveries unsure    0
    """
    show_record(with_redis(_status), output)


async def _status(redis: Redis) -> dict[str, Any]:
    stories, letters = await Stories(redis).open(), await DeadLetters(redis).counts()
    return {
        "events": await redis.xlen(EVENTS_STREAM),
        "subscribers": await _reached(redis),
        "stories open": len(stories),
        "stories held": sum(story.state == "held" for story in stories),
        "alarms": len(await Alarms(redis, Metrics(), time.time).list()),
        "retries pending": sum([await DueQueue(redis, name).troubled(time.time()) for name in CHANNELS]),
        "quiet hours wait": sum([await DueQueue(redis, name).deferred(time.time()) for name in CHANNELS]),
        "digests waiting": sum([await DueQueue(redis, digest_channel(name)).length() for name in CHANNELS]),
        "dead letters": sum(letters.values()),
        "deliveries unsure": letters["unsure"],
        "channels held": [name for name in CHANNELS if await ChannelHold(redis, name).held()] or None,
        "chats told to wait": await told_to_wait(redis) or None,
        "channels away": [name for name in CHANNELS if await Outage(redis, name).is_down()] or None,
        "channels paused": [name for name in CHANNELS if await ChannelHold(redis, name).is_paused()] or None,
    }


async def _reached(redis: Redis) -> int | None:
    """None where the keys are elsewhere: this is no place to know."""
    with suppress(StoreFault):
        return sum(one.is_reached for one in await vault_of(redis, load_settings(NotifySettings)).everybody())
    return None


def doctor(output: OutputOption = Output.TABLE) -> None:
    """Looks for what is wrong now, and says what to do.

    The mail server and the Bot API are asked whether they would take anything from us; nothing is sent.

    Example:  vestka doctor
              CHECK        RESULT  WHAT TO DO
              redis        ok      -
              eviction     ok      -
    """
    rows = with_redis(_examine)
    show_rows(rows, output)
    wrong = dict.fromkeys(str(row["check"]) for row in rows if row["result"] == "wrong")
    if wrong:
        raise CliExit(Code.FAILED, f"needs a person: {', '.join(wrong)}")


_RESULTS: Final = {True: "ok", False: "wrong", None: "note"}
"""A note is for whoever reads it, and fails nothing."""


def _folder_trouble() -> str | None:
    """None as well where the configuration cannot be read, which is a finding of its own."""
    with suppress(CliExit):
        return trouble_with(settings_or_end(NotifySettings).notify_state)
    return None


async def _running(redis: Redis) -> list[tuple[str, bool | None, str]]:
    """The portal is only noted: without it the alerts go out all the same."""
    found: list[tuple[str, bool | None, str]] = []
    for name in ("ingest", "notify", "portal"):
        runs = bool(await redis.exists(heartbeat_key(name)))
        todo = f"it was not seen for a minute: 'vestka run {name}', and its log"
        found.append((f"{name} runs", runs or (None if name == "portal" else False), todo))
    return found


async def _examine(redis: Redis) -> list[dict[str, Any]]:
    memory: Any = await _config(redis, "maxmemory-policy")
    clustered = any("cluster" in one.what for one in unfitness(await info_of(redis)))
    append: Any = await _config(redis, "appendonly")
    findings: list[tuple[str, bool | None, str]] = [
        ("redis", True, ""),
        ("eviction", memory in ("noeviction", None), "set maxmemory-policy noeviction: Redis may throw events away"),
        ("cluster", not clustered, "cluster mode splits our transactions: give a single server"),
        ("persistence", append in ("yes", None), "set appendonly yes: a crash of Redis loses what was accepted"),
    ]
    findings += await examine_sentinels(settings_or_end(RuntimeSettings))
    findings.append(("memory", *await _memory(redis)))
    findings += await _running(redis)
    paused = [name for name in CHANNELS if await ChannelHold(redis, name).is_paused()]
    findings += await ask_channels()
    findings.append(("channels", not paused, f"paused: {', '.join(paused)}; 'vestka resume' lets one go on"))
    holds = [(name, hold) for name in CHANNELS if (hold := await ChannelHold(redis, name).held()) is not None]
    findings += [
        (f"{name} held", not hold.is_long, f"{hold.reason} since {rfc3339(hold.since)}") for name, hold in holds
    ]
    if waiting := await told_to_wait(redis):
        findings.append(("chats told to wait", None, f"Telegram asked {waiting} to be left alone for over a minute"))
    findings += await examine_keys(redis)
    if trouble := _folder_trouble():
        findings.append(("state folder", None, trouble))
    for condition in (await gap_state(redis), await emptied_state(redis, CHANNELS)):
        if condition is not None:
            findings.append((condition.kind, False, condition.says))
    for stream, group in _streams():
        age = await _age(redis, stream, group)
        findings.append(
            (f"{stream}", age < 300, f"its oldest unfinished entry is {age:.0f} s old: see the log of the service")
        )
    letters = sum((await DeadLetters(redis).counts()).values())
    findings.append(("dead letters", not letters, f"{letters} wait: see 'vestka dead list'"))
    alarms = await Alarms(redis, Metrics(), time.time).list()
    findings += [(f"alarm {alarm.kind}", False, f"{alarm.about}: {alarm.says}") for alarm in alarms]
    held = [story for story in await Stories(redis).open() if story.state == "held"]
    findings.append(("held stories", not held, f"{len(held)} wait: see 'vestka story list --held'"))
    return [
        {"check": name, "result": _RESULTS[good], "what to do": None if good else do} for name, good, do in findings
    ]


async def _memory(redis: Redis) -> tuple[bool | None, str]:
    """Is there room, and what to do."""
    try:
        memory = await memory_of(redis)
    except RedisError:  # managed servers forbid INFO
        return True, ""
    if not memory.most:
        return None, "no limit is set: with maxmemory Redis refuses writes and alarms before the machine is full"
    return memory.share < NEARLY_FULL, f"{memory.share:.0%} of maxmemory is used: raise it, or find what fills it"


async def _config(redis: Redis, name: str) -> str | None:
    try:
        found: Any = await redis.config_get(name)
    except RedisError:  # managed servers forbid CONFIG
        return None
    return str(found[name]) if name in found else None


async def _age(redis: Redis, stream: str, group: str) -> float:
    try:
        return await oldest_pending_seconds(redis, stream, group, time.time())
    except ResponseError:  # not there before the service has run once
        return 0.0


def _streams() -> Iterator[tuple[str, str]]:
    yield ITEMS_STREAM, INGEST_GROUP
    yield EVENTS_STREAM, NOTIFY_GROUP
    yield LETTERS_STREAM, NOTIFY_GROUP
    for name in CHANNELS:
        yield deliveries_stream(name), NOTIFY_GROUP


def check_config(output: OutputOption = Output.TABLE) -> None:
    """Reads all the configuration as the services would, says what would stop them, or is on.

    Example:  vestka check-config
              the configuration can be used
              store              redis://redis:6379/0
              email              smtp.example.org:587, STARTTLS
              telegram           -
    """
    problems = problems_of(CHECKS)
    if not problems and not has_a_channel():
        problems = ["no channel is configured: set VESTKA_CHANNELS__EMAIL__HOST or another channel's settings"]
    for problem in problems:
        say(problem)
    if problems:
        raise CliExit(Code.USAGE, f"{len(problems)} problem(s); see {REPOSITORY / 'infra' / 'settings.env'}")
    settings = load_settings(NotifySettings)
    for trouble in (trouble_with(settings.notify_state), KeyFolder(settings.keys_folder).trouble()):
        if trouble:
            say(f"note: {trouble}")
    say("the configuration can be used")
    show_record(what_is_on(), output)
