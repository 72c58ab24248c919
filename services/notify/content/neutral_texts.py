"""What stands in place of a message that may not be shown: the same words for every event, but that a test is one.

`subject` and `preheader` of a discreet message, for whoever's is otherwise; `covered`, a reader's own word and nothing
besides; `withheld`, that there is a message which could not be encrypted to them; `continued`, the beginning of what
goes on in a second message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.notify.channels.base import COVER_SLOT
from services.notify.content.rendering_faults import RenderingFailed

NEUTRAL_TEXTS: Final = ("subject", "preheader", "covered", "withheld", "continued")

FillNeutral = Callable[[str, str, Mapping[str, Any]], str]
"""Fills the template of a name in a language, with values beside those that every template has."""


class NeutralTexts:
    """Each language's are written once."""

    def __init__(self, fill: FillNeutral) -> None:
        self._fill = fill
        self._kept: dict[tuple[str, bool], Mapping[str, str]] = {}

    def of(self, language: str, practice: str | None) -> Mapping[str, str]:
        """By name. `practice`: see `alerts.headline.practice`. Raises RenderingFailed."""
        key = (language, practice is not None)
        if key not in self._kept:
            given = {"practice": practice is not None, "cover": COVER_SLOT}
            self._kept[key] = {
                name: self._fill(f"shared/neutral/{name}.txt.j2", language, given) for name in NEUTRAL_TEXTS
            }
        return self._kept[key]

    def at_hand(self, language: str, practice: str | None) -> Mapping[str, str]:
        """For where templates may be what is broken: none, then."""
        try:
            return self.of(language, practice)
        except RenderingFailed:
            return {}
