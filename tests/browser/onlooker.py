"""Looks at a page as readers may have it before them: on a phone or a desk, in the light or in the dark, by axe too.

axe needs JavaScript, which the reader's own browser has not; so it is given what stands on the page, beside it. A page
of ours loads nothing, so that is all of it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.browser.pictures import keep_picture

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

WIDTHS: Final = (320, 1280)
SCHEMES: Final = ("light", "dark")
_HEIGHT: Final = 800
_TOO_WIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE: Final = """axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
.then(found => found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.target).join(' ')}`))"""


@dataclass
class Onlooker:
    """What was found wrong, of every page that was looked at; `asked`: what the pages asked of others."""

    language: str
    page: Page
    mirror: Page
    found: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def look(self, name: str) -> None:
        text = await self.page.content()
        if await self.page.get_attribute("html", "lang") != self.language:
            self.found.append(f"{name}: in another language")
        for width in WIDTHS:
            await self.page.set_viewport_size({"width": width, "height": _HEIGHT})
            if await self.page.evaluate(_TOO_WIDE) > 0:
                self.found.append(f"{name}: wider than {width} pixels")
            for scheme in SCHEMES:
                await self.page.emulate_media(color_scheme=scheme)
                await keep_picture(self.page, name, self.language, width, scheme)
                wrong = await self._by_axe(text, width, scheme)
                self.found += [f"{name}, {width}, {scheme}: {one}" for one in wrong]

    async def _by_axe(self, text: str, width: int, scheme: str) -> Sequence[str]:
        await self.mirror.set_viewport_size({"width": width, "height": _HEIGHT})
        await self.mirror.emulate_media(color_scheme=scheme)
        await self.mirror.set_content(text)
        await self.mirror.evaluate(_axe_core())
        violations: list[str] = await self.mirror.evaluate(_AXE)
        return violations


async def onlooker(browser: Browser, language: str, base: str) -> Onlooker:
    """With a browser that runs no script, in which somebody reads."""
    reading = await (await browser.new_context(java_script_enabled=False)).new_page()
    mirror = await (await browser.new_context()).new_page()
    watching = Onlooker(language, reading, mirror)

    def note(request: Any) -> None:
        if not request.url.startswith(base):
            watching.asked.append(request.url)

    reading.on("request", note)
    return watching


@cache
def _axe_core() -> str:
    """From the package that carries it, whose own way of running it needs a page with scripts."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("axe.min.js").read_text()
