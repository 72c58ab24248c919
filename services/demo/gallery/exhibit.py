"""One message in one language and mode as it is shown in the gallery: its letter, its chat, its call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_NOT_OF_A_FILE: Final = re.compile("[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class ChatBubble:
    """`markup`: HTML of the Bot API; `keys`: what stands on the buttons under it, row by row."""

    markup: str
    keys: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """`name`: what is asked for by name. `mode`: "plain", "discreet", or what else is done with it."""

    name: str
    language: str
    mode: str
    about: str = ""
    """What the title says besides."""
    subject: str = ""
    letter: Mapping[str, str] = field(default_factory=dict)
    """Its parts, `html` and `text`; of some letters there is text alone, of a chat none."""
    chat: tuple[ChatBubble, ...] = ()
    call: str = ""
    """The webhook's body."""

    @property
    def title(self) -> str:
        return " · ".join(part for part in (self.name, self.language, self.mode, self.about) if part)

    @property
    def stem(self) -> str:
        """Of its files and of its place on the page."""
        parts = (self.name, self.language, self.mode, self.about)
        return ".".join(_NOT_OF_A_FILE.sub("-", part.casefold()).strip("-") for part in parts if part)
