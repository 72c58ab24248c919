"""A reader's whole life, over HTTP and by mail, with every service a process of its own: join, confirm, be told, stop,
come back, manage, move, be erased; and no trace of it in whatever the services keep, log, count, print or are called
with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.demo.form_browser import FormBrowser
from services.demo.sample_article import arrest, pardon, pardon_update
from tests.marks import Found, Marks
from tests.reader_letters import letters_to, link_in, link_of_stop, newest, with_portal
from tests.road import Road, eventually, open_road
from tests.store import everything_in

MOTHER, NEW, OTHER = "kanarejka.matka@reader-six.example", "kanarejka.nova@reader-seven.example", "reader@demo.example"
WATCHED, TOWN, CHAT = "Здзіслава Канарэйчык", "Шаркаўшчына", "7700461835529"


async def search(road: Road, folder: Path, said: str) -> list[Found]:
    """All that is left on the machine and all that is shown of it, for whoever takes it away, and knows what stands in
    the reader's letters. `said`: what the services printed."""
    await road.redis.save()
    known = {"address": MOTHER, "new address": NEW, "name watched": WATCHED, "town": TOWN, "chat id": CHAT}
    marks = Marks(known | _of_letters(road))
    found = marks.look("keys and values", (await everything_in(road.redis)).encode())
    async with httpx.AsyncClient(trust_env=False) as client:
        for service, port in road.ports.items():
            found += marks.look(service, (await client.get(f"http://127.0.0.1:{port}/metrics")).content)
    for name, held in (*_arguments(road), *_files(folder)):
        found += marks.look(name, name.encode() + held)
    return found + marks.look("what was printed", said.encode())


def _of_letters(road: Road) -> dict[str, str]:
    """What each letter to the reader is known by: the ends of its links, and its Message-ID."""
    letters = [*letters_to(road, MOTHER), *letters_to(road, NEW)]
    links = {link for one in letters for link in re.findall(r"/(?:join|manage|move|stop)/([\w-]{20,})", one.text)}
    names = {(one.header("Message-ID") or "").strip("<>").partition("@")[0] for one in letters}
    assert links
    assert all(len(name) > 15 for name in names)
    return {f"of a letter, {number}": text for number, text in enumerate(sorted(links | names))}


def _arguments(road: Road) -> Iterator[tuple[str, bytes]]:
    for name, process in road.processes.items():
        yield f"arguments of {name}", Path(f"/proc/{process.pid}/cmdline").read_bytes()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(folder)), file.read_bytes()


async def test_a_reader_joins_is_told_stops_comes_back_and_is_erased_and_nothing_shows_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with open_road(tmp_path) as road:
        base = with_portal(road)
        await road.redis.config_set("rdbcompression", "no")  # or a mark could stand in a file and not be found
        await road.subscribe("email", OTHER)
        await road.subscribe("telegram", CHAT)
        await road.start("ingest", "notify", "portal")
        async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as client:
            browser = FormBrowser(client)
            for part in (_join, _live, _change, _leave):
                await part(road, browser, base)
                assert await search(road, tmp_path, "".join(capfd.readouterr())) == []
        assert len(await road.vault.everybody()) == 2


async def _join(road: Road, browser: FormBrowser, base: str) -> None:
    form = await browser.open("/join/email?lang=en")
    sent = await browser.send(form, "/join/email", email=MOTHER, persons=WATCHED)
    assert sent.status == 200
    confirm = await browser.open(link_in(await newest(road, MOTHER, 1), base))
    assert (await browser.send(confirm)).heading == "Done"


async def _live(road: Road, browser: FormBrowser, base: str) -> None:
    await road.hand_in(pardon())
    alert = await newest(road, MOTHER, 2)
    await newest(road, OTHER, 1)
    await eventually(lambda: bool(road.stage.chat.messages), "the chat is told as well")
    stop = (alert.header("List-Unsubscribe") or "").strip("<>") or link_of_stop(alert, base)
    answer = await browser.client.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    await road.hand_in(arrest())
    await newest(road, OTHER, 2)
    assert len(letters_to(road, MOTHER)) == 2, "nothing goes out after an acknowledged stop"

    back = await browser.send(await browser.open(stop), "/back")
    assert back.heading == "You are back"
    await road.hand_in(pardon_update())
    await newest(road, MOTHER, 3)

    await browser.client.get(f"/manage/{MOTHER}")
    await browser.client.get(f"/join/{MOTHER}", params={"email": MOTHER})
    await browser.send(await browser.open("/join/email?lang=en"), "/join/email", email=f"{MOTHER} {WATCHED}")


async def _change(road: Road, browser: FormBrowser, base: str) -> None:
    """Everything that can be changed, taken along, or typed wrong; and a move to another address."""
    await browser.send(await browser.open("/manage?lang=en"), "/manage", email=MOTHER)
    page = await browser.open(link_in(await newest(road, MOTHER, 4), base))
    for wrong in ({"towns": f"{TOWN}{WATCHED}"}, {"persons": MOTHER}, {"language": WATCHED}):
        assert (await browser.send(page, "/save", **wrong)).status == 422
    page = await browser.send(page, "/save", towns=TOWN, persons=f"{WATCHED}ава", discreet=None)
    assert page.status == 200
    page = await browser.send(await browser.send(page, "/pause"), "/resume")
    assert MOTHER in (await browser.send(page, "/export")).answer.text
    assert (await browser.send(page, "/move", new_address=f"{NEW} {WATCHED}")).status == 422
    await browser.send(page, "/move", new_address=NEW)
    for who, count in ((MOTHER, 5), (NEW, 1)):
        moved = await browser.send(await browser.open(link_in(await newest(road, who, count), base)))
        assert moved.status == 200


async def _leave(road: Road, browser: FormBrowser, base: str) -> None:
    """Is erased at the new address."""
    await browser.send(await browser.open("/manage?lang=en"), "/manage", email=NEW)
    page = await browser.open(link_in(await newest(road, NEW, 2), base))
    stop = link_of_stop(letters_to(road, MOTHER)[1], base)
    erase = await browser.open(f"{page.answer.url.path}/erase")
    assert (await browser.send(erase)).heading == "Erased"
    assert (await browser.client.post(stop)).status_code == 200, "of a reader who is gone all is done"
