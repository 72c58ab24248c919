"""Guarantee 6, for whoever takes the machine away: of a reader there is nothing on it, in whatever form.

Marked readers go through all that can become of one. Then every byte is searched that was left: the files of Redis
and of ours, all that Redis holds, the log, the metrics, the arguments of processes, what commands and doors said.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pysequoia
import pytest
from redis.asyncio import Redis
from redis.client import NEVER_DECODE

from services.demo.sample_article import pardon, pardon_update
from services.demo.stage import free_port
from tests import commands
from tests.marks import Found, Marks, told
from tests.road import PATIENCE, Road, eventually
from tests.store import everything_in

TAKEN, REFUSED, LATER = (
    f"kanarejka.{what}@{host}.example" for what, host in (("adzin", "čytač"), ("dva", "reader-two"), ("try", "x-three"))
)
MARKS = {
    "address that takes": TAKEN,
    "address that refuses": REFUSED,
    "address that is away": LATER,
    "address of the file": "kanarejka.fajl@reader-four.example",
    "address changed to": "kanarejka.novy@reader-five.example",
    "chat": "4815162342",
    "path of an endpoint": "kanarejka-hook-taken",
    "path of an endpoint that is away": "kanarejka-hook-away",
    "name watched": "Здзіслава Канарэйчык",
    "name watched by another": "Prywatnaja Asobina",
    "name with a patronymic": "Канарейкин Феофилакт Пантелеймонович",
    "label": "siamja-kanarejki-homiel",
    "label of an endpoint": "redakcyja-kanarejka",
    "link key": "a-key-of-links-kanarejka-0123456789",
    "label given by hand": "etykietka-kanarejki",
    "code word": "Kanarejkavyja Slivy",
    "name in a certificate": "Kliučnik Kanarejkin",
}
KEY = pysequoia.Tsk.generate(f"{MARKS['name in a certificate']} <{TAKEN}>")
OPENPGP = {"openpgp": str(KEY.extract_certificate())}
TYPED_BADLY = (
    {"channels": [{"channel": "email", "target": f"{TAKEN} x"}]},
    {"channels": [{"channel": "email", "target": TAKEN, MARKS["name watched"]: 1}]},
    {"channels": [{"channel": MARKS["label"], "target": TAKEN}]},
    {
        "language": MARKS["label"],
        "mode": MARKS["label"],
        "tests": TAKEN,
        "channels": [{"channel": "email", "target": []}],
    },
    {"channels": [{"channel": "webhook", "target": f"https://{MARKS['path of an endpoint']}@x.example/"}]},
    {"channels": [{"channel": "webhook", "target": "https://x.example/", "secrets": [MARKS["link key"]]}]},
    {"channels": [{"channel": "email", "target": TAKEN, "openpgp": MARKS["name in a certificate"]}]},
    {"channels": [{"channel": "email", "target": TAKEN, "openpgp": str(KEY)}]},
    {"channels": [{"channel": "telegram", "target": MARKS["chat"], **OPENPGP}]},
    {"channels": [{"channel": "email", "target": TAKEN}], "code_word": f"<{MARKS['code word']}>"},
    {"channels": [{"channel": "email", "target": {"env": MARKS["label"]}}]},
    {"channels": [{"channel": "email", "target": {"file": f"/nowhere/{MARKS['label']}"}}]},
    {"interests": [{"regions": [MARKS["name watched"]], "kinds": [TAKEN]}], "channels": []},
    {MARKS["name watched"]: 1, "since": TAKEN},
)

LOOKS: Sequence[tuple[str, ...]] = (
    *(("dead", "list"), ("subscriber", "list"), ("subscriber", "export"), ("audit", "list")),
    *(("alarm", "list"), ("status",), ("doctor",), ("check-config",)),
)


class Machine:
    """What is taken away, all but the file of subscribers, whose place is not on it."""

    def __init__(self, road: Road, folder: Path) -> None:
        self._road = road
        self._folder = folder
        self._marks = Marks(MARKS | {"bot token": road.stage.token, "secret of an endpoint": road.stage.secret[6:]})
        self.said: list[str] = []
        self.arguments: set[bytes] = set()

    async def vestka(self, *words: str, stdin: str = "", code: int | None = 0) -> commands.Answer:
        """Within this process, with the settings that the services have."""
        answer = await commands.vestka(*words, stdin=stdin, env=self._road.environment)
        self.said.append(answer.out + answer.err)
        assert code in (None, answer.code), (words, answer.err)
        return answer

    async def ask(self, service: str, path: str) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{self._road.ports[service]}{path}")
        self.said.append(f"{answer.status_code} {answer.headers} {answer.text}")

    def note_arguments(self) -> None:
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                self.arguments.add(file.read_bytes())

    async def search(self) -> list[Found]:
        """After Redis has written down all that it holds, in both forms of file."""
        await self._road.redis.save()
        found = self._marks.look("what was said", "\n".join(self.said).encode())
        found += self._marks.look("arguments", b"\n".join(self.arguments))
        found += self._marks.look("keys and values", (await everything_in(self._road.redis)).encode())
        for file, held in self._files():
            found += self._marks.look(str(file.relative_to(self._folder)), str(file).encode() + held)
        return found

    def hold(self, what: bytes) -> list[str]:
        """The files in which it stands."""
        return [str(file) for file, held in self._files() if what in held]

    def _files(self) -> Iterator[tuple[Path, bytes]]:
        for file in sorted(self._folder.rglob("*")):
            if file.is_file():
                yield file, file.read_bytes()


@pytest.fixture
async def machine(road: Road, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    book = tmp_path_factory.mktemp("elsewhere") / "subscribers.yaml"
    book.write_text(json.dumps({"subscribers": [entry("address of the file", label=MARKS["label"])]}))
    road.environment |= {
        "VESTKA_SUBSCRIBERS_FILE": str(book),
        "VESTKA_LINK_KEY": MARKS["link key"],
        "VESTKA_LOG_LEVEL": "debug",
    }
    road.stage.inbox.refuses |= {
        REFUSED: f"550 5.2.1 <{REFUSED}>: this mailbox takes no letters now",
        LATER: f"451 4.3.0 <{LATER}>: try again later",
    }
    await road.redis.config_set("rdbcompression", "no")  # or a mark could stand in a file and not be found
    return Machine(road, tmp_path)


def entry(mark: str, channel: str = "email", watched: str | None = None, **fields: Any) -> dict[str, Any]:
    interests = [{}, {"persons": [MARKS[watched]]}] if watched else [{}]
    return {"channels": [{"channel": channel, "target": MARKS.get(mark, mark)}], "interests": interests, **fields}


def endpoint(road: Road, mark: str, port: int | None = None) -> dict[str, Any]:
    url = road.stage.webhooks.url if port is None else f"http://127.0.0.1:{port}/"
    return entry(f"{url}?{MARKS[mark]}", "webhook") | {
        "channels": [{"channel": "webhook", "target": f"{url}?{MARKS[mark]}", "secrets": [road.stage.secret]}]
    }


async def subscribe_everybody(road: Road, machine: Machine) -> None:
    taken = entry("address that takes", watched="name watched", label=MARKS["label given by hand"], language="ru")
    taken |= {"mode": "discreet", "cover": "code_word", "code_word": MARKS["code word"]}
    refusing = entry("address that refuses", watched="name watched by another", mode="discreet")
    refusing["channels"][0] |= OPENPGP
    await machine.vestka("subscriber", "add", "-", stdin=json.dumps(taken))
    lines = [
        refusing,
        entry("address that is away", watched="name with a patronymic"),
        *TYPED_BADLY,
        entry("chat", "telegram", watched="name watched"),
        endpoint(road, "path of an endpoint") | {"label": MARKS["label of an endpoint"]},
        endpoint(road, "path of an endpoint that is away", free_port(0)),
    ]
    answer = await machine.vestka("subscriber", "import", stdin="\n".join(map(json.dumps, lines)), code=1)
    assert answer.out.split() == ["added", "5", "replaced", "0", "left", "out", "0", "bad", str(len(TYPED_BADLY))]


async def mistype(machine: Machine) -> None:
    for bad in TYPED_BADLY:
        await machine.vestka("subscriber", "add", "-", stdin=json.dumps(bad), code=2)
        await machine.vestka("subscriber", "edit", "1", "-", stdin=json.dumps(bad), code=2)
    await machine.vestka("subscriber", "add", "-", stdin=f"channels: [{{target: {TAKEN}\n  : x", code=2)
    await machine.vestka("subscriber", "find", stdin=MARKS["address changed to"], code=3)
    await machine.vestka("retry", "--endpoint", stdin=TAKEN, code=3)


async def ask_all_doors(machine: Machine) -> None:
    for service in ("ingest", "notify"):
        for path in ("/metrics", "/asyncapi", f"/stop/{TAKEN}", f"/v1/event-types/{MARKS['name watched']}"):
            await machine.ask(service, path)


async def operate(road: Road, machine: Machine, event: str) -> None:
    """What an operator does, as far as it can bear on one reader."""
    found = await machine.vestka("subscriber", "find", "-o", "json", stdin=TAKEN.upper())
    number = str(found.read[0]["number"])
    change = {"interests": [{"persons": [MARKS["name with a patronymic"]]}, {}], "mode": "discreet"}
    await machine.vestka("subscriber", "edit", number, "-", stdin=json.dumps(change))
    await machine.vestka("subscriber", "pause", number)
    await machine.vestka("subscriber", "resume", number)
    for words in LOOKS:
        await machine.vestka(*words, code=None)
    await machine.vestka("subscriber", "show", number)
    await machine.vestka("event", "show", event)
    letters = (await machine.vestka("dead", "list", "-o", "json")).read
    await machine.vestka("dead", "show", letters[0]["id"], "-o", "json")
    await machine.vestka("dead", "redrive", letters[0]["id"], code=None)
    again = ("--force", "--reason", "a test", "--allow-stale", "--confirm", "--subscriber", number)
    letters_before = len(road.stage.inbox.messages)
    await machine.vestka("replay", event, *again)
    await eventually(lambda: len(road.stage.inbox.messages) > letters_before, "the letter once more")
    await machine.vestka("retry", "--channel", "email", code=None)
    other = {"channels": [{"channel": "email", "target": MARKS["address changed to"], **OPENPGP}]}
    await machine.vestka("subscriber", "edit", number, "-", stdin=json.dumps(other))


async def test_nothing_of_a_reader_is_on_a_machine_that_is_taken_away(road: Road, machine: Machine) -> None:
    await subscribe_everybody(road, machine)
    await mistype(machine)
    await road.start("ingest", "notify")
    event = (await road.hand_in(pardon())).event
    assert event is not None
    stage = road.stage
    await eventually(
        lambda: len(stage.inbox.messages) >= 2 and bool(stage.chat.messages) and bool(stage.webhooks.calls), "messages"
    )
    for reason in ("unknown_address", "server_error", "unreachable"):
        await eventually(lambda reason=reason: reason in road.log.read_text(), f"{reason} is logged")  # type: ignore[misc]
    machine.note_arguments()
    await operate(road, machine, event)
    await ask_all_doors(machine)
    await road.kill("notify")
    await road.start("notify")
    await road.hand_in(pardon_update())
    await eventually(lambda: len(stage.chat.messages) >= 2, "the revision")
    machine.note_arguments()
    assert await road.redis.xlen("vestka:dead") > 0, "the search begins where a dead letter lies"
    assert not (found := await machine.search()), told(found)

    everybody = (await machine.vestka("subscriber", "list", "-o", "json")).read
    held = await records(road)
    assert held
    for row in everybody:
        await machine.vestka("subscriber", "erase", str(row["number"]), "--confirm")
    await road.kill("notify")
    await road.start("notify")
    assert (await machine.vestka("subscriber", "list", code=3)).out == "", "the file brings nobody back"
    assert not (found := await machine.search()), told(found)
    async with asyncio.timeout(PATIENCE):
        while left := [file for record in held for file in machine.hold(record)]:
            await asyncio.sleep(0.2)
    assert not left, "a sealed record of somebody erased is not even there for whoever has the key"


async def records(road: Road) -> list[bytes]:
    """What is stored of each reader, as it lies in the files."""
    keys = [key async for key in road.redis.scan_iter("vestka:shard:*:records")]
    return [record for key in keys for record in await binary(road.redis, "HVALS", key)]


async def binary(redis: Redis, *words: str) -> Any:
    return await redis.execute_command(*words, **{NEVER_DECODE: True})  # type: ignore[no-untyped-call]


def test_a_mark_is_found_in_every_form_in_which_it_may_stand() -> None:
    marks = Marks({"address": TAKEN, "chat": "4815162342", "name": "Здзіслава Канарэйчык"})
    assert {one.mark for one in marks.look("a file", f"x{TAKEN}, 4815162342, канарэйчык".encode())} == {
        "address", "chat", "name"
    }  # fmt: skip
