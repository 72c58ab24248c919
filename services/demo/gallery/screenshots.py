"""Pictures of what the gallery shows, taken in a real browser: a letter on a phone, at a glance, and a chat."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.demo.letter_frame import Scheme, in_scheme

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_LONGEST_WAIT: Final = 120
"""Seconds for one picture, on a machine that has much else to do."""


@dataclass(frozen=True, slots=True)
class Shot:
    """`width`, `height`: of the window, in CSS pixels."""

    name: str
    scheme: Scheme
    width: int
    height: int

    @property
    def alt(self) -> str:
        return f"{self.name.replace('-', ' ')}, {self.scheme}"


PHONE: Final = Shot("phone", "light", 390, 3000)
PHONE_DARK: Final = Shot("phone-dark", "dark", 390, 3000)
GLANCE: Final = Shot("at-a-glance", "light", 390, 700)
"""What a phone shows before anybody scrolls: of a discreet letter nothing that tells anything."""
CHAT: Final = Shot("chat", "light", 390, 1400)


def browser_at_hand() -> str | None:
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def take(page: str, stem: str, shot: Shot, folder: Path, browser: str) -> str:
    """The picture's file name in the folder."""
    source, picture = folder / f"{stem}.{shot.name}.html", folder / f"{stem}.{shot.name}.png"
    source.write_text(in_scheme(page, shot.scheme), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={picture}"]
    asked = [browser, *options, f"--window-size={shot.width},{shot.height}", source.resolve().as_uri()]
    subprocess.run(asked, check=True, capture_output=True, timeout=_LONGEST_WAIT)
    source.unlink()
    return picture.name
