"""The pictures of readers' pages in `infra/pictures/`: taken anew with PORTAL_PICTURES=write, small, and looked at."""

from __future__ import annotations

import importlib
import io
import os
from typing import TYPE_CHECKING, Any, Final

from services.runtime.settings import REPOSITORY

if TYPE_CHECKING:
    from playwright.async_api import Page

_KEPT: Final = {
    ("front_with_news", "be", 320, "dark"),
    ("story", "en", 1280, "dark"),
    ("join", "ru", 320, "light"),
    ("join_form", "be", 1280, "light"),
    ("join_form", "en", 320, "dark"),
    ("join_wrong", "ru", 320, "dark"),
    ("confirm", "be", 320, "light"),
    ("joined", "en", 1280, "light"),
    ("manage", "ru", 1280, "light"),
    ("manage", "be", 320, "dark"),
    ("erase", "ru", 320, "dark"),
    ("stopped", "be", 320, "light"),
}
_COLOURS: Final = 32


async def keep_picture(page: Page, name: str, language: str, width: int, scheme: str) -> None:
    if os.environ.get("PORTAL_PICTURES") != "write" or (name, language, width, scheme) not in _KEPT:
        return
    image: Any = importlib.import_module("PIL.Image")
    taken = image.open(io.BytesIO(await page.screenshot(full_page=True)))
    small = taken.convert("RGB").quantize(_COLOURS, dither=image.Dither.NONE)
    file = REPOSITORY / "infra" / "pictures" / f"portal-{name.replace('_', '-')}-{language}-{width}-{scheme}.png"
    small.save(file, optimize=True)
