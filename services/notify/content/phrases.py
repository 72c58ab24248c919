"""The phrases of one language, by dotted keys, with their slots filled: what was filled lately is remembered.

An event says the same in its subject, its table and its page, and the next event says much of it again; in Belarusian
each filled phrase is also fitted together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from string import Formatter
from typing import Any, Final

from services.forgettable import remembers
from services.notify.content.belarusian_sounds import beginnings, with_short_u

WORDS_MEET: Final[Mapping[str, Callable[[str, Sequence[int]], str]]] = {"be": with_short_u}
"""Languages in which a word changes with its neighbour: applied to each filled phrase, to words of ours alone."""
_REMEMBERED: Final = 2048


class LanguageFault(Exception):
    """A language file lacks something. The message names the file and the key, never a value."""


class Phrases:
    """`code`: the language's. Raises LanguageFault for what is not there, each time it is asked."""

    def __init__(self, code: str, phrases: Any) -> None:
        self._code, self._phrases = code, phrases
        self._meet = WORDS_MEET.get(code)
        self._leaves: dict[str, Any] = {}
        """Bounded by the file: what is not there is not kept."""
        self._filled: dict[tuple[Any, ...], str] = {}
        remembers(self)  # a phrase may say the name of somebody who is watched

    def filled(self, key: str, values: Mapping[str, str]) -> str:
        """The phrase at a dotted key; a value is never read as a pattern."""
        lately = (key, *values.items())
        found = self._filled.get(lately)
        return self._remember(lately, self.fill(key, self.leaf(key), values)) if found is None else found

    def in_form(self, key: str, form: str, values: Mapping[str, str]) -> str:
        """In one of its plural forms, where it has any."""
        lately = (form, key, *values.items())
        found = self._filled.get(lately)
        if found is not None:
            return found
        leaf = self.leaf(key)
        return self._remember(lately, self.fill(key, leaf.get(form) if isinstance(leaf, Mapping) else leaf, values))

    def fill(self, key: str, pattern: Any, values: Mapping[str, str]) -> str:
        if not isinstance(pattern, str):
            raise LanguageFault(f"templates/languages/{self._code}.yaml: no phrase at phrases.{key}")
        try:
            return pattern.format_map(values) if self._meet is None else self._meet(*_with_places(pattern, values))
        except KeyError as slot:
            raise LanguageFault(
                f"templates/languages/{self._code}.yaml: phrases.{key} wants {slot}, not given"
            ) from None

    def leaf(self, key: str) -> Any:
        """None where there is none."""
        found = self._leaves.get(key)
        if found is None:
            found = self._phrases
            for step in key.split("."):
                found = found.get(step) if isinstance(found, Mapping) else None
            if found is not None:
                self._leaves[key] = found
        return found

    def cache_clear(self) -> None:
        self._filled.clear()

    def _remember(self, lately: tuple[Any, ...], text: str) -> str:
        if len(self._filled) >= _REMEMBERED:  # all at once: an order of use would cost more than to fill them anew
            self._filled.clear()
        self._filled[lately] = text
        return text


def _with_places(pattern: str, values: Mapping[str, str]) -> tuple[str, list[int]]:
    """The filled pattern, and where words of ours may begin in it: those of the pattern, and the first of each value.
    What stands further inside a value was fitted when it was made, or is somebody else's."""
    text, places = "", list[int]()
    for literal, slot in _pieces(pattern):
        places += (len(text) + place for place in beginnings(literal))
        text += literal
        if slot is not None:
            places.append(len(text))
            text += values[slot]
    return text, places


@lru_cache(maxsize=2048)
def _pieces(pattern: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, slot) for literal, slot, _, _ in Formatter().parse(pattern))
