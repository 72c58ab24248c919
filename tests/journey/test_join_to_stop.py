"""A reader's whole life, over HTTP and by mail, with every service a process of its own: join, confirm, be told, stop,
come back, manage, erase; and no trace of it in what the services log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx

from services.demo.form_browser import FormBrowser
from services.demo.sample_article import arrest, pardon, pardon_update
from tests.marks import Found, Marks
from tests.reader_letters import letters_to, link_in, link_of_stop, newest, with_portal
from tests.road import Road, open_road
from tests.store import everything_in

MOTHER, NEW, OTHER = "kanarejka.matka@reader-six.example", "kanarejka.nova@reader-seven.example", "reader@demo.example"
WATCHED = "Здзіслава Канарэйчык"


async def search(road: Road, folder: Path) -> list[Found]:
    """All that is left on the machine and all that is shown of it, for whoever takes it away."""
    await road.redis.save()
    marks = Marks({"address": MOTHER, "new address": NEW, "name watched": WATCHED})
    found = marks.look("keys and values", (await everything_in(road.redis)).encode())
    async with httpx.AsyncClient(trust_env=False) as client:
        for service, port in road.ports.items():
            found += marks.look(service, (await client.get(f"http://127.0.0.1:{port}/metrics")).content)
    for name, held in _files(folder):
        found += marks.look(name, name.encode() + held)
    return found


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(folder)), file.read_bytes()


async def test_a_reader_joins_is_told_stops_comes_back_and_is_erased_and_nothing_shows_it(tmp_path: Path) -> None:
    async with open_road(tmp_path) as road:
        base = with_portal(road)
        await road.redis.config_set("rdbcompression", "no")  # or a mark could stand in a file and not be found
        await road.subscribe("email", OTHER)
        await road.start("ingest", "notify", "portal")
        async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as client:
            browser = FormBrowser(client)
            await _live(road, browser, base)
            assert await search(road, tmp_path) == []
            await _leave(road, browser, base)
        assert await search(road, tmp_path) == []
        assert len(await road.vault.everybody()) == 1


async def _live(road: Road, browser: FormBrowser, base: str) -> None:
    form = await browser.open("/join/email?lang=en")
    sent = await browser.send(form, "/join/email", email=MOTHER, persons=WATCHED)
    assert sent.status == 200
    confirm = await browser.open(link_in(await newest(road, MOTHER, 1), base))
    assert (await browser.send(confirm)).heading == "Done"

    await road.hand_in(pardon())
    alert = await newest(road, MOTHER, 2)
    await newest(road, OTHER, 1)
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


async def _leave(road: Road, browser: FormBrowser, base: str) -> None:
    """Moves to another address, and is erased there."""
    await browser.send(await browser.open("/manage?lang=en"), "/manage", email=MOTHER)
    page = await browser.open(link_in(await newest(road, MOTHER, 4), base))
    await browser.send(page, "/move", new_address=NEW)
    for who, count in ((MOTHER, 5), (NEW, 1)):
        moved = await browser.send(await browser.open(link_in(await newest(road, who, count), base)))
        assert moved.status == 200
    await browser.send(await browser.open("/manage?lang=en"), "/manage", email=NEW)
    page = await browser.open(link_in(await newest(road, NEW, 2), base))
    stop = link_of_stop(letters_to(road, MOTHER)[1], base)
    erase = await browser.open(f"{page.answer.url.path}/erase")
    assert (await browser.send(erase)).heading == "Erased"
    assert (await browser.client.post(stop)).status_code == 200, "of a reader who is gone all is done"
