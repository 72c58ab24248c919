"""Debian's Chromium, driven by playwright: it asks nobody but this machine, and downloads no browser of its own."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.async_api import Browser

_PROGRAM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_PACKAGES: Final = ("playwright", "axe_playwright_python", "PIL")
_QUIETLY: Final = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu")


def what_is_missing() -> str:
    """Empty where a browser can be had."""
    if _PROGRAM is None:
        return "there is no chromium: apt-get install chromium"
    lacking = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(lacking)}; `make browser` installs them" if lacking else ""


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    playwright = importlib.import_module("playwright.async_api")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=_PROGRAM, args=_QUIETLY)
        try:
            yield browser
        finally:
            await browser.close()
