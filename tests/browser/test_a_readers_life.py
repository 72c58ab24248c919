"""A reader's whole life in a real browser without JavaScript: join, confirm, choose, be told, manage, move, stop, come
back, erase. Every page on the way is looked at, on a phone and a desk, in the light and in the dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.demo.sample_article import pardon, pardon_update
from tests.browser.chromium import open_chromium, what_is_missing
from tests.browser.onlooker import Onlooker, onlooker
from tests.letters import renderer_at
from tests.reader_letters import letters_to, link_in, link_of_stop, newest, with_portal
from tests.road import Road, open_road

pytestmark = pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing())

LANGUAGES = renderer_at().page_languages
MOTHER, NEW = "mother@reader.example", "mother@elsewhere.example"
WATCHED = "Здзіслава Канарэйчык"


@dataclass
class Reader:
    """Somebody at a browser, and the road behind it."""

    road: Road
    base: str
    eye: Onlooker

    async def go(self, path: str, name: str) -> None:
        await self.eye.page.goto(path if path.startswith(self.base) else self.base + path)
        await self.eye.look(name)

    async def follow(self, link: str, name: str) -> None:
        await self.eye.page.locator(link).first.click()
        await self.eye.look(name)

    async def press(self, action: str, name: str) -> None:
        """The button of the form whose action has this in it."""
        await self.eye.page.locator(f'form[action*="{action}"] button').click()
        await self.eye.look(name)

    async def fill(self, field: str, text: str) -> None:
        await self.eye.page.fill(f'[name="{field}"]', text)

    async def link_to(self, who: str, count: int) -> str:
        return link_in(await newest(self.road, who, count), self.base)


@pytest.fixture
async def road_with_portal(tmp_path: Path) -> AsyncIterator[tuple[Road, str]]:
    async with open_road(tmp_path) as road:
        base = with_portal(road)
        await road.start("ingest", "notify", "portal")
        yield road, base


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_reader_comes_in_and_goes_out_again_and_every_page_serves(
    road_with_portal: tuple[Road, str], language: str
) -> None:
    road, base = road_with_portal
    async with open_chromium() as browser:
        reader = Reader(road, base, await onlooker(browser, language, base))
        await _join(reader)
        await _is_told(reader)
        await _manages(reader)
        await _moves(reader)
        await _stops_and_comes_back(reader)
        await _is_erased(reader)
        assert reader.eye.found == []
        assert reader.eye.asked == []


async def _join(reader: Reader) -> None:
    page = reader.eye.page
    await page.goto(reader.base)
    await reader.follow(f'a[hreflang="{reader.eye.language}"]', "front")
    await reader.follow('nav.rooms a[href^="/join"]', "join")
    await reader.follow("a.button", "join_form")
    await reader.fill("email", MOTHER)
    await reader.fill("persons", WATCHED)
    await reader.fill("towns", "Atlantis")
    await reader.press("/join/email", "join_wrong")
    assert await page.locator("#problems").count() == 1
    await reader.fill("towns", "")
    await reader.press("/join/email", "join_sent")
    assert await reader.road.vault.everybody() == []
    link = await reader.link_to(MOTHER, 1)
    await reader.go(link, "confirm")
    await reader.press("/join/", "joined")
    (someone,) = await reader.road.vault.everybody()
    assert someone.language == reader.eye.language
    await reader.go(link, "already")


async def _is_told(reader: Reader) -> None:
    await reader.road.hand_in(pardon())
    await newest(reader.road, MOTHER, 2)
    await reader.eye.page.goto(f"{reader.base}/?lang={reader.eye.language}")
    await reader.eye.page.reload()  # it was seen a moment ago, and may be kept for one
    await reader.eye.look("front_with_news")
    await reader.follow(".news a", "story")
    await reader.go(f"/code?lang={reader.eye.language}", "code")
    await reader.go(f"/nowhere?lang={reader.eye.language}", "not_found")


async def _manages(reader: Reader) -> None:
    await reader.go(f"/manage?lang={reader.eye.language}", "manage_ask")
    await reader.fill("email", MOTHER)
    await reader.press("/manage", "manage_sent")
    await reader.go(await reader.link_to(MOTHER, 3), "manage")
    await reader.eye.page.check('[name="region"][value="gomel"]')
    await reader.eye.page.check('[name="updates"][value="all"]')
    await reader.eye.page.uncheck('[name="discreet"]')
    await reader.press("/save", "manage_saved")
    (someone,) = await reader.road.vault.everybody()
    assert (someone.mode, someone.interests[0].regions) == ("plain", ("gomel",))
    await reader.fill("towns", "Atlantis")
    await reader.press("/save", "manage_wrong")
    await reader.press("/pause", "paused")
    await reader.press("/resume", "resumed")


async def _moves(reader: Reader) -> None:
    managing = reader.eye.page.url.partition("?")[0].removesuffix("/resume")
    await reader.fill("new_address", NEW)
    await reader.press("/move", "moving")
    await reader.go(await reader.link_to(NEW, 1), "move_new")
    await reader.press("/move/", "half_moved")
    await reader.go(await reader.link_to(MOTHER, 4), "move_old")
    await reader.press("/move/", "moved")
    await reader.go(f"{managing}?lang={reader.eye.language}", "link_over")


async def _stops_and_comes_back(reader: Reader) -> None:
    await reader.road.hand_in(pardon_update())
    stop = link_of_stop(await newest(reader.road, NEW, 2), reader.base)
    await reader.go(stop, "stop")
    await reader.eye.page.locator("form button").click()
    await reader.eye.look("stopped")
    (someone,) = await reader.road.vault.everybody()
    assert not someone.active
    await reader.press("/back", "back")
    (someone,) = await reader.road.vault.everybody()
    assert someone.is_reached


async def _is_erased(reader: Reader) -> None:
    await reader.go(f"/manage?lang={reader.eye.language}", "manage_ask")
    await reader.fill("email", NEW)
    await reader.press("/manage", "manage_sent")
    await reader.go(await reader.link_to(NEW, 3), "manage_again")
    await reader.follow('main a[href*="/erase"]', "erase")
    await reader.press("/erase", "erased")
    assert await reader.road.vault.everybody() == []
    assert len(letters_to(reader.road, MOTHER)) == 4
